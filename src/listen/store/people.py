"""What the store does for people whose posts it holds: it lets go of them, forgets who asks, and says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from listen.mention import Mention
from listen.store import burying, changing, erasing
from listen.store.base import Base
from listen.store.erasing import Aged, Erasure, Reason
from listen.store.rows import Byline

BATCH = 200  # mentions erased in one transaction: 40 ms on a busy machine, so that nobody who listens has to wait
_PAGE = 500  # mentions read at a time


class People(Base):
    """The part of the store that is about people's data."""

    def aged(self, before: datetime, after: Aged | None = None) -> list[Aged]:
        """The next mentions that were first seen before that time, the oldest first; at most 500, none at the end."""
        with self._reading() as db:
            return erasing.aged(db, before, after, _PAGE)

    def erase(self, numbers: Sequence[int], reason: Reason, now: datetime) -> int:
        """Remove mentions with all that belongs to them, in small transactions; returns how many there were.

        `reason` decides for how long they are kept away.
        """
        erased = 0
        for start in range(0, len(numbers), BATCH):
            with self._writing() as db:
                erased += erasing.erase(db, numbers[start : start + BATCH], reason, now)
        return erased

    def numbered(self, numbers: Sequence[int]) -> Iterator[Mention]:
        """The mentions with these numbers that are still there."""
        for number in numbers:
            with self._reading() as db:
                known = erasing.numbered(db, number, self.path)
            if known is not None:
                yield known

    def bylines(self) -> Iterator[tuple[int, Byline]]:
        """Who wrote each mention; reads all of them, a page at a time."""
        after = 0
        while True:
            with self._reading() as db:
                page = erasing.bylines(db, after, _PAGE)
            if not page:
                return
            yield from page
            after = page[-1][0]

    def holding(self, needles: Sequence[str]) -> Iterator[tuple[int, Mention]]:
        """The mentions in which one of these texts stands anywhere, whatever its case; reads all of them."""
        after: int | None = 0
        while after is not None:
            with self._reading() as db:
                found, after = erasing.holding(db, needles, after, _PAGE, self.path)
            yield from found

    def orphan(self, numbers: Sequence[int]) -> None:
        """Let these mentions no longer tell what they answer to."""
        with self._writing() as db:
            for number in numbers:
                erasing.orphan(db, number, self.path)

    def refuse(self, platform: str, names: Sequence[str], now: datetime) -> None:
        """Store nothing more of the author with these ids, handles and addresses; remembered as keyed hashes.

        Nor is anybody told any more what was withdrawn of them before.
        """
        with self._writing() as db:
            burying.refuse(db, platform, names, erasing.hour_of(now))
            changing.forget(db, platform, names)
            erasing.note(db, platform, "forget", now)

    def audit(self) -> list[Erasure]:
        """How many mentions were erased in which hour, and why, the oldest first."""
        with self._reading() as db:
            return erasing.audit(db)

    def withheld(self) -> dict[tuple[str, str], int]:
        """How many posts of each network were not stored because of their authors' wish, and of which."""
        with self._reading() as db:
            return erasing.withheld(db)

    def refused(self) -> int:
        """How many ids, handles and addresses of forgotten authors are kept away."""
        with self._reading() as db:
            number: int = db.execute("SELECT count(*) FROM forgotten").fetchone()[0]
        return number

    def salt(self, name: str = "pseudonyms") -> bytes:
        """A secret that was drawn for this store alone, for hashes that only it can repeat."""
        with self._reading() as db:
            return burying.salt(db, name)
