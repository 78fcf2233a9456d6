"""Data as each version of the tables holds them: `N.sql` fills tables that the first N migrations have made.

A version that was released is never changed any more, neither its migration nor its file here.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from listen.store import schema

VERSIONS = {int(file.stem): file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("*.sql")}


def made(path: Path, version: int) -> Path:
    """A store as the program of that version has left it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        schema.migrate(db, str(path), schema.MIGRATIONS[:version])
        db.execute("PRAGMA foreign_keys = ON")
        db.executescript(VERSIONS[version])
    return path
