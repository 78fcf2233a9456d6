"""A session at the server of an account, by an app password; kept on disk, as logins are few.

API     https://docs.bsky.app/docs/api/com-atproto-server-create-session, -refresh-session
Limits  logins: 30 in five minutes, 300 a day for an account, fewer where they fail
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from hashlib import blake2b
from pathlib import Path

import msgspec

from listen.errors import BadAnswer, Refused, Unacceptable, Unknown
from listen.http import Answer, Client, Secret
from listen.http.client import Params

PAUSE = 3_600.0  # seconds after a login that was refused before it is tried again
_OVER = frozenset({"ExpiredToken", "InvalidToken"})  # said with 400, where others say 401


class Tokens(msgspec.Struct, frozen=True, rename="camel"):
    """What the server gave: one token for minutes, one to get the next with."""

    access_jwt: str
    refresh_jwt: str

    @property
    def access(self) -> Secret:
        return Secret(self.access_jwt, "Bluesky")

    @property
    def refresh(self) -> Secret:
        return Secret(self.refresh_jwt, "Bluesky")


class Account(msgspec.Struct, frozen=True):
    """`server` is where the account lives, or the entrance before it; the password one that only an app has."""

    server: str
    handle: str
    password: Secret

    @property
    def file(self) -> str:
        """A name of a file that no other account has."""
        return f"bluesky-{blake2b(f'{self.server} {self.handle}'.encode(), digest_size=6).hexdigest()}.json"


class Session:
    """Requests of one account. `path` is the file that keeps its tokens, None for the user's data directory.

    The file is readable by its owner alone. Several `listen` share it: who finds a token used up looks there first.
    """

    def __init__(self, http: Client, account: Account, path: Path | None = None) -> None:
        self.http = http
        self.account = account
        self._path = path
        self._tokens: Tokens | None = None
        self._renewing = asyncio.Lock()
        self._refused: tuple[float, str] | None = None

    async def get(self, method: str, params: Params) -> Answer:
        """The answer to a query; once again with another token if the first is over. Raises PlatformError."""
        tokens = await self._valid(None)
        try:
            return await self._asked(method, params, tokens)
        except (Unknown, Unacceptable) as problem:
            if not is_over(problem):
                raise
        return await self._asked(method, params, await self._valid(tokens))

    def forgotten(self) -> str | None:
        """Remove the file; the refresh token that it held, if any, by which the server can be told."""
        kept = self._kept()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
        return kept.refresh_jwt if kept else None

    async def _asked(self, method: str, params: Params, tokens: Tokens) -> Answer:
        return await self.http.get(self._url(method), params=params, token=tokens.access)

    async def _valid(self, over: Tokens | None) -> Tokens:
        """Tokens other than those that are `over`: known, kept on disk, renewed, or from a new login."""
        async with self._renewing:
            for known in (self._tokens, self._kept()):
                if known is not None and (over is None or known.access_jwt != over.access_jwt):
                    return self._has(known)
            tokens = await self._renewed(over) if over is not None else None
            tokens = tokens or await self._logged_in()
            self._keep(tokens)
            return self._has(tokens)

    async def _renewed(self, over: Tokens) -> Tokens | None:
        """The next tokens; None if these are too old for that."""
        try:
            answer = await self.http.post(self._url("com.atproto.server.refreshSession"), None, token=over.refresh)
        except (Unknown, Unacceptable) as problem:
            if not is_over(problem):
                raise
            return None
        return _given(answer)

    async def _logged_in(self) -> Tokens:
        if self._refused and time.monotonic() - self._refused[0] < PAUSE:
            raise Refused(self._refused[1])
        told = {"identifier": self.account.handle, "password": self.account.password.reveal()}
        try:
            answer = await self.http.post(self._url("com.atproto.server.createSession"), told)
        except Refused as problem:
            advice = "look at handle and app_password (bsky.app, Settings, Privacy and security, App passwords)"
            self._refused = time.monotonic(), f"{problem}; {advice}"
            raise Refused(self._refused[1]) from problem
        return _given(answer)

    def _has(self, tokens: Tokens) -> Tokens:
        self._tokens = tokens
        self.http.keeps(tokens.access)
        self.http.keeps(tokens.refresh)
        return tokens

    def _url(self, method: str) -> str:
        return f"{self.account.server.rstrip('/')}/xrpc/{method}"

    @property
    def path(self) -> Path:
        import platformdirs

        folder = platformdirs.user_data_path("listen", appauthor=False) / "sessions"
        return self._path or folder / self.account.file

    def _kept(self) -> Tokens | None:
        """What the file holds, unless others could have read or written it."""
        try:
            if os.name == "posix" and self.path.stat().st_mode & 0o077:
                return None
            return msgspec.json.decode(self.path.read_bytes(), type=Tokens)
        except (OSError, msgspec.DecodeError):
            return None

    def _keep(self, tokens: Tokens) -> None:
        """Without a place to keep them, the next run logs in again."""
        new = self.path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            new.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(msgspec.json.encode(tokens))
            new.replace(self.path)


def is_over(problem: Unknown | Unacceptable) -> bool:
    """Whether a token is blamed that has ended, as Bluesky says it."""
    return isinstance(problem, Unknown) or problem.code in _OVER


def _given(answer: Answer) -> Tokens:
    tokens: Tokens = answer.shaped(Tokens)
    if not all(token.isascii() and token.isprintable() for token in (tokens.access_jwt, tokens.refresh_jwt)):
        raise BadAnswer("bluesky gave no tokens that could be sent")
    return tokens
