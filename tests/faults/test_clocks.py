"""The clock on the wall is wrong, or jumps while we listen: nothing is lost, and nothing waits for its time to come."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listen.http import Client
from listen.platforms.hackernews import HackerNews, HackerNewsOptions
from listen.post import CaughtUp, Post
from listen.query import parse
from listen.source import Interest
from listen.when import CLOCK
from tests.faults.stage import staged
from tests.faults.transports import TRANSPORTS
from tests.platforms.bluesky import heard, last_mark, source_of
from tests.servers.frames import ANNA
from tests.servers.hackernews import HackerNewsServer
from tests.servers.jetstream import Jetstream

every_network = pytest.mark.parametrize("network", TRANSPORTS)
JUMPS = {
    "an hour ahead": timedelta(hours=1),
    "a year ahead": timedelta(days=365),
    "an hour back": -timedelta(hours=1),
    "a year back": -timedelta(days=365),
}


class Wrong:
    """A clock that is wrong `by` so much."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.fixture
def clock() -> Wrong:
    return Wrong()


@every_network
@pytest.mark.parametrize("jump", JUMPS)
async def test_a_clock_that_jumps_and_comes_back_loses_nothing(
    network: str, jump: str, clock: Wrong, tmp_path: Path
) -> None:
    CLOCK.set(clock)
    transport = TRANSPORTS[network]()
    async with staged(transport, tmp_path) as stage:
        stage.post(2)
        await stage.all_heard()
        clock.by = JUMPS[jump]
        stage.post(2)
        await stage.all_heard()
        stage.proxy.abort()  # what begins anew does so with the wrong clock
        stage.post(2)
        await stage.all_heard()
        clock.by = timedelta(0)
        stage.proxy.abort()
        stage.post(2)
        await stage.all_heard()
    assert stage.stored == [*range(1, 9)]
    assert not stage.lost
    async with staged(transport, tmp_path) as again:  # and a run that begins with what the wrong clock has left
        again.posted = 8
        again.post(2)
        await again.all_heard()
    assert again.stored == [*range(1, 11)]


async def test_a_stream_is_live_though_our_clock_is_an_hour_ahead(clock: Wrong) -> None:
    clock.by = timedelta(hours=1)
    CLOCK.set(clock)
    async with Jetstream() as server, Client(patience=1.2) as http:

        async def beat() -> None:
            while True:
                server.identity(ANNA, "anna.example")
                await asyncio.sleep(0.02)

        beating = asyncio.create_task(beat())
        events = await heard(source_of(http, server.ws))
        beating.cancel()
    assert isinstance(events[-1], CaughtUp)


async def test_a_search_after_a_long_pause_goes_on_to_the_end_though_our_clock_is_behind(
    clock: Wrong, http: Client
) -> None:
    clock.by = -timedelta(days=2)
    CLOCK.set(clock)
    news = HackerNewsServer(start=int(datetime.now(UTC).timestamp()) - 3_600)
    for _ in range(1_500):
        news.post("something else", after=0)
    wanted = news.post("Kindle")
    for _ in range(1_500):
        news.post("something else", after=0)
    async with news.serving() as server:
        chosen = HackerNewsOptions(api=f"{server.base}/v0", algolia=f"{server.base}/api/v1")
        interest = Interest((parse("kindle"),), lambda text: "kindle" in text.lower())
        (source,) = HackerNews(chosen, interest, http).sources()
        posts = [event.id async for event in source.hear("1", None) if isinstance(event, Post)]
    assert posts == [str(wanted)]


async def test_a_cursor_that_the_network_has_not_reached_is_taken_back(http: Client) -> None:
    async with Jetstream() as server:
        server.post("Kindle")
        bogus = server.log[-1].time_us + 10**12
        events = await heard(source_of(http, server.ws), bogus)
        assert last_mark(events) == str(server.log[-1].time_us)


async def test_a_clock_that_is_behind_does_not_move_the_marks_back(clock: Wrong, http: Client) -> None:
    clock.by = -timedelta(days=40)
    CLOCK.set(clock)
    async with Jetstream() as server:
        for _ in range(60):
            server.post("Kindle")
        events = await heard(source_of(http, server.ws))
        assert int(last_mark(events)) >= server.log[49].time_us
