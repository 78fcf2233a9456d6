"""Ids of statuses: opaque text that sorts by length, then by letters.

Mastodon's and GoToSocial's also tell a time, that of the post and not of its arrival: a post that federates
late stands *below* posts that were there before it. https://docs.joinmastodon.org/api/guidelines/#id,
lib/mastodon/snowflake.rb (milliseconds above 16 bits), https://github.com/ulid/spec
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Other software has decimal ids too, which read as years outside of these: Takahē 2282, Pixelfed 2467, counters 1970.
_SNOWFLAKES_FROM, _SNOWFLAKES_UNTIL = datetime(2016, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_ULID = re.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CLOCKS_DIFFER = timedelta(minutes=10)


def order(id_: str) -> tuple[int, str]:
    """What ids of one server are sorted by."""
    return len(id_), id_


def latest(ids: Iterable[str]) -> str:
    """The highest of some ids; there must be one."""
    return max(ids, key=order)


def is_ahead(id_: str, now: datetime) -> bool:
    """Whether the id claims a time that is still to come; as a cursor it would hide all that comes before."""
    moment = moment_of(id_)
    return moment is not None and moment > now + _CLOCKS_DIFFER


def moment_of(id_: str) -> datetime | None:
    """The time that an id claims; None if it tells none."""
    return _snowflake_moment(id_) or _ulid_moment(id_)


def rewound(id_: str, by: timedelta, now: datetime) -> str | None:
    """The snowflake that lies so much before this one (or before now); None where ids cannot be made from a time."""
    moment = _snowflake_moment(id_)
    if moment is None:
        return None
    return str((min(moment, now) - by - _EPOCH) // timedelta(milliseconds=1) << 16)


def _snowflake_moment(id_: str) -> datetime | None:
    if not (id_.isascii() and id_.isdecimal() and 17 <= len(id_) <= 19):
        return None
    moment = _EPOCH + timedelta(milliseconds=int(id_) >> 16)
    return moment if _SNOWFLAKES_FROM <= moment < _SNOWFLAKES_UNTIL else None


def _ulid_moment(id_: str) -> datetime | None:
    if not _ULID.fullmatch(id_):
        return None
    milliseconds = 0
    for letter in id_[:10]:
        milliseconds = milliseconds * 32 + _CROCKFORD.index(letter)
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
