"""How often one network is asked: never more than it allows, nor than the user does, and spread over the time.

A request waits for its turn. What the day allows is counted in the books *before* the request goes out, so that neither
a crash nor a restart nor a second process spends it again. A server that wants to be left alone is left alone by all
sources of its network, and after a restart, too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from listen.errors import OutOfQuota, PlatformError, RateLimited
from listen.http.rate import LONGEST, Window, windows_from
from listen.http.refusal import told_in
from listen.http.spending import Allowance, Ledger, Quota, Spending
from listen.when import now, spoken

DAY = timedelta(days=1)
BURST = 0.1  # of a day's budget may be spent at any time; the rest is spread over the day
FREE = 0.5  # of a server's window may be spent at once, to catch up; the rest is spread over what is left of it
PATIENT = 10.0  # seconds until a server's window ends that are waited without a word
BREATHER = 60.0  # seconds that an answer may ask for before the next request, and are waited without a word
TRUSTED = timedelta(hours=1)  # a server that says "no more" though it answers is asked again after so long
UNSAID = timedelta(minutes=1)  # a refusal that names no time

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Budget(msgspec.Struct, frozen=True):
    """What the user allows a network; None is any number."""

    per_minute: float | None = None
    per_day: int | None = None


class Books(Ledger, Protocol):
    """What is remembered of requests beyond the end of a run. Days are counted from 1970, UTC. May raise StoreError."""

    def spend(self, platform: str, day: int, limit: int) -> int | None:
        """Count one request; returns how many the day has had with it, None if it has had `limit` already."""

    def spent(self, platform: str, day: int) -> int: ...

    def leave_alone(self, platform: str, host: str, at: datetime, until: datetime) -> None:
        """A server asked at a time to be left alone until another."""

    def left_alone(self, platform: str, host: str) -> tuple[datetime, datetime] | None: ...


# Who wants to know what is left of the limits that requests made here count against.
QUOTA: ContextVar[Callable[[Quota], None]] = ContextVar("quota", default=lambda _: None)


class Meter:
    """The turns of one network. `patience` is how many seconds a turn may be away; None is any number.

    `accounts` hold what is dealt out or sold, if not `books` do. `clock` and `sleep` are a monotonic clock in seconds
    and the waiting that goes with it.
    """

    def __init__(
        self,
        platform: str,
        budget: Budget,
        books: Books | None = None,
        *,
        accounts: Ledger | None = None,
        patience: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.platform = platform
        self.budget = budget
        self.books = books
        self.accounts = books if accounts is None else accounts
        self.patience = patience
        self._clock = clock
        self._sleep = sleep
        self._next = clock()
        self._used = (0, 0)  # the day, and how many requests it has had: where there are no books
        self._servers: dict[str, _Server] = {}
        self._paying = asyncio.Lock()
        self._spendings: dict[str, Spending] = {}

    def spending(self, allowance: Allowance) -> Spending:
        """What this network deals out or sells, counted in the same books; one for each account."""
        known = self._spendings.get(allowance.account)
        if known is None:
            known = self._spendings[allowance.account] = Spending(self.platform, allowance, self.accounts)
            known.told = lambda _: self._tell()
        return known

    @asynccontextmanager
    async def asking(self, host: str) -> AsyncIterator[None]:
        """One request to a host, when its turn has come. Raises RateLimited, OutOfQuota, StoreError."""
        server = await self._server(host)
        if self.budget.per_day is None:
            await self._turn(server)
        else:
            async with self._paying:
                await self._day_has_come(self.budget.per_day)
                await self._turn(server)
                await self._pay(self.budget.per_day)
        self._tell(server)
        try:
            yield
        except PlatformError as problem:
            if isinstance(problem, RateLimited) or problem.wait:
                await self._leave_alone(server, problem.wait or UNSAID)
            raise

    def answered(self, host: str, headers: Mapping[str, str], body: bytes = b"") -> None:
        """What an answer says about limits."""
        server = self._servers.setdefault(host, _Server(host))
        more, rest = told_in(body, now())
        told = (*windows_from(headers, now()), *more)
        if told:
            server.windows = tuple((window, self._clock() + (window.ends or UNSAID).total_seconds()) for window in told)
        if rest is not None:
            server.rests_until = max(server.rests_until, self._clock() + rest.total_seconds())
        self._tell(server)

    async def _server(self, host: str) -> _Server:
        known = self._servers.get(host)
        if known is not None:
            return known
        server = _Server(host)
        if self.books is not None and (told := await asyncio.to_thread(self.books.left_alone, self.platform, host)):
            at, until = told
            # Never for longer than it was asked for, whatever has become of our clock since.
            left = min(until - max(at, now()), LONGEST)
            server.free_at = self._clock() + left.total_seconds()
        return self._servers.setdefault(host, server)

    async def _turn(self, server: _Server) -> None:
        """Wait until the budget of the minute and the server's windows allow a request."""
        while (wait := server.left_alone(self._clock())) > 0:
            await self._sleep(wait)
        turn = max(self._next, server.turn(self._clock()))
        if self.budget.per_minute is not None:
            self._next = turn + 60 / self.budget.per_minute
        wait = turn - self._clock()
        if self.patience is not None and wait > self.patience:
            raise RateLimited(f"requests to {server.host} are spread", wait=timedelta(seconds=wait))
        if wait > 0:
            await self._sleep(wait)

    async def _day_has_come(self, limit: int) -> None:
        """Wait until so much of the day is over that the next request of its budget is due."""
        while (wait := _due(await self._spent(), limit, now())) > timedelta(0):
            if wait >= _to_midnight(now()):
                raise self._over(limit)
            if self.patience is not None and wait.total_seconds() > self.patience:
                raise OutOfQuota(f"the budget is spread over the day (requests_per_day = {limit})", wait=wait)
            await self._sleep(min(wait.total_seconds(), 60.0))  # the clock may be set meanwhile

    async def _spent(self) -> int:
        day = _day(now())
        if self.books is not None:
            self._used = day, await asyncio.to_thread(self.books.spent, self.platform, day)
        return self._used[1] if self._used[0] == day else 0

    async def _pay(self, limit: int) -> None:
        day = _day(now())
        used: int | None = (self._used[1] if self._used[0] == day else 0) + 1
        if self.books is not None:
            used = await asyncio.to_thread(self.books.spend, self.platform, day, limit)
        if used is None:  # another process took the last
            raise self._over(limit)
        self._used = day, used

    def _over(self, limit: int) -> OutOfQuota:
        self._used = _day(now()), limit
        QUOTA.get()(self._of_today(limit))
        said = f"the budget of the day is used up (requests_per_day = {limit})"
        return OutOfQuota(said, wait=_to_midnight(now()))

    async def _leave_alone(self, server: _Server, wait: timedelta) -> None:
        server.free_at = max(server.free_at, self._clock() + wait.total_seconds())
        if self.books is not None:
            at = now()
            await asyncio.to_thread(self.books.leave_alone, self.platform, server.host, at, at + wait)

    def _tell(self, server: _Server | None = None) -> None:
        """Say which limit is nearest to its end; what is bought or dealt out goes before what comes back by itself."""
        today = [self._of_today(self.budget.per_day)] if self.budget.per_day is not None else []
        told = [spending.quota() for spending in self._spendings.values()]
        told = told or [*(server.quotas(self._clock()) if server else []), *today]
        if told:
            QUOTA.get()(max(told, key=lambda quota: (quota.used or 0) / (quota.limit or 1)))

    def _of_today(self, limit: int) -> Quota:
        day, used = self._used
        today = _day(now())
        return Quota(used=used if day == today else 0, limit=limit, resets_at=_EPOCH + DAY * (today + 1))


class _Server:
    """One server: when it may be asked at the earliest, and the windows that it told, with their ends; monotonic.

    Until `free_at` a refusal holds, until `rests_until` the wish of one that answers, which is waited for in the middle
    of a walk: a page that is put off until later would be asked for again together with those before it.
    """

    def __init__(self, host: str) -> None:
        self.host = host
        self.free_at = 0.0
        self.rests_until = 0.0
        self.windows: tuple[tuple[Window, float], ...] = ()
        self._next = 0.0

    def left_alone(self, moment: float) -> float:
        """Seconds for which it is not to be asked. Raises RateLimited if they are too many to be waited."""
        refused, wish = self.free_at - moment, self.rests_until - moment
        if refused > PATIENT or wish > BREATHER:
            left = timedelta(seconds=max(refused, wish))
            raise RateLimited(f"{self.host} wants to be left alone for {spoken(left)}", wait=left)
        return max(refused, wish)

    def turn(self, moment: float) -> float:
        """When the next request may go out. Raises RateLimited if that is long after."""
        self.windows = tuple((window, ends) for window, ends in self.windows if ends > moment)
        told = [(window, min(ends, moment + TRUSTED.total_seconds())) for window, ends in self.windows]
        over = max((ends for window, ends in told if window.left == 0), default=moment)
        if over - moment > PATIENT:
            wait = timedelta(seconds=over - moment)
            raise RateLimited(f"{self.host} allows no more requests for {spoken(wait)}", wait=wait)
        scarce = [(window, ends) for window, ends in told if window.limit is None or window.left < window.limit * FREE]
        turn = max(moment, over, self._next) if scarce else moment
        self._next = turn + max((max(ends - turn, 0) / max(window.left, 1) for window, ends in scarce), default=0.0)
        # Until answers tell what is left, requests that are on their way count as answered.
        self.windows = tuple(
            (Window(window.limit, max(window.left - 1, 0), window.ends), ends) for window, ends in self.windows
        )
        return turn

    def quotas(self, moment: float) -> list[Quota]:
        return [
            Quota(
                used=window.limit - window.left,
                limit=window.limit,
                resets_at=(now() + timedelta(seconds=round(ends - moment))).replace(microsecond=0),
            )
            for window, ends in self.windows
            if window.limit is not None and ends > moment
        ]


def _day(moment: datetime) -> int:
    return (moment - _EPOCH) // DAY


def _to_midnight(moment: datetime) -> timedelta:
    return _EPOCH + DAY * (_day(moment) + 1) - moment


def _due(used: int, limit: int, moment: datetime) -> timedelta:
    """How long until the day's budget has come so far; a tenth of it (at least one) may be spent ahead of time."""
    if used >= limit:
        return _to_midnight(moment)
    begin = _EPOCH + DAY * _day(moment)
    ahead = max(1.0, limit * BURST)
    return begin + DAY * max(used + 1 - ahead, 0) / limit - moment
