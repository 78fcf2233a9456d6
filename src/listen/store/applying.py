"""What each event does to the tables; runs inside of a transaction of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from listen.care import Marking, marked
from listen.errors import UsageError
from listen.mention import Change, Mention
from listen.plain import wellformed
from listen.post import Deletion, Post
from listen.store import changing
from listen.store.events import Unmatched
from listen.store.rows import decoded, encoded, micros, row_of
from listen.store.versions import heard_again, unmatched

REMEMBERED = timedelta(days=30)  # how long a deletion keeps late repeats of its post away

_KNOWN = """
    SELECT mention.number, json FROM mention JOIN content ON content.number = mention.number
    WHERE platform = ? AND id = ?
"""
_BURIED = "SELECT 1 FROM tombstone WHERE platform = ? AND id = ?"
_ADD = """
    INSERT INTO mention (platform, id, author_id, moment, flag, lang, urgency, status, corrected)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_CHANGE = """
    UPDATE mention SET platform = ?, id = ?, author_id = ?, moment = ?, flag = ?, lang = ?, urgency = ?, status = ?,
        corrected = ? WHERE number = ?
"""
_SIGHTED = """
    INSERT INTO sighting (platform, instance, ref, number) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET number = excluded.number WHERE number <> excluded.number
"""
_WITH_NUMBER = """
    SELECT platform, id, json FROM mention JOIN content ON content.number = mention.number WHERE mention.number = ?
"""
_BURY = "INSERT INTO tombstone (platform, id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def remember(db: sqlite3.Connection, mention: Mention, path: str, names: frozenset[str]) -> Change | None:
    """Add the mention, or what is new about it; `names` are the topics that were listened for."""
    post = mention.post
    row = db.execute(_KNOWN, (wellformed(post.platform), wellformed(post.id))).fetchone()
    if row is None:
        return _added(db, mention)
    number, known = row[0], decoded(row[1], path)
    kept, edited = heard_again(known, mention, names)
    if kept is not known:
        _rewrite(db, number, known, kept)
    _sighted(db, number, post)
    return Change("edited", kept) if edited else None


def mark(db: sqlite3.Connection, ids: Sequence[str], marking: Marking, path: str, now: datetime) -> list[Mention]:
    """Mark these mentions, each once, in their order; raises UsageError for the first id that is unknown."""
    after = []
    for id_ in dict.fromkeys(ids):
        platform, _, own = id_.partition(":")
        row = db.execute(_KNOWN, (wellformed(platform), wellformed(own))).fetchone()
        if row is None:
            raise UsageError(f"the store has no mention {id_!r}; nothing was marked")
        known = decoded(row[1], path)
        after.append(marked(known, marking, now))
        _rewrite(db, row[0], known, after[-1])
    return after


def forget(db: sqlite3.Connection, deletion: Deletion, path: str, now: datetime) -> Iterator[Change]:
    """Remove what was taken back, and leave a tombstone: old news of the post may still be on the way."""
    for number in list(_named(db, deletion)):
        platform, id_, json = db.execute(_WITH_NUMBER, (number,)).fetchone()
        changing.withdraw(db, number, now)
        db.execute("DELETE FROM mention WHERE number = ?", (number,))
        if deletion.lasting:
            db.execute(_BURY, (platform, id_, micros(now)))
        yield Change("withdrawn", decoded(json, path))


def let_go(db: sqlite3.Connection, event: Unmatched, path: str, names: frozenset[str], now: datetime) -> Change | None:
    """Take the topics that were listened for from the mention, and remove it when none is left."""
    row = db.execute(_KNOWN, (wellformed(event.platform), wellformed(event.id))).fetchone()
    if row is None:
        return None
    number, known = row[0], decoded(row[1], path)
    kept = unmatched(known, event.edited_at, names)
    if kept is None:
        changing.withdraw(db, number, now)
        db.execute("DELETE FROM mention WHERE number = ?", (number,))
        return Change("withdrawn", known)
    if kept is not known:
        _rewrite(db, number, known, kept)
    return None


def prune(db: sqlite3.Connection, now: datetime) -> None:
    """Let go of tombstones whose posts nobody repeats any more, and of withdrawals that nobody comes for."""
    db.execute("DELETE FROM tombstone WHERE at < ?", (micros(now - REMEMBERED),))
    changing.prune(db, now)


def _added(db: sqlite3.Connection, mention: Mention) -> Change | None:
    row = row_of(mention)
    if db.execute(_BURIED, row[:2]).fetchone():
        return None
    number = db.execute(_ADD, row).lastrowid
    assert number is not None
    db.execute("INSERT INTO content (number, json) VALUES (?, ?)", (number, encoded(mention)))
    _file_under(db, number, mention.topics)
    _sighted(db, number, mention.post)
    return Change("new", mention)


def _rewrite(db: sqlite3.Connection, number: int, known: Mention, kept: Mention) -> None:
    db.execute("UPDATE content SET json = ? WHERE number = ?", (encoded(kept), number))
    if row_of(kept) != row_of(known):
        db.execute(_CHANGE, (*row_of(kept), number))
    if kept.topics != known.topics:
        db.execute("DELETE FROM topic WHERE number = ?", (number,))
        _file_under(db, number, kept.topics)
    changing.note(db, number, known, kept)


def _file_under(db: sqlite3.Connection, number: int, topics: Iterable[str]) -> None:
    names = {wellformed(topic) for topic in topics}
    db.executemany("INSERT INTO topic (number, name) VALUES (?, ?)", [(number, name) for name in names])


def _sighted(db: sqlite3.Connection, number: int, post: Post) -> None:
    """Remember what this server calls the post; it may name it so when it is deleted."""
    if post.ref is not None:
        place = (wellformed(post.platform), wellformed(post.instance or ""), wellformed(post.ref))
        db.execute(_SIGHTED, (*place, number))


def _named(db: sqlite3.Connection, event: Deletion) -> Iterator[int]:
    """The numbers of the mentions that the deletion is about."""
    names: tuple[str, ...]
    if event.id is not None:
        where, names = "mention WHERE platform = ? AND id = ?", (event.id,)
    elif event.ref is not None:
        where, names = "sighting WHERE platform = ? AND instance = ? AND ref = ?", (event.instance or "", event.ref)
    elif event.author_id is not None:
        where, names = "mention WHERE platform = ? AND author_id = ?", (event.author_id,)
    else:
        return
    rows = db.execute(f"SELECT number FROM {where}", [wellformed(name) for name in (event.platform, *names)])
    yield from (number for (number,) in rows)
