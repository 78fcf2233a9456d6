"""Servers that other people wrote, for the run with kills, as far as they are up on this machine."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import time
import xmlrpc.client
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import connect

from tests.faults.networks import Network, OurJetstream, OurRelay, text_of
from tests.faults.proxy import Proxy
from tests.servers.frames import POSTS, now
from tests.servers.nostr import Event
from tests.servers.pds import PDS, Bridge

PORTS = {"pds": 2583, "mastodon-mock": 8095, "wordpress": 8082, "nostr": 6969}


class RealPds(OurJetstream):
    """Bluesky's own PDS, whose records our Jetstream sends on."""

    pace = 0.1

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.first = self.done = _unused()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with httpx.AsyncClient(base_url=PDS, trust_env=False, timeout=20) as self.http, self.server as server:
            login = {"identifier": "anna.test", "password": "pw-anna"}
            session = (
                (await self.http.post("/xrpc/com.atproto.server.createSession", json=login)).raise_for_status().json()
            )
            self.did, self.http.headers["Authorization"] = session["did"], f"Bearer {session['accessJwt']}"
            self.bridge = Bridge(server, self.http, handles=("anna.test",))
            looking = asyncio.create_task(self._look())
            yield server.port
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def _look(self) -> None:
        while not self.stopping:
            await self.bridge.look()
            await asyncio.sleep(0.3)

    async def settled(self) -> None:
        await asyncio.sleep(2)
        await self.bridge.look()

    async def post(self, number: int) -> None:
        written = await self._write("createRecord", record=_record(text_of(number, 1)))
        self._uris[number] = written["uri"]

    async def edit(self, number: int, version: int) -> None:
        key = self._uris[number].rsplit("/", 1)[-1]
        await self._write("putRecord", rkey=key, record=_record(text_of(number, version)))

    async def delete(self, number: int) -> None:
        await self._write("deleteRecord", rkey=self._uris[number].rsplit("/", 1)[-1])

    async def _write(self, procedure: str, **told: Any) -> Any:
        body = {"repo": self.did, "collection": POSTS, **told}
        return (await self.http.post(f"/xrpc/com.atproto.repo.{procedure}", json=body)).raise_for_status().json()


class MastodonMock(Network):
    """Somebody else's stand-in for Mastodon; it allows 300 requests in five minutes, to us and to `listen`."""

    name = "mastodon"
    pace = 1.5

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self._ids: dict[int, str] = {}
        self.first = self.done = _unused()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        headers = {"Authorization": "Bearer tok-bernd"}
        base = f"http://127.0.0.1:{PORTS['mastodon-mock']}/api/v1"
        async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False, timeout=20) as self.http:
            yield PORTS["mastodon-mock"]

    def config(self, proxy: Proxy) -> str:
        return (
            f'[platforms.mastodon]\nservers = ["{proxy.base}"]\ntoken = "env:TOKEN"\npoll_seconds = 30\n'
            "overlap_minutes = 10\nsearch = false\n"
        )

    async def post(self, number: int) -> None:
        told = {"status": text_of(number, 1), "visibility": "public"}
        self._ids[number] = (await self.http.post("/statuses", json=told)).raise_for_status().json()["id"]

    async def edit(self, number: int, version: int) -> None:
        told = {"status": text_of(number, version)}
        (await self.http.put(f"/statuses/{self._ids[number]}", json=told)).raise_for_status()


class WordPress(Network):
    """A real WordPress. Its ETag is the second of the last change, so that two in one second are not told apart."""

    name = "feeds"
    pace = 1.3

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.calls = xmlrpc.client.ServerProxy(f"http://127.0.0.1:{PORTS['wordpress']}/xmlrpc.php", allow_none=True)
        self._ids: dict[int, str] = {}
        self.recent = 5  # a page shows ten
        self.first = self.done = _unused()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        try:
            yield PORTS["wordpress"]
        finally:
            for id_ in self._ids.values():
                for _ in range(2):  # into the bin, and out of it
                    await self._call("wp.deletePost", id_)

    def config(self, proxy: Proxy) -> str:
        return f'[platforms.feeds]\nurls = ["{proxy.base}/feed/"]\nevery_minutes = 1\ncomments = false\n'

    async def post(self, number: int) -> None:
        words = {"post_title": "Kindle", "post_content": f"<p>{text_of(number, 1)}</p>", "post_status": "publish"}
        self._ids[number] = str(await self._call("wp.newPost", words))

    async def edit(self, number: int, version: int) -> None:
        await asyncio.sleep(self.pace)
        await self._call("wp.editPost", self._ids[number], {"post_content": f"<p>{text_of(number, version)}</p>"})

    async def settled(self) -> None:
        await asyncio.sleep(self.pace)

    async def _call(self, method: str, *told: object) -> object:
        return await asyncio.to_thread(lambda: getattr(self.calls, method)(1, "admin", "pw-admin", *told))


class NostrRelay(OurRelay):
    """A real relay, nostr-relay."""

    pace = 0.2

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.first = self.done = _unused()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with connect(f"ws://127.0.0.1:{PORTS['nostr']}", proxy=None) as self.socket:
            yield PORTS["nostr"]

    async def _send(self, event: Event) -> None:
        await self.socket.send(json.dumps(["EVENT", event]))
        _, _, accepted, reason = json.loads(await self.socket.recv())
        assert accepted, reason


def up() -> tuple[type[Network], ...]:
    """Those that are up."""
    every: dict[str, type[Network]] = {
        "pds": RealPds, "mastodon-mock": MastodonMock, "wordpress": WordPress, "nostr": NostrRelay,
    }  # fmt: skip
    return tuple(network for name, network in every.items() if _answers(PORTS[name]))


def _unused() -> int:
    """A number above all that an earlier run may have left on the server."""
    return int(time.time()) * 1_000


def _record(text: str) -> dict[str, Any]:
    return {"$type": POSTS, "text": text, "createdAt": now(), "langs": ["de"]}


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
