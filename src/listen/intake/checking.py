"""Whether a push is what it claims to be, and what of it may be kept.

Source: https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from listen.http import Secret

_SIGNED = re.compile(r"sha256=([0-9a-fA-F]{64})")
_CHALLENGE = re.compile(r"[\w.~-]{1,300}", re.ASCII)
_META = frozenset({"page", "instagram", "threads", "user"})


def is_signed(body: bytes, header: str, secrets: Sequence[Secret]) -> bool:
    """Whether `X-Hub-Signature-256` is that of the body with one of the secrets; takes as long whether or not."""
    told = _SIGNED.fullmatch(header.strip())
    signature = told[1].lower() if told else "0" * 64
    matches = [
        hmac.compare_digest(hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest(), signature)
        for secret in secrets
    ]
    return told is not None and any(matches)


def answer_to(challenge: Mapping[str, str], verify_token: Secret | None) -> str | None:
    """What Meta wants to hear when a subscription is set up; None if it is not Meta, or not for us."""
    given, text = challenge.get("hub.verify_token", ""), challenge.get("hub.challenge", "")
    if verify_token is None or challenge.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(text):
        return None
    return text if hmac.compare_digest(given.encode(), verify_token.reveal().encode()) else None


def kept_of(body: bytes) -> bytes | None:
    """The push on one line, without private messages, which nobody asked us to read; None if it is no JSON object."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    if told.get("object") in _META and isinstance(told.get("entry"), list):
        told = {**told, "entry": [_public(entry) for entry in told["entry"] if isinstance(entry, dict)]}
        return msgspec.json.encode(told)
    return msgspec.json.format(body, indent=-1)


def _public(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("id", "time", "changes") if name in entry}
