"""Whether what was learnt is better than the judge as shipped: cross-validation on the user's own labels.

The labels are split into five parts, each label equally often in every part. Four parts teach, the fifth tells how
the taught and the untaught judge do on labels that they have not seen. That is repeated with other splits.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence

import msgspec

from listen.figures import Scorebook
from listen.judge.adapting import Adaptation
from listen.judge.learning import Lesson, learnt, surprise
from listen.judge.model import FLAGS
from listen.mention import Flag

FOLDS = 5
LABELS: tuple[Flag, ...] = (*FLAGS, "none")
_EFFORT = 600  # labels tried in all; fewer labels are split more often
_MOST_REPEATS = 10

Judged = Callable[[int, Adaptation | None], str]  # the flag of the lesson with that number, adapted or as shipped


class Outcome(msgspec.Struct, frozen=True):
    """On labels that were not learnt from. `log_loss` is the mean surprise in nats: 0 is certainty, all right."""

    log_loss: float
    macro_f1: float


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Both judges on the same labels; `doubt` is the standard error of the difference in log-loss."""

    n: int
    repeats: int
    untaught: Outcome
    taught: Outcome
    doubt: float

    @property
    def better(self) -> bool:
        """Whether the taught judge is less surprised, beyond doubt, and flags at least as well."""
        gain = self.untaught.log_loss - self.taught.log_loss
        return gain > self.doubt and self.taught.macro_f1 >= self.untaught.macro_f1


def proof(lessons: Sequence[Lesson], labels: Sequence[Flag], judged: Judged) -> Proof:
    """Try what is learnt from lessons on others of them; `labels` are what people said, `judged` the flags."""
    repeats = max(1, min(_MOST_REPEATS, _EFFORT // len(lessons)))
    untaught, taught = Scorebook(LABELS), Scorebook(LABELS)
    shipped = [judged(at, None) for at in range(len(lessons))]
    gains = [0.0] * len(lessons)
    losses = [0.0] * len(lessons)
    for known, unseen in _splits(labels, repeats):
        adaptation = learnt([lessons[at] for at in known])
        for at in unseen:
            before, after = surprise(lessons[at], None), surprise(lessons[at], adaptation)
            losses[at] += before / repeats
            gains[at] += (before - after) / repeats
            untaught.enter(labels[at], shipped[at], _NO_SCORES)
            taught.enter(labels[at], judged(at, adaptation), _NO_SCORES)
    loss, gain = sum(losses) / len(lessons), sum(gains) / len(lessons)
    return Proof(
        n=len(lessons),
        repeats=repeats,
        untaught=Outcome(round(loss, 4), untaught.figures().macro_f1 or 0.0),
        taught=Outcome(round(loss - gain, 4), taught.figures().macro_f1 or 0.0),
        doubt=round(_standard_error(gains, gain), 4),
    )


_NO_SCORES: dict[str, float] = dict.fromkeys(LABELS, 0.0)


def _splits(labels: Sequence[Flag], repeats: int) -> Iterator[tuple[list[int], list[int]]]:
    """Places to learn from and places to try, each label dealt out evenly."""
    for repeat in range(repeats):
        shuffled = random.Random(repeat)
        dealt: list[int] = []
        for label in sorted(set(labels)):
            places = [at for at, each in enumerate(labels) if each == label]
            shuffled.shuffle(places)
            dealt += places
        for fold in range(min(FOLDS, len(labels))):
            unseen = dealt[fold::FOLDS]
            yield sorted(set(dealt) - set(unseen)), sorted(unseen)


def _standard_error(numbers: Sequence[float], mean: float) -> float:
    if len(numbers) < 2:
        return math.inf
    variance = sum((number - mean) ** 2 for number in numbers) / (len(numbers) - 1)
    return math.sqrt(variance / len(numbers))
