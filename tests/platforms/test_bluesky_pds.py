"""Posts of a real PDS on this machine, through our Jetstream; skipped where none is up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from listen.http import Client
from listen.platforms.bluesky import Bluesky, BlueskyOptions
from listen.post import CaughtUp, Deletion, Edit, Event, Mark, Post
from listen.source import Interest
from tests.servers.frames import POSTS, now
from tests.servers.jetstream import Jetstream
from tests.servers.pds import PDS, Bridge

HANDLE, PASSWORD = "anna.test", "pw-anna"


class Author:
    """An account of the PDS that writes."""

    def __init__(self, http: httpx.AsyncClient, did: str, token: str) -> None:
        self.http = http
        self.did = did
        self.token = token

    async def write(self, procedure: str, **body: Any) -> Any:
        answer = await self.http.post(
            f"/xrpc/com.atproto.repo.{procedure}",
            json={"repo": self.did, "collection": POSTS, **body},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        answer.raise_for_status()
        return answer.json()


def _record(text: str, **more: Any) -> dict[str, Any]:
    return {"$type": POSTS, "text": text, "createdAt": now(), "langs": ["de"], **more}


@pytest.fixture
async def pds() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=PDS, trust_env=False, timeout=10) as pds:
        try:
            await pds.get("/xrpc/_health", timeout=1)
        except httpx.TransportError:
            pytest.skip("no PDS is up")
        yield pds


@pytest.fixture
async def anna(pds: httpx.AsyncClient) -> Author:
    login = {"identifier": HANDLE, "password": PASSWORD}
    answer = await pds.post("/xrpc/com.atproto.server.createSession", json=login)
    if answer.status_code == 401:
        account = {"handle": HANDLE, "email": "anna@example.com", "password": PASSWORD}
        answer = await pds.post("/xrpc/com.atproto.server.createAccount", json=account)
    if answer.status_code == 429:
        pytest.skip("the PDS allows no more logins now")
    answer.raise_for_status()
    return Author(pds, answer.json()["did"], answer.json()["accessJwt"])


async def test_posts_edits_and_deletions_of_a_real_pds_are_heard(
    pds: httpx.AsyncClient, anna: Author, http: Client
) -> None:
    word = f"Kindle{uuid4().hex}"
    text = f"Für 🙈 #{word}\u2028 geht's nicht"
    start = len("Für 🙈 ".encode())
    facet = {
        "index": {"byteStart": start, "byteEnd": start + len(word) + 1},
        "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": word}],
    }
    async with Jetstream() as server:
        bridge = Bridge(server, pds)
        interest = Interest((), lambda raw: word in raw)
        (source,) = Bluesky(BlueskyOptions(jetstream=server.ws, api=server.base), interest, http).sources()
        created = await anna.write("createRecord", record=_record(text, facets=[facet], tags=["nurImFeld"]))
        begun = datetime.now(UTC)
        await bridge.look()
        events: list[Event] = []
        stream = source.hear(None, None)
        async with asyncio.timeout(40), aclosing(stream):  # type: ignore[type-var]
            async for event in stream:
                if not isinstance(event, Mark | CaughtUp):
                    events.append(event)
                match event:
                    case Post():
                        rkey = created["uri"].rsplit("/", 1)[-1]
                        await anna.write("putRecord", rkey=rkey, record=_record(f"{word} geht wieder"))
                        await bridge.look()
                    case Edit():
                        await anna.write("deleteRecord", rkey=rkey)
                        await bridge.look()
                    case Deletion(id=withdrawn) if withdrawn == created["uri"]:
                        break
        (author,) = {
            post.author for post in await source.complete([event for event in events if isinstance(event, Post)])
        }
    post, edit, deletion = events
    assert isinstance(post, Post)
    assert (post.id, post.text, post.hashtags, author) == (created["uri"], text, (word, "nurImFeld"), HANDLE)
    assert post.posted_at
    assert abs((post.posted_at - begun).total_seconds()) < 10
    assert isinstance(edit, Edit)
    assert (edit.post.id, edit.post.text) == (post.id, f"{word} geht wieder")
    assert deletion == Deletion(platform="bluesky", id=post.id)
