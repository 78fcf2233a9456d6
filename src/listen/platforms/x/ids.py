"""Ids of X tell when a post was written: milliseconds since 2010-11-04, 22 bits to the left.

https://docs.x.com/fundamentals/x-ids. An id that was made from a time has 22 zeros, as one post in four million has.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)
_BITS = 22
_FIRST = 29_700_859_247  # below, ids were counted up and tell no time


def is_id(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 19


def time_of(id_: str) -> datetime | None:
    """When the post was written, aware UTC; None for ids that are older than this way of making them."""
    return _EPOCH + timedelta(milliseconds=int(id_) >> _BITS) if int(id_) >= _FIRST else None


def id_at(moment: datetime) -> str:
    """The lowest id of that moment."""
    return str(max(0, (moment - _EPOCH) // timedelta(milliseconds=1)) << _BITS)


def is_made(id_: str) -> bool:
    """Whether it stands for a time, and not for a post."""
    return int(id_) % (1 << _BITS) == 0
