"""How sources stand: cursors and problems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from listen.post import Mark
from listen.store import Heard, Note, Store
from tests.store.invented import NOON, mention

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as store:
        yield store


def heard(store: Store, *events: Heard) -> None:
    store.apply("bluesky", "jetstream", events, NOON)


def test_the_last_mark_of_a_batch_counts_and_each_source_has_its_own(store: Store) -> None:
    assert store.cursor("bluesky", "jetstream") is None
    heard(store, Mark("1"), mention(), Mark("2"))
    store.apply("bluesky", "search", [Mark("9")], NOON)
    assert store.cursor("bluesky", "jetstream") == "2"
    assert store.cursor("bluesky", "search") == "9"
    assert store.cursor("mastodon", "jetstream") is None


def test_the_store_knows_how_each_source_stands(store: Store) -> None:
    store.note("bluesky", "jetstream", Note(state="live"), NOON)
    store.note("bluesky", "jetstream", Note(state="failing", problem="no connection"), LATER)
    store.apply("mastodon", "chaos.social/kindle", [Mark("7")], LATER)
    first, second = store.sources()
    assert (first.platform, first.source, first.state, first.cursor) == ("bluesky", "jetstream", "failing", None)
    assert (first.last_ok, first.problem, first.problem_at) == (NOON, "no connection", LATER)
    assert (second.cursor, second.marked_at, second.state, second.last_ok) == ("7", LATER, None, None)


def test_the_last_problem_is_remembered_when_it_is_over(store: Store) -> None:
    store.note("bluesky", "jetstream", Note(state="failing", problem="no connection"), NOON)
    store.note("bluesky", "jetstream", Note(state="live"), LATER)
    [standing] = store.sources()
    assert (standing.state, standing.last_ok, standing.problem, standing.problem_at) == (
        "live",
        LATER,
        "no connection",
        NOON,
    )


def test_what_was_spent_goes_after_a_month(store: Store) -> None:
    for day in (100, 101, 131):
        assert store.spend("x", day, 9) == 1
    assert [store.spent("x", day) for day in (100, 101, 131)] == [1, 1, 1]
    store.spend("x", 132, 9)
    assert [store.spent("x", day) for day in (100, 101, 131)] == [0, 1, 1]
