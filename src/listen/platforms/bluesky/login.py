"""Logging in to Bluesky: a handle and an app password, from which a session is made that is kept and refreshed.

https://docs.bsky.app/docs/api/com-atproto-server-create-session and -delete-session (by the refresh token); 30 new
sessions in 5 min and 300 a day for an account, so that a session is never made where one can be refreshed. An access
token that has ended is HTTP 400.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from listen.errors import Refused, Unacceptable, Unknown
from listen.http import Secret
from listen.login import Door, Grant, Login, Question, Seen, Talk
from listen.platforms.bluesky.session import Account, Session, is_over

PDS = "https://bsky.social"
_HANDLE = Question("handle", "Your handle, like anna.bsky.social", secret=False)
_PASSWORD = Question("app_password", "App password")
_XRPC = "xrpc/com.atproto.server"


class _Session(msgspec.Struct, rename="camel"):
    access_jwt: str
    refresh_jwt: str
    handle: str
    did: str


class BlueskyLogin(Login):
    """One account. `access` is the token of a session; the option `pds` moves the server where it is made."""

    steps = (
        "Open bsky.app > Settings > Privacy and security > App passwords > Add app password.",
        "Leave direct messages unticked; copy the password, it is shown once.",
    )
    options = ("handle", "app_password")
    needs = ("handle", "did", "app_password", "access", "refresh")
    places = "handle"
    renewable = "access"
    early = timedelta(minutes=5)

    async def made(self, door: Door, talk: Talk) -> Grant:
        handle = (door.place or door.asked(talk, _HANDLE)).strip().removeprefix("@").lower()
        password = door.asked(talk, _PASSWORD)
        session = await _created(door, handle, password)
        return _grant(door, session, password)

    async def tried(self, door: Door, grant: Grant) -> Seen:
        url = f"{door.address('pds', PDS)}/{_XRPC}.getSession"
        answer = await door.http.get(url, token=Secret(grant.secrets["access"], "login"))
        return Seen(f"@{answer.shaped(_Known).handle}", grant.ends_at)

    async def renewed(self, door: Door, grant: Grant) -> Grant | None:
        """By the refresh token; once that has ended too (two months), by the app password."""
        url = f"{door.address('pds', PDS)}/{_XRPC}.refreshSession"
        password = grant.secrets["app_password"]
        try:
            # Without a body: the server refuses one where none belongs.
            answer = await door.http.post(url, None, token=Secret(grant.secrets["refresh"], "login"))
            session = answer.shaped(_Session)
        except (Refused, Unacceptable):
            session = await _created(door, grant.values["did"], password)
        return msgspec.structs.replace(
            _grant(door, session, password), made_at=grant.made_at, in_keyring=grant.in_keyring
        )

    async def ended(self, door: Door, grant: Grant) -> str | None:
        """The session of the login, and the one that listening made with it, whose file goes as well."""
        for refresh in filter(None, (grant.secrets.get("refresh"), _listening(door, grant))):
            try:
                url = f"{door.address('pds', PDS)}/{_XRPC}.deleteSession"
                await door.http.post(url, None, token=Secret(refresh, "login"))
            except (Unknown, Unacceptable) as problem:
                if not is_over(problem):
                    raise
        return "its sessions are ended there, the app password stays good until you delete it in the settings"


class _Known(msgspec.Struct):
    handle: str


def _listening(door: Door, grant: Grant) -> str | None:
    """The refresh token of the session that listening made and kept in a file, which is removed."""
    account = Account(str(door.options.get("pds", PDS)), grant.values.get("handle", ""), Secret("", "login"))
    path = door.options.get("session")
    return Session(door.http, account, Path(str(path)).expanduser() if path else None).forgotten()


async def _created(door: Door, identifier: str, password: str) -> _Session:
    told = {"identifier": identifier, "password": password}
    answer = await door.http.post(f"{door.address('pds', PDS)}/{_XRPC}.createSession", told)
    session: _Session = answer.shaped(_Session)
    door.hide(session.access_jwt, session.refresh_jwt)
    return session


def _grant(door: Door, session: _Session, password: str) -> Grant:
    held = {"access": session.access_jwt, "refresh": session.refresh_jwt, "app_password": password}
    return door.granted(
        f"@{session.handle}",
        secrets=held,
        values={"handle": session.handle, "did": session.did},
        ends_at=_end_of(session.access_jwt),
        renews=True,
    )


def _end_of(token: str) -> datetime | None:
    """When a JWT says that it ends (RFC 7519, 4.1.4); None if it says nothing that can be read."""
    try:
        body = token.split(".")[1]
        claims = msgspec.json.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, OSError, binascii.Error, msgspec.DecodeError):
        return None
