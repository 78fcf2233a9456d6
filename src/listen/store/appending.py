"""How long the files were that exports add to, when all was well; inside of a transaction of the store."""

from __future__ import annotations

import sqlite3

import msgspec

from listen.plain import wellformed

_KNOWN = "SELECT file, length, tail, writing FROM appended WHERE file = ?"
_FILE = """
    INSERT INTO appended (file, length, tail, writing) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET length = excluded.length, tail = excluded.tail, writing = excluded.writing
"""


class Extent(msgspec.Struct, frozen=True):
    """A file that was whole at `length` bytes, with a digest of its last bytes there.

    While it is `writing`, more may stand behind that, which does not count.
    """

    file: str
    length: int
    tail: str
    writing: bool = False


def known(db: sqlite3.Connection, file: str) -> Extent | None:
    row = db.execute(_KNOWN, (wellformed(file),)).fetchone()
    return None if row is None else Extent(file, row[1], row[2], bool(row[3]))


def begin(db: sqlite3.Connection, extent: Extent) -> None:
    """Something is about to be written behind its end."""
    db.execute(_FILE, (wellformed(extent.file), extent.length, extent.tail, 1))


def whole(db: sqlite3.Connection, extent: Extent) -> None:
    """What was written counts."""
    db.execute(_FILE, (wellformed(extent.file), extent.length, extent.tail, 0))
