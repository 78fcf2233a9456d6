"""Event streams and WebSockets arrive whole, bounded, and say how they died."""

from __future__ import annotations

import gzip

import pytest

from listen.errors import BadAnswer, Unreachable
from listen.http import Client
from listen.http.wire import EVENT_LIMIT
from tests.servers.scripted import Reply, ScriptedServer

EVENTS = {"Content-Type": "text/event-stream"}


async def _events(http: Client, reply: Reply) -> list[str]:
    async with ScriptedServer(lambda _: reply) as server, http.events(server.base, silence=1) as stream:
        return [event.data async for event in stream]


def _stream(*pieces: bytes, **more: object) -> Reply:
    return Reply(pieces=pieces, length=-1, ending="close", headers=EVENTS, **more)  # type: ignore[arg-type]


SPLITS = {
    "whole": [b"event: update\ndata: {}\n\ndata: two\ndata: lines\n\n"],
    "byte by byte": [bytes([byte]) for byte in b"event: update\ndata: {}\n\ndata: two\ndata: lines\n\n"],
    "CRLF, cut between CR and LF": [b"data: {}\r", b"\n\r", b"\ndata: two\r\ndata: lines\r\n\r\n"],
    "CR alone": [b"data: {}\r\rdata: two\rdata: lines\r\r", b": end\n"],
    "heartbeats between": [b":)\n", b":thump\n", b"data: {}\n\n:thump\ndata: two\n", b"data: lines\n\n:thump\n"],
}


@pytest.mark.parametrize("pieces", SPLITS.values(), ids=SPLITS.keys())
async def test_events_arrive_however_they_are_cut(pieces: list[bytes], http: Client) -> None:
    assert await _events(http, _stream(*pieces)) == ["{}", "two\nlines"]


async def test_unicode_line_ends_do_not_cut_an_event(http: Client) -> None:
    said = "one\u2028two\u2029three\u0085four\x0bfive\x0csix"
    assert await _events(http, _stream(f"data: {said}\n\n".encode())) == [said]


async def test_one_endless_line_of_a_stream_is_refused(http: Client) -> None:
    with pytest.raises(BadAnswer, match="an event of more than 4 MB"):
        await _events(http, _stream(b"data: ", *[b"a" * 65_536] * (EVENT_LIMIT // 65_536 + 2)))


async def test_many_events_whose_ends_lie_across_packets_are_not_one(http: Client) -> None:
    big = b"data: " + b"a" * 1_000_000
    assert len(await _events(http, _stream(*[big, b"\n", b"\n"] * 6))) == 6


async def test_a_packed_stream_is_refused(http: Client) -> None:
    reply = Reply(body=gzip.compress(b"data: x\n\n"), headers=EVENTS | {"Content-Encoding": "gzip"})
    with pytest.raises(BadAnswer, match="not asked for"):
        await _events(http, reply)


async def test_html_is_no_event_stream(http: Client) -> None:
    with pytest.raises(BadAnswer, match="something else than an event stream"):
        await _events(http, Reply(body=b"<html>", headers={"Content-Type": "text/html"}))


@pytest.mark.parametrize(("ending", "said"), [("stall", "went silent"), ("reset", "broke")])
async def test_a_stream_that_dies_is_unreachable(ending: str, said: str, hasty: Client) -> None:
    reply = Reply(body=b"data: x\n\n", length=-1, ending=ending, headers=EVENTS)  # type: ignore[arg-type]
    with pytest.raises(Unreachable, match=said):
        await _events(hasty, reply)


async def test_a_websocket_brings_its_messages_and_then_its_end(http: Client) -> None:
    from websockets.exceptions import ConnectionClosed

    heard = list[str | bytes]()

    async def read_on() -> None:
        while True:
            heard.append(await socket.recv())

    script = Reply(frames=("one", "ü" * 70_000, "three"))
    async with ScriptedServer(lambda _: script) as server, http.websocket(server.ws) as socket:
        with pytest.raises(ConnectionClosed):
            await read_on()
    assert heard == ["one", "ü" * 70_000, "three"]
