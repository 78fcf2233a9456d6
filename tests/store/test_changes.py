"""Exports that tell what became of the mentions that they have delivered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.care import Marking
from listen.mention import ChangeKind
from listen.post import Deletion
from listen.selection import Selection
from listen.store import Store, Unmatched, Watch
from listen.store.changing import KEPT
from listen.store.selecting import PAGE
from tests.store.invented import NOON, mention, verdict

COMPLAINTS = Selection(only=("complaint",))
EVERYTHING = Selection()
Told = list[tuple[ChangeKind, str]]


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as store:
        store.apply("bluesky", "jetstream", [mention(id=str(number)) for number in range(1, 6)], NOON)
        yield store


def told(store: Store, selection: Selection = EVERYTHING, name: str = "care", *, changes: bool = True) -> Told:
    with store.delivering(name, selection, changes=changes) as pending:
        found = [(change.kind, change.mention.post.id) for change in pending]
        pending.remember()
    return found


def begin(store: Store, selection: Selection = EVERYTHING) -> None:
    told(store, selection)
    assert told(store, selection) == []


def edit(store: Store, id_: str, text: str = "anders", **more: object) -> None:
    store.apply("bluesky", "jetstream", [mention(id=id_, text=text, **more)], NOON)  # type: ignore[arg-type]


def delete(store: Store, id_: str) -> None:
    store.apply("bluesky", "jetstream", [Deletion(platform="bluesky", id=id_)], NOON)


def test_an_edited_a_flagged_and_a_marked_mention_come_again_once(store: Store) -> None:
    begin(store)
    edit(store, "2")
    store.care(["bluesky:3"], Marking(flag="praise"), NOON)
    store.care(["bluesky:1"], Marking(status="answered"), NOON)
    assert told(store) == [("edited", "2"), ("flagged", "3"), ("marked", "1")]
    assert told(store) == []


def test_what_was_judged_anew_comes_again(store: Store) -> None:
    begin(store)
    edit(store, "1", "Mein Lesegerät geht nicht mehr!", verdict=verdict("praise"))
    assert told(store) == [("edited", "1")]


def test_several_changes_are_told_as_the_weightiest_and_in_the_order_of_the_last(store: Store) -> None:
    begin(store)
    edit(store, "2")
    edit(store, "4")
    store.care(["bluesky:2"], Marking(status="done", flag="none"), NOON)
    assert told(store) == [("edited", "4"), ("edited", "2")]
    store.care(["bluesky:2"], Marking(note="later"), NOON)
    assert told(store) == [("marked", "2")], "the edit was told before"


def test_counts_names_and_what_changes_nothing_are_no_change(store: Store) -> None:
    begin(store)
    store.apply("bluesky", "jetstream", [mention(id="1", likes=7, author_name="Anna")], NOON)
    store.care(["bluesky:2"], Marking(status="open"), NOON)
    assert told(store) == []


def test_other_topics_are_a_change(store: Store) -> None:
    begin(store)
    both = mention(id="1", topics=("reader",))
    store.apply("bluesky", "jetstream", [both], NOON, Watch((("reader", "r"),)))
    assert told(store) == [("matched", "1")]


def test_a_deleted_mention_is_told_as_withdrawn_by_id_network_and_topics_alone(store: Store) -> None:
    begin(store)
    delete(store, "3")
    with store.delivering("care", EVERYTHING, changes=True) as pending:
        [change] = pending
        pending.remember()
    assert (change.kind, change.mention.id, change.mention.topics) == ("withdrawn", "bluesky:3", ("kindle",))
    assert (change.mention.post.text, change.mention.post.author, change.mention.post.url) == ("", None, None)
    assert told(store) == []
    assert store._db.execute("SELECT count(*) FROM withdrawal").fetchone() == (0,)


def test_a_mention_that_no_topic_wants_any_more_is_told_as_withdrawn(store: Store) -> None:
    begin(store)
    store.apply("bluesky", "jetstream", [Unmatched("bluesky", "3")], NOON)
    assert told(store) == [("withdrawn", "3")]


def test_nothing_of_a_withdrawn_mention_is_kept_for_exports_that_do_not_ask(store: Store) -> None:
    told(store, changes=False)
    delete(store, "3")
    assert store._db.execute("SELECT count(*) FROM withdrawal").fetchone() == (0,)
    assert told(store, changes=False) == []


def test_a_withdrawn_mention_that_was_never_delivered_is_never_told(store: Store) -> None:
    begin(store, Selection(limit=5))
    store.apply("bluesky", "jetstream", [mention(id="6"), mention(id="7")], NOON)
    delete(store, "6")
    assert told(store) == [("new", "7")]
    assert told(store) == []
    assert store._db.execute("SELECT count(*) FROM withdrawal").fetchone() == (0,)


def test_what_is_withdrawn_while_it_is_written_is_told_the_next_time(store: Store) -> None:
    begin(store)
    store.apply("bluesky", "jetstream", [mention(id="6")], NOON)
    with store.delivering("care", EVERYTHING, changes=True) as pending:
        assert [change.mention.post.id for change in pending] == ["6"]
        delete(store, "6")
        pending.remember()
    assert told(store) == [("withdrawn", "6")]


def test_what_changes_while_it_is_written_is_told_the_next_time(store: Store) -> None:
    begin(store)
    edit(store, "1")
    with store.delivering("care", EVERYTHING, changes=True) as pending:
        assert [change.mention.post.text for change in pending] == ["anders"]
        edit(store, "1", "noch anders")
        pending.remember()
    assert told(store) == [("edited", "1")]


def test_nothing_is_told_before_it_is_remembered(store: Store) -> None:
    begin(store)
    edit(store, "1")
    delete(store, "2")
    for _ in range(2):
        with store.delivering("care", EVERYTHING, changes=True) as pending:
            assert [change.kind for change in pending] == ["withdrawn", "edited"]


def test_changes_count_from_the_first_delivery_that_asks_for_them(store: Store) -> None:
    told(store, changes=False)
    edit(store, "1")
    delete(store, "2")
    assert told(store) == []
    edit(store, "1", "noch anders")
    assert told(store, changes=False) == []
    assert told(store) == [("edited", "1")]


def test_each_name_hears_of_changes_by_itself(store: Store) -> None:
    begin(store)
    told(store, name="other")
    edit(store, "1")
    delete(store, "2")
    assert told(store) == told(store, name="other") == [("withdrawn", "2"), ("edited", "1")]


def test_a_mention_that_was_edited_before_its_first_delivery_is_only_new(store: Store) -> None:
    begin(store)
    store.apply("bluesky", "jetstream", [mention(id="6")], NOON)
    edit(store, "6")
    assert told(store) == [("new", "6")]
    assert told(store) == []


def test_a_mention_that_left_the_filter_is_told_and_one_that_came_into_it_is_new(store: Store) -> None:
    edit(store, "1", verdict=verdict("none"))
    begin(store, COMPLAINTS)
    edit(store, "2", verdict=verdict("praise"))
    edit(store, "1", "kaputt", verdict=verdict("complaint"))
    assert told(store, COMPLAINTS) == [("edited", "2"), ("new", "1")]
    assert told(store, COMPLAINTS) == []


def test_a_limit_counts_all_and_leaves_the_rest_for_the_next_time(store: Store) -> None:
    begin(store)
    delete(store, "1")
    delete(store, "2")
    edit(store, "3")
    edit(store, "4")
    store.apply("bluesky", "jetstream", [mention(id="6")], NOON)
    limited = Selection(limit=2)
    assert [told(store, limited) for _ in range(4)] == [
        [("withdrawn", "1"), ("withdrawn", "2")], [("edited", "3"), ("edited", "4")], [("new", "6")], [],
    ]  # fmt: skip


def test_more_changes_than_a_page_come_each_once(store: Store) -> None:
    count = 2 * PAGE + 3
    store.apply("bluesky", "jetstream", [mention(id=str(number)) for number in range(6, count + 1)], NOON)
    begin(store)
    for number in range(1, count + 1):
        edit(store, str(number))
    assert [id_ for _, id_ in told(store)] == [str(number) for number in range(1, count + 1)]
    assert told(store) == []


def test_a_withdrawal_that_nobody_comes_for_is_forgotten(store: Store) -> None:
    begin(store)
    delete(store, "1")
    store.apply("bluesky", "jetstream", [mention(id="6")], NOON + KEPT + timedelta(seconds=1))
    assert told(store) == [("new", "6")]


def test_a_filtered_export_does_not_walk_again_over_what_it_did_not_want(store: Store) -> None:
    praise = Selection(only=("praise",))
    told(store, praise)
    edit(store, "4", verdict=verdict("praise"))
    statements: list[str] = []
    store._db.set_trace_callback(statements.append)
    assert told(store, praise) == [("new", "4")]
    store._db.set_trace_callback(None)
    [walk] = [sql for sql in statements if "'new', json FROM mention" in " ".join(sql.split())]
    assert "mention.number > 5 " in walk
    [late] = [sql for sql in statements if "CROSS JOIN" in sql]
    plan = [row[3] for row in store._db.execute(f"EXPLAIN QUERY PLAN {late}")]
    assert plan[0].startswith("SEARCH change USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")
    assert not [step for step in plan if step.startswith("SCAN") or "TEMP B-TREE" in step]


def test_an_export_with_an_earlier_since_looks_again_from_the_beginning(store: Store) -> None:
    hour = timedelta(hours=1)
    edit(store, "1", posted_at=NOON - 5 * hour)
    assert len(told(store, Selection(since=NOON - hour))) == 4
    assert told(store, Selection(since=NOON - 9 * hour)) == [("new", "1")]


steps = st.one_of(
    st.tuples(st.just("edit"), st.integers(1, 6), st.sampled_from(["complaint", "praise"])),
    st.tuples(st.just("delete"), st.integers(1, 6), st.none()),
    st.tuples(st.just("export"), st.sampled_from([None, 1, 2]), st.sampled_from([None, "complaint", "praise"])),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(steps, max_size=14))
def test_who_reads_every_delivery_knows_in_the_end_what_the_store_knows(history: list[tuple[str, int, str]]) -> None:
    seen: dict[str, str] = {}
    with Store.open(":memory:") as store:
        told(store)
        for turn, (what, number, flag) in enumerate([*history, ("export", None, None)]):
            if what == "edit":
                edit(store, str(number), f"text {turn}", verdict=verdict(flag))  # type: ignore[arg-type]
            elif what == "delete":
                store.apply("bluesky", "jetstream", [Deletion(platform="bluesky", id=str(number), lasting=False)], NOON)
            else:
                selection = Selection(limit=number, only=() if flag is None else (flag,))  # type: ignore[arg-type]
                with store.delivering("care", selection, changes=True) as pending:
                    for change in pending:
                        if change.kind == "withdrawn":
                            del seen[change.mention.id]
                        else:
                            assert (change.kind == "new") == (change.mention.id not in seen)
                            seen[change.mention.id] = change.mention.post.text
                    pending.remember()
        assert seen == {each.id: each.post.text for _, each in store.mentions(EVERYTHING)}
