"""How long a server wants to be left alone, whatever dialect it says it in.

`Retry-After` holds seconds or a date. `X-RateLimit-Reset` and `RateLimit-Reset` hold ISO 8601 (Mastodon),
unix seconds (Bluesky, GitHub, X) or seconds left (Reddit, Tumblr); which of them shows in the value itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=1)  # a server that asks for more is asked again after a day
_EPOCH_FROM = 1_000_000_000  # a number above is a date in unix seconds, below it counts seconds left


def wait_from(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The wait that the headers of a refusal ask for (0 to 1 day); None if they do not say."""
    for name in ("retry-after", "x-ratelimit-reset", "ratelimit-reset"):
        wait = _duration(headers.get(name, "").strip(), now)
        if wait is not None:
            return min(max(wait, timedelta(0)), LONGEST)
    return None


def _duration(value: str, now: datetime) -> timedelta | None:
    try:
        number = float(value)
    except ValueError:
        moment = _moment(value)
        return None if moment is None else moment - now
    if not 0 <= number < 1e11:
        return None
    return timedelta(seconds=number - now.timestamp() if number >= _EPOCH_FROM else number)


def _moment(value: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(value)
        except (ValueError, TypeError, IndexError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
