"""Access to Reddit's API as an application: a token that is fetched, used while it lasts, and fetched anew.

API     https://github.com/reddit-archive/reddit/wiki/OAuth2 ("application only"); keys are given on approval
Limits  100 requests a minute for a client id, counted over ten minutes; told in X-Ratelimit-*, seconds left
"""

from __future__ import annotations

import asyncio
import base64
import time

import msgspec

from listen import __version__
from listen.errors import PlatformError, Refused, Unknown
from listen.http import Answer, Client, Form, Secret
from listen.http.client import Params

EARLY = 60.0  # seconds before its end that a token is not used any more
ANYBODY = "DO_NOT_TRACK_THIS_DEVICE"  # the device id that Reddit reserves for programs without one
INSTALLED = "https://oauth.reddit.com/grants/installed_client"  # a name, not an address that is asked


class Granted(msgspec.Struct):
    access_token: str
    expires_in: float = 3_600


class Key(msgspec.Struct, frozen=True):
    """What Reddit gave for an application; one that is installed on many machines has no `secret`. `user` is the
    account that it belongs to."""

    client_id: Secret
    secret: Secret | None
    user: str


class Session:
    """`www` gives tokens, `api` takes them. Nothing is kept on disk: a token lasts a day, and a new one is free."""

    def __init__(self, http: Client, key: Key, www: str, api: str) -> None:
        self.http = http
        self.key = key
        self.www = www.rstrip("/")
        self.api = api.rstrip("/")
        # https://github.com/reddit-archive/reddit/wiki/API asks for such a name; general ones are turned away.
        self.agent = f"python:listen-mentions:{__version__} (by /u/{key.user})"
        self._token: Secret | None = None
        self._ends = 0.0
        self._fetching = asyncio.Lock()

    async def get(self, path: str, params: Params) -> Answer:
        """The answer to a request; where the token is not known any more, once again with a new one.

        Raises PlatformError.
        """
        token = await self._valid()
        try:
            return await self._asked(path, params, token)
        except Unknown:
            if self._token is token:
                self._token = None
            return await self._asked(path, params, await self._valid())

    async def _asked(self, path: str, params: Params, token: Secret) -> Answer:
        bearer = Secret(f"bearer {token.reveal()}", "Reddit")
        return await self.http.get(
            self.api + path,
            params={**params, "raw_json": 1},  # else & < > come escaped, twice in what is HTML
            headers={"Authorization": bearer, "User-Agent": self.agent},
        )

    async def _valid(self) -> Secret:
        """The token, fetched if there is none; one request, however many wait for it."""
        async with self._fetching:
            if self._token is None or time.monotonic() >= self._ends:
                self._token = await self._fetched()
            return self._token

    async def _fetched(self) -> Secret:
        key = self.key
        words = f"{key.client_id.reveal()}:{key.secret.reveal() if key.secret else ''}"
        basic = Secret(f"Basic {base64.b64encode(words.encode()).decode()}", "Reddit")
        told = {"grant_type": "client_credentials"} if key.secret else {"grant_type": INSTALLED, "device_id": ANYBODY}
        try:
            answer = await self.http.post(
                f"{self.www}/api/v1/access_token",
                Form(told),
                headers={"Authorization": basic, "User-Agent": self.agent},
            )
        except Unknown as problem:
            raise Refused(
                "reddit does not know this client_id with this client_secret; look at both at "
                "https://www.reddit.com/prefs/apps (keys are given on approval)"
            ) from problem
        granted: Granted = answer.shaped(Granted)
        if not granted.access_token.isprintable() or " " in granted.access_token or not granted.access_token:
            raise PlatformError("reddit gave no token that could be sent")
        token = Secret(granted.access_token, "Reddit")
        self.http.keeps(token)
        self._ends = time.monotonic() + max(granted.expires_in - EARLY, 0)
        return token
