"""What goes on beside listening: a look at the clock, the coverage ledger, the beat, and what others have stored."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from listen.engine.listener import Listener
from listen.engine.sharing import BEAT, Sharing
from listen.errors import StoreError
from listen.pipeline import Pipeline
from listen.retaining import due
from listen.store import Filing
from listen.when import now

LOOK = 0.5  # seconds between two looks at the clock
FOLLOW = 1.0  # seconds between two looks at what another `listen` stores
SWEEP = 3_600.0  # seconds between two looks for what is too old
BREATH = 0.1  # seconds between two small transactions of such a sweep


class Keeper:
    """Keeps the books of all listeners of a run; a store that cannot be written is tried again at the next beat."""

    def __init__(self, listeners: Sequence[Listener], pipeline: Pipeline, sharing: Sharing) -> None:
        self.listeners = listeners
        self.pipeline = pipeline
        self.sharing = sharing
        self._filed: dict[Listener, Filing] = {}

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look())
            tasks.create_task(self._beat())
            tasks.create_task(self._follow())
            tasks.create_task(self._sweep())

    async def close(self) -> None:
        """File what is left, and let go of the sources."""
        await self._file()
        await self.sharing.leave()

    async def _look(self) -> None:
        while True:
            moment = now()
            for listener in self.listeners:
                listener.look(moment)
            await asyncio.sleep(LOOK)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            if not await self.sharing.beat():
                for listener in self.listeners:
                    listener.lose_claim()
            await self._file()

    async def _file(self) -> None:
        news = {
            listener: filing
            for listener in self.listeners
            if (filing := listener.filing) is not None and filing != self._filed.get(listener)
        }
        if not news:
            return
        with contextlib.suppress(StoreError):
            await asyncio.to_thread(self.pipeline.store.cover, list(news.values()), self.pipeline.watch)
            self._filed |= news
            for listener, filing in news.items():
                listener.tracker.filed(filing.stretches)

    async def _sweep(self) -> None:
        """Let go of what has been kept long enough, a little at a time, so that the stream never waits for it."""
        while True:
            sweep = due(self.pipeline.store, self.pipeline.respect.retention, now())
            erased: int | None = 0
            with contextlib.suppress(StoreError):
                while erased is not None:
                    await asyncio.sleep(BREATH)
                    erased = await asyncio.to_thread(next, sweep, None)
            await asyncio.sleep(SWEEP)

    async def _follow(self) -> None:
        after: tuple[int, int] | None = None
        while True:
            with contextlib.suppress(StoreError):
                if after is None:
                    after = await asyncio.to_thread(self.pipeline.store.newest)
                elif any(listener.health.state == "shared" for listener in self.listeners):
                    after = await self.pipeline.follow(after)
            await asyncio.sleep(FOLLOW)
