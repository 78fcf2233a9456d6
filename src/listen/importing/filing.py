"""Imported rows into the store: what is new is added, what is known is left as it is, and care is filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from listen.care import Marking
from listen.importing.row import Row
from listen.mention import Care, Context, Match, Mention, Role, Verdict
from listen.pipeline import judged, storable
from listen.post import Deletion, Post
from listen.store import Store
from listen.watchlist import Watchlist
from listen.when import now, utc

BATCH = 500  # mentions stored in one transaction

Judge = Callable[[str, Context], Verdict]


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """How rows are filed.

    `topic` is where all of them belong; without it the topics of the file decide, and for rows without any the
    watchlist, or for all rows if it is `asked`. With `anew` the judge decides instead of the file's verdicts, and with
    `overrule` the file's status, owner and note go before those in the store.
    """

    watchlist: Watchlist
    judge: Judge
    topic: str | None = None
    asked: bool = False
    anew: bool = False
    overrule: bool = False


class Tally(msgspec.Struct, kw_only=True):
    """What became of the rows of a file. `other_care` counts those whose care is not the store's, which stayed."""

    new: int = 0
    known: int = 0
    changed: int = 0
    unmatched: int = 0
    withdrawn: int = 0
    other_care: int = 0


class Filer:
    """Files the rows of one file; the last row of a mention counts. Call `finish` at the end. May raise StoreError.

    Memory grows by some 60 bytes for each mention whose care the file decides, or that is new in an export that tells
    changes, and by nothing else.
    """

    def __init__(self, store: Store, filing: Filing, name: str) -> None:
        self.tally = Tally()
        self._store, self._filing, self._name = store, filing, name
        self._roles: dict[str, Role] = {topic.name: topic.role for topic in filing.watchlist.topics}
        self._waiting: dict[str, Mention] = {}
        self._decided: set[int] = set()
        self._brought: set[int] = set()

    def take(self, row: Row) -> None:
        post = storable(row.post())
        id_ = f"{post.platform}:{post.id}"
        if row.is_withdrawn:
            self._take_back(post, id_)
            return
        if id_ in self._waiting:
            self.finish()
        known = self._store.find(id_)
        matches = self._matches(row, known.post if known and not _newer(row, known) else post)
        if known is not None:
            self._meet(row, post, known, matches)
        elif matches:
            self._waiting[id_] = self._mention(row, post, matches, row.care)
            self._decide(id_, row)
            if row.change is not None:
                self._brought.add(hash(id_))
        else:
            self.tally.unmatched += 1
        if len(self._waiting) >= BATCH:
            self.finish()

    def finish(self) -> None:
        """Store what is still waiting."""
        waiting, self._waiting = list(self._waiting.values()), {}
        changes = self._store.apply("file", self._name, waiting, now())
        new = sum(change.kind == "new" for change in changes)
        self.tally.new += new
        self.tally.withdrawn += len(waiting) - new

    def _take_back(self, post: Post, id_: str) -> None:
        """What this file has brought goes again; what the store had before stays."""
        if hash(id_) not in self._brought:
            return
        self._brought.discard(hash(id_))
        if self._waiting.pop(id_, None) is None:
            gone = Deletion(platform=post.platform, id=post.id, lasting=False)
            self.tally.new -= len(self._store.apply("file", self._name, [gone], now()))
        self.tally.withdrawn += 1

    def _matches(self, row: Row, post: Post) -> tuple[Match, ...]:
        """The topics that the row belongs to, with the words that said so."""
        topics = [self._filing.topic] if self._filing.topic else [] if self._filing.asked else row.topics or []
        if not topics:
            return self._filing.watchlist.matches(post)
        seen = {match.topic: match for match in self._filing.watchlist.matches(post)} if not row.matched else {}
        return tuple(seen.get(match.topic, match) for match in row.matches(topics, self._roles, post.document))

    def _mention(self, row: Row, post: Post, matches: tuple[Match, ...], care: Care) -> Mention:
        verdict = None if self._filing.anew else row.verdict(post.document)
        if verdict is None:
            verdict = judged(self._filing.judge, post, matches)
            verdict = verdict if self._filing.anew else row.corrects(verdict)
        return Mention(post=post, matches=matches, verdict=verdict, seen_at=utc(row.seen_at) or now(), care=care)

    def _meet(self, row: Row, post: Post, known: Mention, matches: tuple[Match, ...]) -> None:
        """A mention that the store has: a newer version of the post, further topics and care are all that it takes."""
        others = tuple(match for match in known.matches if match.topic not in {match.topic for match in matches})
        further = tuple(match for match in matches if match.topic not in known.topics)
        changed = False
        if _newer(row, known):
            lost = tuple(replace(match, spans=()) for match in others)
            changed = bool(self._applied(self._mention(row, post, matches + lost, known.care)))
        elif further:
            self._applied(replace(known, matches=known.matches + further))
            changed = True
        changed |= self._attended(row, known)
        self.tally.changed += changed
        self.tally.known += not changed

    def _applied(self, mention: Mention) -> Sequence[object]:
        return self._store.apply("file", self._name, [mention], now())

    def _attended(self, row: Row, known: Mention) -> bool:
        """Whether the file had a say in the care of a mention: where nobody has cared yet, or it said so before."""
        if not _differs(row, known.care):
            return False
        untouched = replace(known.care, correction=None) == Care()
        if not (untouched or self._filing.overrule or hash(known.id) in self._decided):
            self.tally.other_care += row.care != Care()
            return False
        answered_at = utc(row.answered_at or None)
        if answered_at is not None and known.care.answered_at is None and row.status in {"done", "not-relevant"}:
            self._store.care([known.id], Marking(status="answered"), answered_at)
        self._store.care([known.id], _marking(row), answered_at or now())
        self._decide(known.id, row)
        return True

    def _decide(self, id_: str, row: Row) -> None:
        if row.care != Care():
            self._decided.add(hash(id_))


def _newer(row: Row, known: Mention) -> bool:
    """Whether the file has a later version of the post; exports hold whole seconds."""
    edited_at, before = utc(row.edited_at), known.post.edited_at
    return edited_at is not None and (before is None or edited_at - before >= timedelta(seconds=1))


def _marking(row: Row) -> Marking:
    """What the file says, which may be that there is no owner and no note."""
    owner = None if row.owner is UNSET else row.owner or ""
    note = None if row.note is UNSET else row.note or ""
    return Marking(status=row.status or None, owner=owner, note=note)


def _differs(row: Row, care: Care) -> bool:
    told: Mapping[str, tuple[object, object]] = {
        "status": (row.status or care.status, care.status),
        "owner": (care.owner if row.owner is UNSET else row.owner or None, care.owner),
        "note": (care.note if row.note is UNSET else row.note or None, care.note),
        "answered_at": (_answered(row, care), care.answered_at),
    }
    return any(theirs != ours for theirs, ours in told.values())


def _answered(row: Row, care: Care) -> datetime | None:
    """When it was answered, as far as the file can tell something new about it."""
    if care.answered_at is not None or (row.status or care.status) in {"open", "pending"}:
        return care.answered_at
    return utc(row.answered_at or None)
