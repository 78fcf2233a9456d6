"""Bluesky's hosts: refusing, closing, silent, lying, slow; and how they are named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from datetime import timedelta

import msgspec
import pytest

from listen.errors import BadAnswer, ConfigError, Gone, PlatformError, RateLimited, Refused, Unreachable
from listen.http import Client
from listen.platforms.bluesky import Bluesky, BlueskyOptions
from listen.platforms.bluesky.jetstream import address
from listen.post import CaughtUp, Event
from listen.source import Source
from tests.platforms.bluesky import KINDLE, ago, broken_off, heard, last_mark, source_of, texts
from tests.servers.frames import ANNA
from tests.servers.jetstream import Jetstream, Refusal


@pytest.fixture
async def http() -> AsyncIterator[Client]:
    async with Client(patience=3) as client:
        yield client


@pytest.fixture
async def server() -> AsyncIterator[Jetstream]:
    async with Jetstream() as server:
        yield server


async def test_where_one_host_is_gone_the_next_goes_on_from_the_same_cursor(server: Jetstream, http: Client) -> None:
    async with Jetstream() as first:
        first.post("Kindle", at=ago(minutes=1))
        server.post("Kindle", at=ago(minutes=1) + 900)
        server.post("Kindle after", at=ago(seconds=50))
        source = source_of(http, first.ws, server.ws)
        cursor = last_mark(await heard(source))
    assert texts(await heard(source, cursor)) == ["Kindle", "Kindle after"]


async def test_after_a_broken_stream_the_next_host_has_its_turn(server: Jetstream, http: Client) -> None:
    async with Jetstream() as first:
        source = source_of(http, first.ws, server.ws)
        await broken_off(source, None, lambda _: first.hang_up())
        await broken_off(source, None, lambda _: server.hang_up())
        await broken_off(source, None, lambda _: first.hang_up())
        assert (len(first.asked), len(server.asked)) == (2, 1)


@pytest.mark.parametrize(
    ("refusal", "family"),
    [
        (Refusal(503, '{"error":"ServiceUnavailable","message":"service not ready"}'), Unreachable),
        (Refusal(502, "<html>"), Unreachable),
        (Refusal(400, "invalid cursor"), BadAnswer),
        (Refusal(403, "<html>no</html>"), Refused),
        (Refusal(404, "404 page not found"), Gone),
        (Refusal(429, "", {"Retry-After": "7"}), RateLimited),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Refusal) else value.__name__,
)
async def test_a_refused_handshake_is_an_error_of_ours(
    server: Jetstream, http: Client, refusal: Refusal, family: type[PlatformError]
) -> None:
    server.refusals.append(refusal)
    with pytest.raises(family) as raised:
        await heard(source_of(http, server.ws))
    assert raised.value.wait == (timedelta(seconds=7) if family is RateLimited else None)


async def test_a_refusal_that_names_its_wait_twice_is_understood(server: Jetstream, http: Client) -> None:
    server.refusals.append(Refusal(503, "", {"Retry-After": "3", "retry-after": "9"}))
    with pytest.raises(Unreachable):
        await heard(source_of(http, server.ws))


@pytest.mark.parametrize("code", [1000, 1001, 1007, 1008, 1011, 4000])
async def test_however_a_server_closes_the_stream_is_to_be_opened_again(
    code: int, server: Jetstream, http: Client
) -> None:
    _, problem = await broken_off(source_of(http, server.ws), None, lambda _: server.hang_up(code, "consumer too slow"))
    assert str(code) in str(problem)


async def test_a_link_without_frames_is_dead() -> None:
    async with Client(patience=1.2) as impatient, Jetstream() as server:
        source = source_of(impatient, server.ws)
        with pytest.raises(Unreachable, match="nothing for 2 s"):
            await heard(source, until=lambda _: False)


async def test_hostile_frames_between_posts_are_skipped(server: Jetstream, http: Client) -> None:
    for lie in (
        "",
        "null",
        "[]",
        "kindle",
        '{"kind":"kindle"}',
        b"\xff\x00kindle",
        '{"did":7,"x":"kindle"}',
        "{" * 5_000,
    ):
        server.send(lie, at=ago(minutes=1))
    server.post("Kindle", at=ago(minutes=1))
    assert texts(await heard(source_of(http, server.ws))) == ["Kindle"]


async def test_a_slow_reader_slows_the_server_down_and_hears_everything(server: Jetstream, http: Client) -> None:
    for n in range(400):
        server.post(f"Kindle {n} {'x' * 60_000}", at=ago(minutes=1) + n)
    behind: list[bool] = []

    async with asyncio.timeout(30), aclosing(source_of(http, server.ws, compression="none").hear(None, None)) as stream:  # type: ignore[type-var]
        events: list[Event] = []
        while not isinstance(event := await anext(stream), CaughtUp):
            events.append(event)
            if len(events) == 3:
                await asyncio.sleep(0.5)
                behind = [reader.at < 400 for reader in server.streams]
    assert behind == [True]
    assert len(texts(events)) == 400


@pytest.mark.parametrize(
    ("host", "connected"),
    [
        ("jetstream.example", "wss://jetstream.example/subscribe"),
        ("wss://jetstream.example/", "wss://jetstream.example/subscribe"),
        ("https://jetstream.example:8443/js/subscribe", "wss://jetstream.example:8443/js/subscribe"),
        ("ws://127.0.0.1:6008", "ws://127.0.0.1:6008/subscribe"),
        ("http://[::1]:6008/subscribe?x=1", "ws://[::1]:6008/subscribe?x=1"),
        ("127.0.0.1:6008", "wss://127.0.0.1:6008/subscribe"),
    ],
)
def test_a_host_may_be_written_short(host: str, connected: str) -> None:
    assert address(host) == connected


@pytest.mark.parametrize("host", ["", "ftp://x", "wss://", "ws://x:port", "ws://x:99999", "ws://[::1"])
def test_what_is_no_address_is_a_wrong_config(host: str) -> None:
    with pytest.raises(ConfigError, match="jetstream"):
        address(host)


def test_one_address_may_stand_without_a_list_and_an_empty_list_is_refused() -> None:
    chosen = msgspec.convert({"jetstream": "ws://127.0.0.1:9"}, BlueskyOptions)
    (source,) = Bluesky(chosen, KINDLE, Client()).sources()
    assert source.name == "jetstream"
    with pytest.raises(ConfigError, match="jetstream"):
        source_of(Client())


async def test_a_check_says_which_host_is_live(server: Jetstream, http: Client) -> None:
    source = source_of(http, "ws://127.0.0.1:9", server.ws)
    checking = asyncio.create_task(source.check())
    await server.listener()
    server.identity(ANNA, "anna.example")
    assert await checking == f"127.0.0.1:{server.port} is live"


async def test_a_check_of_a_silent_server_says_so() -> None:
    async with Client(patience=0.5) as impatient, Jetstream() as server:
        assert "nobody is posting" in await source_of(impatient, server.ws).check()


async def test_a_lone_host_that_opens_and_never_says_a_word_is_believed_once_only() -> None:
    async with Client(patience=0.5) as impatient, Jetstream() as server:
        source, cursor = source_of(impatient, server.ws), ago(minutes=5)
        assert [await _caught_up(source, cursor) for _ in range(3)] == [True, False, False]
        server.identity(ANNA, "anna.example")
        assert CaughtUp() in await heard(source, cursor)


async def _caught_up(source: Source, cursor: int) -> bool:
    """Whether the source took itself for live before the link died of silence."""
    events: list[Event] = []
    with suppress(Unreachable):
        async for event in source.hear(str(cursor), None):
            events.append(event)  # noqa: PERF401  what came before the end is kept
    return CaughtUp() in events


async def test_a_check_of_hosts_that_are_all_gone_fails(http: Client) -> None:
    with pytest.raises(Unreachable):
        await source_of(http, "ws://127.0.0.1:9", "ws://127.0.0.1:10").check()
