"""A clock of ours that is wrong, or was, blinds no source. The networks' clocks go right; that ours is ahead by an
hour is to us as if theirs were an hour behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from listen.feed.cursor import FULL, Track
from listen.http import Client
from listen.platforms.bluesky.pacing import SECOND, Pacing
from listen.platforms.mastodon.rounds import EMPTY
from listen.post import CaughtUp, Mark
from listen.source import Source
from tests.platforms.bluesky import ago, heard, texts
from tests.platforms.bluesky import source_of as bluesky
from tests.platforms.test_hackernews import _ids, _last_mark, _round
from tests.platforms.test_hackernews import _source as hackernews
from tests.platforms.test_mastodon import at, platform, refs, round_of
from tests.servers.hackernews import HackerNewsServer
from tests.servers.jetstream import Jetstream
from tests.servers.mastodon import MastodonServer, snowflake
from tests.servers.scripted import ScriptedServer

FUTURE = datetime(2036, 1, 1, tzinfo=UTC)


@pytest.fixture
async def http() -> AsyncIterator[Client]:
    async with Client(patience=1) as client:
        yield client


def mastodon(http: Client, server: ScriptedServer) -> Source:
    (source,) = platform(http, server.base, tags=("kindle",)).sources()
    return source


async def test_mastodon_hears_on_after_its_cursor_was_in_2036(http: Client) -> None:
    post = at(datetime.now(UTC) - timedelta(minutes=5))
    async with ScriptedServer(MastodonServer([post])) as server:
        source = mastodon(http, server)
        for _ in range(3):
            events = await round_of(source, snowflake(FUTURE))
            assert refs(events) == [post["id"]]
    assert [event.cursor for event in events if isinstance(event, Mark)][-1] == post["id"]


async def test_mastodon_reads_a_burst_in_a_tag_that_was_seen_empty_in_2036(http: Client) -> None:
    burst = [at(datetime.now(UTC) - timedelta(hours=3) + timedelta(seconds=n)) for n in range(150)]
    async with ScriptedServer(MastodonServer(burst)) as server:
        events = await round_of(mastodon(http, server), f"{EMPTY}{FUTURE.isoformat()}")
    assert refs(events) == [told["id"] for told in burst]


@pytest.mark.parametrize("ours", [timedelta(days=-400), timedelta(0), timedelta(days=400)], ids=str)
async def test_hackernews_finds_what_was_posted_in_a_long_stop_by_any_clock(http: Client, ours: timedelta) -> None:
    site = HackerNewsServer(start=int(time.time() - ours.total_seconds()) - 40_000)
    for number in range(4_000):
        site.post("kindle" if number in {1_500, 3_000} else "nothing", after=10)
    async with site.serving() as server:
        events = await _round(hackernews(server.base, http), "1000")
    assert set(_ids(events)) == {1_501, 3_001}
    assert _last_mark(events) == Mark("4000")


def test_a_feed_is_asked_for_as_a_whole_again_after_a_clock_was_in_the_future() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    assert Track(etag="x", full_at=now - FULL / 2).validators(now) == {"If-None-Match": "x"}
    assert Track(etag="x", full_at=FUTURE).validators(now) == {}


async def test_a_stream_is_live_though_our_clock_is_ahead(http: Client) -> None:
    async with Jetstream() as server:

        async def posting() -> None:
            number = 0
            while True:
                number += 1
                server.post(f"Kindle {number}", at=ago(hours=1))
                await asyncio.sleep(0.05)

        task = asyncio.create_task(posting())
        events = await heard(bluesky(http, server.ws), ago(hours=1, minutes=1))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert isinstance(events[-1], CaughtUp)
    assert len(texts(events)) > 10


@pytest.mark.parametrize(
    ("pace", "live"), [(0.2, True), (1.0, True), (1.05, True), (1.5, False), (50.0, False)], ids=str
)
def test_only_what_runs_at_the_pace_of_life_is_live(pace: float, live: bool) -> None:
    pacing = Pacing(steady=30)
    told = [pacing.is_live(seconds, round(seconds * pace * SECOND)) for seconds in range(31)]
    assert told == [False] * 30 + [live]


def test_a_replay_that_ends_is_live_when_it_has_run_at_the_pace_of_life_for_a_while() -> None:
    pacing, position, told = Pacing(steady=30), 0, []
    for seconds in range(120):
        position += (100 if seconds < 40 else 1) * SECOND
        told.append(pacing.is_live(seconds, position))
    assert told.index(True) in range(70, 93)
