"""What each event does to the tables; runs inside of a transaction of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from listen.care import Marking, marked, turns
from listen.errors import UsageError
from listen.mention import Change, Mention
from listen.plain import wellformed
from listen.post import Deletion, Post
from listen.store import changing, erasing, history
from listen.store.burying import Burials
from listen.store.events import Unmatched, Withheld
from listen.store.rows import decoded, encoded, row_of
from listen.store.versions import heard_again, unmatched

_KNOWN = """
    SELECT mention.number, json FROM mention JOIN content ON content.number = mention.number
    WHERE platform = ? AND id = ?
"""
_ADD = """
    INSERT INTO mention (platform, id, author_id, moment, flag, lang, urgency, status, corrected, seen)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_CHANGE = """
    UPDATE mention SET platform = ?, id = ?, author_id = ?, moment = ?, flag = ?, lang = ?, urgency = ?, status = ?,
        corrected = ?, seen = ? WHERE number = ?
"""
_SIGHTED = """
    INSERT INTO sighting (platform, instance, ref, number) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET number = excluded.number WHERE number <> excluded.number
"""
_WITH_NUMBER = """
    SELECT author_id, json FROM mention JOIN content ON content.number = mention.number WHERE mention.number = ?
"""


def remember(
    db: sqlite3.Connection, mention: Mention, path: str, names: frozenset[str], burials: Burials
) -> Change | None:
    """Add the mention, or what is new about it; `names` are the topics that were listened for."""
    post = mention.post
    row = db.execute(_KNOWN, (wellformed(post.platform), wellformed(post.id))).fetchone()
    if row is None:
        return None if burials.hold(post) else _added(db, mention)
    number, known = row[0], decoded(row[1], path)
    kept, edited = heard_again(known, mention, names)
    if kept is not known:
        _rewrite(db, number, known, kept)
    _sighted(db, number, post)
    return Change("edited", kept) if edited else None


def mark(
    db: sqlite3.Connection, ids: Sequence[str], marking: Marking, path: str, now: datetime, by: str | None = None
) -> list[Mention]:
    """Mark these mentions, each once, in their order; raises UsageError for the first id that is unknown."""
    after = []
    for id_ in dict.fromkeys(ids):
        platform, _, own = id_.partition(":")
        row = db.execute(_KNOWN, (wellformed(platform), wellformed(own))).fetchone()
        if row is None:
            raise UsageError(f"the store has no mention {id_!r}; nothing was marked")
        known = decoded(row[1], path)
        after.append(marked(known, marking, now))
        history.tell(db, row[0], turns(known, after[-1]), now, by)
        _rewrite(db, row[0], known, after[-1])
    return after


def forget(db: sqlite3.Connection, deletion: Deletion, path: str, now: datetime) -> Iterator[Change]:
    """Remove what was taken back, and leave a tombstone: old news of the post may still be on the way."""
    for number in list(_named(db, deletion)):
        author_id, json = db.execute(_WITH_NUMBER, (number,)).fetchone()
        if deletion.author_id is not None and author_id != wellformed(deletion.author_id):
            continue
        erasing.erase(db, [number], erasing.reason_of(deletion), now)
        yield Change("withdrawn", decoded(json, path))


def hold_back(db: sqlite3.Connection, event: Withheld, path: str, now: datetime) -> Change | None:
    """Count the post, and remove the mention that was stored when the author's wish was not known yet."""
    row = db.execute(_KNOWN, (wellformed(event.platform), wellformed(event.id))).fetchone()
    erasing.withhold(db, event.platform, event.id, event.wish, now)
    if row is None:
        return None
    erasing.erase(db, [row[0]], "author's wish", now)
    return Change("withdrawn", decoded(row[1], path))


def let_go(db: sqlite3.Connection, event: Unmatched, path: str, names: frozenset[str], now: datetime) -> Change | None:
    """Take the topics that were listened for from the mention, and remove it when none is left."""
    row = db.execute(_KNOWN, (wellformed(event.platform), wellformed(event.id))).fetchone()
    if row is None:
        return None
    number, known = row[0], decoded(row[1], path)
    kept = unmatched(known, event.edited_at, names)
    if kept is None:
        erasing.erase(db, [number], "no longer wanted", now)
        return Change("withdrawn", known)
    if kept is not known:
        _rewrite(db, number, known, kept)
    return None


def _added(db: sqlite3.Connection, mention: Mention) -> Change:
    number = db.execute(_ADD, row_of(mention)).lastrowid
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
    yield from erasing.numbers_of(db, where, (event.platform, *names))
