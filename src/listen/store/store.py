"""The store: everything that is remembered goes in and comes out here."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from listen.care import Marking, Told
from listen.coverage import Stretch
from listen.mention import Change, Mention
from listen.plain import wellformed
from listen.post import Deletion, Gap, Mark
from listen.process import Identity
from listen.selection import Selection
from listen.store import (
    appending,
    applying,
    burying,
    changing,
    claims,
    history,
    ledger,
    marks,
    selecting,
    spending,
    stretches,
)  # fmt: skip
from listen.store.appending import Extent
from listen.store.claims import Held, Running
from listen.store.connection import connected
from listen.store.delivering import Delivering, delivering, durable
from listen.store.events import Heard, Unmatched, Watch, Withheld
from listen.store.ledger import Note, Place, Standing
from listen.store.people import People
from listen.store.rechecking import Rechecking
from listen.store.rows import decoded
from listen.store.upkeep import Upkeep

_FIND = """
    SELECT json FROM mention JOIN content ON content.number = mention.number WHERE platform = ? AND id = ?
"""
_CORRECTED = """
    SELECT json FROM mention JOIN content ON content.number = mention.number WHERE corrected ORDER BY mention.number
"""
EVERYTHING = Watch()


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger is told about one source; nothing before may reach beyond `cut_at`, as the clock was set back."""

    platform: str
    source: str
    stretches: tuple[Stretch, ...]
    cut_at: datetime | None = None


class Store(People, Upkeep, Rechecking):
    """Mentions, cursors and gaps in one SQLite file; any thread may use it, and other processes their own.

    Its public methods, here and in its bases, are all that the rest of the program knows of the store; none of them
    takes or returns anything of SQLite's. Every method may raise StoreError.
    """

    @classmethod
    def open(cls, path: str | Path, *, patience: timedelta = timedelta(seconds=10)) -> Store:
        """The store at `path` (`:memory:` keeps nothing), made if it is not there.

        `patience` is how long one waits for another process that is writing.
        """
        return cls(connected(str(path), patience), str(path))

    def apply(
        self, platform: str, source: str, heard: Sequence[Heard], now: datetime, watch: Watch = EVERYTHING
    ) -> list[Change]:
        """Store what one source was heard to say, all of it or nothing; returns what changed, in order.

        What comes again changes nothing, so that a batch may be repeated after a crash. `watch` is what was
        listened for: edits take away only its topics, and marks count only for it.
        """
        if not heard:
            return []
        place = ledger.place(platform, source)
        names = frozenset(map(wellformed, watch.names))
        with self._writing() as db:
            burying.prune(db, now)
            changing.prune(db, now)
            burials = burying.Burials(db)
            changes = [change for event in heard for change in self._applied(db, event, now, names, burials)]
            for gap in (event for event in heard if isinstance(event, Gap)):
                stretches.missed(db, place, watch, gap, now)
            told = [event for event in heard if isinstance(event, Mark)]
            if told:
                # With the mentions before it or not at all: a mark without them would lose them.
                marks.mark(db, place, watch, told[-1].cursor, now)
        return changes

    def mentions(self, selection: Selection, *, after: int = 0) -> Iterator[tuple[int, Mention]]:
        """The selected mentions with a number above `after`, in the order in which they were stored.

        Ends with what was there at the beginning. Memory does not grow with their number; between two pages others
        may write.
        """
        with self._reading() as db:
            after, last = selecting.bounds(db, selection, after, selecting.newest(db))
        left = sys.maxsize if selection.limit is None else selection.limit
        more = after < last
        while more and left > 0:
            with self._reading() as db:
                found, more = selecting.new(db, selection, None, (after, last), min(left, selecting.PAGE))
            for _, number, _, json in found:
                yield number, decoded(json, self.path)
            after, left = found[-1][0] if found else last, left - len(found)

    def delivering(
        self, name: str, selection: Selection, *, changes: bool = False
    ) -> AbstractContextManager[Delivering]:
        """What the export of that name has not delivered, and with `changes` what has happened to what it has."""
        return delivering(self._reading, self._writing, self.path, name, selection, changes=changes)

    def appended(self, file: str) -> Extent | None:
        """How long a file was that exports have added to; None if they have not."""
        with self._reading() as db:
            return appending.known(db, file)

    def append(self, extent: Extent) -> None:
        """Remember how long the file is: before something is added to it while it is `writing`, and else after."""
        with durable(self._reading, self._writing) as db:
            (appending.begin if extent.writing else appending.whole)(db, extent)

    def find(self, id: str) -> Mention | None:  # noqa: A002  the word that users know it by
        """The mention with this id, `platform:id`."""
        platform, _, own = id.partition(":")
        with self._reading() as db:
            row = db.execute(_FIND, (wellformed(platform), wellformed(own))).fetchone()
        return None if row is None else decoded(row[0], self.path)

    def care(self, ids: Sequence[str], marking: Marking, now: datetime, by: str | None = None) -> list[Mention]:
        """Mark the mentions with these ids, all or none, and return them. Raises UsageError for an unknown id.

        What that changes goes into their history, as done `by` that person.
        """
        with self._writing() as db:
            return applying.mark(db, ids, marking, self.path, now, by)

    def history(self, id: str) -> list[Told]:  # noqa: A002  the word that users know it by
        """What was changed about the mention with this id, the oldest first; nothing for an unknown one."""
        platform, _, own = id.partition(":")
        with self._reading() as db:
            return history.told(db, platform, own)

    def corrected(self) -> list[Mention]:
        """The mentions whose flag a person has given, in the order in which they were stored."""
        with self._reading() as db:
            rows = db.execute(_CORRECTED).fetchall()
        return [decoded(json, self.path) for (json,) in rows]

    def count(self) -> int:
        """How many mentions there are."""
        with self._reading() as db:
            number: int = db.execute("SELECT count(*) FROM mention").fetchone()[0]
        return number

    def cursor(self, platform: str, source: str, watch: Watch = EVERYTHING) -> str | None:
        """Where the source is to be resumed so that no topic of `watch` misses anything.

        None if none of them was ever marked; those that never were do not hold the others back.
        """
        with self._reading() as db:
            return marks.cursor(db, ledger.place(platform, source), watch)

    def newest(self) -> tuple[int, int]:
        """The numbers of the newest mention and the newest change; 0 if there is none."""
        with self._reading() as db:
            return selecting.newest(db), changing.newest(db)

    def edited(self, after: int, limit: int) -> list[tuple[int, Mention]]:
        """Mentions whose words were changed after that change, as they are now, and the change's number."""
        with self._reading() as db:
            return [(at, decoded(json, self.path)) for at, json in changing.edited(db, after, limit)]

    def note(self, platform: str, source: str, told: Note, now: datetime, process: int | None = None) -> None:
        """Remember how a source is doing, in the hands of that process; one that is well is `last_ok` now."""
        place = ledger.place(platform, source)
        with self._writing() as db:
            ledger.note(db, place, told, now)
            if process is not None:
                claims.doing(db, place, told, process)

    def sources(self) -> list[Standing]:
        """Every source that was ever marked or noted, with its newest cursor."""
        with self._reading() as db:
            return ledger.standings(db)

    def begin(self, platform: str, source: str, now: datetime, watch: Watch = EVERYTHING) -> stretches.Before:
        """What was heard of the source before, after rows that lie in the future were put right.

        Its open gaps are taken out; whoever begins tells them anew by `cover`.
        """
        with self._writing() as db:
            return stretches.begin(db, ledger.place(platform, source), watch, now)

    def cover(self, filings: Sequence[Filing], watch: Watch = EVERYTHING) -> None:
        """File in the coverage ledger what was heard of sources, and what was not."""
        with self._writing() as db:
            for filing in filings:
                place = ledger.place(filing.platform, filing.source)
                stretches.cover(db, place, watch, filing.stretches, filing.cut_at)

    def stretches(
        self, since: datetime | None = None, until: datetime | None = None, topics: Sequence[str] = ()
    ) -> dict[Place, list[Stretch]]:
        """What the ledger holds of each source for the time between; with `topics` only for watches that have one.

        Stretches may overlap; `listen.coverage` lays them side by side.
        """
        with self._reading() as db:
            return stretches.stretches(db, since, until, topics)

    def enter(self, identity: Identity, now: datetime) -> int:
        """Be known as a process that listens on this store; returns the number that the other methods take."""
        with self._writing() as db:
            return claims.enter(db, identity, now)

    def beat(self, process: int, now: datetime) -> bool:
        """Say that the process lives; False if others took it for dead and its claims are gone."""
        with self._writing() as db:
            return claims.beat(db, process, now)

    def leave(self, *processes: int) -> None:
        """Give up all claims of these processes: our own at the end, or those of the dead."""
        with self._writing() as db:
            claims.leave(db, processes)

    def claim(self, platform: str, source: str, process: int, watch: Watch = EVERYTHING) -> Held | None:
        """Claim the source for what is listened for; returns who has it, if another process hears all of that."""
        with self._writing() as db:
            return claims.claim(db, ledger.place(platform, source), watch, process)

    def processes(self) -> dict[Running, dict[Place, str | None]]:
        """Every process that has entered and not left, dead ones too, and the states of the sources that it claims."""
        with self._reading() as db:
            return claims.processes(db)

    def spend(self, platform: str, day: int, limit: int) -> int | None:
        """Count a request before it goes out: how many the day (from 1970, UTC) has had; None if that would be more."""
        with self._writing() as db:
            return spending.spend(db, platform, day, limit)

    def spent(self, platform: str, day: int) -> int:
        with self._reading() as db:
            return spending.spent(db, platform, day)

    def hold(self, place: tuple[str, str], days: tuple[int, int], most: int, limit: int | None) -> int:
        """Count up to `most` of an account on the last of the days, so that they all have `limit` at most."""
        with self._writing() as db:
            return spending.hold(db, place, days, most, limit)

    def correct(self, place: tuple[str, str], day: int, amount: int) -> None:
        """Correct what was counted on a day."""
        with self._writing() as db:
            spending.correct(db, place, day, amount)

    def held(self, place: tuple[str, str], days: tuple[int, int]) -> int:
        """How much these days, first to last, have had of an account."""
        with self._reading() as db:
            return spending.held(db, place, days)

    def leave_alone(self, platform: str, host: str, at: datetime, until: datetime) -> None:
        """A server asked at a time to be left alone until another."""
        with self._writing() as db:
            spending.leave_alone(db, platform, host, at, until)

    def left_alone(self, platform: str, host: str) -> tuple[datetime, datetime] | None:
        with self._reading() as db:
            return spending.left_alone(db, platform, host)

    def _applied(
        self, db: sqlite3.Connection, event: Heard, now: datetime, names: frozenset[str], burials: burying.Burials
    ) -> Iterator[Change]:
        match event:
            case Mention():
                if change := applying.remember(db, event, self.path, names, burials):
                    yield change
            case Deletion():
                yield from applying.forget(db, event, self.path, now)
            case Unmatched():
                if change := applying.let_go(db, event, self.path, names, now):
                    yield change
            case Withheld():
                if change := applying.hold_back(db, event, self.path, now):
                    yield change
