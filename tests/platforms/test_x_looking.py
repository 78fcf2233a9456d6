"""X: stored posts are looked up again where the user pays for it, and what is gone or edited is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from listen.errors import OutOfQuota
from listen.http import Budget, Client, Meter, Secret
from listen.platforms.x import X, XOptions
from listen.post import Deletion, Edit, Post
from listen.query import parse
from listen.source import Interest
from tests.platforms.rounds import Ear, posts
from tests.servers.scripted import ScriptedServer
from tests.servers.x import POST, XServer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def platform(base: str, http: Client, **more: Any) -> X:
    told = {"api": base, "stream": False, "budget": "100 USD/day", "token": "hush-hush", "recheck": True, **more}
    chosen = msgspec.convert(told, XOptions, dec_hook=lambda _, value: Secret(value, "test"))
    return X(chosen, Interest((parse("kindle"),)), http)


async def stored(x: X) -> list[Post]:
    (source,) = x.sources()
    return posts(await Ear(source).round(NOON - timedelta(hours=1)))


async def test_what_is_gone_and_what_was_edited_is_told_and_costs_no_names(http: Client) -> None:
    server = XServer(NOON)
    ids = [server.post(f"kindle {number}", NOON - number * MINUTE) for number in (8, 6, 4, 2)]
    async with ScriptedServer(server) as running:
        x = platform(running.base, http)
        heard = await stored(x)
        assert {post.id for post in heard} == set(ids)
        del server.posts[ids[0]]
        server.protected.add(ids[1])
        newer = server.edit(ids[2], "kindle, im Nachhinein", NOON - MINUTE)
        before = server.spent
        news = await x.gone(heard)
    told = {one.id: one.lasting for one in news if isinstance(one, Deletion)}
    assert told == {ids[0]: True, ids[1]: False}
    (edit,) = [one.post for one in news if isinstance(one, Edit)]
    assert (edit.id, edit.text, edit.author, edit.followers) == (ids[2], "kindle, im Nachhinein", "anna", 120)
    assert edit.url == f"https://x.com/anna/status/{newer}"
    assert len(news) == 3
    assert server.spent - before == POST  # the newer version; the rest was bought today


async def test_a_version_that_is_known_is_not_told_again(http: Client) -> None:
    server = XServer(NOON)
    first = server.post("kindle", NOON - 5 * MINUTE)
    async with ScriptedServer(server) as running:
        x = platform(running.base, http)
        heard = await stored(x)
        server.edit(first, "kindle neu", NOON - MINUTE)
        (edit,) = await x.gone(heard)
        assert isinstance(edit, Edit)
        assert await x.gone([edit.post]) == []


async def test_without_being_told_to_nothing_is_bought_again(http: Client) -> None:
    server = XServer(NOON)
    server.post("kindle", NOON - MINUTE)
    async with ScriptedServer(server) as running:
        x = platform(running.base, http, recheck=False)
        heard = await stored(x)
        running.requests.clear()
        assert list(await x.gone(heard)) == []
        assert not running.requests


async def test_what_the_budget_does_not_allow_is_not_asked(http: Client) -> None:
    server = XServer(NOON)
    server.post("kindle", NOON - MINUTE)
    async with ScriptedServer(server) as running:
        (post,) = await stored(platform(running.base, http))
        running.requests.clear()
        many = [msgspec.structs.replace(post, id=str(int(post.id) + n), url="") for n in range(100)]
        poor = platform(running.base, http.metered(Meter("x", Budget())), budget="0.20 USD/day")
        with pytest.raises(OutOfQuota):
            await poor.gone(many)
        assert not running.requests


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"errors": [{"title": "Not Found Error", "resource_id": "1", "type": "x/resource-not-found"}]}',
        b'{"errors": [{"title": "Usage", "resource_id": "%d", "type": "https://api.x.com/2/problems/usage-capped"}]}',
    ],
    ids=["nothing", "another post", "another trouble"],
)
async def test_what_x_does_not_say_of_a_post_takes_nothing_away(http: Client, body: bytes) -> None:
    server = XServer(NOON)
    id_ = server.post("kindle", NOON - MINUTE)
    async with ScriptedServer(server) as running:
        x = platform(running.base, http)
        heard = await stored(x)
        reply = server._said({})
        running.script = lambda _: msgspec.structs.replace(reply, body=body.replace(b"%d", id_.encode()))
        assert await x.gone(heard) == []
