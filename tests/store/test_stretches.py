"""The coverage ledger keeps few rows, tells no absurdities, and belongs to topics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from listen.coverage import Stretch
from listen.post import Gap, Mark
from listen.store import Filing, Note, Store, Watch
from tests.store.invented import NOON

HOUR = timedelta(hours=1)
KINDLE = Watch((("kindle", "k"),))
BOTH = Watch((("kindle", "k2"), ("tolino", "t")))
TOLINO = Watch((("tolino", "t"),))
PLACE = ("bluesky", "jetstream")


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as store:
        yield store


def cover(store: Store, *stretches: Stretch, watch: Watch = KINDLE, cut_at: float | None = None) -> None:
    cut = None if cut_at is None else NOON + cut_at * HOUR
    store.cover([Filing(platform="bluesky", source="jetstream", stretches=stretches, cut_at=cut)], watch)


def heard(begin: float, end: float) -> Stretch:
    return Stretch(NOON + begin * HOUR, NOON + end * HOUR)


def gap(begin: float, end: float, kind: str = "open", reason: str = "down") -> Stretch:
    return Stretch(NOON + begin * HOUR, NOON + end * HOUR, kind, reason)  # type: ignore[arg-type]


def told(store: Store, *topics: str) -> list[tuple[float, float, str]]:
    rows = store.stretches(topics=topics).get(PLACE, [])
    return sorted(((row.since - NOON) / HOUR, (row.until - NOON) / HOUR, row.kind) for row in rows)


def test_a_source_that_is_steadily_heard_is_one_row_that_grows(store: Store) -> None:
    for minute in range(600):
        cover(store, heard(0, minute / 60))
    assert told(store) == [(0, 599 / 60, "heard")]


def test_a_gap_is_one_row_that_grows_and_is_filled(store: Store) -> None:
    for hours in (1, 2, 3):
        cover(store, heard(0, 0.5), gap(0.5, hours))
    assert told(store) == [(0, 0.5, "heard"), (0.5, 3, "open")]
    cover(store, heard(0, 0.5), gap(0.5, 4, "filled"), heard(4, 5))
    assert told(store) == [(0, 0.5, "heard"), (0.5, 4, "filled"), (4, 5, "heard")]


def test_a_day_of_cron_rounds_is_one_row(store: Store) -> None:
    cover(store, heard(0, 0))
    for number in range(144):
        end = (number + 1) / 6
        cover(store, gap(number / 6, end, "filled", "stopped"), heard(end, end))
    assert told(store) == [(0, 0, "heard"), (0, 24, "filled")]


def test_a_new_run_learns_up_to_where_the_source_was_heard_and_takes_over_its_row(store: Store) -> None:
    cover(store, heard(-3, -2), gap(-2, -1.5, "filled"), heard(-1.5, -1))
    before = store.begin(*PLACE, NOON, KINDLE)
    assert (before.since, before.until, before.reason) == (NOON - 1.5 * HOUR, NOON - HOUR, None)
    assert not before.ended


def test_a_new_run_learns_why_the_last_one_ended(store: Store) -> None:
    cover(store, heard(-3, -2), gap(-2, -1, "open", "rate limited"))
    store.note(*PLACE, Note(state="stopped"), NOON)
    before = store.begin(*PLACE, NOON, KINDLE)
    assert (before.until, before.reason, before.ended) == (NOON - 2 * HOUR, "rate limited", True)
    assert told(store) == [(-3, -2, "heard")], "whoever begins tells the gap anew"


def test_a_source_that_was_never_heard_has_no_past(store: Store) -> None:
    before = store.begin(*PLACE, NOON, KINDLE)
    assert (before.since, before.until, before.reason) == (None, None, None)


def test_watches_that_share_a_topic_share_their_past(store: Store) -> None:
    cover(store, heard(-3, -1), watch=KINDLE)
    assert store.begin(*PLACE, NOON, BOTH).until == NOON - HOUR, "an edited query and an added topic"
    assert store.begin(*PLACE, NOON, TOLINO).until is None
    assert told(store, "kindle") == [(-3, -1, "heard")]
    assert told(store, "tolino") == []


def test_what_lies_in_the_future_is_not_believed_and_neither_is_as_much_of_the_past(store: Store) -> None:
    cover(store, heard(-10, -5), heard(-4, 1), gap(2, 3, "filled"), heard(3, 80_000))
    assert store.begin(*PLACE, NOON, KINDLE).until == NOON - HOUR
    assert told(store) == [(-10, -5, "heard"), (-4, -1, "heard")]


def test_a_clock_that_is_set_back_cuts_what_was_filed(store: Store) -> None:
    cover(store, heard(0, 10))
    cover(store, heard(0, 3), cut_at=3)
    assert told(store) == [(0, 3, "heard")]


def test_a_lost_gap_stays_whatever_the_clock_does_but_never_reaches_into_the_future(store: Store) -> None:
    lost = [Gap(NOON - HOUR, NOON, "a"), Gap(NOON, NOON - HOUR, "b"), Gap(NOON, NOON + 9999 * HOUR, "c")]
    store.apply(*PLACE, [*lost, Mark("1")], NOON, KINDLE)
    store.begin(*PLACE, NOON - 5 * HOUR, KINDLE)
    assert told(store) == [(-1, -1, "lost"), (-1, 0, "lost"), (0, 0, "lost")]


def test_a_gap_is_filed_once_even_when_it_is_told_again_and_grows(store: Store) -> None:
    for until in (1, 2, 1):
        store.apply(*PLACE, [Gap(NOON, NOON + until * HOUR, "keeps one hour", "retention")], NOON + 3 * HOUR, KINDLE)
    store.apply(*PLACE, [Gap(NOON, NOON + HOUR, "page limit")], NOON + 3 * HOUR, KINDLE)
    assert told(store) == [(0, 1, "lost"), (0, 2, "lost")]


def test_a_gap_goes_with_its_mark_or_not_at_all(store: Store) -> None:
    with pytest.raises(AttributeError):
        store.apply(*PLACE, [Gap(NOON, NOON, "x"), Mark(None)], NOON, KINDLE)  # type: ignore[arg-type]
    assert told(store) == []


def test_stretches_are_asked_for_by_the_time_they_touch(store: Store) -> None:
    cover(store, heard(0, 1), heard(2, 3), heard(4, 5))
    found = store.stretches(NOON + HOUR, NOON + 4 * HOUR)[PLACE]
    assert [(row.since - NOON) / HOUR for row in found] == [2]


def test_old_rows_go_but_what_was_lost_is_told_for_ever(store: Store) -> None:
    cover(store, heard(-24 * 500, -24 * 450), heard(-1, 0))
    store.apply(*PLACE, [Gap(NOON - 24 * 500 * HOUR, NOON - 24 * 499 * HOUR, "x")], NOON, KINDLE)
    store.begin(*PLACE, NOON, KINDLE)
    assert [kind for *_, kind in told(store)] == ["lost", "heard"]
