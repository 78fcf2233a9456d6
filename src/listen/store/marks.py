"""Where each source is to be resumed, for what is listened for.

A cursor says: the topics of this watch have heard everything up to here. So a mark is filed under the whole set of
topics, as one row however many there are, and a run finds among all sets the place from which none of its topics
misses anything.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from listen.plain import wellformed
from listen.store.events import Watch
from listen.store.ledger import Place
from listen.store.rows import micros

KEPT = timedelta(days=90)  # how long a place is kept that other watches of the source have long left behind

_DIGITS = 30  # more than any network's numbers have

_OWN = """
    SELECT cursor FROM mark JOIN watch ON watch.id = mark.watch
    WHERE platform = ? AND source = ? AND digest = ?
"""
_OF_TOPICS = """
    SELECT name, fingerprint, cursor, marked_at FROM mark JOIN watch_topic ON watch_topic.watch = mark.watch
    WHERE platform = ? AND source = ?
"""
_MARK = """
    INSERT INTO mark (platform, source, watch, cursor, marked_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET cursor = excluded.cursor, marked_at = excluded.marked_at
"""
_KNOWN_SOURCE = "INSERT INTO source (platform, name) VALUES (?, ?) ON CONFLICT DO NOTHING"
_OUTDATED = "DELETE FROM mark WHERE platform = ? AND source = ? AND marked_at < ?"
_UNUSED = """
    DELETE FROM watch WHERE NOT EXISTS (SELECT 1 FROM mark WHERE mark.watch = watch.id)
    AND NOT EXISTS (SELECT 1 FROM stretch WHERE stretch.watch = watch.id)
    AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.watch = watch.id)
"""


class Marked(msgspec.Struct, frozen=True):
    """A cursor, and when it was filed, in microseconds."""

    cursor: str
    at: int


def cursor(db: sqlite3.Connection, place: Place, watch: Watch) -> str | None:
    """Where to resume so that no topic of the watch misses anything; None if none of them was ever marked.

    A topic that was never listened for begins where the others are.
    """
    topics, digest = _told(watch)
    if not topics:
        row = db.execute(_OWN, (*place, digest)).fetchone()
        return None if row is None else row[0]
    newest: dict[tuple[str, str | None], Marked] = {}
    for name, fingerprint, *mark in db.execute(_OF_TOPICS, place):
        marked = Marked(*mark)
        # The name alone as well: an edited query goes on where the old one was.
        for key in ((name, fingerprint), (name, None)):
            if key not in newest or newest[key].at < marked.at:
                newest[key] = marked
    found = [known for name, own in topics if (known := newest.get((name, own)) or newest.get((name, None)))]
    return min(found, key=_order(found)).cursor if found else None


def mark(db: sqlite3.Connection, place: Place, watch: Watch, cursor: str, now: datetime) -> None:
    """File the cursor for this watch alone, and let go of those that nobody will ask for."""
    db.execute(_KNOWN_SOURCE, place)
    db.execute(_MARK, (*place, filed(db, watch), wellformed(cursor), micros(now)))
    if db.execute(_OUTDATED, (*place, micros(now - KEPT))).rowcount:
        db.execute(_UNUSED)


def _order(marks: Sequence[Marked]) -> Callable[[Marked], int]:
    """What tells which mark is further behind.

    Whole numbers (ids, times) say so themselves. Else it is the older one, which is only nearly true: a watch that
    was stopped while it caught up has a young mark at an old place.
    """
    if all(mark.cursor.isascii() and mark.cursor.isdigit() and len(mark.cursor) <= _DIGITS for mark in marks):
        return lambda mark: int(mark.cursor)
    return lambda mark: mark.at


def filed(db: sqlite3.Connection, watch: Watch) -> int:
    """The number of this set of topics, which is filed if it is not yet."""
    topics, digest = _told(watch)
    row = db.execute("SELECT id FROM watch WHERE digest = ?", (digest,)).fetchone()
    if row is not None:
        return int(row[0])
    number = db.execute("INSERT INTO watch (digest) VALUES (?)", (digest,)).lastrowid
    assert number is not None
    rows = [(number, *topic) for topic in topics]
    db.executemany("INSERT INTO watch_topic (watch, name, fingerprint) VALUES (?, ?, ?)", rows)
    return number


@lru_cache(maxsize=8)
def _told(watch: Watch) -> tuple[tuple[tuple[str, str], ...], str]:
    """The topics, each once, in an order of their own, and what tells their set from others."""
    topics = tuple(sorted({(wellformed(name), wellformed(fingerprint)) for name, fingerprint in watch.topics}))
    return topics, hashlib.sha256(msgspec.json.encode(topics)).hexdigest()
