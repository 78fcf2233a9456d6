"""What X has: searches catch up, the stream goes on from there, and what falls between the two is searched for.

A search shows posts that are half a minute old (its `end_time` is 30 s ago if nobody says otherwise), so that what was
posted just before the stream opened is searched for once it has been open for a while. There is no replay; after the
stream breaks the searches read what it missed. One that cannot be had is not waited for: the searches go on alone.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta

from listen.errors import OutOfQuota, RateLimited, Unacceptable, Unreachable
from listen.http.money import MILLIONTHS, spelled
from listen.platforms.x.api import Api, Page
from listen.platforms.x.ids import id_at, time_of
from listen.platforms.x.reading import Cursor, Hole, Reached, digest, place_of, recalled, within_reach
from listen.platforms.x.rules import reconciled
from listen.platforms.x.status import heard
from listen.post import CaughtUp, Event, Mark, Notice
from listen.source import Source

_INDEXED = 40.0  # seconds until a search shows what was posted when the stream opened
_DISORDER = timedelta(seconds=30)  # the stream brings posts out of order
_QUIET = timedelta(minutes=10)  # what a silent stream is trusted to have brought, before now


class Hearing(Source):
    """All searches of one app and, where there are `rules`, its stream."""

    name = "posts"

    def __init__(
        self, api: Api, searches: Sequence[str], rules: Sequence[str], *, every: timedelta, first: timedelta
    ) -> None:
        self.api = api
        self.searches = searches
        self.rules = rules
        self.every = every
        self.first = first
        self.elapsed = time.monotonic
        self._cursor = Cursor()

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        self._begin(cursor, since)
        async for event in self.searched():
            yield event
        if self.rules:
            async with aclosing(self._streamed()) as events:
                async for event in events:
                    yield event

    async def check(self) -> str:
        a_day = sum([await self.api.a_day(search) for search in self.searches])
        costs, limit = self.api.costs, self.api.costs.paid.allowance
        price = spelled(round(a_day * costs.each / MILLIONTHS, 2), limit.unit)
        names = "with their authors, " if costs.authors else ""
        return f"about {a_day:,.0f} posts a day = {price}, {names}at most; {limit.said}"

    def _begin(self, cursor: str | None, since: datetime | None) -> None:
        """Go on from the cursor."""
        before, begin = recalled(cursor), since or self.api.now() - self.first
        self._cursor = Cursor({digest(search): before.of(search, begin) for search in self.searches})

    async def searched(self) -> AsyncIterator[Event]:
        """What is new, and what was not read of what is older; a mark after each page."""
        for search in self.searches:
            async for event in self._filled(search, Hole(self._of(search).top)):
                yield event
        for search in self.searches:
            for hole in self._of(search).holes:
                async for event in self._filled(search, hole):
                    yield event
        yield self._mark()

    async def _filled(self, search: str, hole: Hole) -> AsyncIterator[Event]:
        """The posts of one hole, the newest page first. Raises PlatformError; what was read until then is marked."""
        here = self.api.now()
        reachable, gap = within_reach(hole, here)
        if gap is not None:
            yield gap
        if hole.until is not None:
            self._put(search, self._of(search).clipped(hole, reachable))
        turned: dict[str, str] = {}
        place = place_of(reachable) if reachable else {}
        while reachable is not None:
            page = await self.api.search(search, {**place, **turned})
            for event in self._told(page):
                yield event
            ids = [post.id for post in page.posts]
            lowest = ids[0] if page.next and _goes_on(reachable, ids[0]) else None
            reached = self._of(search).read(reachable, lowest, ids[-1] if ids else None)
            self._put(search, reached if lowest or hole.until else reached.lifted(here))
            yield self._mark()
            reachable = Hole(reachable.since, lowest) if lowest else None
            turned = {"next_token": page.next or ""}

    async def _streamed(self) -> AsyncGenerator[Event, None]:
        """What the stream brings, until it breaks; ends at once where it cannot be had."""
        try:
            whole, notices = await reconciled(self.api, self.rules)
            for notice in notices:
                yield notice
            if not whole:
                yield Notice("without the stream, X is searched each minute")
                return
            async with self.api.costs.flowing() as flow, self.api.stream() as lines:
                yield CaughtUp()
                live = Live(self)
                async for line in lines:
                    page = live.read(line)
                    for event in self._told(page) if page else ():
                        yield event
                    async for event in live.bridged():
                        yield event
                    if live.reached():
                        yield self._mark()
                    if page:
                        await flow.came(page.posts[0].id, page.users)
        except OutOfQuota:
            raise
        except (RateLimited, Unacceptable) as problem:  # X allows one connection, and 50 openings in 15 min
            yield Notice(f"the stream is not to be had just now: {problem}; X is searched instead")
            return
        raise Unreachable(f"{self.api.host} closed the stream")

    def lift(self, floor: datetime) -> bool:
        """Everything up to then was brought; whether that is news."""
        before, self._cursor = self._cursor, self._cursor.lifted(id_at(floor))
        return before != self._cursor

    def _told(self, page: Page) -> Iterator[Event]:
        for status in page.posts:
            yield heard(status, page.users)
        if page.unread:
            yield Notice(f"{self.api.host} sent posts that cannot be read; they are left out")

    def _of(self, search: str) -> Reached:
        return self._cursor.searches[digest(search)]

    def _put(self, search: str, reached: Reached) -> None:
        self._cursor = Cursor({**self._cursor.searches, digest(search): reached})

    def _mark(self) -> Mark:
        return Mark(self._cursor.encoded())


def _goes_on(hole: Hole, lowest: str) -> bool:
    """Whether a page ended between the ends of the hole; a server that turns in circles does not."""
    return int(hole.since) < int(lowest) and (hole.until is None or int(lowest) < int(hole.until))


class Live:
    """One open stream: what it has brought, and whether the time before it opened was searched."""

    def __init__(self, hearing: Hearing) -> None:
        self.hearing = hearing
        self._opened = hearing.elapsed()
        self._bridged = False
        self._newest: datetime | None = None

    def read(self, line: bytes) -> Page | None:
        """The post of a line. Raises Unreachable where X says why it ends the stream."""
        if not line.strip():
            return None
        came = self.hearing.api.came(line)
        if isinstance(came, str):
            raise Unreachable(f"{self.hearing.api.host} ends the stream: {came}")
        if came is not None:
            written = time_of(came.posts[0].id)
            self._newest = max(filter(None, (written, self._newest)), default=None)
        return came

    async def bridged(self) -> AsyncIterator[Event]:
        """Once, when a search shows it: what was posted just before the stream opened."""
        if self._bridged or self.hearing.elapsed() - self._opened < _INDEXED:
            return
        async for event in self.hearing.searched():
            yield event
        self._bridged = True

    def reached(self) -> bool:
        """Move the cursor up to what the stream has surely brought."""
        if not self._bridged:
            return False
        quiet = self.hearing.api.now() - _QUIET
        newest = self._newest - _DISORDER if self._newest else quiet
        return self.hearing.lift(max(newest, quiet))
