"""Who is listening to what: processes that run on this store, and the sources that each has claimed.

A claim is respected by others as long as its process lives and listens for at least their topics.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime

import msgspec

from listen.plain import wellformed
from listen.process import Identity
from listen.store import marks
from listen.store.events import Watch
from listen.store.ledger import Note, Place
from listen.store.rows import known_moment, micros, moment


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """A process on this store. `beat` counts up while it lives, and was last moved at `beat_at`."""

    id: int
    identity: Identity
    since: datetime
    beat: int
    beat_at: datetime


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A source that another process has: how it is doing there, and up to when that process has heard it."""

    by: Running
    state: str | None
    problem: str | None
    heard_until: datetime | None


_ENTER = "INSERT INTO process (pid, place, born, since, beat, beat_at) VALUES (?, ?, ?, ?, 0, ?)"
_COLUMNS = "process.id, pid, place, born, process.since, beat, beat_at"
# A holder counts if no topic of ours is missing from its watch; the watch without topics is everything.
_HOLDER = f"""
    SELECT {_COLUMNS}, claim.state, claim.problem,
        (SELECT max(until) FROM stretch WHERE stretch.platform = ?1 AND stretch.source = ?2
         AND stretch.watch = claim.watch AND kind IN ('heard', 'filled'))
    FROM claim JOIN process ON process.id = claim.process
    WHERE claim.platform = ?1 AND claim.source = ?2 AND claim.process <> ?4 AND (claim.watch = ?3 OR (
        EXISTS (SELECT 1 FROM watch_topic WHERE watch = ?3)
        AND NOT EXISTS (
            SELECT 1 FROM watch_topic AS own WHERE own.watch = ?3 AND NOT EXISTS (
                SELECT 1 FROM watch_topic AS theirs
                WHERE theirs.watch = claim.watch AND theirs.name = own.name AND theirs.fingerprint = own.fingerprint))))
"""
_CLAIM = """
    INSERT INTO claim (platform, source, process, watch) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET watch = excluded.watch
"""


_DOING = "UPDATE claim SET state = ?, problem = ? WHERE platform = ? AND source = ? AND process = ?"


def enter(db: sqlite3.Connection, identity: Identity, now: datetime) -> int:
    at = micros(now)
    number = db.execute(_ENTER, (identity.pid, identity.place, identity.born, at, at)).lastrowid
    assert number is not None
    return number


def beat(db: sqlite3.Connection, process: int, now: datetime) -> bool:
    """Say that the process lives; False if others took it for dead."""
    done = db.execute("UPDATE process SET beat = beat + 1, beat_at = ? WHERE id = ?", (micros(now), process))
    return done.rowcount > 0


def leave(db: sqlite3.Connection, processes: Collection[int]) -> None:
    db.executemany("DELETE FROM process WHERE id = ?", [(process,) for process in processes])


def claim(db: sqlite3.Connection, place: Place, watch: Watch, process: int) -> Held | None:
    """Claim the source; returns whoever has it instead, if anybody."""
    number = marks.filed(db, watch)
    row = db.execute(_HOLDER, (*place, number, process)).fetchone()
    if row is None:
        db.execute(_CLAIM, (*place, process, number))
        return None
    *running, state, problem, heard_until = row
    return Held(by=_running(*running), state=state, problem=problem, heard_until=known_moment(heard_until))


def doing(db: sqlite3.Connection, place: Place, told: Note, process: int) -> None:
    """Let others know how a source is doing in the hands of that process."""
    problem = None if told.problem is None else wellformed(told.problem)
    db.execute(_DOING, (told.state, problem, *place, process))


def processes(db: sqlite3.Connection) -> dict[Running, dict[Place, str | None]]:
    """Every process that has entered and not left, and how each source that it has claimed is doing there."""
    found = {
        row[0]: (_running(*row), dict[Place, str | None]()) for row in db.execute(f"SELECT {_COLUMNS} FROM process")
    }
    for platform, source, process, state in db.execute(
        "SELECT platform, source, process, state FROM claim ORDER BY 1, 2"
    ):
        if process in found:
            found[process][1][platform, source] = state
    return dict(found.values())


def _running(id_: int, pid: int, place: str, born: str | None, since: int, beat: int, beat_at: int) -> Running:
    identity = Identity(pid, place, born)
    return Running(id=id_, identity=identity, since=moment(since), beat=beat, beat_at=moment(beat_at))
