"""The walk over all items of Hacker News in the order of their ids.

While we keep up, every new item is fetched by its id. After a long stop Algolia is asked for the time in
between, a few requests instead of thousands, and the last thousand ids are walked because its index lags.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from listen.errors import BadAnswer, PlatformError
from listen.http import Client
from listen.platforms.hackernews.item import NAME, Item, moment_of, post_of
from listen.platforms.hackernews.search import Algolia, queries_of
from listen.post import Deletion, Edit, Event, Gap, Mark, Post
from listen.source import Interest, Source
from listen.when import now

CHUNK = 50  # ids between two marks
AT_ONCE = 10
SEARCH_ABOVE = 2_000  # items behind, some three hours: from here on searching is cheaper than walking
OVERLAP = 1_000  # last items walked after a search, an hour or more; Algolia indexes within minutes
FAR = 20_000  # items behind, more than a day, that are walked where Algolia cannot help
SLACK = timedelta(minutes=5)  # times do not quite follow ids
LATE = timedelta(minutes=1)  # an id that stays null longer than this never comes
NEAR = 3_000  # ids below the cursor that can still be edited or deleted by their authors (two hours)
CHANGES = 30  # changed items fetched again in one round
TRIES = 3  # failed searches before the items are walked instead

_Id = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


class Changes(msgspec.Struct):
    """What `updates.json` tells: ids of items that changed a moment ago."""

    items: list[_Id]


class Items(Source):
    """All items of the API at `api`."""

    name = "items"

    def __init__(self, api: str, algolia: Algolia, poll_seconds: float, interest: Interest, http: Client) -> None:
        self.api = api
        self.algolia = algolia
        self.every = timedelta(seconds=poll_seconds)
        self.interest = interest
        self.http = http
        self._yielded: deque[int] = deque(maxlen=5_000)
        self._failures = 0

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        newest = await self._newest()
        reached = _reached(cursor, newest)
        mark = Mark(str(reached or 0))
        if reached is None or newest - reached > SEARCH_ABOVE:
            async for event in self._caught_up(reached, since, newest):
                mark = event if isinstance(event, Mark) else mark
                yield event
        async for event in self._walked(int(mark.cursor), newest):
            mark = event if isinstance(event, Mark) else mark
            yield event
        if mark.again is None:
            async for change in self._changes(int(mark.cursor)):
                yield change
        yield mark  # once more: changes stand before it, and a round without news is covered too

    async def check(self) -> str:
        return f"item {await self._newest()} is the newest"

    async def gone(self, posts: Sequence[Post]) -> list[Deletion | Edit]:
        """What became of stored posts while nobody watched the list of changes."""
        known = {int(post.id): post for post in posts if post.id.isascii() and post.id.isdigit()}
        found: list[Deletion | Edit] = []
        for number, item in zip(known, await self._fetched(known), strict=True):
            if item is None:
                continue  # not there for now; what is deleted says so
            if item.get("deleted") or item.get("dead"):
                found.append(Deletion(platform=NAME, id=str(number), lasting=bool(item.get("deleted"))))
            elif (post := post_of(number, item)).document != known[number].document:
                found.append(Edit(post))
        return found

    async def _caught_up(self, reached: int | None, since: datetime | None, newest: int) -> AsyncIterator[Event]:
        """All after the item `reached`, or since a time on the first run; the Mark says where to walk on."""
        end = await self._now(newest)
        begin = await self._moment_near(reached) if reached is not None else since or end - timedelta(days=1)
        resume = max(0, newest - OVERLAP)
        try:
            async for found in self.algolia.found(self.interest, begin - SLACK, end):
                event = found if isinstance(found, Gap) else self._event(*found)
                if event:
                    yield event
            self._failures = 0
        except PlatformError as problem:
            self._failures += 1
            if self._failures < TRIES and queries_of(self.interest):
                raise
            resume = resume if reached is None else max(reached, newest - FAR)
            if resume not in (reached, 0):
                yield Gap(begin, max(begin, await self._moment_near(resume)), str(problem), "down")
        yield Mark(str(resume))

    async def _walked(self, reached: int, newest: int) -> AsyncIterator[Event]:
        """The items after `reached`, a Mark after each chunk; stops before an id that may still come."""
        for first in range(reached + 1, newest + 1, CHUNK):
            ids = range(first, min(first + CHUNK, newest + 1))
            items = await self._fetched(ids)
            stop = await self._awaited(ids, items, newest)
            for number, item in zip(ids[:stop], items, strict=False):
                event = self._event(number, item)
                if event:
                    yield event
            if stop is not None:
                yield Mark(str(first + stop - 1), again=min(self.every, timedelta(seconds=5)))
                return
            yield Mark(str(ids[-1]))

    async def _awaited(self, ids: range, items: Sequence[Item | None], newest: int) -> int | None:
        """The index of the first null that may still come; one is overdue if a later item is older than LATE.

        Older than the newest item, that is: the network's own clock decides, as ours may be wrong.
        """
        if None not in items:
            return None
        # Steps that double see over the edge of any hole with a few requests.
        beyond = [ids[-1] + 2**step for step in range(newest.bit_length()) if ids[-1] + 2**step < newest]
        seen = [*items, *await self._fetched([*beyond, newest])]
        latest, later, awaited = moment_of(seen[-1]), None, None
        for index in reversed(range(len(seen))):
            later = moment_of(seen[index]) or later
            if seen[index] is None and (latest is None or later is None or latest - later < LATE):
                awaited = index
        return awaited if awaited is not None and awaited < len(items) else None

    async def _changes(self, reached: int) -> AsyncIterator[Event]:
        """Edits and deletions among what changed a moment ago: items that we yielded first, then the newest."""
        changes: Changes = (await self.http.get(f"{self.api}/updates.json")).shaped(Changes)
        near = {n for n in changes.items if n in self._yielded or reached - NEAR < n <= reached}
        ids = sorted(near, key=lambda n: (n in self._yielded, n), reverse=True)[:CHANGES]
        known = set(self._yielded)
        for number, item in zip(ids, await self._fetched(ids), strict=True):
            event = self._event(number, item)
            if isinstance(event, Deletion):
                yield event
            elif item is not None and (event or number in known):
                yield Edit(post_of(number, item))

    def _event(self, number: int, item: Item | None) -> Post | Deletion | None:
        if item is None:
            return None
        if item.get("deleted") or item.get("dead"):
            # What moderators or flags killed is vouched for again now and then.
            return Deletion(platform=NAME, id=str(number), lasting=bool(item.get("deleted")))
        post = post_of(number, item)
        if not self.interest.may_match(post.document):
            return None
        if number not in self._yielded:
            self._yielded.append(number)
        return post

    async def _newest(self) -> int:
        newest: int = (await self.http.get(f"{self.api}/maxitem.json")).shaped(_Id)
        return newest

    async def _now(self, newest: int) -> datetime:
        """The time, which the newest items know better than a clock of ours that is behind."""
        items = await self._fetched(range(max(1, newest - 9), newest + 1))
        return max([now(), *filter(None, map(moment_of, items))])

    async def _moment_near(self, number: int) -> datetime:
        """When the item of that id, or one shortly before it, was posted."""
        items = await self._fetched(range(max(1, number - CHUNK + 1), max(1, number) + 1))
        moment = next(filter(None, map(moment_of, reversed(items))), None)
        if moment is None:
            raise BadAnswer(f"hackernews: nothing says when item {number} was posted")
        return moment

    async def _fetched(self, ids: Iterable[int]) -> list[Item | None]:
        """The items of these ids in their order, None where there is none (yet)."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def fetched(number: int) -> Item | None:
            async with gate:
                item = (await self.http.get(f"{self.api}/item/{number}.json")).json()
            if item is None or isinstance(item, dict):
                return item
            raise BadAnswer(f"hackernews: item {number} is not an object")

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(fetched(number)) for number in ids]
        except ExceptionGroup as problems:
            raise problems.exceptions[0] from problems
        return [task.result() for task in tasks]


def _reached(cursor: str | None, newest: int) -> int | None:
    """The id to go on after; None on the first run, and where the cursor cannot be true."""
    if cursor is None or not (cursor.isascii() and cursor.isdigit()) or int(cursor) - newest > OVERLAP:
        return None
    return int(cursor)
