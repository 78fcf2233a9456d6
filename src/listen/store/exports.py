"""Which mentions each named export has delivered: all up to its floor, and some above it.

The floor rises over every mention that was delivered or withdrawn, so that rows are needed only above the first
mention that was left out. Edits change nothing here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from listen.plain import wellformed

_WALK = """
    SELECT number, EXISTS (SELECT 1 FROM delivered WHERE export = ? AND delivered.number = mention.number)
    FROM mention WHERE number > ? ORDER BY number
"""
_ADD = "INSERT INTO delivered (export, number) VALUES (?, ?) ON CONFLICT DO NOTHING"


class Export(msgspec.Struct, frozen=True):
    """A named export; every mention up to the number `floor` is delivered."""

    id: int
    floor: int


def known(db: sqlite3.Connection, name: str) -> Export | None:
    row = db.execute("SELECT id, floor FROM export WHERE name = ?", (wellformed(name),)).fetchone()
    return None if row is None else Export(*row)


def deliver(db: sqlite3.Connection, name: str, numbers: Sequence[int]) -> None:
    """Remember that these mentions, and no others, have been delivered by the export of that name."""
    if not numbers:
        return
    export = known(db, name) or _begun(db, name)
    wanted = set(numbers)
    floor = _risen(db, export, wanted)
    if floor > export.floor:
        db.execute("UPDATE export SET floor = ? WHERE id = ?", (floor, export.id))
        db.execute("DELETE FROM delivered WHERE export = ? AND number <= ?", (export.id, floor))
    db.executemany(_ADD, [(export.id, number) for number in sorted(wanted) if number > floor])


def _begun(db: sqlite3.Connection, name: str) -> Export:
    number = db.execute("INSERT INTO export (name, floor) VALUES (?, 0)", (wellformed(name),)).lastrowid
    assert number is not None
    return Export(number, 0)


def _risen(db: sqlite3.Connection, export: Export, wanted: set[int]) -> int:
    """The floor when `wanted` are delivered: right below the first mention that is left out."""
    floor = export.floor
    walk = db.execute(_WALK, (export.id, floor))
    for number, delivered in walk:
        if not delivered and number not in wanted:
            break
        floor = number
    walk.close()
    return floor
