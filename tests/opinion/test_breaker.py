"""An endpoint that fails is left alone for a minute, and the user hears of it twice: then, and when it is back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from listen.errors import BadAnswer, Gone, PlatformError, RateLimited, Refused, Unreachable
from listen.opinion.breaker import Breaker

DOWN = Unreachable("x is down")


class Watched:
    def __init__(self, *, quiet: bool = False) -> None:
        self.now = 1_000.0
        self.said: list[str] = []
        self.breaker = Breaker(self.said.append, quiet=quiet, clock=lambda: self.now)

    def fails(self, problem: PlatformError = DOWN, times: int = 1) -> None:
        for _ in range(times):
            self.breaker.failed(problem)


def test_three_failures_in_a_row_are_a_minutes_rest() -> None:
    watched = Watched()
    watched.fails(times=2)
    watched.breaker.worked("x")
    watched.fails(times=2)
    assert (watched.breaker.lets(), watched.said) == (True, [])
    watched.fails()
    assert watched.said == ["llm: x is down; the local judge decides alone, next try in 1 min"]
    watched.now += 59
    assert not watched.breaker.lets()


@pytest.mark.parametrize("problem", [Refused("no"), Gone("no"), RateLimited("no")], ids=lambda p: type(p).__name__)
def test_what_the_next_question_cannot_change_is_one_at_once(problem: PlatformError) -> None:
    watched = Watched()
    watched.fails(problem)
    assert not watched.breaker.lets()
    assert len(watched.said) == 1


def test_after_the_rest_one_question_is_let_in_and_its_answer_opens_the_door() -> None:
    watched = Watched()
    watched.fails(times=3)
    watched.now += 60
    assert [watched.breaker.lets() for _ in range(3)] == [True, False, False]
    watched.fails(BadAnswer("odd"))
    watched.now += 59
    assert not watched.breaker.lets()
    watched.now += 1
    assert watched.breaker.lets()
    watched.breaker.gave_up()
    assert watched.breaker.lets()
    watched.breaker.worked("x")
    assert watched.said[1:] == ["llm: x answers again after 2 min"]
    assert [watched.breaker.lets() for _ in range(3)] == [True, True, True]


def test_a_server_that_asks_for_longer_gets_longer() -> None:
    watched = Watched()
    watched.fails(RateLimited("x is rate limited", wait=timedelta(minutes=5)))
    assert watched.said == ["llm: x is rate limited; the local judge decides alone, next try in 5 min"]
    watched.now += 299
    assert not watched.breaker.lets()
    watched.now += 1
    assert watched.breaker.lets()


def test_who_wants_quiet_hears_of_the_trouble_only() -> None:
    watched = Watched(quiet=True)
    watched.fails(times=3)
    watched.now += 60
    assert watched.breaker.lets()
    watched.breaker.worked("x")
    assert len(watched.said) == 1
