"""Which time of a source was heard, which was not, and why. Pure.

A source's stretches may overlap: a lost hour lies inside of the night that was caught up on. `timeline` lays them side
by side; where they overlap, the worst counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

import msgspec

from listen.post import Reason

Kind = Literal["heard", "filled", "open", "lost"]  # the better before the worse

REASONS: dict[Reason, str] = {
    "down": "could not be reached",
    "rate limited": "asked to be left alone for a while",
    "quota": "the quota was used up",
    "refused": "did not let us in",
    "page limit": "had more posts than can be read back",
    "retention": "does not keep posts for so long",
    "closed": "was not there",
    "stopped": "listen was not running",
    "killed": "listen was killed or crashed",
    "late": "posts came late",
    "asleep": "this machine was asleep, or its clock was moved",
    "store": "the store could not be written",
}
_WORSE: dict[Kind, int] = {"heard": 0, "filled": 1, "open": 2, "lost": 3}


class Stretch(msgspec.Struct, frozen=True):
    """A time of one source: `heard`; `filled`, heard later; `open`, may still be filled; or `lost`.

    All but `heard` have a reason; `detail` is what the source or its server said, and may be empty.
    """

    since: datetime
    until: datetime
    kind: Kind = "heard"
    reason: Reason | None = None
    detail: str = ""

    @property
    def missing(self) -> bool:
        return self.kind in {"open", "lost"}

    @property
    def length(self) -> timedelta:
        return self.until - self.since


def timeline(
    stretches: Iterable[Stretch], since: datetime | None = None, until: datetime | None = None
) -> list[Stretch]:
    """The stretches between `since` and `until`, in order and without overlap; what nobody listened to is left out."""
    edges = sorted(
        ((moment, opening, stretch) for stretch in stretches for moment, opening in _ends(stretch, since, until)),
        key=lambda edge: (edge[0], edge[1]),
    )
    line: list[Stretch] = []
    present: list[Stretch] = []
    for (begin, opening, stretch), (end, *_) in pairwise(edges):
        present.append(stretch) if opening else present.remove(stretch)
        if present and begin < end:
            worst = max(present, key=lambda one: (_WORSE[one.kind], one.since))
            _lay(line, msgspec.structs.replace(worst, since=begin, until=end))
    return line


def covered(line: Iterable[Stretch]) -> list[tuple[datetime, datetime]]:
    """The times of a timeline of which everything is known, at once or later, as few as can be."""
    times: list[tuple[datetime, datetime]] = []
    for stretch in line:
        if stretch.missing:
            continue
        if times and times[-1][1] == stretch.since:
            times[-1] = (times[-1][0], stretch.until)
        else:
            times.append((stretch.since, stretch.until))
    return times


def strip(line: Sequence[Stretch], since: datetime, cell: timedelta, cells: int) -> list[Kind | None]:
    """What each of so many equal times was, from `since` on: missing if any of it is, else how most of it was heard.

    None is time in which nobody listened at all.
    """
    return [_most(line, since + cell * number, since + cell * (number + 1)) for number in range(cells)]


def _most(line: Sequence[Stretch], begin: datetime, end: datetime) -> Kind | None:
    lengths: dict[Kind, timedelta] = {}
    for stretch in line:
        length = min(end, stretch.until) - max(begin, stretch.since)
        if length > timedelta(0):
            lengths[stretch.kind] = lengths.get(stretch.kind, timedelta(0)) + length
    missing: tuple[Kind, ...] = ("lost", "open")
    worst = next((kind for kind in missing if kind in lengths), None)
    if worst or not lengths:
        return worst
    return max(lengths, key=lambda kind: lengths[kind])


def _ends(stretch: Stretch, since: datetime | None, until: datetime | None) -> list[tuple[datetime, bool]]:
    """Where the part of the stretch that is wanted begins and ends; nowhere if there is none."""
    begin = stretch.since if since is None else max(since, stretch.since)
    end = stretch.until if until is None else min(until, stretch.until)
    return [(begin, True), (end, False)] if begin < end else []


def _lay(line: list[Stretch], stretch: Stretch) -> None:
    last = line[-1] if line else None
    if last and last.until == stretch.since and _same(last, stretch):
        line[-1] = msgspec.structs.replace(last, until=stretch.until)
    else:
        line.append(stretch)


def _same(one: Stretch, other: Stretch) -> bool:
    return (one.kind, one.reason, one.detail) == (other.kind, other.reason, other.detail)
