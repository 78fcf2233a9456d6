"""What servers say about how often they may be asked, in every dialect that is spoken.

    Retry-After: 77 | Sat, 21 Nov 2026 12:05:00 GMT                  RFC 9110
    X-RateLimit-Limit, -Remaining, -Used, -Reset                     GitHub, Mastodon, Reddit, Bluesky (without X-)
    x-rate-limit-*, X-Ratelimit-Perhour-*, X-Ratelimit-Perday-*      X and Product Hunt; Tumblr
    RateLimit: limit=100, remaining=50, reset=30                     IETF draft 07
    RateLimit-Policy: "burst";q=100;w=60 and RateLimit: "burst";r=50;t=30      IETF draft 10
    X-App-Usage: {"call_count": 28}                                  Meta, in per cent; minutes where it is over

A reset is ISO 8601 (Mastodon), unix seconds (Bluesky, GitHub, X) or seconds left (Reddit, Tumblr, the drafts); which of
them shows in the value itself. What cannot be read counts as not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import zip_longest
from typing import Any

import msgspec

LONGEST = timedelta(days=1)  # a server that asks for more is asked again after a day
_EPOCH_FROM = 1_000_000_000  # a number above is a date in unix seconds, below it counts seconds left
_MILLISECONDS_FROM = 100_000_000_000
_CLOCKS_DIFFER = timedelta(days=400)  # a `Date` that is farther off tells more about the server than about us

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{0,12})?", re.ASCII)
_FAMILIES = ("x-ratelimit-", "x-rate-limit-", "ratelimit-", "x-ratelimit-perhour-", "x-ratelimit-perday-")
_USAGES = ("x-app-usage", "x-page-usage", "x-ad-account-usage", "x-business-use-case-usage")
_PARAMETER = re.compile(r"([a-z]+)\s*=\s*(-?\d{1,15})", re.ASCII | re.IGNORECASE)
_POLICY = re.compile(r'\s*"([^"]{0,60})"\s*((?:;[^,]{0,200})?)', re.ASCII)


class Window(msgspec.Struct, frozen=True):
    """So many requests in a stretch of time: `left` of `limit` until it `ends` from now, 0 to 1 day. None is unsaid."""

    limit: int | None
    left: int
    ends: timedelta | None


def wait_from(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The wait that the headers of a refusal ask for (0 to 1 day); None if they do not say."""
    wait = _until(headers.get("retry-after", ""), now)
    if wait:  # 0 says nothing where a window says more, as at Reddit
        return wait
    told = [window for window in windows_from(headers, now) if window.ends is not None]
    over = [window.ends for window in told if window.left == 0 and window.ends is not None]
    if over:
        return max(over)
    resets = (_until(_first(headers.get(f"{family}reset", "")), _there(headers, now)) for family in _FAMILIES)
    return next((reset for reset in resets if reset is not None), wait)


def windows_from(headers: Mapping[str, str], now: datetime) -> tuple[Window, ...]:
    """What an answer says about the limits that it counts against; empty if nothing."""
    now = _there(headers, now)
    classic = (window for family in _FAMILIES for window in _classic(headers, family, now))
    usages = (window for name in _USAGES if name in headers for window in _usage(headers[name]))
    return (*classic, *_draft(headers.get("ratelimit", ""), headers.get("ratelimit-policy", "")), *usages)


def _there(headers: Mapping[str, str], now: datetime) -> datetime:
    """The server's own time, by which it tells when a window ends; ours may be wrong."""
    said = _moment(headers.get("date", ""))
    return said if said is not None and abs(said - now) < _CLOCKS_DIFFER else now


def _classic(headers: Mapping[str, str], family: str, now: datetime) -> Iterator[Window]:
    """Several numbers, split by commas, are several windows."""
    limits, lefts, used = (_numbers(headers.get(family + name, "")) for name in ("limit", "remaining", "used"))
    resets = [_until(value, now) for value in _listed(headers.get(f"{family}reset", ""))]
    if not lefts:
        lefts = [limit - spent for limit, spent in zip(limits, used, strict=False)]
    for limit, left, ends in zip_longest(limits[: len(lefts)], lefts, (resets or [None])[: len(lefts)]):
        if left is not None:
            yield _window(limit, left, ends if ends is not None else next(iter(resets), None))


def _draft(told: str, policies: str) -> Iterator[Window]:
    """`limit=10, remaining=5, reset=3`; or named windows, whose sizes stand in the policies."""
    named = list(_POLICY.finditer(told))
    if not named:
        said = _parameters(told)
        if "remaining" in said:
            yield _window(said.get("limit"), said["remaining"], _seconds(said.get("reset")))
        return
    sizes = {found[1]: _parameters(found[2]) for found in _POLICY.finditer(policies)}
    for found in named:
        said = _parameters(found[2])
        if "r" in said:
            policy = sizes.get(found[1], {})
            yield _window(policy.get("q"), said["r"], _seconds(said.get("t", policy.get("w"))))


def _usage(value: str) -> Iterator[Window]:
    """Meta counts in per cent of an hour that goes along, and says in minutes when it lets one in again."""
    try:
        told = msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return
    for usage in _usages_in(told):
        shares = [_amount(usage.get(name)) for name in ("call_count", "total_time", "total_cputime", "acc_id_util_pct")]
        known = [share for share in shares if share is not None]
        minutes = _amount(usage.get("estimated_time_to_regain_access"))
        if known:
            yield _window(100, 100 - max(known), timedelta(minutes=minutes or 60))


def _usages_in(told: Any) -> list[dict[str, Any]]:
    """One object; or lists of them, one for each business."""
    if not isinstance(told, dict):
        return []
    nested = [one for inner in told.values() if isinstance(inner, list) for one in inner]
    return [one for one in (nested or [told]) if isinstance(one, dict)]


def _amount(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e6 else None


def _window(limit: float | None, left: float, ends: timedelta | None) -> Window:
    # A limit of nothing is none that anybody could keep to.
    size = int(limit) if limit is not None and limit >= 1 else None
    kept = max(int(left), 0) if size is None else min(max(int(left), 0), size)
    return Window(size, kept, None if ends is None else _bounded(ends))


def _until(value: str, now: datetime) -> timedelta | None:
    """The time from now to a reset (0 to 1 day), whichever way it is told."""
    value = value.strip()
    if not _NUMBER.fullmatch(value):
        moment = _moment(value)
        return None if moment is None else _bounded(moment - now)
    number = float(value)
    if number < 0:
        return None
    number = number / 1_000 if number >= _MILLISECONDS_FROM else number
    return _seconds(number - now.timestamp() if number >= _EPOCH_FROM else number)


def _moment(value: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _seconds(number: float | None) -> timedelta | None:
    return None if number is None else timedelta(seconds=min(max(number, 0), LONGEST.total_seconds()))


def _bounded(span: timedelta) -> timedelta:
    return min(max(span, timedelta(0)), LONGEST)


def _numbers(value: str) -> list[float]:
    return [float(one) for one in _listed(value) if _NUMBER.fullmatch(one)]


def _listed(value: str) -> list[str]:
    """`100, 100;w=60` as its members without what is said about them. Dates hold a comma of their own."""
    if _moment(value) is not None:
        return [value]
    return [one.partition(";")[0].strip() for one in value[:500].split(",")]


def _first(value: str) -> str:
    return _listed(value)[0]


def _parameters(value: str) -> dict[str, int]:
    return {name.lower(): int(number) for name, number in _PARAMETER.findall(value[:500])}
