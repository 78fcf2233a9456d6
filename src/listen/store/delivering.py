"""What a named export has not had yet, page by page, and what is remembered once that is safely in a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import msgspec

from listen.mention import Change
from listen.selection import Selection
from listen.store import changing, exports, selecting
from listen.store.appending import Extent, whole
from listen.store.exports import Export, Looked
from listen.store.rows import decoded
from listen.store.selecting import PAGE, Found, taken

Access = Callable[[], AbstractContextManager[sqlite3.Connection]]

_ENDLESS = 2**62
# The kinds sort by what matters most: edited, flagged, marked, matched.
_CHANGED = """
    SELECT at, number, (SELECT min(kind) FROM change AS each WHERE each.number = change.number AND each.at > ?3), json
    FROM change JOIN content USING (number)
    WHERE at > ?1 AND at <= ?2
    AND (number <= ?5 OR EXISTS (SELECT 1 FROM delivered WHERE export = ?4 AND delivered.number = change.number))
    AND NOT EXISTS (SELECT 1 FROM change AS later WHERE later.number = change.number AND later.at > change.at)
    ORDER BY at LIMIT ?6
"""


class _Place(msgspec.Struct):
    """How far this delivery has come; what it has not come to is for the next time."""

    told: int
    number: int
    at: int


class Delivering:
    """Changes that an export has not delivered; nothing counts as delivered before `remember`.

    Iterating yields, in this order: with `changes` what was withdrawn and what has changed since it was delivered,
    then what the selection wants now and did not want before, then what is new. It ends with what was there at the
    beginning. Changes of what was delivered are told whether the selection wants them or not; its limit counts all.
    Memory does not grow with their number; between two pages others may write.
    """

    def __init__(
        self, reading: Access, writing: Access, path: str, name: str, selection: Selection, *, changes: bool
    ) -> None:
        self._reading, self._writing = reading, writing
        self._path, self._name, self._selection, self._changes = path, name, selection, changes
        self._left = _ENDLESS if selection.limit is None else selection.limit
        self._withdrawn: list[int] = []
        with reading() as db:
            self._export = exports.known(db, name)
            self._looked = exports.looked(db, self._export, selection) if self._export else None
            self._last_number, self._last_at = selecting.newest(db), changing.newest(db)
            export = self._export or Export(0)
            start = self._looked or Looked(export.floor, self._last_at)
            after = max(start.number, export.floor)
            self._first, self._last = selecting.bounds(db, selection, after, self._last_number)
        self._place = _Place(self._last_at if export.told is None else export.told, after, start.at)

    def __iter__(self) -> Iterator[Change]:
        if self._changes and self._export is not None and self._export.told is not None:
            yield from self._gone(self._export)
            yield from self._walked(self._changed)
        if self._export is not None and self._looked is not None:
            yield from self._walked(self._late)
        yield from self._walked(self._new)

    def remember(self, added: Extent | None = None) -> None:
        """What was yielded is delivered; `added` is the file that it was added to, as it is now."""
        with durable(self._reading, self._writing) as db:
            export = exports.begun(db, self._name)
            forgotten = [(export.id, number) for number in self._withdrawn]
            db.executemany("DELETE FROM withdrawal WHERE export = ? AND number = ?", forgotten)
            exports.deliver(db, export)
            if self._changes:
                exports.tell(db, export, self._place.told)
            exports.look(db, export, self._selection, Looked(self._place.number, self._place.at))
            if added is not None:
                whole(db, added)

    def _gone(self, export: Export) -> Iterator[Change]:
        with self._reading() as db:
            found = list(changing.withdrawn(db, export.id, export.floor, self._left))
        for number, change in found:
            self._withdrawn.append(number)
            self._left -= 1
            yield change

    def _walked(self, page: Callable[[sqlite3.Connection], tuple[Found, bool]]) -> Iterator[Change]:
        """All pages of one kind, until there is no more or the limit is reached."""
        more = True
        while more and self._left > 0:
            with self._reading() as db:
                found, more = page(db)
                db.executemany("INSERT OR IGNORE INTO delivering VALUES (?)", [(row[1],) for row in found])
            self._left -= len(found)
            for _, _, kind, json in found:
                yield Change(kind, decoded(json, self._path))

    def _changed(self, db: sqlite3.Connection) -> tuple[Found, bool]:
        """What was delivered and has changed since, in the order of the last changes."""
        assert self._export is not None
        export, after = self._export, self._place.told
        wanted = min(self._left, PAGE)
        values = (after, self._last_at, export.told, export.id, export.floor, wanted)
        found, full = taken(db.execute(_CHANGED, values), wanted)
        self._place.told = found[-1][0] if full else self._last_at
        return found, full

    def _late(self, db: sqlite3.Connection) -> tuple[Found, bool]:
        """What the selection did not want when it was looked at, and wants after a change."""
        assert self._export is not None
        wanted = min(self._left, PAGE)
        bounds = (self._place.at, self._last_at, self._export.floor, self._place.number)
        found, full = selecting.late(db, self._selection, self._export.id, bounds, wanted)
        self._place.at = found[-1][0] if full else self._last_at
        return found, full

    def _new(self, db: sqlite3.Connection) -> tuple[Found, bool]:
        after, wanted = max(self._place.number, self._first), min(self._left, PAGE)
        export = self._export.id if self._export else None
        found, full = selecting.new(db, self._selection, export, (after, self._last), wanted)
        self._place.number = found[-1][0] if full else self._last_number
        return found, full


@contextmanager
def delivering(
    reading: Access, writing: Access, path: str, name: str, selection: Selection, *, changes: bool
) -> Iterator[Delivering]:
    """A delivery, one at a time; what it has yielded is noted in a temporary table."""
    with reading() as db:
        db.execute("CREATE TEMP TABLE IF NOT EXISTS delivering (number INTEGER PRIMARY KEY) STRICT")
        db.execute("DELETE FROM delivering")
    try:
        yield Delivering(reading, writing, path, name, selection, changes=changes)
    finally:
        with reading() as db:
            db.execute("DELETE FROM delivering")


@contextmanager
def durable(reading: Access, writing: Access) -> Iterator[sqlite3.Connection]:
    """A transaction that is on disk when it is over: what it says of a file must not be older than the file."""
    with reading() as db:
        db.execute("PRAGMA synchronous = FULL")
    try:
        with writing() as db:
            yield db
    finally:
        with reading() as db:
            db.execute("PRAGMA synchronous = NORMAL")
