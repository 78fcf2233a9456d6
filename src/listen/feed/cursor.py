"""What is remembered of a feed between two rounds, and what that makes of its entries: new, edited, or known.

Dates play no part, as they are forged, missing and wrong. An entry is known by its id, an edit by its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from listen.feed.entry import Entry, digest
from listen.http import Answer

MOST_SEEN = 2_000
LEAST_SEEN = 200
_MOST_TWINS = 200
FULL = timedelta(hours=2)  # WordPress keeps its ETag when it lets an older comment through late (seen with 6.1.9)


class Track(msgspec.Struct, kw_only=True):
    """One feed. `address` is None while it is read at the address it was first known by; `page` if that is a page.

    `seen` maps hashes of ids to hashes of words, the longest unseen first. `twins` are hashes of ids that more
    than one entry has. `rest` counts seconds.
    """

    first: str | None = None
    address: str | None = None
    page: bool = False
    etag: str | None = None
    modified: str | None = None
    body: str | None = None
    rest: int = 0
    heard_at: datetime | None = None
    full_at: datetime | None = None
    troubled: bool = False
    twins: list[str] = []
    seen: dict[str, str] = {}

    def moves(self, address: str | None) -> None:
        """Read the feed elsewhere from now on; what the old place said of its version means nothing there."""
        self.address = address
        self.forgets_version()

    def forgets_version(self) -> None:
        """Ask for the feed in full the next time."""
        self.etag = self.modified = self.body = None

    def validators(self, now: datetime) -> dict[str, str]:
        """What asks for the feed only if it has changed, exactly as the server gave it; now and then nothing."""
        if self.full_at is None or abs(now - self.full_at) >= FULL:  # clocks are also set back
            return {}
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}

    def notes(self, answer: Answer, rest: timedelta, now: datetime) -> None:
        """Remember a full answer."""
        self.etag, self.modified = (_sendable(answer.headers.get(name)) for name in ("etag", "last-modified"))
        self.body = digest_of(answer.body)
        self.rest = round(rest.total_seconds())
        self.heard_at = self.full_at = now
        self.troubled = False

    def identities(self, entries: Sequence[Entry]) -> list[tuple[str, Entry]]:
        """The entries by what they are known as, each once; where several share an id, links tell them apart."""
        places: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            places[digest(entry.identity)].add(_place(entry))
        twins = dict.fromkeys([*self.twins, *(known for known, there in places.items() if len(there) > 1)])
        self.twins = list(twins)[-_MOST_TWINS:]
        named: dict[str, Entry] = {}
        for entry in entries:
            named.setdefault(self._name(entry), entry)
        return list(named.items())

    def knows(self, identity: str) -> bool:
        return digest(identity) in self.seen

    def news(self, entries: Sequence[tuple[str, Entry]]) -> Iterator[tuple[Literal["new", "edited"], str, Entry]]:
        """Which of the entries are new or edited; from then on all are known."""
        for identity, entry in entries:
            known, words = digest(identity), digest(f"{entry.title}\n{entry.body.text}", 4)
            before = self.seen.pop(known, None)
            self.seen[known] = words
            if before != words:
                yield ("new" if before is None else "edited"), identity, entry
        spare = len(self.seen) - min(max(2 * len(entries), LEAST_SEEN), MOST_SEEN)
        for known in list(self.seen)[: max(0, spare)]:
            del self.seen[known]

    def _name(self, entry: Entry) -> str:
        identity = entry.identity
        return f"{identity} {_place(entry)}" if digest(identity) in self.twins else identity


class Cursor(msgspec.Struct, kw_only=True):
    """The feed of a source, and the feed of its comments if it offers one."""

    main: Track = msgspec.field(default_factory=Track)
    comments: Track | None = None

    def encoded(self) -> str:
        return msgspec.json.encode(self).decode()


def recalled(cursor: str | None) -> Cursor:
    """The cursor as it was stored; a fresh one if it cannot be read any more."""
    try:
        return msgspec.json.decode(cursor, type=Cursor) if cursor else Cursor()
    except msgspec.DecodeError:
        return Cursor()


def digest_of(body: bytes) -> str:
    return digest(body.decode("latin-1"), 12)


def _place(entry: Entry) -> str:
    return entry.link or entry.title or ""


def _sendable(value: str | None) -> str | None:
    """A validator that can be sent back as it came; HTTP allows ASCII only."""
    return value if value and value.isascii() and value.isprintable() and len(value) <= 1_000 else None
