"""What a POST carries: JSON, or a form, as OAuth wants it (RFC 6749, 4.1.3)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import msgspec

from listen.http.secret import Secret


class Form(msgspec.Struct, frozen=True):
    """Fields that are posted as `application/x-www-form-urlencoded`."""

    fields: Mapping[str, str]


def packed(told: object) -> tuple[dict[str, str], bytes]:
    """The header that says what it is, and the body; None is no body at all."""
    if told is None:
        return {}, b""
    if isinstance(told, Form):
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(told.fields).encode()
    return {"Content-Type": "application/json"}, msgspec.json.encode(told)


def basic(user: str, password: Secret) -> dict[str, str]:
    """The header with which a program names itself (RFC 6749, 2.3.1: both parts are encoded as in a form first)."""
    words = f"{quote(user, safe='')}:{quote(password.reveal(), safe='')}"
    return {"Authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}
