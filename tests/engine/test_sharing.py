"""A holder is believed as long as it beats, by the clock of whoever looks."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from listen.engine.announcer import Announcer
from listen.engine.listener import Listener, Setting
from listen.engine.sharing import STALE, Sharing
from listen.errors import Unreachable
from listen.pipeline import Pipeline
from listen.post import Mark
from listen.process import ourselves
from listen.store import Store, Watch
from listen.watchlist import Topic, Watchlist
from tests.stations import NOON, Remembering, Scripted, calm

KINDLE = Watch((("kindle", "k"),))


class Elapsed:
    """Seconds that pass only when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_a_holder_that_cannot_be_seen_is_dead_when_it_has_not_beaten_for_a_while() -> None:
    with Store.open(":memory:") as store:
        far = store.enter(replace(ourselves(), place="another container"), NOON)
        store.claim("test", "a", far, KINDLE)
        elapsed = Elapsed()
        here = Sharing(store, KINDLE, elapsed)
        assert await here.holder("test", "a") is not None
        elapsed.seconds += STALE - 1
        store.beat(far, NOON)
        assert await here.holder("test", "a") is not None
        elapsed.seconds += STALE - 1
        assert await here.holder("test", "a") is not None
        elapsed.seconds += 2
        assert await here.holder("test", "a") is None
        assert not store.beat(far, NOON), "it is told that it lost everything"


async def test_a_wrong_time_of_day_kills_nobody() -> None:
    with Store.open(":memory:") as store:
        far = store.enter(replace(ourselves(), place="another container"), NOON.replace(year=2036))
        store.claim("test", "a", far, KINDLE)
        assert await Sharing(store, KINDLE).holder("test", "a") is not None


async def test_a_dead_holder_of_this_machine_is_found_out_at_once() -> None:
    with Store.open(":memory:") as store:
        dead = store.enter(replace(ourselves(), born="1"), NOON)
        store.claim("test", "a", dead, KINDLE)
        assert await Sharing(store, KINDLE).holder("test", "a") is None


async def test_whoever_lost_its_claims_finds_out_at_the_next_beat_and_has_to_ask_again(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        one, other = Sharing(store, KINDLE), Sharing(store, KINDLE)
        assert await one.holder("test", "a") is None
        assert await one.beat()
        (process,) = store.processes()
        store.leave(process.id)
        assert await other.holder("test", "a") is None
        assert not await one.beat()
        assert await one.holder("test", "a") is not None


def listener(store: Store, source: Scripted, output: Remembering, patience: float = 60.0) -> tuple[Listener, Sharing]:
    pipeline = Pipeline(Watchlist([Topic(name="kindle", query="#Kindle")]), calm, store, output)
    sharing = Sharing(store, pipeline.watch)
    announcer = Announcer(output.say, settle=0)
    setting = Setting(pipeline=pipeline, announcer=announcer, sharing=sharing, chance=lambda: 0.0, patience=patience)
    return Listener("test", source, setting), sharing


async def reached(listener: Listener, state: str) -> None:
    async with asyncio.timeout(10):
        while listener.health.state != state:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_one_round_waits_for_a_holder_that_catches_up_and_says_so_if_it_does_not() -> None:
    output = Remembering()
    with Store.open(":memory:") as store:
        ours, _ = listener(store, Scripted("a", lambda _: [Mark("1")]), output, patience=1)
        other, sharing = listener(store, Scripted("a", lambda _: [Mark("1")]), output)
        assert await sharing.holder("test", "a") is None  # and it does nothing with it
        await ours.run(once=True)
        assert isinstance(ours.problem, Unreachable)
        assert f"left to another listen (PID {os.getpid()}), but is behind" in str(ours.problem)
        assert isinstance(ours.source, Scripted)
        assert ours.source.cursors == []
        assert other.problem is None


async def test_one_round_is_content_with_a_holder_that_rests_between_two_rounds() -> None:
    output = Remembering()
    with Store.open(":memory:") as store:
        ours, _ = listener(store, source := Scripted("a", lambda _: [Mark("1")]), output)
        other, _ = listener(store, Scripted("a", lambda _: [Mark("1")]), output)
        other.source.every = timedelta(hours=1)
        running = asyncio.create_task(other.run())
        await reached(other, "waiting")
        async with asyncio.timeout(5):
            await ours.run(once=True)
        assert (ours.health.state, ours.problem, source.cursors) == ("stopped", None, [])
        other.stop()
        await running


async def test_one_round_takes_its_turn_when_the_holder_has_ended() -> None:
    output = Remembering()
    with Store.open(":memory:") as store:
        ours, _ = listener(store, source := Scripted("a", lambda _: [Mark("1")]), output)
        _, sharing = listener(store, Scripted("a", lambda _: [Mark("1")]), output)
        await sharing.holder("test", "a")
        running = asyncio.create_task(ours.run(once=True))
        await asyncio.sleep(0.3)
        await sharing.leave()
        async with asyncio.timeout(10):
            await running
        assert (ours.problem, source.cursors) == (None, [None])


async def test_a_watch_that_lost_its_claim_leaves_the_source_to_who_took_it() -> None:
    output = Remembering()
    with Store.open(":memory:") as store:
        one, sharing = listener(store, source := Scripted("a", lambda _: [Mark("1")]), output)
        _, other = listener(store, Scripted("a", lambda _: [Mark("1")]), output)
        running = asyncio.create_task(one.run())
        await reached(one, "waiting")
        (process,) = store.processes()
        store.leave(process.id)
        assert await other.holder("test", "a") is None
        assert not await sharing.beat()
        one.lose_claim()
        await reached(one, "shared")
        asked = len(source.cursors)
        assert output.said == [f"test: another listen (PID {os.getpid()}) is at it; showing what it stores"]
        await asyncio.sleep(0.2)
        assert len(source.cursors) == asked
        one.stop()
        await running


async def test_the_dead_are_taken_out_by_whoever_comes_next() -> None:
    with Store.open(":memory:") as store:
        store.enter(replace(ourselves(), born="1"), NOON)
        far = store.enter(replace(ourselves(), place="another container"), datetime.now(UTC))
        store.enter(replace(ourselves(), place="a container of last year"), datetime.now(UTC) - timedelta(days=300))
        us = Sharing(store, KINDLE)
        await us.holder("test", "a")
        assert {process.id for process in store.processes()} == {far, us.number}


async def test_leaving_lets_others_in() -> None:
    with Store.open(":memory:") as store:
        one, other = Sharing(store, KINDLE), Sharing(store, KINDLE)
        assert await one.holder("test", "a") is None
        assert await other.holder("test", "a") is not None
        await one.leave()
        assert await other.holder("test", "a") is None
