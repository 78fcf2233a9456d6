"""The tables, as numbered migrations; `PRAGMA user_version` says how many of them a file has had.

`mention` holds what is searched for, in narrow rows, so that a walk over a million of them takes well under a
second; `content` holds the mention itself as JSON and is the truth. Times are microseconds since 1970, UTC: they
hold the years 0001 to 9999 and compare exactly. `mention.number` is never used twice and grows with the commits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from listen import __version__
from listen.errors import StoreError
from listen.store.changing import EXPORTS
from listen.store.tables import PEOPLE

APPLICATION = 0x6C73746E  # "lstn"; tells our files from other programs' databases

_WRITTEN_BY = """
    INSERT INTO about (name, value) VALUES ('listen', ?) ON CONFLICT DO UPDATE SET value = excluded.value
"""

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
        seen INTEGER NOT NULL,
        UNIQUE (platform, id)
    ) STRICT
    """,
    "CREATE INDEX mention_corrected ON mention (number) WHERE corrected",
    "CREATE INDEX mention_moment ON mention (moment)",
    "CREATE INDEX mention_seen ON mention (seen)",
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
        floor INTEGER NOT NULL,
        told INTEGER
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
    *EXPORTS,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = ((*_FIRST, *PEOPLE),)


def migrate(
    db: sqlite3.Connection, path: str, migrations: Sequence[Sequence[str]] = MIGRATIONS, program: str = __version__
) -> None:
    """Bring the file to this program's version, each step in one transaction. Raises StoreError.

    A step that is broken off, by an error or by the death of the program, leaves the file as it was before it.
    """
    while (version := version_of(db, path, len(migrations))) < len(migrations):
        db.execute("BEGIN IMMEDIATE")
        try:
            # Asked again, as another process may have been here while we waited for our turn.
            if version_of(db, path, len(migrations)) == version:
                _take_step(db, migrations[version], version + 1, program)
            db.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise


def _take_step(db: sqlite3.Connection, statements: Sequence[str], version: int, program: str) -> None:
    for statement in statements:
        db.execute(statement)
    db.execute(_WRITTEN_BY, (program,))
    db.execute(f"PRAGMA application_id = {APPLICATION}")
    db.execute(f"PRAGMA user_version = {version}")


def version_of(db: sqlite3.Connection, path: str, known: int = len(MIGRATIONS)) -> int:
    """How many migrations the file has had. Raises StoreError for what is not ours, or newer than we are."""
    # The mark of our program is read last: another process may be making the tables right now.
    tables = db.execute("SELECT 1 FROM sqlite_schema").fetchone()
    version = _pragma(db, "user_version")
    if (tables or version) and _pragma(db, "application_id") != APPLICATION:
        raise StoreError(f"{path}: is a database of another program; name another file with --db")
    if version > known:
        theirs = writer_of(db)
        by, to = (f" by listen {theirs}", f" to {theirs}") if theirs else ("", "")
        raise StoreError(
            f"{path}: was written by a newer listen (version {version} of the tables{by}; this is {__version__} and "
            f"knows {known}); update listen{to}, put back a copy that 'listen db backup' made before the update, or "
            "name another file with --db"
        )
    return version


def writer_of(db: sqlite3.Connection) -> str | None:
    """Which version of `listen` made the tables what they are; None if the file does not say."""
    try:
        row = db.execute("SELECT value FROM about WHERE name = 'listen'").fetchone()
    except sqlite3.OperationalError:  # a table of that name may be gone in a version that we do not know
        return None
    return None if row is None or not isinstance(row[0], str) else row[0][:40]


def _pragma(db: sqlite3.Connection, name: str) -> int:
    value: int = db.execute(f"PRAGMA {name}").fetchone()[0]
    return value
