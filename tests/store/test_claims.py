"""Who listens to what: claims are respected by those whose topics are heard, as long as their holder lives."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from listen.coverage import Stretch
from listen.process import is_dead, ourselves
from listen.store import Filing, Note, Store, Watch
from tests.store.invented import NOON

KINDLE = Watch((("kindle", "k"),))
BOTH = Watch((("kindle", "k"), ("tolino", "t")))
EDITED = Watch((("kindle", "other"),))
PLACE = ("bluesky", "jetstream")


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as store:
        yield store


def entered(store: Store) -> int:
    return store.enter(ourselves(), NOON)


@pytest.mark.parametrize(
    ("theirs", "ours", "left_to_them"),
    [
        pytest.param(KINDLE, KINDLE, True, id="the same topics"),
        pytest.param(BOTH, KINDLE, True, id="more topics than ours"),
        pytest.param(KINDLE, BOTH, False, id="not all of ours"),
        pytest.param(KINDLE, EDITED, False, id="another query of that name"),
        pytest.param(KINDLE, Watch(), False, id="everything is more than a topic"),
        pytest.param(Watch(), Watch(), True, id="everything"),
    ],
)
def test_a_source_is_left_to_whoever_listens_for_our_topics(
    store: Store, theirs: Watch, ours: Watch, left_to_them: bool
) -> None:
    first, second = entered(store), entered(store)
    assert store.claim(*PLACE, first, theirs) is None
    held = store.claim(*PLACE, second, ours)
    assert (held is not None and held.by.id == first) is left_to_them


def test_a_claim_tells_how_the_source_is_doing_there(store: Store) -> None:
    first, second = entered(store), entered(store)
    store.claim(*PLACE, first, KINDLE)
    store.cover([Filing(platform=PLACE[0], source=PLACE[1], stretches=(Stretch(NOON, NOON + timedelta(1)),))], KINDLE)
    store.note(*PLACE, Note(state="failing", problem="cannot be reached"), NOON, first)
    store.note(*PLACE, Note(state="stopped"), NOON)  # somebody else, for other words
    held = store.claim(*PLACE, second, KINDLE)
    assert held is not None
    assert (held.state, held.problem, held.heard_until) == ("failing", "cannot be reached", NOON + timedelta(1))


def test_claims_are_ones_own_and_of_one_source(store: Store) -> None:
    first, second = entered(store), entered(store)
    assert store.claim(*PLACE, first, KINDLE) is None
    assert store.claim(*PLACE, first, KINDLE) is None
    assert store.claim("bluesky", "search", second, KINDLE) is None
    assert {process.id: places for process, places in store.processes().items()} == {
        first: {PLACE: None},
        second: {("bluesky", "search"): None},
    }


def test_who_leaves_lets_go_of_everything_and_cannot_beat_any_more(store: Store) -> None:
    first, second = entered(store), entered(store)
    store.claim(*PLACE, first, KINDLE)
    assert store.beat(first, NOON)
    store.leave(first)
    assert store.claim(*PLACE, second, KINDLE) is None
    assert not store.beat(first, NOON)


def test_a_process_lives_until_it_ends() -> None:
    us = ourselves()
    assert is_dead(us, us) is False
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        them = replace(us, pid=other.pid, born=born_of(other.pid))
        assert is_dead(them, us) is False
        other.kill()
        while os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT) is None:
            pass
        assert is_dead(them, us) is True, "though nobody has buried it yet"
    assert is_dead(them, us) is True


def test_another_process_with_the_same_number_is_not_the_one_that_died() -> None:
    us = ourselves()
    assert is_dead(replace(us, born="1"), us) is True


def test_a_process_of_another_container_or_without_a_birthday_cannot_be_judged() -> None:
    us = ourselves()
    assert is_dead(replace(us, place="elsewhere"), us) is None
    assert is_dead(replace(us, born=None), us) is None


def born_of(pid: int) -> str | None:
    from listen.process import _born

    return _born(pid)
