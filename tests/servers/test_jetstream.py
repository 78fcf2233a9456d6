"""Our Jetstream has the manners that were seen on real ones."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.servers.frames import ANNA, POSTS
from tests.servers.jetstream import Jetstream


async def _frames(server: Jetstream, query: str, count: int, hello: str | None = None) -> list[dict[str, Any]]:
    async with connect(f"{server.ws}/subscribe?{query}") as socket, asyncio.timeout(5):
        if hello:
            await socket.send(hello)
        return [json.loads(await socket.recv()) for _ in range(count)]


@pytest.mark.parametrize(
    ("query", "deflate", "says"),
    [
        ("cursor=soon", None, "invalid cursor"),
        ("wantedCollections=posts", None, "invalid collection"),
        ("&".join(f"wantedCollections=a.b.c{n}" for n in range(101)), None, "too many"),
        ("compress=true", "deflate", "choose one compression scheme"),
    ],
    ids=["cursor", "collection", "collections", "two compressions"],
)
async def test_a_wrong_question_is_refused_in_plain_text_before_the_upgrade(
    query: str, deflate: str | None, says: str
) -> None:
    async with Jetstream() as server:
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"{server.ws}/subscribe?{query}", compression=deflate)
    assert refused.value.response.status_code == 400
    assert says.encode() in (refused.value.response.body or b"")


async def test_unknown_parameters_are_ignored_and_other_collections_are_filtered_but_not_accounts() -> None:
    async with Jetstream() as server:
        server.commit(ANNA, "3l", {}, collection="app.bsky.feed.like", at=10**15)
        server.identity(ANNA, "anna.example", at=10**15 + 1)
        server.post("x", at=10**15 + 2)
        server.retention *= 10_000
        frames = await _frames(server, f"wantedCollections={POSTS}&nonsense=1&cursor={10**15}", 2)
        every = await _frames(server, f"wantedCollections=app.bsky.feed.*&cursor={10**15}", 3)
    assert [frame["kind"] for frame in frames] == ["identity", "commit"]
    assert list(frames[1]) == ["did", "time_us", "kind", "commit"]
    assert [frame["kind"] for frame in every] == ["commit", "identity", "commit"]


async def test_a_cursor_is_inclusive_too_old_is_clamped_and_the_future_is_live() -> None:
    async with Jetstream() as server:
        server.post("forgotten", at=10**15)
        uris = [server.post(str(n)) for n in range(3)]
        times = [kept.time_us for kept in server.log]
        assert (await _frames(server, f"cursor={times[2]}", 1))[0]["time_us"] == times[2]
        assert (await _frames(server, f"cursor={10**15}", 1))[0]["time_us"] == times[1]
        waiting = asyncio.create_task(_frames(server, f"cursor={times[3] + 10**12}", 1))
        await asyncio.sleep(0.2)
        server.delete(uris[0])
        (deletion,) = await waiting
    assert deletion["commit"]["operation"] == "delete"
    assert "record" not in deletion["commit"]


async def test_new_servers_take_sequence_numbers_exactly() -> None:
    async with Jetstream(v2=True) as server:
        for n in range(40):
            server.post(str(n))
        (exact,) = await _frames(server, "cursor=37", 1)
        (coarse,) = await _frames(server, f"cursor={server.log[37].time_us}", 1)
    assert (exact["cursor"], coarse["cursor"]) == (37, 17)


async def test_a_hello_may_be_required_and_sets_the_filter() -> None:
    wish = {"type": "options_update", "payload": {"wantedCollections": ["app.bsky.feed.like"]}}
    async with Jetstream() as server:
        server.post("x")
        server.commit(ANNA, "3l", {}, collection="app.bsky.feed.like")
        (frame,) = await _frames(server, f"requireHello=true&cursor={server.log[0].time_us}", 1, json.dumps(wish))
    assert frame["commit"]["collection"] == "app.bsky.feed.like"


@pytest.mark.parametrize("message", ["garbage", "[]", '{"type":"unknown"}'])
async def test_a_garbage_message_closes_the_stream_with_1007(message: str) -> None:
    async with Jetstream() as server, connect(f"{server.ws}/subscribe") as socket:
        await socket.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 5)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1007


async def test_a_server_that_stops_says_so() -> None:
    async with Jetstream() as server, connect(f"{server.ws}/subscribe") as socket:
        await server.listener()
        await server.hang_up()
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 5)
    assert closed.value.rcvd
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1001, "server shutting down")
