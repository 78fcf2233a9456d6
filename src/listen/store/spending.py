"""What was asked of networks that allow only so much, and which servers want to be left alone: `listen.http.Books`.

A day is one row of a network, and one of each of its accounts (money, searches a day). Rows of requests go after a
month, rows of accounts after two, as a month's budget is their sum.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from listen.plain import wellformed
from listen.store.rows import micros, moment

_SPEND = """
    INSERT INTO spending (platform, day, requests) SELECT ?1, ?2, 1 WHERE ?3 > 0
    ON CONFLICT DO UPDATE SET requests = requests + 1 WHERE requests < ?3 RETURNING requests
"""
_KEPT = 31  # days
_PRUNE = "DELETE FROM spending WHERE platform = ? AND day < ?"
_SPENT = "SELECT requests FROM spending WHERE platform = ? AND day = ?"
_HELD = "SELECT coalesce(sum(amount), 0) FROM expense WHERE platform = ? AND account = ? AND day BETWEEN ? AND ?"
_CORRECT = """
    INSERT INTO expense (platform, account, day, amount) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET amount = amount + excluded.amount
"""
_PRUNE_EXPENSES = "DELETE FROM expense WHERE platform = ? AND account = ? AND day < ?"
_LEAVE_ALONE = """
    INSERT INTO left_alone (platform, host, at, until) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET at = excluded.at, until = excluded.until
"""
_LEFT_ALONE = "SELECT at, until FROM left_alone WHERE platform = ? AND host = ?"


def spend(db: sqlite3.Connection, platform: str, day: int, limit: int) -> int | None:
    row = db.execute(_SPEND, (wellformed(platform), day, limit)).fetchone()
    if row and row[0] == 1:
        db.execute(_PRUNE, (wellformed(platform), day - _KEPT))
    return row[0] if row else None


def spent(db: sqlite3.Connection, platform: str, day: int) -> int:
    row = db.execute(_SPENT, (wellformed(platform), day)).fetchone()
    return row[0] if row else 0


def hold(db: sqlite3.Connection, place: tuple[str, str], days: tuple[int, int], most: int, limit: int | None) -> int:
    """To be called in a transaction that is alone, so that no other process is granted the same."""
    amount = most if limit is None else max(0, min(most, limit - held(db, place, days)))
    correct(db, place, days[1], amount)
    db.execute(_PRUNE_EXPENSES, (*_named(place), days[1] - 2 * _KEPT))
    return amount


def correct(db: sqlite3.Connection, place: tuple[str, str], day: int, amount: int) -> None:
    db.execute(_CORRECT, (*_named(place), day, amount))


def held(db: sqlite3.Connection, place: tuple[str, str], days: tuple[int, int]) -> int:
    amount: int = db.execute(_HELD, (*_named(place), *days)).fetchone()[0]
    return amount


def _named(place: tuple[str, str]) -> tuple[str, str]:
    return wellformed(place[0]), wellformed(place[1])


def leave_alone(db: sqlite3.Connection, platform: str, host: str, at: datetime, until: datetime) -> None:
    db.execute(_LEAVE_ALONE, (wellformed(platform), wellformed(host), micros(at), micros(until)))


def left_alone(db: sqlite3.Connection, platform: str, host: str) -> tuple[datetime, datetime] | None:
    row = db.execute(_LEFT_ALONE, (wellformed(platform), wellformed(host))).fetchone()
    return (moment(row[0]), moment(row[1])) if row else None
