"""The ways in which posts reach us, each with a small network of our own behind it that can be posted to.

All posts are numbered: `Kindle 1`, `Kindle 2` ...; only the number counts for what arrives.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from listen.http import Client, Secret
from listen.platforms.bluesky import Bluesky, BlueskyOptions
from listen.platforms.feeds import FeedOptions, Feeds
from listen.platforms.hackernews import HackerNews, HackerNewsOptions
from listen.platforms.mastodon import Mastodon, MastodonOptions
from listen.platforms.nostr import Nostr, NostrOptions
from listen.source import Interest, Source
from tests.servers.feedsite import WORDPRESS, FeedSite, item, rss
from tests.servers.frames import ANNA
from tests.servers.hackernews import HackerNewsServer
from tests.servers.jetstream import Jetstream
from tests.servers.mastodon import MastodonServer, snowflake, status
from tests.servers.nostr import RelayServer, note
from tests.servers.scripted import ScriptedServer

PAGE = 100  # entries on a page of the feed
BEAT = 0.2  # seconds between two signs of life of a stream; clients of these tests lose patience after one


class Transport(ABC):
    """One network: a server, and the sources that hear it at a base address. `name` is the platform's."""

    name: str
    strikes: Callable[[bytes], bool] = staticmethod(lambda _: True)  # which requests faults are for

    @abstractmethod
    def serving(self) -> contextlib.AbstractAsyncContextManager[int]:
        """The server; its port."""

    @abstractmethod
    def post(self, number: int, at: datetime | None = None) -> None:
        """Post `Kindle <number>`, which claims to be of that time."""

    @abstractmethod
    def sources(self, base: str, interest: Interest, http: Client) -> list[Source]:
        """What listens to the server at this address, `http://127.0.0.1:1234`."""


class Poll(Transport):
    """JSON that is asked for again and again: a hashtag of Mastodon."""

    name = "mastodon"
    token: Secret | None = None

    def __init__(self) -> None:
        self.server = MastodonServer()
        self.server.heartbeat = BEAT
        self.begin = datetime.now(UTC) - timedelta(minutes=5)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with ScriptedServer(self.server) as server:
            yield server.port

    def post(self, number: int, at: datetime | None = None) -> None:
        posted = at or self.begin + timedelta(milliseconds=number)
        self.server.publish(status(snowflake(posted, number), f"#Kindle Kindle {number}", posted))

    def sources(self, base: str, interest: Interest, http: Client) -> list[Source]:
        chosen = MastodonOptions(servers=(base,), token=self.token, search=False)
        return list(Mastodon(chosen, interest, http).sources())


class EventStream(Poll):
    """Server-sent events: the same hashtag with a token. Faults are for the stream alone."""

    token = Secret("hush-hush", "env:T")
    strikes = staticmethod(lambda head: b"/streaming/hashtag" in head)

    def __init__(self) -> None:
        super().__init__()
        self.server.streams = True


class Items(Transport):
    """JSON, an item a request: Hacker News."""

    name = "hackernews"

    def __init__(self) -> None:
        self.server = HackerNewsServer(start=int(datetime.now(UTC).timestamp()) - 3_600)
        self.server.post("something else")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with self.server.serving() as server:
            yield server.port

    def post(self, number: int, at: datetime | None = None) -> None:
        self.server.post(f"Kindle {number}", **({"time": int(at.timestamp())} if at else {}))

    def sources(self, base: str, interest: Interest, http: Client) -> list[Source]:
        chosen = HackerNewsOptions(api=f"{base}/v0", algolia=f"{base}/api/v1")
        return list(HackerNews(chosen, interest, http).sources())


class Socket(Transport):
    """A WebSocket: Jetstream."""

    name = "bluesky"
    strikes = staticmethod(lambda head: b"/subscribe" in head)

    def __init__(self) -> None:
        self.server = Jetstream()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with self.server as server:
            beating = asyncio.create_task(self._beat())
            yield server.port
            beating.cancel()

    async def _beat(self) -> None:
        """The whole network is never quiet."""
        while True:
            self.server.identity(ANNA, "anna.example")
            await asyncio.sleep(BEAT)

    def post(self, number: int, at: datetime | None = None) -> None:
        claimed: dict[str, Any] = {"createdAt": at.isoformat()} if at else {}
        self.server.post(f"Kindle {number}", **claimed)

    def sources(self, base: str, interest: Interest, http: Client) -> list[Source]:
        chosen = BlueskyOptions(jetstream=base.replace("http", "ws", 1), api="http://127.0.0.1:9")
        return list(Bluesky(chosen, interest, http).sources())


class Relays(Transport):
    """A WebSocket with questions and answers: Nostr."""

    name = "nostr"
    strikes = staticmethod(lambda head: b"upgrade" in head.lower())

    def __init__(self) -> None:
        self.server = RelayServer()
        self.begin = int(time.time()) - 300

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with self.server as server:
            yield server.port

    def post(self, number: int, at: datetime | None = None) -> None:
        self.server.publish(note(f"Kindle {number}", at=int(at.timestamp()) if at else self.begin + number // 100))

    def sources(self, base: str, interest: Interest, http: Client) -> list[Source]:
        chosen = NostrOptions(relays=(base.replace("http", "ws", 1),))
        return list(Nostr(chosen, interest, http).sources())


class Feed(Transport):
    """RSS with an ETag."""

    name = "feeds"
    paged = True  # as WordPress pages

    def __init__(self) -> None:
        self.site = FeedSite()
        self.items: list[str] = []
        self._serve()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with self.site as site:
            yield site.server.port

    def post(self, number: int, at: datetime | None = None) -> None:
        self.items.insert(0, item(number, title=f"Kindle {number}", pubDate=format_datetime(at) if at else ""))
        self._serve()

    def sources(self, base: str, interest: Interest, http: Client) -> list[Source]:
        chosen = FeedOptions(urls=(f"{base}/feed",), comments=False)
        return list(Feeds(chosen, interest, http).sources())

    def _serve(self) -> None:
        pages = [self.items[first : first + PAGE] for first in range(0, len(self.items), PAGE)] or [[]]
        for number, page in enumerate(pages, 1):
            place = "/feed" if number == 1 else f"/feed?paged={number}"
            self.site.serves(place, rss(*page, channel=WORDPRESS if self.paged else ""), etag=f'"{len(self.items)}"')


TRANSPORTS: dict[str, type[Transport]] = {
    "poll": Poll,
    "items": Items,
    "event stream": EventStream,
    "WebSocket": Socket,
    "relay": Relays,
    "feed": Feed,
}
