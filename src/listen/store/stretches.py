"""The coverage ledger: which time of each source was heard, and which was not, and why.

Rows belong to a watch, as marks do. Watches that share a topic by its name share their history: an edited query or an
added topic goes on where the old ones were.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from listen.coverage import Stretch
from listen.plain import wellformed
from listen.post import Gap, Reason
from listen.store import marks
from listen.store.events import Watch
from listen.store.ledger import Place
from listen.store.rows import known_moment, micros, moment

KEPT = timedelta(days=400)  # heard and filled stretches; what is lost is told for ever

_AKIN = """
    (SELECT ?3 UNION SELECT other.watch FROM watch_topic AS own JOIN watch_topic AS other ON other.name = own.name
     WHERE own.watch = ?3)
"""
_OF_SOURCE = f"platform = ?1 AND source = ?2 AND watch IN {_AKIN}"
# A row that reaches x into the future is not believed for the last x before now (?4) either.
_CUT = f"""
    UPDATE stretch SET until = max(since, 2 * ?4 - until) WHERE {_OF_SOURCE} AND kind <> 'lost' AND until > ?4
"""
_EMPTY = f"DELETE FROM stretch WHERE {_OF_SOURCE} AND kind <> 'lost' AND since > ?4"
_OLD = f"DELETE FROM stretch WHERE {_OF_SOURCE} AND kind <> 'lost' AND until < ?4"
_HEARD_UNTIL = f"SELECT max(until) FROM stretch WHERE {_OF_SOURCE} AND kind IN ('heard', 'filled')"
_OPEN = f"""
    SELECT since, reason, detail FROM stretch WHERE {_OF_SOURCE} AND kind = 'open' ORDER BY since
"""
_DROP_OPEN = f"DELETE FROM stretch WHERE {_OF_SOURCE} AND kind = 'open'"
_GROWING = """
    SELECT since FROM stretch WHERE platform = ? AND source = ? AND watch = ? AND kind = 'heard' AND until = ?
"""
_ENDED = "SELECT 1 FROM source WHERE platform = ? AND name = ? AND state = 'stopped'"
_OWN = "platform = ? AND source = ? AND watch = ?"
_ENDING = f"SELECT 1 FROM stretch WHERE {_OWN} AND kind IN ('heard', 'filled') AND until = ?"
_DROP_OWN_OPEN = f"DELETE FROM stretch WHERE {_OWN} AND kind = 'open'"
_BEFORE = f"SELECT since FROM stretch WHERE {_OWN} AND kind = 'filled' AND reason = ? AND until = ? AND detail = ?"
_CUT_OWN = f"UPDATE stretch SET until = max(since, ?) WHERE {_OWN} AND kind <> 'lost' AND until > ?"
_FILE = """
    INSERT INTO stretch (platform, source, watch, kind, since, detail, until, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET until = max(until, excluded.until), reason = excluded.reason
"""
_ALL = """
    SELECT platform, source, kind, since, detail, until, reason FROM stretch
    WHERE (? IS NULL OR until > ?) AND (? IS NULL OR since < ?) AND {watch} ORDER BY platform, source, since, kind
"""
_WITH_TOPICS = "watch IN (SELECT watch FROM watch_topic WHERE name IN ({names}))"


class Before(msgspec.Struct, frozen=True):
    """What was heard of a source before: up to `until`, in a stretch that grows since `since`; None if nothing was.

    `reason` and `detail` are those of a gap that was still open; `ended` says whether the last run ended in order.
    """

    until: datetime | None
    since: datetime | None
    reason: Reason | None = None
    detail: str = ""
    ended: bool = False


def begin(db: sqlite3.Connection, place: Place, watch: Watch, now: datetime) -> Before:
    """What was heard before, after rows were put right that a wrong clock has left.

    Open gaps are taken out of the ledger: whoever begins tells them anew.
    """
    number = marks.filed(db, watch)
    own = (*place, number)
    for statement in (_CUT, _EMPTY):
        db.execute(statement, (*own, micros(now)))
    db.execute(_OLD, (*own, micros(now - KEPT)))
    until: int | None = db.execute(_HEARD_UNTIL, own).fetchone()[0]
    gap = db.execute(_OPEN, own).fetchone()
    db.execute(_DROP_OPEN, own)
    since, reason, detail = gap or (None, None, "")
    ended = db.execute(_ENDED, place).fetchone() is not None
    if until is None:
        return Before(None, known_moment(since), reason, detail, ended)
    growing = db.execute(_GROWING, (*own, until)).fetchone()
    return Before(moment(until), moment(growing[0] if growing else until), reason, detail, ended)


def cover(
    db: sqlite3.Connection, place: Place, watch: Watch, stretches: Sequence[Stretch], cut_at: datetime | None
) -> None:
    """File what was heard and what was not, in order. One open gap at most stays, and none after a filled one.

    With `cut_at` nothing may reach beyond that moment: the clock was set back.
    """
    own = (*place, marks.filed(db, watch))
    if cut_at is not None:
        db.execute(_CUT_OWN, (micros(cut_at), *own, micros(cut_at)))
    for stretch in stretches:
        if stretch.kind != "heard":
            db.execute(_DROP_OWN_OPEN, own)
        elif stretch.since == stretch.until and db.execute(_ENDING, (*own, micros(stretch.since))).fetchone():
            continue  # it says nothing that is not known
        _file(db, own, _grown(db, own, stretch))


def missed(db: sqlite3.Connection, place: Place, watch: Watch, gap: Gap, now: datetime) -> None:
    """File a gap that stays; one that grows (same beginning, same words) is filed once.

    One that lies in the future has no length, and neither has one that ends before it begins.
    """
    until = min(gap.until, now)
    lost = Stretch(min(gap.since, until), until, "lost", gap.reason, gap.why)
    _file(db, (*place, marks.filed(db, watch)), lost)


def stretches(
    db: sqlite3.Connection, since: datetime | None, until: datetime | None, topics: Sequence[str]
) -> dict[Place, list[Stretch]]:
    begins, ends = (None if edge is None else micros(edge) for edge in (since, until))
    watch = _WITH_TOPICS.format(names=", ".join("?" * len(topics))) if topics else "true"
    rows = db.execute(_ALL.format(watch=watch), (begins, begins, ends, ends, *map(wellformed, topics)))
    found: dict[Place, list[Stretch]] = {}
    for platform, source, kind, begin, detail, end, reason in rows:
        stretch = Stretch(moment(begin), moment(end), kind, reason, detail)
        found.setdefault((platform, source), []).append(stretch)
    return found


def _grown(db: sqlite3.Connection, own: tuple[str, str, int], stretch: Stretch) -> Stretch:
    """Rounds of a cron job, or a watch that was stopped again and again: one row as long as nothing lies between."""
    if stretch.kind != "filled":
        return stretch
    row = db.execute(_BEFORE, (*own, stretch.reason, micros(stretch.since), wellformed(stretch.detail))).fetchone()
    return stretch if row is None else msgspec.structs.replace(stretch, since=moment(row[0]))


def _file(db: sqlite3.Connection, own: tuple[str, str, int], stretch: Stretch) -> None:
    since, until = micros(stretch.since), micros(stretch.until)
    db.execute(_FILE, (*own, stretch.kind, since, wellformed(stretch.detail), max(since, until), stretch.reason))
