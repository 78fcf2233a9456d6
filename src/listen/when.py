"""The clock, and times as people type them: `90s`, `2h`, `3d`, `2026-11-01`, `1.11.2026`, `yesterday`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from email.utils import parsedate_to_datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from listen.errors import UsageError

_UNITS = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"(\d{1,6})\s*(s|min|m|h|d|w)")

# The clock on the wall, which may be wrong and may jump; whoever measures spans takes a monotonic one instead.
CLOCK: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=lambda: datetime.now(UTC))


def now() -> datetime:
    """This moment as aware UTC, as far as this machine knows."""
    return CLOCK.get()()


def duration(text: str) -> timedelta:
    """`90s`, `10m`, `2h`, `3d`, `1w`; raises UsageError."""
    found = _DURATION.fullmatch(text.strip().lower())
    if not found:
        raise UsageError(f"{text!r} is not a duration; write 90s, 10m, 2h, 3d or 1w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def moment(text: str, now: datetime) -> datetime:
    """The moment that the text means, as aware UTC; a duration counts back from `now`.

    Dates and times without a zone are of this machine's zone. Raises UsageError.
    """
    words = text.strip().lower()
    if _DURATION.fullmatch(words):
        return now - duration(words)
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    days = {"today": 0, "heute": 0, "yesterday": 1, "gestern": 1}
    if words in days:
        return (midnight - timedelta(days=days[words])).astimezone(UTC)
    german = re.fullmatch(
        r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)", text.strip(), re.DOTALL
    )  # 1.11.2026, and 08:30 behind it
    written = f"{german[3]}-{german[2]:0>2}-{german[1]:0>2}{german[4]}" if german else text.strip()
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise UsageError(f"{text!r} is not a time; write 2h, 3d, yesterday or 2026-11-01") from problem


def utc(moment: datetime | None) -> datetime | None:
    """The moment as aware UTC; without a zone it is taken for UTC, and out of the calendar it is None."""
    if moment is None:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:  # 0001-01-01T00:00:00+05:00
        return None


def spoken(span: timedelta) -> str:
    """A duration for people: `5 s`, `3 min`, `2 h`, `4 d`."""
    seconds = max(0, round(span.total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size * 2 or (seconds >= size and seconds % size == 0):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def claimed(value: object, pattern: str | None = None, zone: tzinfo = UTC) -> datetime | None:
    """The time that a network writes, as aware UTC; None for what is none.

    ISO 8601, with nanoseconds and a blank for the T too; RFC 5322; seconds or, above 10^11, milliseconds since 1970;
    or as strptime's `pattern` says. Without a zone it is of `zone`.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        if pattern is not None:
            return _placed(datetime.strptime(str(value).strip(), pattern), zone)  # noqa: DTZ007  it gets one here
        if isinstance(value, str) and len(value.strip()) <= 8:
            return _written(value.strip(), zone)  # 20261122 is a day
        number = float(value)
    except (ValueError, OverflowError):
        return _written(str(value).strip(), zone)
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number / 1_000 if abs(number) > 1e11 else number)
    except (ValueError, OverflowError):  # not a number, or out of the calendar
        return None


@cache
def zone_named(name: str) -> tzinfo:
    """`UTC`, `+01:00`, or a name of the time zone database, `Europe/Berlin`. Raises ValueError."""
    name = name.strip()
    offset = re.fullmatch(r"([+-])([01]\d):([0-5]\d)", name)
    if offset or name == "UTC":
        span = timedelta(hours=int(offset[2]), minutes=int(offset[3])) if offset else timedelta(0)
        return timezone(-span if offset and offset[1] == "-" else span)
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # OSError: `Europe` is a folder of zones
        raise ValueError(f"there is no time zone {name!r}; {_advice(name, available_timezones())}") from None


def _advice(name: str, known: Collection[str]) -> str:
    """Names are asked for without their continent, too, and in any case."""
    if not known:
        return "this machine knows no zones; install the package tzdata"
    wanted = name.lower().replace(" ", "_")
    places = {zone.rsplit("/", 1)[-1].lower(): zone for zone in sorted(known)} | {zone.lower(): zone for zone in known}
    near = get_close_matches(wanted, places, n=1, cutoff=0.75)
    return f"did you mean {places[near[0]]!r}?" if near else "write Europe/Berlin, +01:00 or UTC"


def _written(text: str, zone: tzinfo) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return _placed(read(text[:100]), zone)
        except (ValueError, TypeError, IndexError):
            continue
    return None


def _placed(moment: datetime, zone: tzinfo) -> datetime | None:
    return utc(moment.replace(tzinfo=zone) if moment.tzinfo is None else moment)
