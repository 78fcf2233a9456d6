"""How far the walk over stored posts has come that looks whether they are still there."""

from __future__ import annotations

from datetime import datetime

import msgspec

from listen.plain import wellformed
from listen.post import Post
from listen.store.base import Base
from listen.store.rows import decoded, micros, moment

_WALK = "SELECT position, at FROM recheck WHERE platform = ?"
_COUNT = "SELECT count(*) FROM mention WHERE platform = ?"
_PAGE = """
    SELECT mention.number, json FROM mention JOIN content ON content.number = mention.number
    WHERE mention.number > ? AND +platform = ? ORDER BY mention.number LIMIT ?
"""
_BEGIN = "INSERT INTO recheck (platform, position, at) VALUES (?, 0, ?) ON CONFLICT DO NOTHING"
_STEP = "UPDATE recheck SET position = ?, at = ? WHERE platform = ? AND position = ?"


class Walk(msgspec.Struct, frozen=True):
    """The mentions of a network up to the number `position` were looked up in this round; `at` is when, in UTC.

    `stored` is how many there are in all.
    """

    position: int
    at: datetime
    stored: int


class Rechecking(Base):
    """The part of the store that is about posts that may be gone."""

    def walk(self, platform: str, now: datetime) -> Walk:
        """Where the walk over a network's mentions stands; it begins now if there was none."""
        name = wellformed(platform)
        with self._writing() as db:
            db.execute(_BEGIN, (name, micros(now)))
            position, at = db.execute(_WALK, (name,)).fetchone()
            stored: int = db.execute(_COUNT, (name,)).fetchone()[0]
        return Walk(position, moment(at), stored)

    def posts(self, platform: str, after: int, limit: int) -> list[tuple[int, Post]]:
        """The next stored posts of a network with the numbers of their mentions, which are above `after`."""
        with self._reading() as db:
            rows = db.execute(_PAGE, (after, wellformed(platform), limit)).fetchall()
        return [(number, decoded(json, self.path).post) for number, json in rows]

    def walked(self, platform: str, before: Walk, position: int, at: datetime) -> bool:
        """Take the walk on; False if another process has done so meanwhile."""
        with self._writing() as db:
            place = (position, micros(at), wellformed(platform), before.position)
            return db.execute(_STEP, place).rowcount == 1
