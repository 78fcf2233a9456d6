"""The clock, and times as people type them: `90s`, `2h`, `3d`, `2026-11-01`, `2026-11-01T08:30`, `yesterday`."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches

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
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise UsageError(f"{text!r} is not a time; write 2h, 3d, yesterday or 2026-11-01") from problem


def zone_named(name: str) -> tzinfo:
    """The time zone of that name in the IANA database (`Europe/Berlin`, `UTC`). Raises UsageError."""
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(name.strip())
    except (LookupError, ValueError, OSError) as problem:  # OSError: `Europe` is a folder of zones
        known = zoneinfo.available_timezones()
        if not known:
            advice = "this machine knows no zones; install the package tzdata"
        else:
            advice = _zone_like(name.strip(), sorted(known))
        raise UsageError(f"--tz: there is no time zone {name!r}; {advice}") from problem


def _zone_like(name: str, known: list[str]) -> str:
    """Names are asked for without their continent, too, and in any case."""
    wanted = name.lower().replace(" ", "_")
    places = {zone.rsplit("/", 1)[-1].lower(): zone for zone in known} | {zone.lower(): zone for zone in known}
    near = get_close_matches(wanted, places, n=1, cutoff=0.75)
    return f"did you mean {places[near[0]]!r}?" if near else "write one like Europe/Berlin or UTC"


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
