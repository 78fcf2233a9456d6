"""One source, kept listening: round after round from its last mark, whatever happens in between.

Between reading and storing stands a queue of QUEUE events; when it is full the reading waits, nothing is
dropped. What was heard before a failure or before the end is stored before anything else happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

from listen.engine.announcer import Announcer
from listen.engine.backoff import wait_after
from listen.errors import Gone, ListenError, PlatformError, Refused, StoreError, Unreachable
from listen.mention import Change
from listen.pipeline import Pipeline
from listen.post import CaughtUp, Deletion, Edit, Event, Gap, Mark, Notice, Post
from listen.source import Health, Source, State

QUEUE = 1_000  # events that wait between one source and the store
BATCH = 256  # events stored in one transaction
STEADY = timedelta(minutes=1)  # a stream that was live for so long begins anew with its back-off when it breaks


_STATES: tuple[tuple[type[ListenError], State], ...] = ((Refused, "refused"), (Gone, "gone"))


class _End:
    """The reading of a round is over; `problem` says why if it failed."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem


class Listener:
    """Runs one source until it is stopped; its `health` is always up to date."""

    def __init__(
        self,
        platform: str,
        source: Source,
        pipeline: Pipeline,
        announcer: Announcer,
        since: datetime | None = None,
        chance: Callable[[], float] = random.random,
        rests: Callable[[timedelta], float] = timedelta.total_seconds,
    ) -> None:
        self.source = source
        self.pipeline = pipeline
        self.announcer = announcer
        self.since = since
        self.chance = chance
        self.rests = rests
        self.health = Health(platform=platform, source=source.name)
        self.problem: ListenError | None = None
        self._failures = 0
        self._live_since: datetime | None = None
        self._again: timedelta | None = None
        self._stopping = asyncio.Event()

    async def run(self, *, once: bool = False) -> None:
        """Listen until `stop`, or with `once` until everything there is now was heard or the source failed.

        Raises only what is not a matter of this source: OutputError, BrokenPipeError, and bugs.
        """
        while not self._stopping.is_set():
            try:
                await self._round(once=once)
            except (PlatformError, StoreError) as problem:
                wait = self._failed(problem)
            else:
                if self._stopping.is_set():
                    break  # a round that was broken off is no success
                wait = self._went_well()
            await self._note()
            if once:
                break
            await self._rest(wait)
        self.health.state = "stopped" if self.problem is None else self.health.state
        await self._note()

    def stop(self) -> None:
        """End after what was already heard is stored."""
        self._stopping.set()

    async def _round(self, *, once: bool) -> None:
        """Hear and store until the source ends; raises what ended it, after all before it is stored."""
        self._again = None
        self.health.state = "catching up" if self.health.last_ok is None else self.health.state
        queue: asyncio.Queue[Event | _End] = asyncio.Queue(QUEUE)
        reading = asyncio.create_task(self._read(queue, once=once))
        stopping = asyncio.create_task(self._stop_reading(reading))
        try:
            await self._write(queue)
        finally:
            while not queue.empty():
                queue.get_nowait()  # nobody stores these now; a reader that waits for room could not end
            for task in (stopping, reading):
                task.cancel()
            await asyncio.gather(stopping, reading, return_exceptions=True)

    async def _stop_reading(self, reading: asyncio.Task[None]) -> None:
        await self._stopping.wait()
        reading.cancel()

    async def _read(self, queue: asyncio.Queue[Event | _End], *, once: bool) -> None:
        end = _End()
        try:
            store, watch = self.pipeline.store, self.pipeline.watch
            cursor = await asyncio.to_thread(store.cursor, self.health.platform, self.source.name, watch)
            async with aclosing(self.source.hear(cursor, self.since)) as events:  # type: ignore[type-var]
                async for event in events:
                    await queue.put(event)
                    if once and isinstance(event, CaughtUp):
                        break
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self._stopping.is_set():
                if task is not None and task.cancelling():
                    raise
                end = _End(Unreachable(f"{self.source.name} broke off"))  # the source cancelled itself
        except Exception as problem:  # noqa: BLE001  carried to the writer, which raises it after its last batch
            end = _End(problem)
        await queue.put(end)

    async def _write(self, queue: asyncio.Queue[Event | _End]) -> None:
        end: _End | None = None
        while end is None:
            batch = [await queue.get()]
            while len(batch) < BATCH and not queue.empty():
                batch.append(queue.get_nowait())
            if isinstance(batch[-1], _End):
                end = batch.pop()  # type: ignore[assignment]
            await self._store([event for event in batch if not isinstance(event, _End)])
        if end.problem is not None:
            raise end.problem

    async def _store(self, events: list[Event]) -> None:
        if not events:
            return
        changes = await self._taken(events)
        self.health.heard += sum(isinstance(event, Post | Edit | Deletion) for event in events)
        self.health.mentions += sum(change.kind == "new" for change in changes)
        for event in events:
            self._noted(event)
        if any(isinstance(event, CaughtUp) for event in events):
            await self._note()

    async def _taken(self, events: list[Event]) -> list[Change]:
        """Carry the events through the pipeline, again and again while the store cannot be written.

        They are kept, and the full queue slows the source: what a stream has said once it will not say again.
        """
        while True:
            try:
                return await self.pipeline.take(self.health.platform, self.source, events)
            except StoreError as problem:
                if self._stopping.is_set():
                    raise
                await self._rest(self._failed(problem))

    async def _note(self) -> None:
        """Leave in the store how the source is doing, for others to see, unless the store itself is in trouble."""
        if isinstance(self.problem, StoreError):
            return
        health = self.health
        note = (health.platform, health.source, health.state, health.problem, datetime.now(UTC))
        with contextlib.suppress(StoreError):
            await asyncio.to_thread(self.pipeline.store.note, *note)

    def _noted(self, event: Event) -> None:
        if isinstance(event, Mark):
            self._again = event.again
            self._answered()
        elif isinstance(event, CaughtUp):
            failures, self._live_since = self._failures, datetime.now(UTC)
            self._recovered("live")
            self._failures = failures  # until it has been live for a while: some streams break at once, again and again
        elif isinstance(event, Notice):
            self.announcer.notice(self.health.platform, event.text)
        elif isinstance(event, Gap):
            self.announcer.gap(self.health, event)
        elif isinstance(event, Post):
            self.health.last_post = datetime.now(UTC)

    def _answered(self) -> None:
        """The source says something. It has recovered only when a round is over: some fail after each mark."""
        self.health.last_ok = datetime.now(UTC)
        if self.health.state != "live":
            self.health.state = "catching up"

    def _recovered(self, state: State) -> None:
        """The source answers; if it had failed the user hears that it is back."""
        now = datetime.now(UTC)
        if self.problem is not None:
            self.announcer.recovered(self.health, now)
        self.problem, self._failures = None, 0
        self.health.state, self.health.problem, self.health.next_try = state, None, None
        self.health.last_ok = now

    def _went_well(self) -> timedelta:
        self._recovered("waiting")
        wait = self._again or self.source.every
        self.health.next_try = datetime.now(UTC) + wait
        return wait

    def _failed(self, problem: PlatformError | StoreError) -> timedelta:
        now = datetime.now(UTC)
        if self._live_since is not None and now - self._live_since > STEADY:
            self._failures = 0
        self._live_since = None
        self._failures += 1
        self.problem = problem
        wait = wait_after(problem, self._failures, self.chance)
        self.health.state = next((state for kind, state in _STATES if isinstance(problem, kind)), "failing")
        self.health.problem = str(problem)
        self.health.next_try = datetime.now(UTC) + wait
        self.announcer.failed(self.health, wait)
        return wait

    async def _rest(self, wait: timedelta) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.rests(wait)):
                await self._stopping.wait()
