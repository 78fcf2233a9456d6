"""Refusals that mean "too often", whatever status they come with, and what answers say about limits in their bodies.

429 is one, but for X's "TooManyConnections", which is about its stream and no reason to leave the searches alone.
Others say it with a status that elsewhere means something else:

    GitHub          403 with `x-ratelimit-remaining: 0` or `Retry-After`
    YouTube         403 `quotaExceeded` (until midnight in California), `rateLimitExceeded`
    X               402 for want of credits, 403 `usage-capped`
    Meta            400 or 403 with code 4, 17, 32, 613 or 80000 to 80014
    Stack Exchange  400 `throttle_violation` ... "available in N seconds"; and `backoff` in answers that are none
    Lemmy           400 `rate_limit_error`
    Discourse       429 or 422 with `wait_seconds` in the body
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec

from listen.http.rate import LONGEST, Window, wait_from, windows_from

_CODES = frozenset({4, 17, 32, 613, *range(80_000, 80_015)})
_WORDS = re.compile(rb"rate.?limit|throttle_violation|too many requests|usage-capped", re.IGNORECASE)
_QUOTA = re.compile(rb"quotaExceeded|dailyLimitExceeded|usage-capped|CreditsDepleted")
_SECONDS = re.compile(rb'(?:wait_seconds"\s*:\s*|(?:available|retry again) in )(\d{1,7})\b', re.IGNORECASE)
_STATUSES = frozenset({400, 402, 403, 422, 429})
_READ = 20_000  # bytes of a refusal that are looked at
_OUT_OF_CREDITS = timedelta(hours=6)


class Limit(msgspec.Struct, frozen=True):
    """A refusal for asking too often; `quota` if what is used up was bought, or is dealt out by the day."""

    wait: timedelta | None
    quota: bool = False


class _StackExchange(msgspec.Struct):
    """What stands around the items of an answer."""

    quota_remaining: int
    quota_max: int | None = None
    backoff: float | None = None


def limit_of(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Limit | None:
    """What kind of limit a refusal is about, if any."""
    if status not in _STATUSES:
        return None
    said = body[:_READ]
    if b"TooManyConnections" in said:
        return None
    quota = status == 402 or _QUOTA.search(said) is not None
    if not (status == 429 or quota or _WORDS.search(said) or _is_over(status, headers, now) or _code(said) in _CODES):
        return None
    wait = wait_from(headers, now)
    if wait is None and (seconds := _SECONDS.search(said)):
        wait = min(timedelta(seconds=int(seconds[1])), LONGEST)
    if wait is None and quota:
        wait = _OUT_OF_CREDITS if status == 402 else _to_midnight(now)
    return Limit(wait, quota)


def told_in(body: bytes, now: datetime) -> tuple[tuple[Window, ...], timedelta | None]:
    """The day's quota in an answer of Stack Exchange, and how long it wants to be left alone."""
    if b'"quota_remaining"' not in body:
        return (), None
    try:
        told = msgspec.json.decode(body, type=_StackExchange)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return (), None
    backoff = told.backoff or 0.0
    rest = timedelta(seconds=min(backoff, LONGEST.total_seconds())) if backoff > 0 else None
    size = told.quota_max if (told.quota_max or 0) >= 1 else None
    return (Window(size, max(told.quota_remaining, 0), _to_midnight(now, offset=0)),), rest


def _is_over(status: int, headers: Mapping[str, str], now: datetime) -> bool:
    if status != 403:
        return False
    return "retry-after" in headers or any(window.left == 0 for window in windows_from(headers, now))


def _code(body: bytes) -> Any:
    """The number of an error of Meta's; None in any other answer."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    error = told.get("error") if isinstance(told, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else None


def _to_midnight(now: datetime, offset: int = -8) -> timedelta:
    """In hours from UTC; California's is -8, and in summer an hour too late, which costs an hour and no call."""
    there = now.astimezone(timezone(timedelta(hours=offset)))
    return there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1) - there
