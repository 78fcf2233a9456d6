"""Who changed what about a mention, and when; it goes with the mention."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from listen.care import Told, Turn
from listen.plain import wellformed
from listen.store.rows import micros, moment

_TELL = "INSERT INTO history (number, at, by, field, old, new) VALUES (?, ?, ?, ?, ?, ?)"
_OF = """
    SELECT at, by, field, old, new FROM mention JOIN history ON history.number = mention.number
    WHERE platform = ? AND mention.id = ? ORDER BY history.id
"""


def tell(db: sqlite3.Connection, number: int, turns: Sequence[Turn], now: datetime, by: str | None) -> None:
    rows = [(number, micros(now), _words(by), turn.field, _words(turn.old), _words(turn.new)) for turn in turns]
    db.executemany(_TELL, rows)


def told(db: sqlite3.Connection, platform: str, id_: str) -> list[Told]:
    rows = db.execute(_OF, (wellformed(platform), wellformed(id_)))
    return [Told(at=moment(at), by=by, turn=Turn(field, old, new)) for at, by, field, old, new in rows]


def _words(text: str | None) -> str | None:
    return None if text is None else wellformed(text)
