"""Which mentions each named export has delivered: all up to its floor, and some above it.

The floor rises over every mention that was delivered or withdrawn, so that rows are needed only above the first
mention that was left out. Inside of a transaction of the store.
"""

from __future__ import annotations

import sqlite3

import msgspec

from listen.plain import wellformed
from listen.selection import Selection
from listen.store.rows import micros

_KNOWN = "SELECT id, floor, told FROM export WHERE name = ?"
_BEGIN = "INSERT INTO export (name, floor) VALUES (?, 0)"
_LEFT_OUT = """
    SELECT number FROM mention WHERE number > ?2
    AND NOT EXISTS (SELECT 1 FROM delivered WHERE export = ?1 AND delivered.number = mention.number)
    AND NOT EXISTS (SELECT 1 FROM delivering WHERE delivering.number = mention.number)
    ORDER BY number LIMIT 1
"""
_BEFORE = "SELECT max(number) FROM mention WHERE number < ?"
_LAST = "SELECT max(number) FROM mention"
_NEVER_HAD = """
    DELETE FROM withdrawal WHERE export = ?1 AND number > ?2
    AND NOT EXISTS (SELECT 1 FROM delivered WHERE export = ?1 AND delivered.number = withdrawal.number)
    AND NOT EXISTS (SELECT 1 FROM delivering WHERE delivering.number = withdrawal.number)
"""
_RAISE = "UPDATE export SET floor = ? WHERE id = ?"
_BELOW = "DELETE FROM delivered WHERE export = ? AND number <= ?"
_ABOVE = """
    INSERT INTO delivered (export, number) SELECT ?1, number FROM delivering WHERE number > ?2 ON CONFLICT DO NOTHING
"""
_LOOKED = "SELECT number, at FROM looked WHERE export = ? AND filters = ? AND since <= ?"
_LOOK = """
    INSERT INTO looked (export, filters, since, number, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET since = excluded.since, number = excluded.number, at = excluded.at
"""
_EARLIEST = -(2**63)


class Export(msgspec.Struct, frozen=True):
    """A named export; every mention up to the number `floor` is delivered, and every change up to `told` was told.

    `told` is None as long as nobody has asked for changes.
    """

    id: int
    floor: int = 0
    told: int | None = None


class Looked(msgspec.Struct, frozen=True):
    """Whatever some filters want is delivered of the mentions up to `number`, as they were after the change `at`."""

    number: int
    at: int


def known(db: sqlite3.Connection, name: str) -> Export | None:
    row = db.execute(_KNOWN, (wellformed(name),)).fetchone()
    return None if row is None else Export(*row)


def begun(db: sqlite3.Connection, name: str) -> Export:
    """The export of that name, which begins if there is none."""
    if (export := known(db, name)) is None:
        db.execute(_BEGIN, (wellformed(name),))
    return export or begun(db, name)


def deliver(db: sqlite3.Connection, export: Export) -> None:
    """Count the mentions whose numbers stand in the temporary table `delivering` as delivered."""
    # Withdrawals of what this export never had; what was withdrawn while it was written is told the next time.
    db.execute(_NEVER_HAD, (export.id, export.floor))
    left_out = db.execute(_LEFT_OUT, (export.id, export.floor)).fetchone()
    last = db.execute(_BEFORE, left_out) if left_out else db.execute(_LAST)
    floor = max(export.floor, last.fetchone()[0] or 0)
    if floor > export.floor:
        db.execute(_RAISE, (floor, export.id))
        db.execute(_BELOW, (export.id, floor))
    db.execute(_ABOVE, (export.id, floor))


def tell(db: sqlite3.Connection, export: Export, told: int) -> None:
    """Count changes up to that one as told; from the first time on withdrawals are kept for this export."""
    db.execute("UPDATE export SET told = ? WHERE id = ?", (told, export.id))


def looked(db: sqlite3.Connection, export: Export, selection: Selection) -> Looked | None:
    """How far the export has looked with these filters; None if never, or not so far back."""
    if selection.until is not None:
        return None
    row = db.execute(_LOOKED, (export.id, _filters(selection), _since(selection))).fetchone()
    return None if row is None else Looked(*row)


def look(db: sqlite3.Connection, export: Export, selection: Selection, place: Looked) -> None:
    """Remember how far the export has looked. Without filters the floor says so."""
    if selection.until is None and selection != Selection(limit=selection.limit):
        db.execute(_LOOK, (export.id, _filters(selection), _since(selection), place.number, place.at))


def _filters(selection: Selection) -> str:
    chosen = (selection.only, selection.platforms, selection.topics, selection.langs, selection.statuses)
    return msgspec.json.encode([selection.min_urgency, *(sorted(map(wellformed, names)) for names in chosen)]).decode()


def _since(selection: Selection) -> int:
    return _EARLIEST if selection.since is None else micros(selection.since)
