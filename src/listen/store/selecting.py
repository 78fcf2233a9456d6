"""Selections as SQL that means the same as `Selection.accepts`.

A selection is a walk over the narrow rows of `mention` in order of number, from the first to the last one that an
index over the times allows: 200,000 rows take 0.02 to 0.06 s (measured), so the filters need no index of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import get_args

from listen.mention import ChangeKind, Urgency
from listen.plain import wellformed
from listen.selection import Selection
from listen.store.rows import micros

PAGE = 500  # mentions read at a time
PAGE_SIZE = 4_000_000  # characters read at a time, as one post may have a million

_URGENCIES: tuple[Urgency, ...] = get_args(Urgency)  # from high to low
_EARLIEST, _LATEST = -(2**63), 2**63 - 1
_ENDS = "SELECT min(number), max(number) FROM mention WHERE moment >= ? AND moment < ?"
_UNDELIVERED = "NOT EXISTS (SELECT 1 FROM delivered WHERE export = ? AND delivered.number = mention.number)"
_PAGE = """
    SELECT mention.number, mention.number, 'new', json FROM mention JOIN content USING (number)
    WHERE mention.number > ? AND mention.number <= ? AND {condition} ORDER BY mention.number LIMIT ?
"""
# The newest change of each mention, so that it comes once.
_LATE = """
    SELECT at, mention.number, 'new', json
    FROM change CROSS JOIN mention USING (number) JOIN content USING (number)
    WHERE at > ? AND at <= ? AND mention.number > ? AND mention.number <= ? AND {condition}
    AND NOT EXISTS (SELECT 1 FROM change AS later WHERE later.number = change.number AND later.at > change.at)
    ORDER BY at LIMIT ?
"""

Rows = Iterable[tuple[int, int, ChangeKind, str]]  # where the walk has come to, number, what happened, JSON
Found = list[tuple[int, int, ChangeKind, str]]


def newest(db: sqlite3.Connection) -> int:
    """The number of the newest mention; 0 if there is none."""
    number: int = db.execute("SELECT coalesce(max(number), 0) FROM mention").fetchone()[0]
    return number


def bounds(db: sqlite3.Connection, selection: Selection, after: int, last: int) -> tuple[int, int]:
    """The numbers between which everything selected stands: above the first, up to the second."""
    if selection.since is None and selection.until is None:
        return after, last
    since = _EARLIEST if selection.since is None else micros(selection.since)
    until = _LATEST if selection.until is None else micros(selection.until)
    lowest, highest = db.execute(_ENDS, (since, until)).fetchone()
    return (after, after) if lowest is None else (max(after, lowest - 1), min(last, highest))


def new(
    db: sqlite3.Connection, selection: Selection, export: int | None, span: tuple[int, int], wanted: int
) -> tuple[Found, bool]:
    """The next selected mentions with numbers above and up to those of `span`, and whether there may be more.

    With `export` only those that it has not delivered.
    """
    condition, values = _undelivered(selection, export)
    return taken(db.execute(_PAGE.format(condition=condition), (*span, *values, wanted)), wanted)


def late(
    db: sqlite3.Connection, selection: Selection, export: int, span: tuple[int, int, int, int], wanted: int
) -> tuple[Found, bool]:
    """As `new`, of those whose changes are above and up to the first two of `span`, and their numbers the last two."""
    condition, values = _undelivered(selection, export)
    return taken(db.execute(_LATE.format(condition=condition), (*span, *values, wanted)), wanted)


def taken(rows: Rows, wanted: int) -> tuple[Found, bool]:
    """The next rows, as many as memory should hold, and whether there may be more."""
    found: Found = []
    size = 0
    for row in rows:
        found.append(row)
        size += len(row[-1])
        if size > PAGE_SIZE:
            return found, True
    return found, len(found) == wanted


def _undelivered(selection: Selection, export: int | None) -> tuple[str, list[str | int]]:
    condition, values = condition_of(selection)
    return (condition, values) if export is None else (f"{condition} AND {_UNDELIVERED}", [*values, export])


def condition_of(selection: Selection) -> tuple[str, list[str | int]]:
    """What a row of `mention` has to fulfil, limit aside, and the values of the question marks."""
    parts = ["true"]
    values: list[str | int] = []
    for comparison, edge in ((">=", selection.since), ("<", selection.until)):
        if edge is not None:
            parts.append(f"+moment {comparison} ?")  # the + keeps SQLite on the way in order of number
            values.append(micros(edge))
    for column, wanted in (
        ("flag", selection.only),
        ("platform", selection.platforms),
        ("lang", selection.langs),
        ("urgency", _at_least(selection.min_urgency)),
        ("status", selection.statuses),
    ):
        if wanted:
            parts.append(f"+{column} {_among(wanted)}")
            values += map(wellformed, wanted)
    if selection.topics:
        parts.append(
            f"EXISTS (SELECT 1 FROM topic WHERE topic.number = mention.number AND name {_among(selection.topics)})"
        )
        values += map(wellformed, selection.topics)
    return " AND ".join(parts), values


def _at_least(urgency: Urgency) -> tuple[Urgency, ...]:
    return () if urgency == _URGENCIES[-1] else _URGENCIES[: _URGENCIES.index(urgency) + 1]


def _among(values: Sequence[str]) -> str:
    return f"IN ({', '.join('?' * len(values))})"
