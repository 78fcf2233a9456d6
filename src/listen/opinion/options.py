"""The table `[llm]` of the config, and which addresses it may name."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from listen.http import Secret


class Llm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the model is, which mentions it is asked about, and what that may cost.

    `url` is the base of the interface (`http://127.0.0.1:11434/v1`). `ask` chooses what the local judge flagged, what
    lies so near to a threshold that it might as well have fallen on the other side, or every mention.
    """

    url: str
    model: Annotated[str, Meta(min_length=1)]
    key: Secret | None = None
    ask: Literal["flagged", "unsure", "all"] = "flagged"
    timeout_seconds: Annotated[float, Meta(ge=0.1, le=300)] = 20
    requests_per_minute: Annotated[int, Meta(ge=1, le=100_000)] = 60
    requests_per_day: Annotated[int, Meta(ge=1, le=10_000_000)] = 2_000
    max_characters: Annotated[int, Meta(ge=100, le=20_000)] = 2_000
    parallel: Annotated[int, Meta(ge=1, le=32)] = 2


def trouble_with(url: str) -> str | None:
    """What is wrong with the address, and what to do; None if it may be asked."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        return "is not an address of the web; write it like 'http://127.0.0.1:11434/v1'"
    if parts.username is not None or parts.password is not None:
        return "holds a password; put it into 'key' instead"
    if parts.query or parts.fragment:
        return "may not have a '?' or '#'; name the base of the interface, which mostly ends in /v1"
    if parts.scheme == "http" and not is_loopback(host):
        return "would send posts unencrypted to another machine; use https, or an address of this machine (127.0.0.1)"
    return None


def is_loopback(host: str) -> bool:
    """Whether what is sent there stays on this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
