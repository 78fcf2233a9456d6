"""Precision, recall, F1, AUC against what they are by definition."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listen.figures import Scorebook, area

FLAGS = ("complaint", "praise", "none")
ENTRIES = st.lists(st.tuples(st.sampled_from(FLAGS), st.sampled_from(FLAGS), st.sampled_from((0.0, 0.25, 0.5, 1.0))))


def book(entries: list[tuple[str, str, float]]) -> Scorebook:
    made = Scorebook(FLAGS)
    for said, judged, score in entries:
        made.enter(said, judged, dict.fromkeys(FLAGS, score))
    return made


@given(ENTRIES)
def test_figures_are_what_their_definitions_say(entries: list[tuple[str, str, float]]) -> None:
    figures = book(entries).figures()
    assert figures.n == len(entries)
    for flag in FLAGS:
        hits = sum(said == judged == flag for said, judged, _ in entries)
        said_n = sum(said == flag for said, _, _ in entries)
        judged_n = sum(judged == flag for _, judged, _ in entries)
        each = figures.per_flag[flag]
        assert each.n == said_n
        assert each.precision == (pytest.approx(hits / judged_n, abs=1e-4) if judged_n else None)
        assert each.recall == (pytest.approx(hits / said_n, abs=1e-4) if said_n else None)
        assert each.f1 == (pytest.approx(2 * hits / (said_n + judged_n), abs=1e-4) if said_n + judged_n else None)
        pairs = [
            (high > low) + (high == low) / 2
            for (one, _, high), (other, _, low) in product(entries, entries)
            if one == flag != other
        ]
        assert each.auc == (pytest.approx(sum(pairs) / len(pairs), abs=1e-4) if pairs else None)


@given(ENTRIES, ENTRIES)
def test_books_add_up(one: list[tuple[str, str, float]], other: list[tuple[str, str, float]]) -> None:
    whole = book(one)
    whole.add(book(other))
    assert whole.figures() == book(one + other).figures()
    assert whole.confusion() == book(one + other).confusion()


def test_macro_f1_is_the_mean_over_the_labels_that_are_there() -> None:
    figures = book([("complaint", "complaint", 1.0), ("none", "praise", 0.0)]).figures()
    assert (figures.macro_f1, figures.accuracy) == (0.5, 0.5)
    assert book([]).figures().macro_f1 is None


def test_the_area_of_a_perfect_and_a_useless_ranking() -> None:
    assert area([0.1, 0.2, 0.8, 0.9], [False, False, True, True]) == 1.0
    assert area([0.5, 0.5], [False, True]) == 0.5
    assert area([0.5], [True]) is None
