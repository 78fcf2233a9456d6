"""The stream of all public posts: one WebSocket, on whichever of the hosts answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from listen.errors import ConfigError, PlatformError
from listen.http import Client
from listen.http.wire import host_of, translated
from listen.platforms.bluesky.packing import Packing
from listen.platforms.bluesky.profiles import Profiles
from listen.platforms.bluesky.reading import SILENCE, Reading, now_us, start_of
from listen.platforms.bluesky.record import POSTS
from listen.platforms.bluesky.search import Search
from listen.post import Event, Gap, Post
from listen.source import Interest, Source

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

LOOK = 5.0  # seconds that a check waits for a frame

_SCHEMES = {"": "wss", "https": "wss", "wss": "wss", "http": "ws", "ws": "ws"}


class Jetstream(Source):
    """All posts of the network. The cursor is the `time_us` reached, which holds on every host.

    What no host remembers any more is searched for, by those who have an account.
    """

    name = "jetstream"
    every = timedelta(seconds=1)

    def __init__(
        self,
        hosts: Sequence[str],
        interest: Interest,
        http: Client,
        *,
        packing: Packing,
        profiles: Profiles,
        replay: timedelta,
        search: Search | None = None,
    ) -> None:
        self.hosts = tuple(map(address, hosts))
        self.interest = interest
        self.http = http
        self.packing = packing
        self.profiles = profiles
        self.replay = replay
        self.search = search
        self.turn = 0
        self.mute = False

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        start = start_of(cursor, since, self.replay, now_us())
        try:
            async with AsyncExitStack() as stack:
                socket = await self._connected(stack, cursor=start.asked)
                reading = Reading(
                    socket,
                    start,
                    host=host_of(self._host),
                    interest=self.interest,
                    packing=self.packing,
                    profiles=self.profiles,
                    patience=self.http.patience,
                )
                reading.mute = self.mute
                try:
                    while True:
                        for event in await reading.next():
                            for told in await self._filled(event):
                                yield told
                finally:
                    self.mute = reading.was_mute
        except PlatformError:
            self.turn += 1  # the next try begins at the next host
            raise

    async def _filled(self, event: Event) -> Sequence[Event]:
        """The event; for what is not remembered any more, what the search finds instead."""
        if isinstance(event, Gap) and event.reason == "retention" and self.search is not None:
            return await self.search.filled(event)
        return (event,)

    async def complete(self, posts: Sequence[Post]) -> Sequence[Post]:
        return await self.profiles.complete(posts)

    async def check(self) -> str:
        """Wait for one live frame; and one request of the search."""
        async with AsyncExitStack() as stack:
            socket = await self._connected(stack)
            host = host_of(self._host)
            try:
                async with asyncio.timeout(min(LOOK, self.http.patience)):
                    with translated(host):
                        self.packing.unpacked(await socket.recv())
                said = f"{host} is live"
            except TimeoutError:
                said = f"{host} is open, but nobody is posting"
        return f"{said}; {await self.search.check()}" if self.search else said

    @property
    def _host(self) -> str:
        return self.hosts[self.turn % len(self.hosts)]

    async def _connected(self, stack: AsyncExitStack, **more: int) -> ClientConnection:
        """A socket on the first host that opens one, from the one whose turn it is. Raises what the last one said."""
        for _ in self.hosts[1:]:
            with suppress(PlatformError):
                return await self._open(stack, more)
            self.turn += 1
        return await self._open(stack, more)

    async def _open(self, stack: AsyncExitStack, more: Mapping[str, int]) -> ClientConnection:
        query = {"wantedCollections": POSTS, **self.packing.asks, **more}
        parts = urlsplit(self._host)
        url = urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *query.items()])))
        return await stack.enter_async_context(
            self.http.websocket(url, compression=self.packing.offer, silence=SILENCE)
        )


def address(host: str) -> str:
    """A host, `wss://host` or `ws://127.0.0.1:6008/subscribe` as the address to connect to. Raises ConfigError."""
    try:
        parts = urlsplit(host if "://" in host else f"//{host}")
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _SCHEMES or not parts.hostname or port == 0:
        raise ConfigError(f"[platforms.bluesky] jetstream: {host!r} is no address; write 'wss://HOST'")
    path = parts.path if parts.path.strip("/") else "/subscribe"
    return urlunsplit(parts._replace(scheme=_SCHEMES[parts.scheme], path=path))
