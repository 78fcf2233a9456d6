"""What happened to mentions after they were stored, for exports that tell changes; docs/cron.md says when they do.

Inside of a transaction of the store. `change.at` is never used twice and grows with the commits, so that a number says
which changes an export has seen.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from listen.mention import Change, Mention, hollow
from listen.plain import wellformed
from listen.store import burying
from listen.store.rows import byline_of, micros
from listen.store.versions import differences

KEPT = timedelta(days=90)  # how long a withdrawal waits for an export that does not come

EXPORTS = (
    # The newest change of each kind; a mention that was never changed has no row.
    """
    CREATE TABLE change (
        at INTEGER PRIMARY KEY AUTOINCREMENT,
        number INTEGER NOT NULL REFERENCES mention ON DELETE CASCADE,
        kind TEXT NOT NULL,
        UNIQUE (number, kind)
    ) STRICT
    """,
    # What is left of a withdrawn mention until each export that asks for changes has told it. `author` holds the keyed
    # hashes of the author's names, one after the other, so that whoever is forgotten is found here, too.
    """
    CREATE TABLE withdrawal (
        export INTEGER NOT NULL REFERENCES export,
        number INTEGER NOT NULL,
        platform TEXT NOT NULL,
        id TEXT NOT NULL,
        topics TEXT NOT NULL,
        author BLOB NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY (export, number)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX withdrawal_since ON withdrawal (since)",
    # Up to where an export has looked for what some filters want: mentions up to `number`, as of the change `at`.
    """
    CREATE TABLE looked (
        export INTEGER NOT NULL REFERENCES export,
        filters TEXT NOT NULL,
        since INTEGER NOT NULL,
        number INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (export, filters)
    ) STRICT, WITHOUT ROWID
    """,
    # Files that exports add to: how long they were when all was well, a digest of their end, and whether they are
    # being written; what a killed run leaves behind its end is cut off.
    """
    CREATE TABLE appended (
        file TEXT PRIMARY KEY,
        length INTEGER NOT NULL,
        tail TEXT NOT NULL,
        writing INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

_NOTE = "INSERT OR REPLACE INTO change (number, kind) VALUES (?, ?)"  # REPLACE gives it a new `at`
_TOPICS = "SELECT name FROM topic WHERE number = ? ORDER BY name"
_WITHDRAW = """
    INSERT INTO withdrawal (export, number, platform, id, topics, author, since)
    SELECT export.id, mention.number, platform, mention.id, ?, ?, ?
    FROM mention JOIN export WHERE mention.number = ? AND told IS NOT NULL
"""
_WORDS = "SELECT json FROM content WHERE number = ?"
_TELLS = "SELECT 1 FROM export WHERE told IS NOT NULL LIMIT 1"
_EDITED = """
    SELECT at, json FROM change JOIN content ON content.number = change.number
    WHERE at > ? AND kind = 'edited' ORDER BY at LIMIT ?
"""
_WAITING = "SELECT number, id, author FROM withdrawal WHERE platform = ?"
_DISTINCT = 4  # characters; shorter names are parts of too many ids
# Only what the export has delivered; the rest was withdrawn before, or is just being delivered by another process.
_WITHDRAWN = """
    SELECT number, platform, id, topics FROM withdrawal WHERE export = ?1 AND (number <= ?2
        OR EXISTS (SELECT 1 FROM delivered WHERE export = ?1 AND delivered.number = withdrawal.number))
    ORDER BY number LIMIT ?3
"""


def note(db: sqlite3.Connection, number: int, known: Mention, kept: Mention) -> None:
    """Remember in which ways the mention has changed."""
    db.executemany(_NOTE, [(number, kind) for kind in differences(known, kept)])


def withdraw(db: sqlite3.Connection, number: int, now: datetime) -> None:
    """Remember for exports that tell changes that the mention is about to go, before it does."""
    words = db.execute(_WORDS, (number,)).fetchone()
    if words is None or db.execute(_TELLS).fetchone() is None:
        return
    topics = [name for (name,) in db.execute(_TOPICS, (number,))]
    byline = byline_of(words[0])
    names = [name for name in (byline.author_id, byline.author, byline.author_url) if name]
    author = b"".join(burying.of_authors(db, byline.platform, names))
    db.execute(_WITHDRAW, (msgspec.json.encode(topics).decode(), author, micros(now), number))


def forget(db: sqlite3.Connection, platform: str, names: Sequence[str]) -> None:
    """Tell nobody any more what was withdrawn of the author with these ids, handles and addresses.

    It is theirs if it was written under one of these names, or if one stands in its id.
    """
    keys = burying.of_authors(db, platform, names)
    lowered = [name.casefold() for name in names if len(name) >= _DISTINCT]
    theirs = [
        (number,)
        for number, id_, author in db.execute(_WAITING, (wellformed(platform),)).fetchall()
        if any(key in author for key in keys) or any(name in id_.casefold() for name in lowered)
    ]
    db.executemany("DELETE FROM withdrawal WHERE number = ? AND export IN (SELECT id FROM export)", theirs)


def prune(db: sqlite3.Connection, now: datetime) -> None:
    """Let go of withdrawals that nobody has come for."""
    db.execute("DELETE FROM withdrawal WHERE since < ?", (micros(now - KEPT),))


def newest(db: sqlite3.Connection) -> int:
    """The number of the newest change; 0 if there is none."""
    at: int = db.execute("SELECT coalesce(max(at), 0) FROM change").fetchone()[0]
    return at


def edited(db: sqlite3.Connection, after: int, limit: int) -> list[tuple[int, str]]:
    """The mentions as they are, as JSON, of which the last edit was noted after that change, and which that is."""
    return db.execute(_EDITED, (after, limit)).fetchall()


def withdrawn(db: sqlite3.Connection, export: int, floor: int, limit: int) -> Iterator[tuple[int, Change]]:
    """What was withdrawn after the export had delivered it: id, network and topics are all that is left."""
    for number, platform, id_, topics in db.execute(_WITHDRAWN, (export, floor, limit)):
        yield number, Change("withdrawn", hollow(platform, id_, msgspec.json.decode(topics, type=tuple[str, ...])))
