"""One round of one source: what it says is read into a queue and stored from there, in order.

The queue holds QUEUE events; when it is full the reading waits, nothing is dropped. What was heard before a failure or
before the end is stored before anything else happens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime

from listen.errors import Unreachable
from listen.post import CaughtUp, Event
from listen.source import Source

QUEUE = 1_000  # events that wait between one source and the store
BATCH = 256  # events stored in one transaction


class _End:
    """The reading of a round is over; `problem` says why if it failed."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem


class Round:
    """Reads the source from the place that `cursor` tells, and gives batches to `store`."""

    def __init__(
        self,
        source: Source,
        cursor: Callable[[], Awaitable[str | None]],
        since: datetime | None,
        store: Callable[[list[Event]], Awaitable[None]],
    ) -> None:
        self.source = source
        self.cursor = cursor
        self.since = since
        self.store = store
        self._queue: asyncio.Queue[Event | _End] = asyncio.Queue(QUEUE)
        self._broken_off = asyncio.Event()

    @property
    def broken_off(self) -> bool:
        return self._broken_off.is_set()

    def break_off(self) -> None:
        """Read no more, and end without an error when all that was read is stored."""
        self._broken_off.set()

    async def run(self, *, once: bool) -> None:
        """Hear and store until the source ends; raises what ended it, after all before it is stored."""
        reading = asyncio.create_task(self._read(once=once))
        breaking = asyncio.create_task(self._break(reading))
        try:
            await self._write()
        finally:
            while not self._queue.empty():
                self._queue.get_nowait()  # nobody stores these now; a reader that waits for room could not end
            for task in (breaking, reading):
                task.cancel()
            await asyncio.gather(breaking, reading, return_exceptions=True)

    async def _break(self, reading: asyncio.Task[None]) -> None:
        await self._broken_off.wait()
        reading.cancel()

    async def _read(self, *, once: bool) -> None:
        end = _End()
        try:
            cursor = await self.cursor()
            async with aclosing(self.source.hear(cursor, self.since)) as events:  # type: ignore[type-var]
                async for event in events:
                    await self._queue.put(event)
                    if once and isinstance(event, CaughtUp):
                        break
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self.broken_off:
                if task is not None and task.cancelling():
                    raise
                end = _End(Unreachable(f"{self.source.name} broke off"))  # the source cancelled itself
        except Exception as problem:  # noqa: BLE001  carried to the writer, which raises it after its last batch
            end = _End(problem)
        await self._queue.put(end)

    async def _write(self) -> None:
        end: _End | None = None
        while end is None:
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            if isinstance(batch[-1], _End):
                end = batch.pop()  # type: ignore[assignment]
            events = [event for event in batch if not isinstance(event, _End)]
            if events:
                await self.store(events)
        if end.problem is not None:
            raise end.problem
