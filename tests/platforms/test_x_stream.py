"""X's stream: only our own rules are touched, nothing falls between stream and search, each way it ends is known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest

from listen.errors import OutOfQuota, PlatformError, Unreachable
from listen.http import Client
from listen.post import CaughtUp, Edit, Event, Mark, Notice, Post
from listen.query import parse
from listen.source import Interest, Source
from listen.when import CLOCK
from tests.platforms.test_x import INTEREST, NOON, source
from tests.servers.scripted import Reply, ScriptedServer
from tests.servers.x import XServer

MINUTE = timedelta(minutes=1)


class Listening:
    """One round of a source with a stream, as far as the test lets it go."""

    def __init__(self, hearing: Source, cursor: str | None = None) -> None:
        self.events: list[Event] = []
        self.problem: PlatformError | None = None
        self.cursor = cursor
        self._hearing = hearing
        self._task = asyncio.create_task(self._run())

    async def until(self, kind: type[Event], number: int = 1) -> None:
        async with asyncio.timeout(5):
            while sum(isinstance(event, kind) for event in self.events) < number:
                if self._task.done() and self.problem is None:
                    self._task.result()
                    break
                await asyncio.sleep(0.01)

    async def ends(self) -> None:
        async with asyncio.timeout(5):
            await asyncio.gather(self._task, return_exceptions=True)

    async def stops(self) -> None:
        self._task.cancel()
        await self.ends()

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Post)]

    @property
    def notices(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Notice)]

    async def _run(self) -> None:
        try:
            async with aclosing(self._hearing.hear(self.cursor, None)) as events:  # type: ignore[type-var]
                async for event in events:
                    self.events.append(event)
                    if isinstance(event, Mark):
                        self.cursor = event.cursor
        except PlatformError as problem:
            self.problem = problem


@pytest.fixture
def server() -> XServer:
    made = XServer(NOON)
    CLOCK.set(lambda: made.clock)
    return made


@pytest.fixture
async def running(server: XServer) -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer(server) as running:
        yield running


def streamed(running: ScriptedServer, http: Client, interest: Interest = INTEREST, **more: Any) -> Source:
    return source(running.base, http, interest, stream=True, **more)


async def test_rules_become_what_the_topics_want_and_others_stay(
    server: XServer, running: ScriptedServer, http: Client
) -> None:
    server.rules = [
        {"id": "1", "value": "coffee", "tag": "somebody else's"},
        {"id": "2", "value": "old topic", "tag": "listen:0123456789ab"},
        {"id": "3", "value": "untagged"},
    ]
    listening = Listening(streamed(running, http))
    await listening.until(CaughtUp)
    await listening.stops()
    ours = [rule["value"] for rule in server.rules if rule.get("tag", "").startswith("listen:")]
    assert ours == ["kindle -is:retweet"]
    assert [rule["id"] for rule in server.rules[:2]] == ["1", "3"]
    assert listening.notices == [
        "2 rules of the app's stream are not of listen; what they bring is paid for, and not looked for"
    ]
    again = Listening(streamed(running, http))
    await again.until(CaughtUp)
    await again.stops()
    assert [request.method for request in running.requests if "rules" in request.path] == ["GET", "POST", "POST", "GET"]


async def test_several_topics_are_one_rule(server: XServer, running: ScriptedServer, http: Client) -> None:
    interest = Interest((parse("kindle"), parse('"tolino epos"')))
    listening = Listening(streamed(running, http, interest))
    await listening.until(CaughtUp)
    await listening.stops()
    assert [rule["value"] for rule in server.rules] == ['(kindle OR "tolino epos" OR #tolinoepos) -is:retweet']


async def test_posts_come_through_whatever_lies_between_them(
    server: XServer, running: ScriptedServer, http: Client
) -> None:
    listening = Listening(streamed(running, http))
    await listening.until(CaughtUp)
    line = server.line(server.post("kindle \u2028 eins"))
    for piece in (b"\r\n", b"\n", line[:20], line[20:], b'{"odd": 1}\r\n', b"[1]\r\n", b"not json\r\n", b"\r\n"):
        server.lines.put_nowait(piece)
    server.lines.put_nowait(server.line(server.post("kindle zwei", number=2)))
    await listening.until(Post, 2)
    await listening.stops()
    assert listening.texts == ["kindle \u2028 eins", "kindle zwei"]


async def test_an_edit_on_the_stream_is_one(server: XServer, running: ScriptedServer, http: Client) -> None:
    first = server.post("kindle tot", NOON - MINUTE)
    last = server.edit(first, "kindle lebt", NOON)
    listening = Listening(streamed(running, http))
    await listening.until(CaughtUp)
    server.lines.put_nowait(server.line(last))
    await listening.until(Edit)
    await listening.stops()
    (edit,) = [event for event in listening.events if isinstance(event, Edit)]
    assert edit.post.id == first


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (None, "closed the stream"),
        (
            b'{"errors":[{"title":"operational-disconnect","disconnect_type":"UpstreamOperationalDisconnect",'
            b'"detail":"This stream has been disconnected upstream for operational reasons."}]}\r\n',
            "ends the stream: This stream has been disconnected upstream",
        ),
    ],
    ids=["clean", "operational"],
)
async def test_a_stream_that_ends_is_opened_again(
    server: XServer, running: ScriptedServer, http: Client, ending: bytes | None, said: str
) -> None:
    listening = Listening(streamed(running, http))
    await listening.until(CaughtUp)
    server.lines.put_nowait(ending)
    await listening.ends()
    assert isinstance(listening.problem, Unreachable)
    assert said in str(listening.problem)


async def test_a_silent_stream_is_dead(server: XServer, running: ScriptedServer, hasty: Client) -> None:
    listening = Listening(streamed(running, hasty))
    await listening.ends()
    assert isinstance(listening.problem, Unreachable)
    assert "went silent" in str(listening.problem)


async def test_what_was_posted_while_the_stream_was_away_is_searched_for(
    server: XServer, running: ScriptedServer, http: Client
) -> None:
    listening = Listening(streamed(running, http))
    await listening.until(CaughtUp)
    server.lines.put_nowait(server.line(server.post("kindle, live")))
    await listening.until(Post)
    server.lines.put_nowait(None)
    await listening.ends()
    server.clock += 5 * MINUTE
    server.post("kindle, in der Lücke", NOON + MINUTE)
    again = Listening(streamed(running, http), listening.cursor)
    await again.until(CaughtUp)
    await again.stops()
    assert "kindle, in der Lücke" in again.texts


async def test_what_was_posted_just_before_the_stream_opened_is_searched_for(
    server: XServer, running: ScriptedServer, http: Client
) -> None:
    """A search is half a minute behind: it cannot show this post when the stream opens, which is too late for it."""
    server.post("kindle, eben noch", NOON - timedelta(seconds=10))
    hearing = streamed(running, http)
    elapsed = [0.0]
    hearing.elapsed = lambda: elapsed[0]  # type: ignore[attr-defined]
    listening = Listening(hearing)
    await listening.until(CaughtUp)
    server.lines.put_nowait(b"\r\n")
    await asyncio.sleep(0.05)
    assert listening.texts == []
    elapsed[0] += 41
    server.clock += timedelta(seconds=41)
    server.lines.put_nowait(b"\r\n")
    await listening.until(Post)
    await listening.stops()
    assert listening.texts == ["kindle, eben noch"]


async def test_what_the_stream_had_not_brought_yet_when_it_broke_is_searched_for(
    server: XServer, running: ScriptedServer, http: Client
) -> None:
    """Streams bring posts out of order: one may have come while an older one was still on its way."""
    hearing = streamed(running, http)
    elapsed = [0.0]
    hearing.elapsed = lambda: elapsed[0]  # type: ignore[attr-defined]
    listening = Listening(hearing)
    await listening.until(CaughtUp)
    elapsed[0] += 60
    server.clock += MINUTE
    server.post("kindle, spät", NOON + timedelta(seconds=50))
    server.lines.put_nowait(server.line(server.post("kindle, früh", NOON + timedelta(seconds=60))))
    await listening.until(Post)
    server.lines.put_nowait(None)
    await listening.ends()
    server.clock += MINUTE
    again = Listening(streamed(running, http), listening.cursor)
    await again.until(CaughtUp)
    await again.stops()
    assert "kindle, spät" in again.texts


async def test_a_quiet_stream_moves_the_cursor_on(server: XServer, running: ScriptedServer, http: Client) -> None:
    hearing = streamed(running, http)
    elapsed = [0.0]
    hearing.elapsed = lambda: elapsed[0]  # type: ignore[attr-defined]
    listening = Listening(hearing)
    await listening.until(CaughtUp)
    for _ in range(20):
        elapsed[0] += 43_200
        server.clock += timedelta(hours=12)
        marks = sum(isinstance(event, Mark) for event in listening.events)
        server.lines.put_nowait(b"\r\n")
        await listening.until(Mark, marks + 1)
    await listening.stops()
    again = Listening(streamed(running, http), listening.cursor)
    await again.until(CaughtUp)
    await again.stops()
    assert again.problem is None
    assert not any(type(event).__name__ == "Gap" for event in again.events)


async def test_a_stream_that_another_has_is_left_to_it_and_x_is_searched(
    server: XServer, running: ScriptedServer, http: Client
) -> None:
    server.streams = 1
    server.post("kindle", NOON - MINUTE)
    listening = Listening(streamed(running, http))
    await listening.ends()
    assert listening.problem is None
    assert listening.texts == ["kindle"]
    assert "This stream is currently at the maximum allowed connection limit" in listening.notices[0]
    again = Listening(streamed(running, http), listening.cursor)
    await again.ends()
    assert again.problem is None  # searches are not held up by it


async def test_503_is_tried_again(server: XServer, running: ScriptedServer, http: Client) -> None:
    server.refuses = Reply(status=503, body=b'{"title": "Service Unavailable"}')
    listening = Listening(streamed(running, http))
    await listening.ends()
    assert isinstance(listening.problem, Unreachable)


async def test_the_stream_is_closed_before_the_money_is_gone(
    server: XServer, running: ScriptedServer, http: Client
) -> None:
    listening = Listening(streamed(running, http, budget="0.20 USD/day", authors=False))
    await listening.until(CaughtUp)
    for number in range(1, 36):
        server.lines.put_nowait(server.line(server.post("kindle", number=number)))
    await listening.ends()
    assert isinstance(listening.problem, OutOfQuota)
    brought = len(listening.texts)
    assert 30 <= brought <= 35
    assert listening._hearing.api.costs.paid.allowance.limit == 200_000  # type: ignore[attr-defined]
    assert await listening._hearing.api.costs.paid.used() <= 200_000  # type: ignore[attr-defined]
