"""Learning from labels: the prior, the proof, and what a text is moved by."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.judge import Judge, judge
from listen.judge.adapting import UNMOVED, Adaptation, traits
from listen.judge.descent import least
from listen.judge.fusion import LogOdds
from listen.judge.learning import Lesson, learnt, surprise
from listen.judge.overhearing import Case, lesson
from listen.judge.proof import LABELS, proof
from listen.judge.words import read
from listen.mention import Context
from tests.judge.texts import TABLE

FLAT = LogOdds(-1.0, -2.0, -2.0)
NONE = 3


def heard(text: str, label: int, odds: LogOdds = FLAT, context: LogOdds = UNMOVED) -> Lesson:
    return Lesson(odds, context, traits(read(text)), label)


def moved(adaptation: Adaptation, text: str, odds: LogOdds = FLAT) -> LogOdds:
    return adaptation.moved(odds, read(text))


def test_without_labels_nothing_is_learnt() -> None:
    assert learnt([]) == Adaptation()
    assert moved(Adaptation(), "anything at all") == FLAT


def test_labels_that_the_judge_expects_move_little() -> None:
    surprised = learnt([heard(f"one {at}", NONE, LogOdds(3.0, -5.0, -5.0)) for at in range(20)])
    expected = learnt([heard(f"one {at}", NONE, LogOdds(-5.0, -5.0, -5.0)) for at in range(20)])
    assert abs(expected.biases.complaint) < 0.3 < -surprised.biases.complaint


def test_a_word_that_comes_again_is_learnt_and_one_that_came_once_is_not() -> None:
    texts = [(f"the quarzo number{'x' * at}", 0) for at in range(15)] + [
        (f"the plixo x{'y' * at}", 3) for at in range(15)
    ]
    adaptation = learnt([heard(text, label) for text, label in texts])
    assert moved(adaptation, "quarzo").complaint > moved(adaptation, "plixo").complaint + 0.5
    once = traits(read("number")).keys() - traits(read("^")).keys()
    assert not once.intersection(adaptation.changes)


def test_more_labels_move_further_but_one_moves_hardly() -> None:
    steps = [learnt([heard("quarzo", 0)] * number).biases.complaint for number in (1, 10, 100)]
    assert 0 < steps[0] < steps[1] < steps[2]


def test_what_the_stars_explain_is_not_learnt_again() -> None:
    stars = LogOdds(4.0, 0.0, -4.0)
    with_stars = learnt([heard("meh", 0, context=stars)] * 20).biases.complaint
    without = learnt([heard("meh", 0)] * 20).biases.complaint
    assert abs(with_stars) < without / 2


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([row[3] for row in TABLE]), st.integers(0, 3)), min_size=2, max_size=12))
def test_learning_is_repeatable_and_never_makes_its_own_labels_more_surprising(pairs: list[tuple[str, int]]) -> None:
    lessons = [heard(text, label) for text, label in pairs]
    adaptation = learnt(lessons)
    assert adaptation == learnt(lessons)
    before, after = (sum(surprise(each, how) for each in lessons) for how in (None, adaptation))
    assert after <= before + 1e-6
    assert all(math.isfinite(each) for each in (*adaptation.scales, *adaptation.biases))


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=6))
def test_the_lowest_point_of_a_bowl_is_found(centre: list[float]) -> None:
    def bowl(point: Sequence[float]) -> tuple[float, list[float]]:
        away = [each - middle for each, middle in zip(point, centre, strict=True)]
        weights = range(1, len(away) + 1)
        value = sum(weight * each * each for weight, each in zip(weights, away, strict=True))
        return value, [2 * weight * each for weight, each in zip(weights, away, strict=True)]

    assert least(bowl, [0.0] * len(centre)) == pytest.approx(centre, abs=0.01)


def test_a_rule_that_holds_is_proved_and_noise_is_not() -> None:
    even = LogOdds(0.0, -20.0, -20.0)
    rule = [heard("all quarzo here", 0), heard("all plixo here", NONE)] * 30
    dice = random.Random(1)
    noise = [heard("all the same here", dice.choice((0, NONE)), even) for _ in range(60)]

    def proved(lessons: list[Lesson]) -> bool:
        def judged(at: int, adaptation: Adaptation | None) -> str:
            odds = lessons[at].odds if adaptation is None else adaptation.shifted(lessons[at].odds, lessons[at].traits)
            return "complaint" if odds.complaint > 0 else "none"

        found = proof(lessons, [LABELS[each.label] for each in lessons], judged)
        assert found.n == len(lessons)
        return found.better

    assert proved(rule)
    assert not proved(noise)


def test_what_is_overheard_is_what_the_judge_moves() -> None:
    text = "Mein Lesegerät geht seit dem Update nicht mehr"
    found = lesson(Judge(), Case(text, Context(), "complaint"))
    assert found.traits == traits(read(text))
    assert found.label == 0
    assert found.context == UNMOVED
    assert lesson(Judge(), Case(text, Context(rating=1), "complaint")).context.complaint == pytest.approx(2.5, abs=0.1)


def test_a_competitors_complaint_is_not_unlearnt_because_it_is_an_opportunity() -> None:
    text = "This is the worst service ever, it stopped working and nobody answers, I want my money back"
    odds = lesson(Judge(), Case(text, Context(), "complaint")).odds
    assert odds.complaint > odds.opportunity
    assert lesson(Judge(), Case(text, Context(role="competitor"), "opportunity")).label == 0
    assert lesson(Judge(), Case(text, Context(), "opportunity")).label == 1


def test_an_adapted_judge_says_something_else() -> None:
    text = "Der Reader liegt auf dem Tisch"
    for bias, flag in ((-30.0, "none"), (30.0, "complaint")):
        adapted = Judge(adaptation=Adaptation(biases=LogOdds(bias, -30.0, -30.0)))
        assert adapted(text).flag == flag
    assert Judge(adaptation=Adaptation())(text) == judge(text)
