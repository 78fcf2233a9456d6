"""Exports that deliver only what they have not delivered yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from listen.mention import Flag, Match
from listen.post import Deletion
from listen.selection import Selection
from listen.store import Store
from listen.store.selecting import PAGE
from tests.store.invented import NOON, mention, verdict

COMPLAINTS = Selection(only=("complaint",))
EVERYTHING = Selection()


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as store:
        yield store


def fill(store: Store, flags: Sequence[Flag], start: int = 1) -> None:
    """Mentions with the numbers from `start` on, where nothing was before."""
    said = [mention(id=str(at), verdict=verdict(flag)) for at, flag in enumerate(flags, start)]
    store.apply("bluesky", "jetstream", said, NOON)


def exported(store: Store, selection: Selection = EVERYTHING, name: str = "care") -> list[int]:
    """Deliver what there is; the numbers of the mentions, whose ids are the same here."""
    with store.delivering(name, selection) as pending:
        ids = [int(change.mention.post.id) for change in pending]
        pending.remember()
    return ids


def looked_at(store: Store, selection: Selection = EVERYTHING) -> list[int]:
    """What would be delivered."""
    with store.delivering("care", selection) as pending:
        return [int(change.mention.post.id) for change in pending]


def deliver(store: Store, *numbers: int) -> None:
    """Deliver these mentions, as far as there are any and they were not delivered before, by a topic of their own."""
    for number in numbers:
        if (known := store.find(f"bluesky:{number}")) is not None:
            store.apply("bluesky", "jetstream", [replace(known, matches=(*known.matches, Match("now", ())))], NOON)
    with store.delivering("care", Selection(topics=("now",))) as pending:
        assert len(list(pending)) <= len(numbers)
        pending.remember()


def floor(store: Store) -> int:
    number: int = store._db.execute("SELECT floor FROM export").fetchone()[0]
    return number


def above(store: Store) -> list[int]:
    return [number for (number,) in store._db.execute("SELECT number FROM delivered ORDER BY number")]


def test_an_export_delivers_each_mention_once_and_each_name_has_its_own(store: Store) -> None:
    fill(store, ["complaint", "praise"])
    assert exported(store) == [1, 2]
    assert exported(store) == []
    fill(store, ["none"], start=3)
    assert exported(store) == [3]
    assert exported(store, name="other") == [1, 2, 3]


def test_a_filtered_export_delivers_late_what_it_had_skipped(store: Store) -> None:
    fill(store, ["none", "complaint", "praise", "complaint"])
    assert exported(store, COMPLAINTS) == [2, 4]
    assert exported(store) == [1, 3]
    assert exported(store) == []


def test_a_skipped_mention_that_becomes_a_complaint_by_an_edit_is_delivered(store: Store) -> None:
    fill(store, ["none", "complaint"])
    assert exported(store, COMPLAINTS) == [2]
    store.apply("bluesky", "jetstream", [mention(id="1", text="kaputt", verdict=verdict("complaint"))], NOON)
    assert exported(store, COMPLAINTS) == [1]


def test_an_edit_of_a_delivered_mention_is_not_delivered_again(store: Store) -> None:
    fill(store, ["complaint"])
    assert exported(store) == [1]
    store.apply("bluesky", "jetstream", [mention(id="1", text="doch nicht")], NOON)
    assert exported(store) == []


def test_a_limit_leaves_the_rest_for_the_next_time(store: Store) -> None:
    fill(store, ["complaint"] * (PAGE + 5))
    assert exported(store, Selection(limit=PAGE + 1)) == list(range(1, PAGE + 2))
    assert exported(store, Selection(limit=PAGE + 1)) == list(range(PAGE + 2, PAGE + 6))


def test_looking_alone_delivers_nothing(store: Store) -> None:
    fill(store, ["complaint"])
    assert looked_at(store) == [1]
    assert looked_at(store) == [1]
    assert exported(store) == [1]


def test_what_is_delivered_twice_changes_nothing(store: Store) -> None:
    fill(store, ["complaint"] * 4)
    for numbers in ([2, 4], [4, 2], [1], [2], [2, 1]):
        deliver(store, *numbers)
    assert (floor(store), above(store)) == (2, [4])
    assert exported(store) == [3]


def test_everything_delivered_needs_no_rows(store: Store) -> None:
    fill(store, ["complaint"] * 5)
    deliver(store, 2, 3, 5)
    assert (floor(store), above(store)) == (0, [2, 3, 5])
    deliver(store, 1)
    assert (floor(store), above(store)) == (3, [5])
    deliver(store, 4)
    assert (floor(store), above(store)) == (5, [])


def test_withdrawn_mentions_do_not_hold_the_floor_down(store: Store) -> None:
    fill(store, ["complaint"] * 4)
    deliver(store, 2, 3)
    gone = [Deletion(platform="bluesky", id=id_) for id_ in ("1", "3")]
    store.apply("bluesky", "jetstream", gone, NOON)
    deliver(store, 4)
    assert (floor(store), above(store)) == (4, [])


def test_a_new_row_out_of_many_is_found_from_the_floor_on_through_indexes(store: Store) -> None:
    fill(store, ["complaint"] * 1_000)
    exported(store)
    fill(store, ["complaint"], start=1_001)
    statements: list[str] = []
    store._db.set_trace_callback(statements.append)
    assert exported(store) == [1_001]
    store._db.set_trace_callback(None)
    walks = [sql for sql in statements if "FROM mention" in sql and "number > " in sql]
    assert len(walks) == 2, "one to read, one to raise the floor"
    assert all("number > 1000" in sql for sql in walks), "what is delivered is not walked over again"
    for sql in walks:
        plan = [row[3] for row in store._db.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert plan[0].startswith("SEARCH mention USING INTEGER PRIMARY KEY (rowid>?")
        assert "SEARCH delivered USING PRIMARY KEY (export=? AND number=?)" in plan
        assert not [step for step in plan if step.startswith("SCAN") or "TEMP B-TREE" in step]


numbers = st.lists(st.integers(1, 14), max_size=6)
steps = st.one_of(numbers, st.integers(1, 12).map(str))


@settings(max_examples=200, deadline=None)
@given(st.lists(steps, max_size=8))
def test_an_export_yields_what_is_there_and_was_never_delivered(history: list[list[int] | str]) -> None:
    delivered: set[int] = set()
    there = set(range(1, 13))
    with Store.open(":memory:") as store:
        fill(store, ["complaint"] * 12)
        for step in history:
            if isinstance(step, str):
                store.apply("bluesky", "jetstream", [Deletion(platform="bluesky", id=step)], NOON)
                there.discard(int(step))
            else:
                deliver(store, *step)
                delivered.update(there.intersection(step))
            assert looked_at(store) == sorted(there - delivered)
