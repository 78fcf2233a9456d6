"""The tables about people's data: what was erased and may not come back, what was marked by whom, and our salts.

None of them names anybody but the people of customer care: who was forgotten stands there as a keyed hash.
"""

from __future__ import annotations

PEOPLE = (
    """
    CREATE TABLE about (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "INSERT INTO about (name, value) VALUES ('salt', lower(hex(randomblob(32))))",
    "INSERT INTO about (name, value) VALUES ('pseudonyms', lower(hex(randomblob(32))))",
    # Posts that are not to come back, as keyed hashes; without `until` they never are.
    """
    CREATE TABLE tombstone (
        key BLOB PRIMARY KEY,
        until INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX tombstone_until ON tombstone (until) WHERE until IS NOT NULL",
    # Authors whose posts are not stored, as keyed hashes of their ids, handles and addresses.
    """
    CREATE TABLE forgotten (
        key BLOB PRIMARY KEY,
        hour INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE erasure (
        hour INTEGER NOT NULL,
        reason TEXT NOT NULL,
        platform TEXT NOT NULL,
        mentions INTEGER NOT NULL,
        PRIMARY KEY (hour, reason, platform)
    ) STRICT, WITHOUT ROWID
    """,
    # How far the walk has come that looks whether stored posts are still there.
    """
    CREATE TABLE recheck (
        platform TEXT PRIMARY KEY,
        position INTEGER NOT NULL,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE withheld (
        platform TEXT NOT NULL,
        wish TEXT NOT NULL,
        posts INTEGER NOT NULL,
        PRIMARY KEY (platform, wish)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE history (
        id INTEGER PRIMARY KEY,
        number INTEGER NOT NULL REFERENCES mention ON DELETE CASCADE,
        at INTEGER NOT NULL,
        by TEXT,
        field TEXT NOT NULL,
        old TEXT,
        new TEXT
    ) STRICT
    """,
    "CREATE INDEX history_number ON history (number)",
)
