"""Logging in to a server of Mastodon's kind: this program is registered there, a person allows it, and brings a code.

https://docs.joinmastodon.org/client/authorized/ and /methods/oauth/#revoke ; Mastodon's own tokens do not end, those of
others may be refreshed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from listen.http import Secret
from listen.login import Door, Grant, Login, Question, Seen, Talk
from listen.login.oauth import OUT_OF_BAND, Proof, Tokens, address_to_open, refreshed, revoked, tokens
from listen.platforms.mastodon.server import SERVERS

SCOPE = "read:accounts read:statuses read:search"
_APP = ("client_id", "client_secret")
_SERVER = Question("server", "Your server, like mastodon.social", secret=False)
_CODE = Question("code", "The code that it shows you")
_TOKEN = Question("token", "An access token (Preferences > Development > your application)")


class _App(msgspec.Struct):
    client_id: str
    client_secret: str


class _Account(msgspec.Struct):
    username: str


class MastodonLogin(Login):
    """One login a server; it becomes an entry of `tokens`, and its server one of `servers`."""

    steps = (
        "This program will be registered at your server and show you an address.",
        "Open it in a browser where you are logged in, and allow reading.",
        "The server shows a code; copy it and come back.",
        "Streams leave out what your account mutes or blocks: an account of its own hears everything.",
    )
    options = ("tokens",)
    needs = ("token",)
    places = "server"
    renewable = "token"

    async def made(self, door: Door, talk: Talk) -> Grant:
        host = _host(door.place or (door.asked(talk, _SERVER) if talk.patient else "") or _first(door))
        base = _base(host)
        kept = await self._allowed(door, talk, base) if talk.patient else {"token": door.asked(talk, _TOKEN)}
        told = kept.pop("tokens", None)
        ends_at = told.ends_at if isinstance(told, Tokens) else None
        renews = "refresh_token" in kept
        grant = door.granted(host, place=host, secrets=kept, ends_at=ends_at, renews=renews)
        return msgspec.structs.replace(grant, account=(await self.tried(door, grant)).account)

    async def tried(self, door: Door, grant: Grant) -> Seen:
        token = Secret(grant.secrets["token"], "login")
        url = f"{_base(grant.place)}/api/v1/accounts/verify_credentials"
        account: _Account = (await door.http.get(url, token=token)).shaped(_Account)
        return Seen(f"@{account.username}@{grant.place.removeprefix('http://')}", grant.ends_at)

    async def renewed(self, door: Door, grant: Grant) -> Grant | None:
        held = grant.secrets
        if not held.keys() >= {"refresh_token", *_APP}:
            return None
        url = f"{_base(grant.place)}/oauth/token"
        told = await refreshed(door.http, url, held["client_id"], held["client_secret"], held["refresh_token"])
        return msgspec.structs.replace(grant, secrets=held | _kept(told), ends_at=told.ends_at)

    async def ended(self, door: Door, grant: Grant) -> str | None:
        """Both tokens: revoking one need not end the other (RFC 7009, 2.1). A pasted token is not ours to end."""
        held = grant.secrets
        if not held.keys() >= set(_APP):
            return None
        for name in ("refresh_token", "token"):
            if name in held:
                url = f"{_base(grant.place)}/oauth/revoke"
                await revoked(door.http, url, held["client_id"], held["client_secret"], held[name])
        return "its token is revoked there"

    def fill(
        self, keys: dict[str, Any], grant: Grant, secrets: Mapping[str, Secret], written: Mapping[str, Any]
    ) -> None:
        """The token of a server is used wherever the config has none for it."""
        known = [_host(str(server)) for server in keys.get("servers", SERVERS)]
        if grant.place not in known and "servers" in written:
            return  # the config names its servers, and this is none of them
        if grant.place not in known:
            keys["servers"] = [*keys.get("servers", SERVERS), grant.place]
        if known[:1] != [grant.place] or "token" not in written:
            keys["tokens"] = {grant.place: secrets["token"]} | dict(keys.get("tokens", {}))

    async def _allowed(self, door: Door, talk: Talk, base: str) -> dict[str, Any]:
        """What the server gives after a person has allowed it."""
        told = {"client_name": "listen", "redirect_uris": OUT_OF_BAND, "scopes": SCOPE}
        app: _App = (await door.http.post(f"{base}/api/v1/apps", told)).shaped(_App)
        door.hide(app.client_secret)
        proof = Proof.made()
        talk.tell(
            f"Open this address:\n\n  {address_to_open(f'{base}/oauth/authorize', app.client_id, SCOPE, proof)}\n"
        )
        fields = {
            "grant_type": "authorization_code", "code": door.asked(talk, _CODE), "redirect_uri": OUT_OF_BAND,
            "client_id": app.client_id, "client_secret": app.client_secret, "scope": SCOPE,
            "code_verifier": proof.verifier,
        }  # fmt: skip
        given = await tokens(door.http, f"{base}/oauth/token", fields)
        door.hide(given.access_token, given.refresh_token or given.access_token)
        known = {"client_id": app.client_id, "client_secret": app.client_secret}
        return {**known, **_kept(given), "tokens": given}


def _kept(given: Tokens) -> dict[str, str]:
    """The token, and what the next one is had for, if anything."""
    return {"token": given.access_token} | ({"refresh_token": given.refresh_token} if given.refresh_token else {})


def _first(door: Door) -> str:
    return door.address("servers", "mastodon.social")


def _host(address: str) -> str:
    """`troet.cafe`, from an address or an account; what is named with http:// stays so: a server on loopback."""
    scheme, _, rest = address.strip().lower().rpartition("://")
    host = rest.partition("/")[0].rpartition("@")[2]
    return f"http://{host}" if scheme == "http" else host


def _base(host: str) -> str:
    return host if "://" in host else f"https://{host}"
