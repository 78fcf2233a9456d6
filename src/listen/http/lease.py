"""Tokens that end: renewed before their end, and when a server does not take them any more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

import msgspec

from listen.errors import PlatformError, Refused, Unacceptable
from listen.http.secret import Secret
from listen.when import now

if TYPE_CHECKING:
    from listen.http.client import Client

T = TypeVar("T")

PAUSE = 60.0  # seconds between two tries to renew: a server that takes no token at all is not asked for many


class Term(msgspec.Struct, frozen=True):
    """A token's value, when it ends (None if nobody says), and what else of it must never be shown."""

    value: str
    ends_at: datetime | None = None
    also: tuple[str, ...] = ()


class Lease(Secret):
    """A token that `renew` can replace, by a request through the client that is given to it.

    It is replaced `early` before its end, and when a server refuses it. `renew` raises PlatformError.
    """

    __slots__ = ("_early", "_hidden", "_lock", "_renew", "_term", "_tried")

    def __init__(self, term: Term, origin: str, renew: Callable[[Client], Awaitable[Term]], early: timedelta) -> None:
        super().__init__(term.value, origin)
        self._term = term
        self._renew = renew
        self._early = early
        self._hidden = dict.fromkeys((term.value, *term.also))  # old values too: late errors may still hold them
        self._tried: float | None = None
        self._lock: asyncio.Lock | None = None

    def hidden(self) -> tuple[str, ...]:
        return tuple(self._hidden)

    @property
    def is_due(self) -> bool:
        return self._term.ends_at is not None and self._term.ends_at - now() <= self._early

    @property
    def is_over(self) -> bool:
        return self._term.ends_at is not None and self._term.ends_at <= now()

    async def renewed(self, client: Client, old: str) -> bool:
        """Whether there is another value than `old` now. Raises PlatformError if there ought to be."""
        self._lock = self._lock or asyncio.Lock()
        async with self._lock:
            if self.reveal() == old and (self._tried is None or monotonic() - self._tried > PAUSE):
                self._tried = monotonic()
                self._term = await self._renew(client)
                self._hidden |= dict.fromkeys((self._term.value, *self._term.also))
                self._value = self._term.value
        return self.reveal() != old


async def renewed(client: Client, token: Secret | None) -> Secret | None:
    """The token, renewed if its end is near; one that is still good may fail to be renewed."""
    if isinstance(token, Lease) and token.is_due:
        try:
            await token.renewed(client, token.reveal())
        except PlatformError:
            if token.is_over:
                raise
    return token


async def renewing(client: Client, token: Secret | None, exchange: Callable[[], Awaitable[T]]) -> T:
    """What the exchange brings; one that is refused for its token is repeated once with another."""
    await renewed(client, token)
    used = token.reveal() if token else ""
    try:
        return await exchange()
    except (Refused, Unacceptable) as problem:
        if not isinstance(token, Lease) or not _blames_token(problem) or not await token.renewed(client, used):
            raise
    return await exchange()


def bearer(token: Secret | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.sent()}"} if token else {}


def _blames_token(problem: Refused | Unacceptable) -> bool:
    """401, and what Bluesky (400, "Token has expired") and Meta (400, "Error validating access token") say."""
    said = str(problem).lower()
    return "(401" in said or (isinstance(problem, Unacceptable) and "token" in said)
