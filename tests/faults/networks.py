"""Networks for the run with kills: what is posted, edited and deleted there, and what must be stored of it at the end.

A post is known by its number and says which version it is: `Kindle 17 version 3`. Only what a network can still give
after a pause is done to it: Jetstream replays everything; Mastodon gives no deletions after a pause, and edits of the
last minutes; of a feed come the entries that it still shows; of Hacker News every item, and changes of the last
minutes only; a Nostr relay gives all, and only articles are edited there.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from tests.faults.proxy import Proxy
from tests.servers.feedsite import FeedSite, item, rss
from tests.servers.hackernews import HackerNewsServer
from tests.servers.jetstream import Jetstream
from tests.servers.mastodon import MastodonServer, snowflake, status
from tests.servers.nostr import Event, RelayServer, article, deletion, note
from tests.servers.scripted import ScriptedServer

RECENT = 20  # posts that are edited where edits of old ones cannot be heard
SHOWN = 100  # entries of the feed


def text_of(number: int, version: int) -> str:
    return f"Mein #Kindle Kindle {number} version {version}"


class Network(ABC):
    """`versions` is what stands at the end: the version of each post by its number."""

    name: str
    pace = 0.05  # seconds between two posts
    edits = 5  # each so many posts one is edited; 0 for never
    deletes = 0
    recent: int | None = RECENT

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.versions: dict[int, int] = {}
        self.first = self.done = 0  # numbers begin above it
        self.stopping = False

    @abstractmethod
    def serving(self) -> contextlib.AbstractAsyncContextManager[int]:
        """The server; its port."""

    @abstractmethod
    def config(self, proxy: Proxy) -> str:
        """The options of the platform, pointed at the proxy."""

    @abstractmethod
    async def post(self, number: int) -> None: ...

    async def edit(self, number: int, version: int) -> None:
        raise NotImplementedError

    async def delete(self, number: int) -> None:
        raise NotImplementedError

    def editable(self) -> list[int]:
        """The posts of which one may be edited next."""
        return list(self.versions)[-self.recent if self.recent else 0 :]

    async def settled(self) -> None:
        """Wait until all of it can be heard."""
        await asyncio.sleep(0)

    async def goes_on(self) -> None:
        """Post, edit and delete until it is `stopping`."""
        while not self.stopping:
            self.done += 1
            await self.post(self.done)
            self.versions[self.done] = 1
            if self.edits and self.done % self.edits == 0:
                number = self.chance.choice(self.editable())
                await self.edit(number, self.versions[number] + 1)
                self.versions[number] += 1
            if self.deletes and self.done % self.deletes == 0:
                number = self.chance.choice(list(self.versions))
                await self.delete(number)
                del self.versions[number]
            await asyncio.sleep(self.pace)


class OurJetstream(Network):
    name = "bluesky"
    pace = 0.01
    edits = 7
    deletes = 11
    recent = None

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.server = Jetstream()
        self._uris: dict[int, str] = {}

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with self.server as server:
            yield server.port

    def config(self, proxy: Proxy) -> str:
        hosts = f'["{proxy.ws}/subscribe", "{proxy.ws}/subscribe?again=1"]'
        return f'[platforms.bluesky]\njetstream = {hosts}\napi = "{self.server.base}"\nreplay_minutes = 60\n'

    async def post(self, number: int) -> None:
        self.server.post(f"nichts {number}")
        self._uris[number] = self.server.post(text_of(number, 1))

    async def edit(self, number: int, version: int) -> None:
        self.server.edit(self._uris[number], text_of(number, version))

    async def delete(self, number: int) -> None:
        self.server.delete(self._uris[number])


class OurMastodon(Network):
    name = "mastodon"

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.server = MastodonServer()
        self.server.streams = True
        self._posted: dict[int, tuple[str, datetime]] = {}

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with ScriptedServer(self.server) as server:
            yield server.port

    def config(self, proxy: Proxy) -> str:
        return (
            f'[platforms.mastodon]\nservers = ["{proxy.base}"]\ntoken = "env:TOKEN"\npoll_seconds = 5\n'
            "overlap_minutes = 2\nsearch = false\n"
        )

    async def post(self, number: int) -> None:
        now = datetime.now(UTC)
        self._posted[number] = snowflake(now, number % 65_536), now
        self._publish(number, 1)

    async def edit(self, number: int, version: int) -> None:
        self._publish(number, version, edited_at=datetime.now(UTC).isoformat().replace("+00:00", "Z"))

    def _publish(self, number: int, version: int, **more: str) -> None:
        id_, at = self._posted[number]
        self.server.publish(status(id_, text_of(number, version), at, **more))


class OurHackerNews(Network):
    name = "hackernews"
    pace = 0.2
    edits = 0

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.server = HackerNewsServer(start=int(datetime.now(UTC).timestamp()) - 3_600)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with self.server.serving() as server:
            yield server.port

    def config(self, proxy: Proxy) -> str:
        return f'[platforms.hackernews]\napi = "{proxy.base}/v0"\nalgolia = "{proxy.base}/api/v1"\npoll_seconds = 1\n'

    async def post(self, number: int) -> None:
        self.server.post(text_of(number, 1))


class OurFeed(Network):
    name = "feeds"
    pace = 0.25

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.site = FeedSite()
        self._items: dict[int, str] = {}
        self._changes = 0
        self._serve()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with self.site as site:
            yield site.server.port

    def config(self, proxy: Proxy) -> str:
        return f'[platforms.feeds]\nurls = ["{proxy.base}/feed"]\nevery_minutes = 1\n'

    async def post(self, number: int) -> None:
        await self.edit(number, 1)

    async def edit(self, number: int, version: int) -> None:
        self._items[number] = item(number, text_of(number, version))
        self._serve()

    def _serve(self) -> None:
        self._changes += 1
        shown = [self._items[number] for number in sorted(self._items, reverse=True)[:SHOWN]]
        self.site.serves("/feed", rss(*shown), etag=f'"{self._changes}"')


class OurRelay(Network):
    """Each second post is a note, the others are articles, which alone can be edited there."""

    name = "nostr"
    edits = 6
    deletes = 9

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.server = RelayServer(most=100)
        self._events: dict[int, Event] = {}

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with self.server as server:
            yield server.port

    def config(self, proxy: Proxy) -> str:
        return f'[platforms.nostr]\nrelays = ["{proxy.ws}"]\noverlap_minutes = 2\n'

    def editable(self) -> list[int]:
        return [number for number in super().editable() if number % 2 == 0]

    async def post(self, number: int) -> None:
        text = text_of(number, 1)
        await self._publish(number, note(text) if number % 2 else article(str(number), text))

    async def edit(self, number: int, version: int) -> None:
        # Of two versions of one second the relay may keep the older one.
        later = max(int(time.time()), self._events[number]["created_at"] + 1)
        await self._publish(number, article(str(number), text_of(number, version), at=later))

    async def delete(self, number: int) -> None:
        event = self._events.pop(number)
        await self._send(deletion(event, at=max(int(time.time()), event["created_at"])))

    async def _publish(self, number: int, event: Event) -> None:
        self._events[number] = event
        await self._send(event)

    async def _send(self, event: Event) -> None:
        self.server.publish(event)


OURS: tuple[type[Network], ...] = (OurJetstream, OurMastodon, OurHackerNews, OurFeed, OurRelay)
