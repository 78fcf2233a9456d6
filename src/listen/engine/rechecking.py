"""Looking up stored posts again, where a network tells that a post is gone only to those who ask.

Round and round over all mentions of a network, PAGE by page, spread evenly over the time that its facts name: a round
of a day over 10,000 posts asks for 100 of them every quarter of an hour. What was put off (the program did not run, the
network had no answer) is caught up on, ten pages at a time. Requests count within the network's own budget.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from math import ceil
from time import monotonic

import msgspec

from listen.errors import PlatformError, StoreError
from listen.pipeline import Pipeline
from listen.post import Deletion, Edit, Post
from listen.source import RECHECKED, Source
from listen.store import Walk
from listen.when import now

PAGES = 10  # looked up in one go, if so many are due
TICK = 60.0  # seconds between two looks whether a page is due
PATIENCE = 120.0  # seconds for one page
REST = timedelta(minutes=15)  # after a failure that names no time
TRIES = 3  # failures of one page before the walk goes on without it until the next round

Asking = Callable[[Sequence[Post]], Awaitable[Sequence[Deletion | Edit]]]


class Recheck(msgspec.Struct, frozen=True):
    """What a network is asked about stored posts, and within what time each is to be asked about again."""

    gone: Asking
    every: timedelta


class Rechecker:
    """The walk over one network's mentions. `source` is one of its sources; `is_ours` if nobody else hears it."""

    def __init__(
        self, platform: str, recheck: Recheck, source: Source, pipeline: Pipeline, is_ours: Callable[[], bool]
    ) -> None:
        self.platform = platform
        self.recheck = recheck
        self.source = source
        self.pipeline = pipeline
        self.is_ours = is_ours
        self._failures = 0
        self._rests_until = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(TICK)
            await self.catch_up()

    async def catch_up(self) -> None:
        """Look up the pages that are due; trouble of the network or the store is for the next time."""
        for _ in range(PAGES):
            if not self.is_ours() or monotonic() < self._rests_until:
                return
            try:
                if not await self._step():
                    return
            except StoreError:
                return

    async def _step(self) -> bool:
        """One page, if one is due; whether there may be another."""
        store, moment = self.pipeline.store, now()
        walk = await asyncio.to_thread(store.walk, self.platform, moment)
        rest = self.recheck.every / max(1, ceil(walk.stored / RECHECKED))
        if timedelta(0) <= moment - walk.at < rest or not walk.stored:
            return False
        page = await asyncio.to_thread(self._page, walk.position)
        if page and not await self._asked([post for _, post in page]):
            return False
        last = page[-1][0] if len(page) == RECHECKED else 0  # a page that is not full is the end of a round
        return await asyncio.to_thread(store.walked, self.platform, walk, last, _stamp(walk, rest, moment))

    def _page(self, position: int) -> list[tuple[int, Post]]:
        """The next posts, from the beginning again where there are none."""
        store = self.pipeline.store
        return store.posts(self.platform, position, RECHECKED) or store.posts(self.platform, 0, RECHECKED)

    async def _asked(self, posts: Sequence[Post]) -> bool:
        """What the network says goes its way; False if it is to be asked again later."""
        try:
            async with asyncio.timeout(PATIENCE):
                news = await self.recheck.gone(posts)
        except (PlatformError, TimeoutError) as problem:
            wait: timedelta | None = getattr(problem, "wait", None)
            rest = REST if wait is None else wait
            self._rests_until = monotonic() + rest.total_seconds()
            self._failures += 1
            if self._failures < TRIES:
                return False
            said = str(problem) or "no answer in time"
            self.pipeline.output.say(f"{self.platform}: stored posts cannot be looked up again: {said}")
        else:
            await self.pipeline.take(self.platform, self.source, news)
        self._failures = 0
        return True


def _stamp(walk: Walk, rest: timedelta, moment: datetime) -> datetime:
    """When the page was due, so that the round keeps its time; long ago counts as ten pages ago, the future as now."""
    return min(moment, max(walk.at + rest, moment - PAGES * rest))
