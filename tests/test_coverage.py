"""Stretches side by side: what was heard, what was not, and how that is told in few characters."""

import itertools
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from listen.coverage import REASONS, Kind, Stretch, covered, strip, timeline
from tests.stations import NOON

WORST: list[Kind] = ["heard", "filled", "open", "lost"]


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def stretch(begin: float, end: float, kind: Kind = "heard", detail: str = "") -> Stretch:
    return Stretch(at(begin), at(end), kind, None if kind == "heard" else "down", detail)


def told(line: list[Stretch]) -> list[tuple[float, float, str]]:
    return [
        ((one.since - NOON) / timedelta(minutes=1), (one.until - NOON) / timedelta(minutes=1), one.kind) for one in line
    ]


def test_a_lost_hour_within_the_night_that_was_caught_up_on_stays_lost() -> None:
    line = timeline([stretch(0, 10), stretch(10, 100, "filled"), stretch(20, 40, "lost"), stretch(100, 120)])
    assert told(line) == [
        (0, 10, "heard"),
        (10, 20, "filled"),
        (20, 40, "lost"),
        (40, 100, "filled"),
        (100, 120, "heard"),
    ]
    assert covered(line) == [(at(0), at(20)), (at(40), at(120))]


def test_what_nobody_listened_to_is_neither_heard_nor_a_gap() -> None:
    line = timeline([stretch(0, 10), stretch(50, 60)])
    assert told(line) == [(0, 10, "heard"), (50, 60, "heard")]
    assert covered(line) == [(at(0), at(10)), (at(50), at(60))]


def test_only_the_part_that_is_asked_for_is_told() -> None:
    line = timeline([stretch(0, 60), stretch(60, 90, "open")], at(30), at(70))
    assert told(line) == [(30, 60, "heard"), (60, 70, "open")]
    assert timeline([stretch(0, 60)], at(60), at(90)) == []


def test_two_gaps_of_different_reasons_stay_two() -> None:
    line = timeline([stretch(0, 10, "lost", "this"), stretch(10, 20, "lost", "that"), stretch(20, 30, "lost", "that")])
    assert told(line) == [(0, 10, "lost"), (10, 30, "lost")]


def test_a_cell_of_the_strip_is_missing_if_any_of_it_is_and_else_what_most_of_it_was() -> None:
    line = timeline([stretch(0, 40), stretch(40, 70, "filled"), stretch(70, 91), stretch(91, 92, "lost")])
    assert strip(line, at(0), timedelta(minutes=30), 5) == ["heard", "filled", "heard", "lost", None]


def test_every_reason_has_a_sentence() -> None:
    from typing import get_args

    from listen.post import Reason

    assert set(REASONS) == set(get_args(Reason))


stretches = st.builds(
    lambda begin, length, kind: stretch(begin, begin + length, kind),
    st.integers(0, 50), st.integers(0, 30), st.sampled_from(WORST),
)  # fmt: skip


@given(st.lists(stretches, max_size=12), st.integers(0, 80), st.integers(0, 80))
def test_at_every_moment_the_timeline_tells_the_worst_that_is_known(many: list[Stretch], begin: int, end: int) -> None:
    line = timeline(many, at(begin), at(end))
    for one, other in itertools.pairwise(line):
        assert one.since < one.until <= other.since
    for minute in range(80):
        moment = at(minute + 0.5)
        known = [one.kind for one in many if one.since <= moment < one.until] if begin <= minute < end else []
        shown = [one.kind for one in line if one.since <= moment < one.until]
        assert shown == ([max(known, key=WORST.index)] if known else [])
