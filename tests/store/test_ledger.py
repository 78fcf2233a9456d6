"""How sources stand: cursors, gaps and problems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from listen.post import Gap, Mark
from listen.store import Heard, Missed, Store
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


def test_a_gap_is_filed_once_even_when_it_is_told_again_and_grows(store: Store) -> None:
    heard(store, Gap(NOON, LATER, "the server keeps one hour"))
    heard(store, Gap(NOON, LATER, "the server keeps one hour"), Gap(NOON, LATER, "page limit"))
    heard(store, Gap(NOON, LATER + timedelta(hours=1), "the server keeps one hour"))
    heard(store, Gap(NOON, LATER, "the server keeps one hour"))
    assert store.gaps() == [
        Missed("bluesky", "jetstream", Gap(NOON, LATER, "page limit")),
        Missed("bluesky", "jetstream", Gap(NOON, LATER + timedelta(hours=1), "the server keeps one hour")),
    ]


def test_gaps_are_asked_for_by_the_time_they_touch(store: Store) -> None:
    hours = [NOON + timedelta(hours=number) for number in range(6)]
    gaps = [Gap(hours[0], hours[1], "a"), Gap(hours[2], hours[3], "b"), Gap(hours[4], hours[5], "c")]
    heard(store, *gaps)
    assert [known.gap.why for known in store.gaps(since=hours[1], until=hours[4])] == ["b"]
    assert [known.gap.why for known in store.gaps(until=hours[3])] == ["a", "b"]
    assert [known.gap.why for known in store.gaps(since=hours[2])] == ["b", "c"]


def test_the_store_knows_how_each_source_stands(store: Store) -> None:
    store.note("bluesky", "jetstream", "live", None, NOON)
    store.note("bluesky", "jetstream", "failing", "no connection", LATER)
    store.apply("mastodon", "chaos.social/kindle", [Mark("7")], LATER)
    first, second = store.sources()
    assert (first.platform, first.source, first.state, first.cursor) == ("bluesky", "jetstream", "failing", None)
    assert (first.last_ok, first.problem, first.problem_at) == (NOON, "no connection", LATER)
    assert (second.cursor, second.marked_at, second.state, second.last_ok) == ("7", LATER, None, None)


def test_the_last_problem_is_remembered_when_it_is_over(store: Store) -> None:
    store.note("bluesky", "jetstream", "failing", "no connection", NOON)
    store.note("bluesky", "jetstream", "live", None, LATER)
    [standing] = store.sources()
    assert (standing.state, standing.last_ok, standing.problem, standing.problem_at) == (
        "live",
        LATER,
        "no connection",
        NOON,
    )
