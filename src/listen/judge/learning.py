"""Learning from labels: a logistic regression for each flag, whose prior is the judge as it is.

Every number that may be learnt has a Gaussian prior around "no change". It is so narrow that a few dozen labels move
the biases and the words that come again and again, and that hundreds are needed for more. Standard library only;
the same labels in the same order give the same result.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from listen.judge.adapting import Adaptation
from listen.judge.descent import least
from listen.judge.fusion import LogOdds
from listen.judge.model import FLAGS

SCALE, BIAS, CHANGE = 0.2, 1.5, 0.8  # standard deviations; chosen on the corpus, see docs/teaching.md
SEEN = 2  # labelled texts that a word must stand in to be learnt about
_HEAD = 2 * len(FLAGS)  # numbers before those of the features: scales and biases
_STEP = len(FLAGS)


class Lesson(NamedTuple):
    """One labelled text: the log-odds of the judge as shipped, what its context adds, its traits, and the label.

    `label` is the place of the flag in `FLAGS`, or 3 for none.
    """

    odds: LogOdds
    context: LogOdds
    traits: Mapping[int, float]
    label: int


class Prior(NamedTuple):
    scale: float = SCALE
    bias: float = BIAS
    change: float = CHANGE


def learnt(lessons: Sequence[Lesson], prior: Prior = Prior()) -> Adaptation:  # noqa: B008  a tuple
    """The changes that explain the labels best without straying far from none."""
    seen = Counter(feature for lesson in lessons for feature in lesson.traits)
    places = {feature: at for at, feature in enumerate(sorted(each for each in seen if seen[each] >= SEEN))}
    start = [0.0] * (_HEAD + _STEP * len(places))
    found = least(_loss(lessons, places, prior), start)
    changes = {
        feature: LogOdds(*(_short(prior.change * each) for each in found[begin : begin + _STEP]))
        for feature, begin in ((feature, _HEAD + _STEP * at) for feature, at in places.items())
    }
    return Adaptation(
        scales=LogOdds(*(_short(1 + prior.scale * each) for each in found[:_STEP])),
        biases=LogOdds(*(_short(prior.bias * each) for each in found[_STEP:_HEAD])),
        changes={feature: change for feature, change in changes.items() if any(change)},
    )


def surprise(lesson: Lesson, adaptation: Adaptation | None) -> float:
    """The negative log of the probability of the label, in nats, for the judge as shipped or adapted."""
    odds = lesson.odds if adaptation is None else adaptation.shifted(lesson.odds, lesson.traits)
    return _lost([each + more for each, more in zip(odds, lesson.context, strict=True)], lesson.label)


def _lost(sums: Sequence[float], label: int) -> float:
    """What it costs that each flag is, or is not, the label."""
    signed = (-each if flag == label else each for flag, each in enumerate(sums))
    return sum(max(0.0, each) + math.log1p(math.exp(-abs(each))) for each in signed)


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _short(number: float) -> float:
    return round(number, 4) + 0.0  # never -0.0


_Row = tuple[LogOdds, LogOdds, Sequence[tuple[int, float]], int]


def _loss(
    lessons: Sequence[Lesson], places: Mapping[int, int], prior: Prior
) -> Callable[[Sequence[float]], tuple[float, list[float]]]:
    """The negative log of the posterior and its gradient, both in units of the prior's deviations."""
    rows: list[_Row] = []
    for lesson in lessons:
        traits = [
            (_HEAD + _STEP * places[feature], prior.change * value)
            for feature, value in lesson.traits.items()
            if feature in places
        ]
        base = LogOdds(*(each + more for each, more in zip(lesson.odds, lesson.context, strict=True)))
        rows.append((base, lesson.odds, traits, lesson.label))

    def loss(numbers: Sequence[float]) -> tuple[float, list[float]]:
        total, gradient = sum(number * number for number in numbers) / 2, list(numbers)
        for row in rows:
            total += _learn_from(row, numbers, gradient, prior)
        return total, gradient

    return loss


def _learn_from(row: _Row, numbers: Sequence[float], gradient: list[float], prior: Prior) -> float:
    """The loss of one labelled text; its part of the gradient is added."""
    base, odds, traits, label = row
    sums = [
        base[flag] + prior.scale * numbers[flag] * odds[flag] + prior.bias * numbers[_STEP + flag]
        for flag in range(_STEP)
    ]
    for begin, value in traits:  # written out, as all the time goes here
        sums[0] += value * numbers[begin]
        sums[1] += value * numbers[begin + 1]
        sums[2] += value * numbers[begin + 2]
    wrong = [_chance(sums[flag]) - (flag == label) for flag in range(_STEP)]
    for flag in range(_STEP):
        gradient[flag] += prior.scale * odds[flag] * wrong[flag]
        gradient[_STEP + flag] += prior.bias * wrong[flag]
    first, second, third = wrong
    for begin, value in traits:
        gradient[begin] += value * first
        gradient[begin + 1] += value * second
        gradient[begin + 2] += value * third
    return _lost(sums, label)
