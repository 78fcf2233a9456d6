"""The one way out for a mention: with all that belongs to it, a tombstone where one is due, and a line in the audit.

Inside of a transaction of the store. The audit tells hours, reasons, networks and numbers, nobody's name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec
from msgspec.structs import replace

from listen.mention import Mention
from listen.plain import wellformed
from listen.post import Deletion
from listen.store import burying, changing
from listen.store.rows import Byline, byline_of, decoded, encoded, micros, moment

Reason = Literal[
    "retention", "purge", "forget", "withdrawn", "account deleted", "taken down", "author's wish", "no longer wanted"
]
REASONS: tuple[Reason, ...] = get_args(Reason)

_LATE = timedelta(days=30)  # overlaps, second servers and slow federation repeat a post no longer than that
_LONG = timedelta(days=400)  # feeds hold entries for months, and would bring back what was let go
# How long a post is kept away. What is not here may come back: an appeal lifts a take-down, an edit brings a word.
_AWAY: dict[Reason, timedelta] = {
    "retention": _LONG,
    "purge": _LONG,
    "forget": burying.FOREVER,
    "withdrawn": _LATE,
    "account deleted": _LATE,
    "author's wish": _LATE,
}
_UNDELIVERED: frozenset[Reason] = frozenset({"retention", "purge", "forget"})
_HOUR = 3_600_000_000

_ID = "SELECT platform, id FROM mention WHERE number = ?"
_AUDIT = """
    INSERT INTO erasure (hour, reason, platform, mentions) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET mentions = mentions + excluded.mentions
"""
_AGED = (
    "SELECT seen, number, platform FROM mention WHERE seen < ?1 AND (seen, number) > (?2, ?3) ORDER BY 1, 2 LIMIT ?4"
)
_WRITTEN = "SELECT number, json FROM content WHERE number > ? ORDER BY number LIMIT ?"
_WITHHELD = """
    INSERT INTO withheld (platform, wish, posts) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET posts = posts + 1
"""
_FIRST = (-(2**63), 0)


class Erasure(msgspec.Struct, frozen=True):
    """So many mentions of a network were erased in the hour that begins at `hour`, and why."""

    hour: datetime
    reason: Reason
    platform: str
    mentions: int


class Aged(msgspec.Struct, frozen=True):
    """A mention that was first seen at a time, by the topics that want it."""

    number: int
    platform: str
    topics: tuple[str, ...]
    seen: datetime


def reason_of(deletion: Deletion) -> Reason:
    if not deletion.lasting:
        return "taken down"
    return "account deleted" if deletion.id is None and deletion.ref is None else "withdrawn"


def erase(db: sqlite3.Connection, numbers: Sequence[int], reason: Reason, now: datetime) -> int:
    """Remove these mentions, and keep them away for as long as the reason asks; returns how many there were.

    Exports that tell changes tell what the network or the author took back, not what we let go of ourselves.
    """
    posts = [row for number in numbers if (row := db.execute(_ID, (number,)).fetchone()) is not None]
    rows = [(number,) for number in numbers]
    if reason not in _UNDELIVERED:
        for number in numbers:
            changing.withdraw(db, number, now)
    db.executemany("DELETE FROM mention WHERE number = ?", rows)
    if reason in _UNDELIVERED:
        db.executemany("DELETE FROM delivered WHERE number = ? AND export IN (SELECT id FROM export)", rows)
    if reason in _AWAY:
        burying.bury(db, posts, now, _AWAY[reason])
    hour = hour_of(now)
    for platform in {platform for platform, _ in posts}:
        db.execute(_AUDIT, (hour, reason, platform, sum(platform == other for other, _ in posts)))
    return len(posts)


def note(db: sqlite3.Connection, platform: str, reason: Reason, now: datetime) -> None:
    """A line in the audit also for what found nothing to erase: somebody has asked."""
    db.execute(_AUDIT, (hour_of(now), reason, wellformed(platform), 0))


def withhold(db: sqlite3.Connection, platform: str, id_: str, wish: str, now: datetime) -> None:
    """Count a post that its author does not want to be stored, once however often it is repeated."""
    if burying.is_known(db, platform, id_):
        return
    db.execute(_WITHHELD, (wellformed(platform), wish))
    burying.bury(db, [(platform, id_)], now, _AWAY["author's wish"])


def withheld(db: sqlite3.Connection) -> dict[tuple[str, str], int]:
    return {(platform, wish): posts for platform, wish, posts in db.execute("SELECT * FROM withheld ORDER BY 1, 2")}


def audit(db: sqlite3.Connection) -> list[Erasure]:
    rows = db.execute("SELECT hour, reason, platform, mentions FROM erasure ORDER BY 1, 2, 3")
    return [Erasure(moment(hour), reason, platform, mentions) for hour, reason, platform, mentions in rows]


def aged(db: sqlite3.Connection, before: datetime, after: Aged | None, limit: int) -> list[Aged]:
    """The next mentions that were first seen before that time, the oldest first."""
    place = _FIRST if after is None else (micros(after.seen), after.number)
    rows = db.execute(_AGED, (micros(before), *place, limit)).fetchall()
    return [Aged(number, platform, _topics(db, number), moment(seen)) for seen, number, platform in rows]


def numbered(db: sqlite3.Connection, number: int, path: str) -> Mention | None:
    row = db.execute("SELECT json FROM content WHERE number = ?", (number,)).fetchone()
    return None if row is None else decoded(row[0], path)


def bylines(db: sqlite3.Connection, after: int, limit: int) -> list[tuple[int, Byline]]:
    """Who wrote the next mentions; those that cannot be read are nobody's."""
    return [(number, byline_of(json)) for number, json in db.execute(_WRITTEN, (after, limit)).fetchall()]


def holding(
    db: sqlite3.Connection, needles: Sequence[str], after: int, limit: int, path: str
) -> tuple[list[tuple[int, Mention]], int | None]:
    """Of the next mentions those in which one of these texts stands, whatever its case, and the number to go on after.

    None if these were the last.
    """
    rows = db.execute(_WRITTEN, (after, limit)).fetchall()
    lowered = [needle.lower() for needle in needles]
    found = [
        (number, decoded(json, path)) for number, json in rows if any(needle in json.lower() for needle in lowered)
    ]
    return found, rows[-1][0] if rows else None


def orphan(db: sqlite3.Connection, number: int, path: str) -> None:
    """The mention no longer tells what it answers to."""
    known = numbered(db, number, path)
    if known is not None:
        after = replace(known, post=replace(known.post, parent=None))
        db.execute("UPDATE content SET json = ? WHERE number = ?", (encoded(after), number))


def hour_of(now: datetime) -> int:
    """The beginning of the hour; an exact moment would tell which post of the network it was."""
    return micros(now) // _HOUR * _HOUR


def numbers_of(db: sqlite3.Connection, where: str, values: Sequence[str]) -> Iterator[int]:
    """The numbers that a table has in these rows."""
    rows = db.execute(f"SELECT number FROM {where}", [wellformed(value) for value in values]).fetchall()
    yield from (number for (number,) in rows)


def _topics(db: sqlite3.Connection, number: int) -> tuple[str, ...]:
    return tuple(name for (name,) in db.execute("SELECT name FROM topic WHERE number = ?", (number,)))
