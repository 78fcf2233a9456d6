"""A post as the terms look at it: folded once, everything else worked out when it is first asked for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property

from listen.mention import Span
from listen.post import Post
from listen.query.disguise import readings
from listen.query.fold import Offsets
from listen.query.letters import WORDS
from listen.watchlist.addresses import hidden

Place = tuple[int, int]  # from, to (exclusive), in the folded text


class Sight:
    """A post, its document, and the folded document in which terms are looked for."""

    def __init__(self, post: Post, document: str, folded: str) -> None:
        self.post = post
        self.document = document
        self.folded = folded

    def found(self, literal: str) -> Iterator[int]:
        """Where the literal begins, outside of addresses; overlapping places included."""
        start = self.folded.find(literal)
        while start >= 0:
            if not self.is_hidden(start):
                yield start
            start = self.folded.find(literal, start + 1)

    def is_hidden(self, offset: int) -> bool:
        """Whether the place lies in a link or in the server of an address."""
        nearest = bisect_right(self.addresses, (offset, len(self.folded) + 1)) - 1
        return nearest >= 0 and offset < self.addresses[nearest][1]

    def words_between(self, end: int, start: int) -> int:
        """How many words stand between two places; a link counts as one."""
        return max(0, bisect_left(self._word_starts, start) - bisect_left(self._word_starts, end))

    def written(self, place: Place) -> Span:
        """The place in the document, and what stands there."""
        start, end = self._offsets.span(*place)
        return Span(start, end, self.document[start:end])

    def place(self, start: int, end: int) -> Place | None:
        """Where characters of the document stand in the folded text; None if that is empty."""
        return self._offsets.place(start, end, len(self.folded)) if self.folded else None

    def unmasked(self) -> Sight:
        """The same post, with the readings of letters that pass for others."""
        return _Unmasked(self)

    @cached_property
    def readings(self) -> tuple[Sight, ...]:
        """How else the text may be read; every place means the same in all of them."""
        return ()

    @cached_property
    def addresses(self) -> list[Place]:
        """The stretches, in order, in which no word counts."""
        return hidden(self.folded)

    @cached_property
    def _word_starts(self) -> list[int]:
        starts = [word.start() for word in WORDS.finditer(self.folded)]
        shown = [start for start in starts if not self.is_hidden(start)]
        return sorted(shown + [start for start, _ in self.addresses])

    @cached_property
    def _offsets(self) -> Offsets:
        return Offsets(self.document)


class _Unmasked(Sight):
    def __init__(self, plain: Sight) -> None:
        super().__init__(plain.post, plain.document, plain.folded)
        self._plain = plain

    @cached_property
    def readings(self) -> tuple[Sight, ...]:
        return tuple(_Reading(self, text) for text in readings(self.document)[1:])


class _Reading(Sight):
    """Links are where they are in the plain text; offsets are those of the plain text anyway."""

    def __init__(self, plain: Sight, folded: str) -> None:
        super().__init__(plain.post, plain.document, folded)
        self.addresses = plain.addresses
