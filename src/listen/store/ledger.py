"""How the sources stand: their newest cursors, their health when last heard of, and what they may have missed."""

from __future__ import annotations

import sqlite3
from datetime import datetime

import msgspec

from listen.plain import wellformed
from listen.post import Gap
from listen.store.rows import known_moment, micros, moment


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One source, as the store knows it from this run and earlier ones.

    `cursor` is the newest of all watches, moved at `marked_at`; `last_ok` is when it was last noted without a
    problem, `problem` the last one it had, at `problem_at`: it is over if `last_ok` is later.
    """

    platform: str
    source: str
    cursor: str | None
    marked_at: datetime | None
    state: str | None
    last_ok: datetime | None
    problem: str | None
    problem_at: datetime | None


class Missed(msgspec.Struct, frozen=True):
    """A gap, and the source that has it."""

    platform: str
    source: str
    gap: Gap


Place = tuple[str, str]  # platform and name of a source


def place(platform: str, source: str) -> Place:
    return wellformed(platform), wellformed(source)


_NOTE_OK = """
    INSERT INTO source (platform, name, state, last_ok) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET state = excluded.state, last_ok = excluded.last_ok
"""
_NOTE_PROBLEM = """
    INSERT INTO source (platform, name, state, problem_at, problem) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET state = excluded.state, problem_at = excluded.problem_at, problem = excluded.problem
"""
_GAP = """
    INSERT INTO gap (platform, source, since, why, until) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET until = max(until, excluded.until)
"""
# Beside max() SQLite takes the other columns, here the cursor, from the row that has it.
_STANDINGS = """
    SELECT source.platform, source.name, cursor, max(marked_at), state, last_ok, problem, problem_at
    FROM source LEFT JOIN mark ON mark.platform = source.platform AND mark.source = source.name
    GROUP BY source.platform, source.name ORDER BY source.platform, source.name
"""
_GAPS = """
    SELECT platform, source, since, until, why FROM gap
    WHERE (?1 IS NULL OR until > ?1) AND (?2 IS NULL OR since < ?2)
    ORDER BY since, platform, source
"""


def note(db: sqlite3.Connection, place: Place, state: str, problem: str | None, now: datetime) -> None:
    if problem is None:
        db.execute(_NOTE_OK, (*place, state, micros(now)))
    else:
        db.execute(_NOTE_PROBLEM, (*place, state, micros(now), wellformed(problem)))


def missed(db: sqlite3.Connection, place: Place, gap: Gap) -> None:
    """File the gap; one that grows (same beginning, same reason) is filed once."""
    row = (*place, micros(gap.since), wellformed(gap.why), micros(gap.until))
    db.execute(_GAP, row)


def standings(db: sqlite3.Connection) -> list[Standing]:
    return [
        Standing(
            platform=platform,
            source=name,
            cursor=cursor,
            marked_at=known_moment(marked_at),
            state=state,
            last_ok=known_moment(last_ok),
            problem=problem,
            problem_at=known_moment(problem_at),
        )
        for platform, name, cursor, marked_at, state, last_ok, problem, problem_at in db.execute(_STANDINGS)
    ]


def gaps(db: sqlite3.Connection, since: datetime | None, until: datetime | None) -> list[Missed]:
    span = [None if edge is None else micros(edge) for edge in (since, until)]
    return [
        Missed(platform, source, Gap(moment(begin), moment(end), why))
        for platform, source, begin, end, why in db.execute(_GAPS, span)
    ]
