"""Selections as SQL that means the same as `Selection.accepts`.

A selection is a walk over the narrow rows of `mention` in order of number, from the first to the last one that an
index over the times allows: 200,000 rows take 0.02 to 0.06 s (measured), so the filters need no index of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import get_args

from listen.mention import Urgency
from listen.plain import wellformed
from listen.selection import Selection
from listen.store.exports import Export
from listen.store.rows import micros

PAGE = 500  # mentions read at a time
PAGE_SIZE = 4_000_000  # characters read at a time, as one post may have a million

_URGENCIES: tuple[Urgency, ...] = get_args(Urgency)  # from high to low
_EARLIEST, _LATEST = -(2**63), 2**63 - 1
_ENDS = "SELECT min(number), max(number) FROM mention WHERE moment >= ? AND moment < ?"
_LAST = "SELECT max(number) FROM mention"
_UNDELIVERED = "NOT EXISTS (SELECT 1 FROM delivered WHERE export = ? AND delivered.number = mention.number)"
_PAGE = """
    SELECT mention.number, json FROM mention JOIN content ON content.number = mention.number
    WHERE mention.number > ? AND mention.number <= ? AND {condition} ORDER BY mention.number LIMIT ?
"""


def bounds(db: sqlite3.Connection, selection: Selection, after: int) -> tuple[int, int]:
    """The numbers between which everything selected stands: above the first, up to the second."""
    if selection.since is None and selection.until is None:
        return after, db.execute(_LAST).fetchone()[0] or 0
    since = _EARLIEST if selection.since is None else micros(selection.since)
    until = _LATEST if selection.until is None else micros(selection.until)
    first, last = db.execute(_ENDS, (since, until)).fetchone()
    return (after, after) if first is None else (max(after, first - 1), last)


def page(
    db: sqlite3.Connection, selection: Selection, export: Export | None, after: int, last: int, limit: int
) -> tuple[list[tuple[int, str]], int]:
    """The next selected mentions that the export has not delivered, number and JSON, and the number to go on after.

    At most `limit`.
    """
    condition, values = condition_of(selection)
    if export is not None:
        condition += f" AND {_UNDELIVERED}"
        values.append(export.id)
    wanted = min(limit, PAGE)
    found: list[tuple[int, str]] = []
    size = 0
    rows = db.execute(_PAGE.format(condition=condition), (after, last, *values, wanted))
    for number, json in rows:
        found.append((number, json))
        size += len(json)
        if size > PAGE_SIZE:
            break
    rows.close()
    full = len(found) == wanted or size > PAGE_SIZE
    return found, found[-1][0] if full else last


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
