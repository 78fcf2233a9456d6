"""OAuth 2.0 as far as a program on a command line needs it (RFC 6749, RFC 7636, RFC 7009).

A person opens an address and brings a code back; the code becomes a token, and where there is a refresh token, that
becomes the next one. Programs without a person (client credentials) name themselves.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec

from listen.http import Client, Form
from listen.when import now

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"  # the code is shown to be copied, instead of sent to a server
LONGEST = 10 * 365 * 86_400  # seconds; what is told beyond is taken for "never"


class Tokens(msgspec.Struct, frozen=True):
    """What a token endpoint answers. Some tell `expires_in` as text."""

    access_token: str
    expires_in: float | str | None = None
    refresh_token: str | None = None

    @property
    def ends_at(self) -> datetime | None:
        try:
            seconds = float(self.expires_in or 0)
        except ValueError:
            return None
        return now() + timedelta(seconds=seconds) if 0 < seconds < LONGEST else None


class Proof(msgspec.Struct, frozen=True):
    """A secret of this one login, so that a code that others have seen is of no use to them (PKCE)."""

    verifier: str

    @classmethod
    def made(cls) -> Proof:
        return cls(secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


def address_to_open(authorize: str, client_id: str, scope: str, proof: Proof) -> str:
    """The address where a person allows it, and is given a code."""
    told = {
        "response_type": "code", "client_id": client_id, "redirect_uri": OUT_OF_BAND, "scope": scope,
        "code_challenge": proof.challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{authorize}?{urlencode(told)}"


async def tokens(http: Client, url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Tokens:
    """What the token endpoint at `url` gives for these fields. Raises PlatformError."""
    answer = await http.post(url, Form(fields), headers=headers)
    told: Tokens = answer.shaped(Tokens)
    return told


async def refreshed(http: Client, url: str, client_id: str, client_secret: str, refresh_token: str) -> Tokens:
    """The next token. One that comes without a new refresh token leaves the old one good."""
    fields = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client_id}
    told = await tokens(http, url, fields | ({"client_secret": client_secret} if client_secret else {}))
    return told if told.refresh_token else msgspec.structs.replace(told, refresh_token=refresh_token)


async def revoked(http: Client, url: str, client_id: str, client_secret: str, token: str) -> None:
    """Make the token worthless (RFC 7009); one that is worthless already is no error. Raises PlatformError."""
    await http.post(url, Form({"client_id": client_id, "client_secret": client_secret, "token": token}))
