"""From start to end, the ledger says what was heard of a source and what was not, and the user hears of gaps."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from listen.engine import Engine
from listen.errors import StoreError, Unreachable
from listen.pipeline import Pipeline
from listen.post import CaughtUp, Event, Gap, Mark, Notice
from listen.store import Filing, Note, Store
from listen.watchlist import Topic, Watchlist
from listen.when import CLOCK
from tests.stations import Remembering, Scripted, calm, post

Script = Callable[[str | None], list[Event | Exception]]


class Clock:
    """A clock that is moved by hand and else goes as others do."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Stream(Scripted):
    """As Scripted, but the link stays open after what it says."""

    async def hear(self, cursor, since):  # type: ignore[no-untyped-def]
        async for event in super().hear(cursor, since):
            yield event
        await asyncio.Event().wait()


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


def engine(store: Store, clock: Clock, source: Scripted, output: Remembering | None = None) -> Engine:
    pipeline = Pipeline(Watchlist([Topic(name="kindle", query="#Kindle")]), calm, store, output or Remembering())
    CLOCK.set(clock)
    return Engine({"test": [source]}, pipeline, chance=lambda: 0.0)


def told(store: Store) -> list[tuple[str, str | None]]:
    """What the ledger holds of the source, without the moment at which a single round began."""
    rows = sorted(store.stretches().get(("test", "a"), []), key=lambda one: (one.since, one.until))
    return [(one.kind, one.reason) for one in rows if one.since < one.until]


@contextlib.asynccontextmanager
async def running(engine: Engine):  # type: ignore[no-untyped-def]
    task = asyncio.create_task(engine.run())
    try:
        yield
    finally:
        engine.stop()
        async with asyncio.timeout(10):
            await task


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  nobody can be asked to tell
            await asyncio.sleep(0.02)


async def test_two_runs_with_a_night_between_are_heard_and_caught_up_on(store: Store, clock: Clock) -> None:
    source = Scripted("a", lambda _: [Mark("1")])
    await engine(store, clock, source).run(lasting=timedelta(milliseconds=200))
    clock.ahead = timedelta(hours=9)
    await engine(store, clock, source).run(once=True)
    assert told(store) == [("heard", None), ("filled", "stopped")]


async def test_a_round_that_fails_leaves_the_night_open_and_the_next_one_fills_it(store: Store, clock: Clock) -> None:
    rounds: Iterator[list[Event | Exception]] = iter([[Mark("1")], [Unreachable("x")], [Mark("2")]])
    source = Scripted("a", lambda _: next(rounds))
    for hours in (0, 9, 10):
        clock.ahead = timedelta(hours=hours)
        await engine(store, clock, source).run(once=True)
        assert told(store) == {0: [], 9: [("open", "stopped")], 10: [("filled", "stopped")]}[hours]


async def test_what_the_source_cannot_get_back_stays_lost_within_what_was_filled(store: Store, clock: Clock) -> None:
    now = clock()
    gap = Gap(now - timedelta(hours=8), now - timedelta(hours=7), "a.example keeps seven hours", "retention")
    rounds: Iterator[list[Event | Exception]] = iter([[Mark("1")], [gap, Mark("2")]])
    source = Scripted("a", lambda _: next(rounds))
    clock.ahead = -timedelta(hours=9)
    await engine(store, clock, source).run(once=True)
    clock.ahead = timedelta(0)
    await engine(store, clock, source).run(once=True)
    assert told(store) == [("filled", "stopped"), ("lost", "retention")]


async def test_a_source_that_had_no_time_to_answer_is_not_said_to_be_heard(store: Store, clock: Clock) -> None:
    async with running(engine(store, clock, Stream("a", lambda _: []))):
        await asyncio.sleep(0.1)
    [standing] = store.sources()
    assert (standing.state, standing.last_ok) == ("stopped", None)
    await engine(store, clock, Scripted("a", lambda _: [Mark("1")])).run(once=True)
    [standing] = store.sources()
    assert standing.last_ok is not None


async def test_a_kill_is_told_from_a_stop(store: Store, clock: Clock) -> None:
    await engine(store, clock, Scripted("a", lambda _: [Mark("1")])).run(lasting=timedelta(milliseconds=100))
    store.note("test", "a", Note(state="live"), clock())  # as it stands where nobody could say good-bye
    clock.ahead = timedelta(hours=2)
    await engine(store, clock, Scripted("a", lambda _: [Mark("1")])).run(once=True)
    assert told(store)[-1] == ("filled", "killed")


async def test_a_source_that_hears_nothing_though_it_answers_is_not_heard(store: Store, clock: Clock) -> None:
    source = Scripted("a", lambda _: [Notice("a.example has switched its timelines off", deaf=True)])
    await engine(store, clock, source).run(once=True)
    assert told(store) == [("open", "closed")]


async def test_a_sleep_opens_the_link_anew_and_is_caught_up_on(store: Store, clock: Clock) -> None:
    output = Remembering()
    source = Stream("a", lambda cursor: [post(int(cursor or 0) + 1), Mark(str(int(cursor or 0) + 1)), CaughtUp()])
    async with running(engine(store, clock, source, output)):
        await until(lambda: output.states == ["live"])
        clock.ahead = timedelta(hours=8)
        await until(lambda: len(source.cursors) == 2)
        await until(lambda: output.ids == ["1", "2"])
        await asyncio.sleep(0.1)
    assert source.cursors == [None, "1"]
    assert ("filled", "asleep") in told(store)
    assert output.said[0].startswith("test: caught up on 8 h") or "not heard since" in output.said[0]


async def test_a_clock_that_goes_back_and_forth_leaves_nothing_absurd(store: Store, clock: Clock) -> None:
    output = Remembering()
    source = Stream("a", lambda _: [Mark("1"), CaughtUp()])
    async with running(engine(store, clock, source, output)):
        for hours in (0, 24 * 3650, 0, -30, 5, 0):
            asked = len(source.cursors)
            clock.ahead = timedelta(hours=hours)
            await asyncio.sleep(1.2)
            if hours > 0:
                assert len(source.cursors) == asked + 1
    now = clock() + timedelta(seconds=1)
    for one in store.stretches()[("test", "a")]:
        assert one.since <= one.until <= now
    before = store.begin("test", "a", now, engine(store, clock, source).pipeline.watch)
    assert before.until is not None
    assert now - before.until < timedelta(minutes=2)


async def test_a_full_disk_is_a_gap_until_everything_is_stored(clock: Clock) -> None:
    full = asyncio.Event()

    class Full(Store):
        def apply(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            if full.is_set():
                raise StoreError("listen.db: has no room")
            return super().apply(*args, **kwargs)

        def cover(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            if full.is_set():
                raise StoreError("listen.db: has no room")
            super().cover(*args, **kwargs)

    class Slow(Scripted):
        async def hear(self, cursor, since):  # type: ignore[no-untyped-def]
            for event in (Mark("1"), CaughtUp()):
                yield event
            await talking.wait()
            yield post(1)
            await asyncio.Event().wait()

    talking, output = asyncio.Event(), Remembering()
    with Full.open(":memory:") as store:
        async with running(engine(store, clock, Slow("a", lambda _: []), output)):
            await until(lambda: output.states == ["live"])
            full.set()
            talking.set()
            await until(lambda: output.states == ["failing"])
            clock.ahead = timedelta(seconds=50)
            await asyncio.sleep(0.6)
            full.clear()
            await until(lambda: output.states == ["live"])
        assert output.ids == ["1"]
        assert ("filled", "store") in told(store)


async def test_a_long_gap_is_told_once_and_again_when_it_is_caught_up_on(store: Store, clock: Clock) -> None:
    output = Remembering()
    going = asyncio.Event()

    class Late(Scripted):
        async def hear(self, cursor, since):  # type: ignore[no-untyped-def]
            await going.wait()
            for event in (Mark("1"), CaughtUp()):
                yield event
            await asyncio.Event().wait()

    going.set()
    source = Late("a", lambda _: [])
    await engine(store, clock, source).run(lasting=timedelta(milliseconds=500))
    going.clear()
    clock.ahead = timedelta(hours=9)
    async with running(engine(store, clock, source, output)):
        await until(lambda: len(output.said) == 1)
        going.set()
        await until(lambda: len(output.said) == 2)
    first, second = output.said
    assert first.startswith("test: a not heard since ")
    assert first.endswith("(listen was not running); catching up")
    assert second == "test: caught up on 9 h"


async def test_cron_does_not_tell_each_time_that_it_was_not_running(store: Store, clock: Clock) -> None:
    output = Remembering()
    for hours in (0, 9):
        clock.ahead = timedelta(hours=hours)
        await engine(store, clock, Scripted("a", lambda _: [Mark("1")]), output).run(once=True)
    assert output.said == []


async def test_a_steady_watch_writes_no_row_per_poll(store: Store, clock: Clock) -> None:
    source = Scripted("a", lambda _: [Mark("1")])
    async with running(engine(store, clock, source)):
        await until(lambda: len(source.cursors) > 50)
    assert told(store) == [("heard", None)]


async def test_filings_are_of_sources_that_are_ours(store: Store, clock: Clock) -> None:
    mine = engine(store, clock, Scripted("a", lambda _: [Mark("1")]))
    assert [listener.filing for listener in mine.listeners] == [None]
    await mine.run(once=True)
    assert all(isinstance(listener.filing, Filing | None) for listener in mine.listeners)
