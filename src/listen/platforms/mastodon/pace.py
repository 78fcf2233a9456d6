"""How often a source is read, and how often it is read again a little further back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import msgspec

_OVERLAPS = 4  # how often an overlap is read again before it is over


class Pace(msgspec.Struct, frozen=True):
    """The rest between two rounds, and how far some rounds look back for posts that federated late."""

    every: timedelta
    overlap: timedelta

    def counted(self) -> Iterator[bool]:
        """Whether each round looks back; the first one of a run does, for the sake of runs that cron starts."""
        rounds = max(1, int(self.overlap / _OVERLAPS / self.every))
        return (bool(self.overlap) and n % rounds == 0 for n in count())
