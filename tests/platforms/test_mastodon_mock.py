"""The whole way against mastodon-mock, somebody else's stand-in for Mastodon, where one is up.

Sparing with requests, as it allows 300 in five minutes like the real one; each run has hashtags of its own.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing
from time import time_ns

import httpx
import pytest

from listen.http import Client, Secret
from listen.platforms.mastodon import Mastodon, MastodonOptions
from listen.post import CaughtUp, Deletion, Edit, Mark, Post
from listen.query import parse
from listen.source import Interest, Source

BASE = "http://127.0.0.1:8095"
PATIENCE = 20.0


def _is_up() -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", 8095)) == 0


pytestmark = pytest.mark.skipif(not _is_up(), reason="no mastodon-mock on port 8095")


@pytest.fixture
def tag() -> str:
    return f"kindle{time_ns()}"


@pytest.fixture
async def anna() -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": "Bearer tok-anna"}
    async with httpx.AsyncClient(base_url=f"{BASE}/api/v1", headers=headers, trust_env=False) as client:
        yield client


async def _posts(anna: httpx.AsyncClient, text: str) -> str:
    answer = await anna.post("/statuses", json={"status": text, "visibility": "public"})
    answer.raise_for_status()
    return str(answer.json()["id"])


def _source(http: Client, tag: str, token: str | None = None) -> Source:
    secret = Secret(token, "env:T") if token else None
    options = MastodonOptions(servers=(BASE,), token=secret, search=False)
    return Mastodon(options, Interest((parse(f"#{tag}"),)), http).sources()[0]


async def test_posts_are_polled_once_and_resumed_from_the_mark(anna: httpx.AsyncClient, tag: str) -> None:
    async with Client(patience=PATIENCE) as http, asyncio.timeout(2 * PATIENCE):
        source = _source(http, tag)
        assert "tag timelines are public" in await source.check()
        assert [type(event) async for event in source.hear(None, None)] == [Mark]
        first = [await _posts(anna, f"Akku leer nach Woche {n} #{tag}") for n in range(2)]
        events = [event async for event in source.hear(None, None)]
        assert [event.ref for event in events if isinstance(event, Post)] == first
        assert isinstance(events[-1], Mark)
        second = await _posts(anna, f"Zeile eins\u2028Zeile zwei #{tag}")
        again = [event async for event in source.hear(events[-1].cursor, None)]
    (post,) = [event for event in again if isinstance(event, Post)]
    assert post.ref == second
    assert post.author
    assert post.author.startswith("anna@")
    assert post.hashtags == (tag,)


async def test_updates_edits_and_deletions_are_streamed(anna: httpx.AsyncClient, tag: str) -> None:
    async with Client(patience=PATIENCE) as http, asyncio.timeout(2 * PATIENCE):
        heard = _source(http, tag, "tok-anna").hear(None, None)
        async with aclosing(heard) as stream:  # type: ignore[type-var]  # it is a generator
            assert [type(await anext(stream)) for _ in range(2)] == [Mark, CaughtUp]
            ref = await _posts(anna, f"Startet nicht\u2028mehr #{tag}")
            update, mark = await anext(stream), await anext(stream)
            (await anna.put(f"/statuses/{ref}", json={"status": f"Startet wieder #{tag}"})).raise_for_status()
            edit, _ = await anext(stream), await anext(stream)
            (await anna.delete(f"/statuses/{ref}")).raise_for_status()
            deletion = await anext(stream)
    assert isinstance(update, Post)
    assert isinstance(edit, Edit)
    assert mark == Mark(ref)
    assert (update.id, update.ref, edit.post.ref) == (edit.post.id, ref, ref)
    assert edit.post.text == f"Startet wieder #{tag}"
    assert deletion == Deletion(platform="mastodon", instance=update.instance, ref=ref)
