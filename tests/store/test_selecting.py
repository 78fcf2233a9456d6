"""Selections in SQL, and the ways that every statement takes through the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.care import Marking
from listen.coverage import Stretch
from listen.mention import Care, Flag, Mention, Status, Urgency
from listen.post import Deletion, Gap, Mark
from listen.process import ourselves
from listen.selection import Selection
from listen.store import Extent, Filing, Heard, Note, Store, Unmatched, Watch, Withheld
from listen.store.selecting import PAGE, PAGE_SIZE
from tests.store.invented import NOON, mention, verdict

HOUR = timedelta(hours=1)

flags = st.sampled_from(get_args(Flag))
urgencies = st.sampled_from(get_args(Urgency))
langs = st.sampled_from(["de", "en", "pt"])
statuses = st.sampled_from(get_args(Status))
platforms = st.sampled_from(["bluesky", "mastodon", "feeds"])
topics = st.sampled_from(["kindle", "reader", "a, 'b' OR \"c\" %"])
moments = st.one_of(
    st.integers(-3, 3).map(lambda hours: NOON + hours * HOUR),
    st.just(NOON + timedelta(microseconds=1)),
    st.datetimes(timezones=st.just(UTC)),
)


@st.composite
def mentions(draw: st.DrawFn, id_: int = 0) -> Mention:
    return mention(
        id=str(id_),
        platform=draw(platforms),
        posted_at=draw(st.none() | moments),
        seen_at=draw(moments),
        topics=draw(st.lists(topics, unique=True)),
        verdict=verdict(draw(flags), draw(urgencies), draw(st.none() | langs)),
        care=Care(status=draw(statuses)),
    )


selections = st.builds(
    Selection,
    since=st.none() | moments,
    until=st.none() | moments,
    only=st.lists(flags, max_size=2).map(tuple),
    platforms=st.lists(platforms, max_size=2).map(tuple),
    topics=st.lists(topics, max_size=2).map(tuple),
    langs=st.lists(langs, max_size=2).map(tuple),
    min_urgency=urgencies,
    statuses=st.lists(statuses, max_size=2).map(tuple),
    limit=st.none() | st.integers(0, 5),
)
many = st.integers(0, 12).flatmap(lambda size: st.tuples(*(mentions(number) for number in range(size))))


@settings(max_examples=200, deadline=None)
@given(many, st.lists(selections, min_size=1, max_size=8), st.integers(0, 5))
def test_the_store_selects_what_the_selection_accepts(
    written: tuple[Mention, ...], chosen: list[Selection], after: int
) -> None:
    with Store.open(":memory:") as store:
        store.apply("bluesky", "jetstream", written, NOON)
        for selection in chosen:
            accepted = [
                (at, each) for at, each in enumerate(written, start=1) if at > after and selection.accepts(each)
            ]
            assert list(store.mentions(selection, after=after)) == accepted[: selection.limit]


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as store:
        yield store


def fill(store: Store, count: int, start: int = 0) -> None:
    written = [mention(id=str(number), posted_at=NOON + number * HOUR / 60) for number in range(start, start + count)]
    store.apply("bluesky", "jetstream", written, NOON)


@pytest.mark.parametrize("count", [0, 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE])
def test_every_mention_comes_once_however_many_pages_there_are(store: Store, count: int) -> None:
    fill(store, count)
    assert [number for number, _ in store.mentions(Selection())] == list(range(1, count + 1))


@pytest.mark.parametrize("limit", [1, PAGE, PAGE + 1])
def test_a_limit_ends_the_walk(store: Store, limit: int) -> None:
    fill(store, 2 * PAGE)
    assert len(list(store.mentions(Selection(limit=limit)))) == limit


def test_others_may_write_while_mentions_are_read(store: Store) -> None:
    fill(store, PAGE + 10)
    walk = store.mentions(Selection())
    next(walk)
    fill(store, 5, start=PAGE + 10)
    store.apply("bluesky", "jetstream", [Deletion(platform="bluesky", id=str(PAGE + 1))], NOON)
    rest = [number for number, _ in walk]
    assert len(rest) == PAGE + 8, "what is withdrawn meanwhile is missing, what is new meanwhile is for the next time"


def test_a_page_of_huge_posts_is_cut_by_its_size(store: Store) -> None:
    huge = [mention(id=str(number), text="x" * (PAGE_SIZE // 3)) for number in range(8)]
    store.apply("bluesky", "jetstream", huge, NOON)
    sizes: list[str] = []
    store._db.set_trace_callback(sizes.append)
    assert len(list(store.mentions(Selection()))) == 8
    assert len([sql for sql in sizes if "json" in sql]) == 3


def test_no_statement_reads_a_table_from_end_to_end(tmp_path: Path) -> None:
    statements: set[str] = set()
    with Store.open(tmp_path / "listen.db") as store:
        store._db.set_trace_callback(statements.add)
        everything_the_program_asks(store)
        store._db.set_trace_callback(None)
        plans = {sql: [row[3] for row in store._db.execute(f"EXPLAIN QUERY PLAN {sql}")] for sql in asked(statements)}
    steps = [(sql, step) for sql, plan in plans.items() for step in plan]
    scans = {sql: step for sql, step in steps if step.startswith("SCAN") and step != "SCAN CONSTANT ROW"}
    assert len(plans) > 20
    assert not {sql: step for sql, step in scans.items() if not listing(sql)}
    walks = [plan for sql, plan in plans.items() if "JOIN content" in sql and "LIMIT" in sql]
    assert walks
    assert all(re.match("SEARCH (mention|change|withdrawal) USING (INTEGER )?PRIMARY KEY", plan[0]) for plan in walks)
    assert not [sql for sql, plan in plans.items() if "TEMP B-TREE" in str(plan) and " stretch" not in sql]


def test_removing_a_mention_finds_what_belongs_to_it_through_an_index(store: Store) -> None:
    for table in ("content", "topic", "sighting"):
        [plan] = store._db.execute(f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE number = 1")
        assert plan[3].startswith("SEARCH")


def everything_the_program_asks(store: Store) -> None:
    one = mention(author_id="x", instance="a", ref="r", likes=1)
    events: list[Heard] = [one, mention(likes=2), mention(text="anders", topics=["reader"]), mention(id="2"), Mark("1")]
    store.apply("bluesky", "jetstream", [*events, Gap(NOON, NOON + HOUR, "why")], NOON)
    for selection in (
        Selection(),
        Selection(since=NOON),
        Selection(until=NOON + HOUR),
        Selection(only=("complaint",), platforms=("bluesky",), langs=("de",), statuses=("open",), min_urgency="high"),
        Selection(
            since=NOON - HOUR, until=datetime.max.replace(tzinfo=UTC), topics=("reader",), only=("complaint", "none")
        ),
    ):
        list(store.mentions(selection))
    store.find("bluesky:1")
    watch = Watch((("kindle", "k"), ("reader", "r")))
    store.apply("bluesky", "jetstream", [Mark("2"), Mark("3")], NOON, watch)
    store.cursor("bluesky", "jetstream")
    store.cursor("bluesky", "jetstream", watch)
    store.note("bluesky", "jetstream", Note(state="live"), NOON)
    store.note("bluesky", "jetstream", Note(state="failing", problem="why"), NOON)
    for selection in (Selection(only=("praise",)), Selection(only=("praise",)), Selection()):
        with store.delivering("care", selection, changes=True) as pending:
            list(pending)
            pending.remember(Extent("new.csv", 9, "tail"))
    store.care(["bluesky:1"], Marking(status="done"), NOON)
    store.apply("bluesky", "jetstream", [Deletion(platform="bluesky", id="2"), mention(id="2")], NOON)
    with store.delivering("care", Selection(only=("praise",)), changes=True) as pending:
        list(pending)
    store.append(Extent("new.csv", 9, "tail", writing=True))
    store.appended("new.csv")
    store.count()
    store.sources()
    store.stretches(NOON, NOON + HOUR, ["kindle"])
    store.begin("bluesky", "jetstream", NOON, watch)
    told = (Stretch(NOON, NOON + HOUR), Stretch(NOON, NOON, "filled", "down"), Stretch(NOON, NOON, "open", "down"))
    store.cover([Filing(platform="bluesky", source="jetstream", stretches=told, cut_at=NOON)], watch)
    process = store.enter(ourselves(), NOON)
    store.claim("bluesky", "jetstream", process, watch)
    store.note("bluesky", "jetstream", Note(state="live"), NOON, process)
    store.beat(process, NOON)
    store.processes()
    store.leave(process)
    store.newest()
    gone: list[Heard] = [
        Deletion(platform="bluesky", instance="a", ref="r"),
        Deletion(platform="bluesky", author_id="x"),
    ]
    store.apply("bluesky", "jetstream", [Unmatched("bluesky", "2"), *gone, one], NOON)
    store.apply("bluesky", "jetstream", [mention(id="3"), mention(id="4"), Withheld("bluesky", "4", "nobot")], NOON)
    store.care(["bluesky:3"], Marking(status="done"), NOON, "anna")
    store.history("bluesky:3")
    store.aged(NOON + HOUR, store.aged(NOON + HOUR)[0])
    list(store.bylines())
    list(store.holding(["x"]))
    store.orphan([number for number, _ in store.bylines()])
    store.erase([number for number, _ in store.bylines()], "forget", NOON)
    store.refuse("bluesky", ["x", "anna"], NOON)
    store.audit()
    store.withheld()
    store.refused()
    store.salt()
    store.exposure()
    store.apply("bluesky", "jetstream", [Mark("4")], NOON + timedelta(days=100))


def asked(statements: set[str]) -> set[str]:
    return {sql for sql in statements if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)", sql)}


def listing(sql: str) -> bool:
    """Statements that mean all rows: of few, or for counting them."""
    return bool(
        re.search(
            r"FROM (source|stretch|process|claim|watch|erasure|withheld|export|forgotten)\b|JOIN export\b|count\(\*\)"
            r"|FROM withdrawal WHERE platform",
            sql,
        )
    )
