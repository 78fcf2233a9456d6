"""When a source that failed is asked again."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.engine.backoff import LONGEST, wait_after
from listen.errors import BadAnswer, Gone, RateLimited, Refused, Unreachable


@given(failures=st.integers(1, 10_000), chance=st.floats(0, 1))
@settings(deadline=None)
def test_waits_grow_but_never_beyond_the_longest(failures: int, chance: float) -> None:
    assert timedelta(seconds=0.5) <= wait_after(Unreachable("x"), failures, lambda: chance) <= LONGEST


def test_the_wait_doubles_with_each_failure() -> None:
    waits = [wait_after(Unreachable("x"), failures, lambda: 1.0).total_seconds() for failures in range(1, 6)]
    assert waits == [1, 2, 4, 8, 16]


@pytest.mark.parametrize(
    ("problem", "least"),
    [
        (RateLimited("x"), timedelta(minutes=1)),
        (BadAnswer("x"), timedelta(seconds=30)),
        (Refused("x"), timedelta(minutes=15)),
        (Gone("x"), timedelta(hours=1)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_some_failures_are_not_tried_again_soon(problem: Exception, least: timedelta) -> None:
    assert wait_after(problem, 1, lambda: 0.0) >= least  # type: ignore[arg-type]


def test_what_the_server_asks_for_counts_and_clients_do_not_come_back_together() -> None:
    problem = RateLimited("x", wait=timedelta(seconds=7))
    waits = {wait_after(problem, 1, iter([chance]).__next__) for chance in (0.0, 0.5, 1.0)}
    assert min(waits) == timedelta(seconds=7)
    assert len(waits) == 3


def test_a_server_that_asks_for_no_wait_at_all_still_gets_one() -> None:
    assert wait_after(RateLimited("x", wait=timedelta(0)), 1, lambda: 0.0) >= timedelta(seconds=1)
