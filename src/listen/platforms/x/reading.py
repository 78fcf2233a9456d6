"""How far searches have been read: up to an id, but for holes that a budget or a failure left.

Searches show the newest posts first. What is read is paid for, so nothing is read twice: after each page it is noted
what lies below it and was not read, and a later round goes on there. The newest posts are read before the holes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec

from listen.platforms.x.api import KEPT
from listen.platforms.x.ids import id_at, is_id, is_made, time_of
from listen.post import Gap

SLACK = timedelta(minutes=5)  # that much of the seven days is not counted upon
_LIFT_AFTER = timedelta(days=1)
_LIFTED_TO = timedelta(hours=1)  # before now; late posts are found within


class Hole(msgspec.Struct, frozen=True, array_like=True):
    """What lies between two ids and was not read; without an end it reaches up to now."""

    since: str
    until: str | None = None


class Reached(msgspec.Struct, frozen=True, array_like=True):
    """One search was read up to `top`, but for the holes, the newest first."""

    top: str
    holes: tuple[Hole, ...] = ()

    def read(self, hole: Hole, lowest: str | None, highest: str | None) -> Reached:
        """After a page of that hole: its posts, if any, and whether anything is left below (`lowest` is given then)."""
        rest = tuple(one for one in self.holes if one != hole)
        left = (Hole(hole.since, lowest),) if lowest is not None else ()
        top = self.top if hole.until is not None or highest is None else latest([self.top, highest])
        return Reached(top, tuple(sorted((*left, *rest), key=lambda one: int(one.since), reverse=True)))

    def clipped(self, hole: Hole, rest: Hole | None) -> Reached:
        """Only the rest of a hole can still be read, or nothing of it."""
        return Reached(self.top, tuple(one for each in self.holes if (one := rest if each == hole else each)))

    def lifted(self, here: datetime) -> Reached:
        """After all was read: not left behind where nothing was posted, as X knows the last seven days only."""
        top = time_of(self.top)
        if top is not None and here - top < _LIFT_AFTER:
            return self
        return Reached(latest([self.top, id_at(here - _LIFTED_TO)]), self.holes)


class Cursor(msgspec.Struct, frozen=True):
    """What each search has reached, by its digest."""

    searches: dict[str, Reached] = {}

    def of(self, search: str, begin: datetime) -> Reached:
        """Where a search goes on. A new one begins where the others are, with their holes; without any at `begin`."""
        known = self.searches.get(digest(search))
        if known is not None:
            return known
        if not self.searches:
            return Reached(id_at(begin))
        holes = {hole for reached in self.searches.values() for hole in reached.holes}
        top = min((reached.top for reached in self.searches.values()), key=int)
        return Reached(top, tuple(sorted(holes, key=lambda one: int(one.since), reverse=True)))

    def encoded(self) -> str:
        return msgspec.json.encode(self).decode()

    def lifted(self, floor: str) -> Cursor:
        """After a stream has brought everything up to that id."""
        lifted = {name: Reached(latest([one.top, floor]), one.holes) for name, one in self.searches.items()}
        return Cursor(lifted)


def recalled(cursor: str | None) -> Cursor:
    """What was stored; nothing read yet if it cannot be understood."""
    try:
        told = msgspec.json.decode(cursor, type=Cursor) if cursor else Cursor()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Cursor()
    ids = [
        id_ for one in told.searches.values() for id_ in (one.top, *(end for hole in one.holes for end in _ends(hole)))
    ]
    return told if all(map(is_id, ids)) else Cursor()


def digest(search: str) -> str:
    return blake2b(search.encode(), digest_size=6).hexdigest()


def place_of(hole: Hole) -> dict[str, str]:
    """The parameters that ask for it. An id that stands for a time is asked for as one."""
    since = time_of(hole.since) if is_made(hole.since) else None
    begin = {"start_time": since.strftime("%Y-%m-%dT%H:%M:%SZ")} if since else {"since_id": hole.since}
    return begin if hole.until is None else {**begin, "until_id": hole.until}


def within_reach(hole: Hole, here: datetime) -> tuple[Hole | None, Gap | None]:
    """The part of it that X still knows, and what is lost of it."""
    floor = here - KEPT + SLACK
    since, until = time_of(hole.since) or floor - KEPT, time_of(hole.until) if hole.until else None
    if since >= floor:
        return hole, None
    gap = Gap(since, min(until or floor, floor), "X shows no more than the last 7 days", "retention")
    if hole.until is not None and (until is None or until <= floor):
        return None, gap
    return Hole(id_at(floor), hole.until), gap


def latest(ids: Iterable[str]) -> str:
    return max(ids, key=int)


def _ends(hole: Hole) -> Sequence[str]:
    return (hole.since,) if hole.until is None else (hole.since, hole.until)
