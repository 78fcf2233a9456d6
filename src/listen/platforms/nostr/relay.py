"""One relay as a source: connected, caught up, live.

A filter with `since` hides what is dated back also from those who listen live, so the live one has none.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing
from datetime import datetime, timedelta
from time import monotonic

from listen.errors import PlatformError, RateLimited
from listen.http import Client
from listen.http.wire import host_of
from listen.platforms.nostr.filters import Wanted
from listen.platforms.nostr.profiles import Profiles
from listen.platforms.nostr.reading import About, Reading
from listen.platforms.nostr.signed import DELETION, Signed, Withdrawn, signatures_are_checked
from listen.platforms.nostr.talk import Talk
from listen.post import CaughtUp, Event, Post
from listen.source import Source

LOOK = 900.0  # seconds between two looks at what is stored: for searches, and as a silent relay is not believed
MARK_EVERY = 60.0  # seconds, where much is heard and nothing is wanted
SILENCE = 60.0  # seconds until an answer is given up, or a link that does not answer pings; a quiet hashtag is alive
BELIEVED = 3_600.0  # seconds until a relay is asked about itself again


class Relay(Source):
    """The cursor is the newest `created_at` that was not in the future when it was heard, in seconds."""

    every = timedelta(seconds=1)

    def __init__(self, url: str, name: str, http: Client, wanted: Wanted, withdrawn: Withdrawn) -> None:
        self.url = url
        self.name = name
        self.host = host_of(url)
        self.http = http
        self.wanted = wanted
        self.withdrawn = withdrawn
        self.profiles = Profiles(http, url)
        self.look = LOOK
        self._about: tuple[float, About] | None = None
        self._said: set[str] = set()

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        about = await self.about()
        async with AsyncExitStack() as stack:
            talk = await self._connected(stack)
            reading = Reading(talk, self.wanted, self.withdrawn, about, cursor, self._said)
            for number, wanted in enumerate([*self.wanted.filters, {"kinds": [DELETION]}]):
                # From before the first look on, so that nothing falls in between.
                async for event in reading.stored({**wanted, "limit": 1}, [], name=f"live{number}"):
                    yield event
            async for event in reading.look(since):
                yield event
            yield CaughtUp()
            async for event in await stack.enter_async_context(aclosing(self._live(talk, reading))):
                yield event

    async def _live(self, talk: Talk, reading: Reading) -> AsyncGenerator[Event, None]:
        looked = marked = monotonic()
        while True:
            message = await talk.next(looked + self.look - monotonic())
            told = [] if message is None else list(reading.told(message))
            for event in told:
                yield event
            if told or monotonic() > marked + MARK_EVERY:
                marked = monotonic()
                yield reading.mark()
            if monotonic() > looked + self.look:
                async for event in reading.look(None):
                    yield event
                looked = monotonic()

    async def complete(self, posts: Sequence[Post]) -> Sequence[Post]:
        return await self.profiles.complete(posts)

    async def check(self) -> str:
        about = await self.about()
        async with AsyncExitStack() as stack:
            talk = await self._connected(stack)
            reading, found = Reading(talk, self.wanted, self.withdrawn, about, None, self._said), list[Signed]()
            async for _ in reading.stored({**self.wanted.filters[0], "limit": 1}, found, name="live0"):
                pass
        heard = "hashtags and words" if about.searches and self.wanted.searches else "hashtags only"
        heard = "every note" if self.wanted.everything else heard
        proof = "ids and signatures" if signatures_are_checked() else "ids, but no signatures,"
        return f"{about.name}, {heard}; {proof} are checked"

    async def about(self) -> About:
        """What the relay says about itself, asked once an hour; nothing where it does not. Raises RateLimited."""
        if self._about is None or monotonic() - self._about[0] > BELIEVED:
            url = self.url.replace("ws", "http", 1)
            try:
                answer = await self.http.get(url, headers={"Accept": "application/nostr+json"})
                about: About = answer.shaped(About)
            except RateLimited:
                raise
            except PlatformError:  # the socket will show whether it is there
                about = About()
            self._about = (monotonic(), about)
        return self._about[1]

    async def _connected(self, stack: AsyncExitStack) -> Talk:
        socket = await stack.enter_async_context(self.http.websocket(self.url, silence=SILENCE))
        return Talk(socket, self.host, min(SILENCE, 2 * self.http.patience))
