"""What is dealt out or bought: money, searches a day, units. Held before it is used, so that it is never exceeded.

What a request may cost at most is put into the books *before* it goes out, and what it did not cost is given back
when its answer is there. A crash in between costs what was held, never more than was allowed; a second process on the
same store sees what the first one holds.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from listen.errors import OutOfQuota, PlatformError
from listen.http.money import MILLIONTHS, MoneyBudget, Period
from listen.when import now

_AHEAD = 0.1  # of what is spread
_PACIFIC = timezone(timedelta(hours=-8))  # where a machine has no time zones; an hour late in summer


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what is allowed is used; None is unknown. `resets_at` is aware UTC.

    `unit` says what is counted if that is not requests: "USD", "searches".
    """

    used: int | float | None = None
    limit: int | float | None = None
    resets_at: datetime | None = None
    unit: str | None = None


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """So much of something in a day or a month.

    `account` is its name in the books, `limit` counts `parts` of a `unit` (millionths of a dollar), None is any number.
    `said` is how the user knows it: "budget = 2 USD/day". Days begin at midnight in `zone`. What is `spread` is had as
    the day goes by, a tenth of it at any time.
    """

    account: str
    unit: str
    limit: int | None
    said: str
    period: Period = "day"
    parts: int = 1
    zone: str = "UTC"
    spread: bool = False


class Ledger(Protocol):
    """Where it is remembered. Days are counted from 1970. May raise StoreError."""

    def hold(self, place: tuple[str, str], days: tuple[int, int], most: int, limit: int | None) -> int:
        """Count up to `most` on the last of the days, so that they all have `limit` at most; returns how much it was.

        `place` is a platform and an account. Another process never gets the same again.
        """

    def correct(self, place: tuple[str, str], day: int, amount: int) -> None:
        """Correct what was counted on a day; a negative amount is given back."""

    def held(self, place: tuple[str, str], days: tuple[int, int]) -> int: ...


class Hold:
    """`granted` things may be had; `spent` is what they have cost, in parts, as far as that is known.

    `amount` was put into the books of that `day`.
    """

    def __init__(self, granted: int, amount: int, day: int) -> None:
        self.granted = granted
        self.day = day
        self.amount = amount
        self.spent = amount


class Spending:
    """One allowance of one network, as it is used."""

    def __init__(self, platform: str, allowance: Allowance, books: Ledger | None = None) -> None:
        self.allowance = allowance
        self.told: Callable[[Quota], None] = lambda _: None
        self._books: Ledger = books if books is not None else _Memory()
        self._place = (platform, allowance.account)
        self._used: tuple[tuple[int, int], int] = ((0, 0), 0)  # the days, and what they had when last looked at
        self._zone = _zone(allowance.zone)

    @asynccontextmanager
    async def hold(self, most: int = 1, *, least: int = 1, each: int = 1) -> AsyncIterator[Hold]:
        """Between `least` and `most` things that cost up to `each` parts. Raises OutOfQuota, StoreError.

        At the end, what was not `spent` is given back; all of it if the network refused or did not answer, and nothing
        if the exchange was broken off from here: what the network made of it is not known.
        """
        days = self._days()
        amount = await self._held(days, most, least, each)
        held = Hold(amount // each if each else most, amount, days[1])
        try:
            yield held
        except PlatformError:
            await self.settle(days[1], -amount)
            raise
        await self.settle(days[1], held.spent - amount)

    async def settle(self, day: int, amount: int) -> None:
        """Correct what was counted on a day, in parts; a negative amount is given back. Raises StoreError."""
        if amount:
            await asyncio.to_thread(self._books.correct, self._place, day, amount)
        await self.used()
        self.told(self.quota())

    async def used(self) -> int:
        """What the period has cost so far, in parts."""
        days = self._days()
        self._used = days, await asyncio.to_thread(self._books.held, self._place, days)
        return self._used[1]

    def quota(self) -> Quota:
        """How much is used, as far as it was looked at."""
        days, used = self._used
        parts, limit = self.allowance.parts, self.allowance.limit
        share = used if days == self._days() else 0
        return Quota(
            used=share if parts == 1 else share / parts,
            limit=limit if parts == 1 or limit is None else limit / parts,
            resets_at=self._resets_at(),
            unit=self.allowance.unit,
        )

    def left(self) -> timedelta:
        """The time until there is more."""
        return max(self._resets_at() - now(), timedelta(seconds=1))

    async def _held(self, days: tuple[int, int], most: int, least: int, each: int) -> int:
        """Parts for a whole number of things, not below `least` of them."""
        limit = self.allowance.limit
        if self.allowance.spread and limit is not None:
            await self._due(limit)
        amount = await asyncio.to_thread(self._books.hold, self._place, days, most * each, limit)
        whole = amount - amount % each if each else 0
        if whole < least * each:
            await self.settle(days[1], -amount)
            said = f"the budget of the {self.allowance.period} is used up ({self.allowance.said})"
            raise OutOfQuota(said, wait=self.left())
        await self.settle(days[1], whole - amount)
        return whole

    async def _due(self, limit: int) -> None:
        """Raises OutOfQuota if so much is used that the next is due later in the day."""
        used = await self.used()
        begin, end = self._resets_at() - timedelta(days=1), self._resets_at()
        due = begin + (end - begin) * max(used + 1 - max(1.0, limit * _AHEAD), 0) / limit
        if used < limit and due > now():
            said = f"what a day has is spread over it ({self.allowance.said})"
            raise OutOfQuota(said, wait=due - now())

    def _days(self) -> tuple[int, int]:
        """The first day of the period, and today."""
        today = now().astimezone(self._zone).date()
        first = today.replace(day=1) if self.allowance.period == "month" else today
        return _number(first), _number(today)

    def _resets_at(self) -> datetime:
        today = now().astimezone(self._zone).date()
        after = today + timedelta(days=1)
        if self.allowance.period == "month":
            after = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return datetime(after.year, after.month, after.day, tzinfo=self._zone).astimezone(UTC)


def money_allowance(budget: MoneyBudget) -> Allowance:
    """Money, by days or calendar months in UTC."""
    currency = budget.money.currency
    return Allowance(
        account=f"money {currency}",
        unit=currency,
        limit=budget.money.millionths,
        said=f"budget = {budget}",
        period=budget.period,
        parts=MILLIONTHS,
    )


class _Memory:
    """Books that end with the run."""

    def __init__(self) -> None:
        self._days: dict[int, int] = {}

    def hold(self, place: tuple[str, str], days: tuple[int, int], most: int, limit: int | None) -> int:
        amount = most if limit is None else max(0, min(most, limit - self.held(place, days)))
        self.correct(place, days[1], amount)
        return amount

    def correct(self, place: tuple[str, str], day: int, amount: int) -> None:  # noqa: ARG002  one account, one memory
        self._days[day] = self._days.get(day, 0) + amount

    def held(self, place: tuple[str, str], days: tuple[int, int]) -> int:  # noqa: ARG002  one account, one memory
        return sum(amount for day, amount in self._days.items() if days[0] <= day <= days[1])


def _number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return _PACIFIC
