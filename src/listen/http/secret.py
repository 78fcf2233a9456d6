"""A token or password that never shows itself, and texts with everything secret blotted out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from listen.errors import Refused

_TELLTALE = re.compile(
    r"(?i)([?&;](?:[\w.-]*(?:token|secret|password|apikey|api_key|access_key|signature|secret_?proof|key|auth))=)[^&#\s'\"]+"
)
_FEED_TOKEN = re.compile(r"(?i)([?&;]feed=)[0-9a-f]{20,}")  # Reddit's private feeds; `?feed=rss2` is no secret
_USERINFO = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s@]+@")
_ALERTS = re.compile(r"(?i)(google\.com/alerts/feeds/)[\w/]+")  # the address of an alert's feed is its key


class Secret:
    """A value the user keeps to themselves; `origin` says where it came from (`env:MASTODON_TOKEN`).

    What it came together with (`also`) is kept as secret.
    """

    __slots__ = ("_also", "_value", "origin")

    def __init__(self, value: str, origin: str, also: Sequence[str] = ()) -> None:
        self._value = value
        self._also = tuple(also)
        self.origin = origin

    def reveal(self) -> str:
        return self._value

    def sent(self) -> str:
        """The value as a header carries it. Raises Refused for one that none can: something was copied along."""
        value = self.reveal()
        if not (value.isascii() and value.isprintable()):
            raise Refused(f"the key ({self.origin}) holds characters that cannot be sent; copy it once more")
        return value

    def hidden(self) -> tuple[str, ...]:
        """Everything that must be blotted out of texts because of it."""
        return (self._value, *self._also)

    def __repr__(self) -> str:
        return f"Secret({self.origin})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


Headers = Mapping[str, str | Secret]


def revealed(headers: Headers) -> dict[str, str]:
    """The headers as they are sent. Raises Refused."""
    return {name: value.sent() if isinstance(value, Secret) else value for name, value in headers.items()}


def bare(url: str) -> str:
    """The address without the name and password that may stand in it."""
    return _USERINFO.sub(r"\1", url)


def redacted(text: str, secrets: Iterable[Secret] = ()) -> str:
    """The text without the given secrets, passwords in addresses, and values of telltale URL parameters."""
    for secret in secrets:
        for value in secret.hidden():
            text = text.replace(value, "***") if value else text
    text = _FEED_TOKEN.sub(r"\1***", _USERINFO.sub(r"\1***@", text))
    return _ALERTS.sub(r"\1***", _TELLTALE.sub(r"\1***", text))
