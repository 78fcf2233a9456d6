"""The tables, as numbered migrations; `PRAGMA user_version` says how many of them a file has had.

`mention` holds what is searched for, in narrow rows, so that a walk over a million of them takes well under a
second; `content` holds the mention itself as JSON and is the truth. Times are microseconds since 1970, UTC: they
hold the years 0001 to 9999 and compare exactly. `mention.number` is never used twice and grows with the commits.
"""

from __future__ import annotations

import sqlite3

from listen.errors import StoreError

APPLICATION = 0x6C73746E  # "lstn"; tells our files from other programs' databases

_FIRST = (
    """
    CREATE TABLE mention (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        platform TEXT NOT NULL,
        id TEXT NOT NULL,
        author_id TEXT,
        moment INTEGER NOT NULL,
        flag TEXT NOT NULL,
        lang TEXT,
        urgency TEXT NOT NULL,
        status TEXT NOT NULL,
        corrected INTEGER NOT NULL,
        UNIQUE (platform, id)
    ) STRICT
    """,
    "CREATE INDEX mention_corrected ON mention (number) WHERE corrected",
    "CREATE INDEX mention_moment ON mention (moment)",
    "CREATE INDEX mention_author ON mention (platform, author_id) WHERE author_id IS NOT NULL",
    """
    CREATE TABLE content (
        number INTEGER PRIMARY KEY REFERENCES mention ON DELETE CASCADE,
        json TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE topic (
        number INTEGER NOT NULL REFERENCES mention ON DELETE CASCADE,
        name TEXT NOT NULL,
        PRIMARY KEY (number, name)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE sighting (
        platform TEXT NOT NULL,
        instance TEXT NOT NULL,
        ref TEXT NOT NULL,
        number INTEGER NOT NULL REFERENCES mention ON DELETE CASCADE,
        PRIMARY KEY (platform, instance, ref)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX sighting_number ON sighting (number)",
    """
    CREATE TABLE tombstone (
        platform TEXT NOT NULL,
        id TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (platform, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX tombstone_at ON tombstone (at)",
    """
    CREATE TABLE source (
        platform TEXT NOT NULL,
        name TEXT NOT NULL,
        state TEXT,
        last_ok INTEGER,
        problem TEXT,
        problem_at INTEGER,
        last_post INTEGER,
        quota TEXT,
        PRIMARY KEY (platform, name)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE watch (
        id INTEGER PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE
    ) STRICT
    """,
    """
    CREATE TABLE watch_topic (
        watch INTEGER NOT NULL REFERENCES watch ON DELETE CASCADE,
        name TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        PRIMARY KEY (watch, name, fingerprint)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX watch_topic_name ON watch_topic (name)",
    """
    CREATE TABLE mark (
        platform TEXT NOT NULL,
        source TEXT NOT NULL,
        watch INTEGER NOT NULL REFERENCES watch,
        cursor TEXT NOT NULL,
        marked_at INTEGER NOT NULL,
        PRIMARY KEY (platform, source, watch)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX mark_watch ON mark (watch)",
    """
    CREATE TABLE stretch (
        platform TEXT NOT NULL,
        source TEXT NOT NULL,
        watch INTEGER NOT NULL REFERENCES watch,
        kind TEXT NOT NULL,
        since INTEGER NOT NULL,
        detail TEXT NOT NULL,
        until INTEGER NOT NULL,
        reason TEXT,
        PRIMARY KEY (platform, source, watch, kind, since, detail)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX stretch_watch ON stretch (watch)",
    """
    CREATE TABLE process (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        pid INTEGER NOT NULL,
        place TEXT NOT NULL,
        born TEXT,
        since INTEGER NOT NULL,
        beat INTEGER NOT NULL,
        beat_at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE claim (
        platform TEXT NOT NULL,
        source TEXT NOT NULL,
        process INTEGER NOT NULL REFERENCES process ON DELETE CASCADE,
        watch INTEGER NOT NULL REFERENCES watch,
        state TEXT,
        problem TEXT,
        PRIMARY KEY (platform, source, process)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX claim_process ON claim (process)",
    "CREATE INDEX claim_watch ON claim (watch)",
    """
    CREATE TABLE spending (
        platform TEXT NOT NULL,
        day INTEGER NOT NULL,
        requests INTEGER NOT NULL,
        PRIMARY KEY (platform, day)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE expense (
        platform TEXT NOT NULL,
        account TEXT NOT NULL,
        day INTEGER NOT NULL,
        amount INTEGER NOT NULL,
        PRIMARY KEY (platform, account, day)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE left_alone (
        platform TEXT NOT NULL,
        host TEXT NOT NULL,
        at INTEGER NOT NULL,
        until INTEGER NOT NULL,
        PRIMARY KEY (platform, host)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE export (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        floor INTEGER NOT NULL
    ) STRICT
    """,
    # Without a reference to mention: a row outlives a withdrawn mention until the floor is above it.
    """
    CREATE TABLE delivered (
        export INTEGER NOT NULL REFERENCES export,
        number INTEGER NOT NULL,
        PRIMARY KEY (export, number)
    ) STRICT, WITHOUT ROWID
    """,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST,)


def migrate(db: sqlite3.Connection, path: str) -> None:
    """Bring the file to this program's version, each step in one transaction. Raises StoreError."""
    while (version := version_of(db, path)) < len(MIGRATIONS):
        db.execute("BEGIN IMMEDIATE")
        try:
            # Asked again, as another process may have been here while we waited for our turn.
            if version_of(db, path) == version:
                _take_step(db, version)
            db.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise


def _take_step(db: sqlite3.Connection, version: int) -> None:
    for statement in MIGRATIONS[version]:
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION}")
    db.execute(f"PRAGMA user_version = {version + 1}")


def version_of(db: sqlite3.Connection, path: str) -> int:
    """How many migrations the file has had. Raises StoreError for what is not ours, or newer than we are."""
    # The mark of our program is read last: another process may be making the tables right now.
    tables = db.execute("SELECT 1 FROM sqlite_schema").fetchone()
    version = _pragma(db, "user_version")
    if (tables or version) and _pragma(db, "application_id") != APPLICATION:
        raise StoreError(f"{path}: is a database of another program; name another file with --db")
    if version > len(MIGRATIONS):
        raise StoreError(
            f"{path}: was written by a newer listen (version {version} of the tables, this one knows "
            f"{len(MIGRATIONS)}); update listen, or name another file with --db"
        )
    return version


def _pragma(db: sqlite3.Connection, name: str) -> int:
    value: int = db.execute(f"PRAGMA {name}").fetchone()[0]
    return value
