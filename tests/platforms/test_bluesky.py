"""Bluesky against a Jetstream of our own: order, being live, marks, resuming."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing

import pytest

from listen.http import Client
from listen.platforms.bluesky.reading import OVERLAP
from listen.post import CaughtUp, Deletion, Edit, Event, Gap, Mark, Post
from listen.source import Interest
from tests.platforms.bluesky import BERND, ago, broken_off, heard, last_mark, source_of, texts
from tests.servers.frames import ANNA, encoded
from tests.servers.jetstream import Jetstream


@pytest.fixture
async def http() -> AsyncIterator[Client]:
    async with Client(patience=3) as client:
        yield client


@pytest.fixture
async def server() -> AsyncIterator[Jetstream]:
    async with Jetstream() as server:
        yield server


async def test_what_was_posted_before_and_after_being_live_is_heard_in_order(server: Jetstream, http: Client) -> None:
    server.post("Kindle one", at=ago(minutes=3))
    server.post("a book", at=ago(minutes=2))
    uri = server.post("Kindle two", at=ago(minutes=1))
    stream = source_of(http, server.ws).hear(None, None)
    events: list[Event] = []
    async with asyncio.timeout(20), aclosing(stream):  # type: ignore[type-var]
        async for event in stream:
            events.append(event)
            if isinstance(event, CaughtUp):
                server.delete(uri)
            if isinstance(event, Deletion):
                break
    assert texts(events) == ["Kindle one", "Kindle two"]
    assert events[-1] == Deletion(platform="bluesky", id=uri)
    assert not [event for event in events if isinstance(event, Gap)]


async def test_a_first_start_asks_for_the_minutes_before(server: Jetstream, http: Client) -> None:
    server.post("Kindle long ago", at=ago(minutes=11))
    server.post("Kindle just now", at=ago(minutes=9))
    assert texts(await heard(source_of(http, server.ws))) == ["Kindle just now"]
    assert texts(await heard(source_of(http, server.ws, replay_minutes=12))) == ["Kindle long ago", "Kindle just now"]


async def test_the_collection_is_asked_for_and_others_are_ignored_all_the_same(server: Jetstream, http: Client) -> None:
    server.commit(ANNA, "3l", {"$type": "app.bsky.feed.like"}, collection="app.bsky.feed.like")
    server.send(encoded({"did": ANNA, "time_us": ago(), "kind": "commit", "commit": {}}), "app.bsky.graph.follow")
    server.identity(ANNA, "anna.example")
    events = await heard(source_of(http, server.ws, interest=Interest(())))
    assert [type(event) for event in events] == [Mark, CaughtUp]
    assert "wantedCollections=app.bsky.feed.post&cursor=" in server.asked[0]
    assert "compress" not in server.asked[0]


async def test_a_mark_covers_what_came_before_being_live_even_if_nothing_matched(
    server: Jetstream, http: Client
) -> None:
    at = ago(minutes=1)
    server.post("a book", at=at - 1)
    server.identity(BERND, "bernd.example", at=at)
    assert await heard(source_of(http, server.ws)) == [Mark(str(at)), CaughtUp()]


async def test_a_silent_server_leads_to_being_live_too(server: Jetstream, http: Client) -> None:
    cursor = ago(minutes=5)
    assert await heard(source_of(http, server.ws), cursor) == [Mark(str(cursor)), CaughtUp()]


async def test_frames_that_are_newer_than_the_connection_mean_live_at_once(server: Jetstream, http: Client) -> None:
    server.post("Kindle", at=ago(seconds=-1))
    begin = time.monotonic()
    events = await heard(source_of(http, server.ws))
    assert [type(event) for event in events] == [Post, Mark, CaughtUp]
    assert time.monotonic() - begin < 1.5


async def test_marks_follow_a_thousand_frames_and_two_seconds_but_not_every_frame(
    server: Jetstream, http: Client
) -> None:
    for n in range(2_500):
        server.identity(ANNA, "anna.example", at=ago(minutes=5) + n)
    events = await heard(source_of(http, server.ws))
    assert [type(event) for event in events] == [Mark, Mark, Mark, CaughtUp]
    cursors = [int(event.cursor) for event in events if isinstance(event, Mark)]
    assert cursors == sorted(cursors)
    assert cursors[-1] == server.log[-1].time_us


async def test_a_lone_live_post_is_told_at_once_and_marked_two_seconds_later(server: Jetstream, http: Client) -> None:
    stream = source_of(http, server.ws).hear(None, None)
    async with asyncio.timeout(20), aclosing(stream):  # type: ignore[type-var]
        while not isinstance(await anext(stream), CaughtUp):
            pass
        server.post("Kindle")
        assert isinstance(await asyncio.wait_for(anext(stream), 1), Post)
        server.post("a book")
        assert await anext(stream) == Mark(str(server.log[-1].time_us))


async def test_a_break_in_the_middle_neither_loses_nor_doubles_a_post(http: Client) -> None:
    told: list[str] = []
    cursor: str | None = None
    async with Jetstream() as server:
        source = source_of(http, server.ws)
        for stop in (server.hang_up, server.cut_off, server.hang_up):
            for n in range(40):
                server.post(f"Kindle {len(server.log)}", at=ago(seconds=30) + n)
            last = f"Kindle {len(server.log) - 33}"

            async def breaking(event: Event, last: str = last, stop: Callable[[], Awaitable[None]] = stop) -> None:
                if isinstance(event, Post) and event.text == last:
                    await stop()

            events, _ = await broken_off(source, cursor, breaking)
            cursor = last_mark(events)
            told += texts(events)
        told += texts(await heard(source, cursor))
    assert set(told) == {f"Kindle {n}" for n in range(120)}


async def test_what_came_before_a_closing_is_marked_before_the_error(server: Jetstream, http: Client) -> None:
    at = ago(minutes=1)
    server.post("Kindle", at=at)
    events, problem = await broken_off(source_of(http, server.ws), None, lambda _: server.hang_up())
    assert "1001" in str(problem)
    assert [type(event) for event in events] == [Post, Mark]
    assert events[-1] == Mark(str(at))


async def test_resuming_overlaps_five_seconds_and_leaves_doubles_to_the_store(server: Jetstream, http: Client) -> None:
    at = ago(minutes=1)
    server.post("Kindle too early", at=at - OVERLAP - 1)
    server.post("Kindle in the overlap", at=at - OVERLAP)
    server.post("Kindle at the cursor", at=at)
    server.post("Kindle after", at=at + 1)
    events = await heard(source_of(http, server.ws), at)
    assert texts(events) == ["Kindle in the overlap", "Kindle at the cursor", "Kindle after"]


async def test_marks_never_fall_behind_the_cursor_that_was_given(server: Jetstream, http: Client) -> None:
    at = ago(minutes=1)
    server.post("Kindle", at=at - 1_000)
    assert last_mark(await heard(source_of(http, server.ws), at)) == str(at)


async def test_the_same_commit_twice_on_one_connection_is_told_once(server: Jetstream, http: Client) -> None:
    uri = server.post("Kindle A")
    server.again()
    server.edit(uri, "Kindle B")
    server.edit(uri, "Kindle A")
    server.again()
    events = await heard(source_of(http, server.ws, interest=Interest(())))
    assert texts(events) == ["Kindle A"]
    assert [event.post.text for event in events if isinstance(event, Edit)] == ["Kindle B", "Kindle A"]


async def test_new_servers_add_a_cursor_and_rewind_coarsely_and_nothing_changes(http: Client) -> None:
    async with Jetstream(v2=True) as server:
        for n in range(60):
            server.post(f"Kindle {n}", at=ago(minutes=2) + n)
        assert len(texts(await heard(source_of(http, server.ws)))) == 60
        at = server.log[57].time_us + OVERLAP
        events = await heard(source_of(http, server.ws), at)
        assert texts(events) == [f"Kindle {n}" for n in range(37, 60)]
        assert not [event for event in events if isinstance(event, Gap)]
        assert last_mark(events) == str(at)
        assert "cursor" in str(server.log[0].raw)
