"""How well labels are met: precision, recall, F1 and AUC of each flag, and the confusion table.

Of each text a label, a flag and one number a flag are kept, nothing else. What cannot be said (the precision of a
flag that was never given, the AUC where there is only one kind) is None, never 0.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec


class FlagFigures(msgspec.Struct, frozen=True):
    """0..1, but `n`, which counts the texts with that label."""

    precision: float | None
    recall: float | None
    f1: float | None
    auc: float | None
    n: int


class Figures(msgspec.Struct, frozen=True):
    """`macro_f1` is the mean F1 of the flags that stand among the labels."""

    n: int
    macro_f1: float | None
    accuracy: float | None
    per_flag: dict[str, FlagFigures]


class Scorebook:
    """Labels (`said`), flags (`judged`) and scores of texts, for a fixed sequence of at most 255 flags."""

    def __init__(self, flags: Sequence[str]) -> None:
        self.flags = tuple(flags)
        self._said = bytearray()
        self._judged = bytearray()
        self._scores = [array("f") for _ in self.flags]

    def enter(self, said: str, judged: str, scores: Mapping[str, float]) -> None:
        """One text; `scores` says of each flag how likely it was thought to be."""
        self._said.append(self.flags.index(said))
        self._judged.append(self.flags.index(judged))
        for flag, column in zip(self.flags, self._scores, strict=True):
            column.append(scores[flag])

    def add(self, other: Scorebook) -> None:
        """All that stands in another one for the same flags."""
        self._said += other._said
        self._judged += other._judged
        for column, more in zip(self._scores, other._scores, strict=True):
            column.extend(more)

    def confusion(self) -> dict[str, dict[str, int]]:
        """For each label how often it was judged which flag."""
        counts = self._counts()
        return {
            said: {judged: counts[row, column] for column, judged in enumerate(self.flags)}
            for row, said in enumerate(self.flags)
        }

    def figures(self) -> Figures:
        counts = self._counts()
        size = len(self.flags)
        per_flag = {flag: self._of(at, counts) for at, flag in enumerate(self.flags)}
        right = sum(counts[at, at] for at in range(size))
        n = len(self._said)
        return Figures(n, mean(each.f1 for each in per_flag.values() if each.n), _share(right, n), per_flag)

    def _of(self, at: int, counts: Counter[tuple[int, int]]) -> FlagFigures:
        places = range(len(self.flags))
        hits, said = counts[at, at], sum(counts[at, other] for other in places)
        judged = sum(counts[other, at] for other in places)
        return FlagFigures(
            precision=_share(hits, judged),
            recall=_share(hits, said),
            f1=_share(2 * hits, said + judged),
            auc=area(self._scores[at], [said == at for said in self._said]),
            n=said,
        )

    def _counts(self) -> Counter[tuple[int, int]]:
        return Counter(zip(self._said, self._judged, strict=True))


def area(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The area under the ROC curve: how often a positive scores above a negative, ties counting half."""
    n = sum(positive)
    pairs = n * (len(positive) - n)
    if not pairs:
        return None
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks, at = 0.0, 0
    while at < len(order):
        end = at
        while end < len(order) and scores[order[end]] == scores[order[at]]:
            end += 1
        ranks += (at + 1 + end) / 2 * sum(positive[place] for place in order[at:end])
        at = end
    return _rounded((ranks - n * (n + 1) / 2) / pairs)


def mean(numbers: Iterable[float | None]) -> float | None:
    """None of nothing; what cannot be said is left out."""
    known = [number for number in numbers if number is not None]
    return _rounded(sum(known) / len(known)) if known else None


def _share(part: int, whole: int) -> float | None:
    return _rounded(part / whole) if whole else None


def _rounded(number: float) -> float:
    return round(number, 4)
