"""How the sources stand: their newest cursors, and their health when last heard of."""

from __future__ import annotations

import sqlite3
from datetime import datetime

import msgspec

from listen.http import Quota
from listen.plain import wellformed
from listen.store.rows import known_moment, micros


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One source, as the store knows it from this run and earlier ones.

    `cursor` is the newest of all watches, moved at `marked_at`; `last_ok` is when it was last noted to be
    well, `problem` the last one it had, at `problem_at`: it is over if `last_ok` is later. `last_post` is when a
    post came last, wanted or not.
    """

    platform: str
    source: str
    cursor: str | None = None
    marked_at: datetime | None = None
    state: str | None = None
    last_ok: datetime | None = None
    problem: str | None = None
    problem_at: datetime | None = None
    last_post: datetime | None = None
    quota: Quota | None = None


class Note(msgspec.Struct, frozen=True):
    """How a source is doing, to be remembered; what is None leaves what was known of posts and quota.

    Without a problem it is well, unless it was not `answered` yet: a run may end before its first round does.
    """

    state: str
    problem: str | None = None
    answered: bool = True
    last_post: datetime | None = None
    quota: Quota | None = None


Place = tuple[str, str]  # platform and name of a source


def place(platform: str, source: str) -> Place:
    return wellformed(platform), wellformed(source)


_NOTE_OK = """
    INSERT INTO source (platform, name, state, last_ok, last_post, quota) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET state = excluded.state, last_ok = coalesce(excluded.last_ok, last_ok),
        last_post = coalesce(excluded.last_post, last_post), quota = coalesce(excluded.quota, quota)
"""
_NOTE_PROBLEM = """
    INSERT INTO source (platform, name, state, problem_at, problem, last_post, quota) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET state = excluded.state, problem_at = excluded.problem_at, problem = excluded.problem,
        last_post = coalesce(excluded.last_post, last_post), quota = coalesce(excluded.quota, quota)
"""
# Beside max() SQLite takes the other columns, here the cursor, from the row that has it.
_STANDINGS = """
    SELECT source.platform, source.name, cursor, max(marked_at), state, last_ok, problem, problem_at, last_post, quota
    FROM source LEFT JOIN mark ON mark.platform = source.platform AND mark.source = source.name
    GROUP BY source.platform, source.name ORDER BY source.platform, source.name
"""


def note(db: sqlite3.Connection, place: Place, told: Note, now: datetime) -> None:
    more = (
        None if told.last_post is None else micros(told.last_post),
        None if told.quota is None else msgspec.json.encode(told.quota).decode(),
    )
    if told.problem is None:
        db.execute(_NOTE_OK, (*place, told.state, micros(now) if told.answered else None, *more))
    else:
        db.execute(_NOTE_PROBLEM, (*place, told.state, micros(now), wellformed(told.problem), *more))


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
            last_post=known_moment(last_post),
            quota=None if quota is None else msgspec.json.decode(quota, type=Quota),
        )
        for (platform, name, cursor, marked_at, state, last_ok, problem, problem_at, last_post, quota) in db.execute(
            _STANDINGS
        )
    ]
