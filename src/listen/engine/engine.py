"""All sources at once: one task each, so that a broken one never holds up the others."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec

from listen.engine.announcer import SETTLE, Announcer
from listen.engine.keeping import Keeper
from listen.engine.listener import Listener, Setting
from listen.engine.rechecking import Recheck, Rechecker
from listen.engine.sharing import Sharing
from listen.errors import Refused
from listen.pipeline import Pipeline
from listen.source import Source

Task = asyncio.Task[None]

TICK = 0.5  # seconds between two looks at the sources' health


class Outcome(msgspec.Struct, frozen=True):
    """How a run ended: how many sources there were, how many failed at the end, how many for want of a token."""

    sources: int
    failed: int
    refused: int

    @property
    def exit_code(self) -> int:
        """0 fine; 4 nothing but refusals; 1 nothing at all heard; 5 some heard, some not."""
        if not self.failed:
            return 0
        if self.failed < self.sources:
            return 5
        return 4 if self.refused == self.sources else 1


class Engine:
    """Runs the sources of all platforms through one pipeline. Make it inside a running event loop.

    `rechecks` are the networks whose stored posts are looked up again, by name. `rests` says how many seconds a wait
    takes, `settle` for how long failures are gathered into one line.
    """

    def __init__(  # noqa: PLR0913  the last three let tests decide what chance and time decide otherwise
        self,
        sources: Mapping[str, Sequence[Source]],
        pipeline: Pipeline,
        *,
        rechecks: Mapping[str, Recheck] | None = None,
        since: datetime | None = None,
        quiet: bool = False,
        verbose: bool = False,
        chance: Callable[[], float] = random.random,
        rests: Callable[[timedelta], float] = timedelta.total_seconds,
        settle: float = SETTLE,
    ) -> None:
        self.pipeline = pipeline
        self.announcer = Announcer(pipeline.output.say, quiet=quiet, verbose=verbose, settle=settle)
        sharing = Sharing(pipeline.store, pipeline.watch)
        setting = Setting(
            pipeline=pipeline, announcer=self.announcer, sharing=sharing, since=since, chance=chance, rests=rests
        )
        self.listeners = [
            Listener(platform, source, setting) for platform, group in sources.items() for source in group
        ]
        self._recheckers = [
            Rechecker(name, recheck, sources[name][0], pipeline, partial(self._hears, name))
            for name, recheck in (rechecks or {}).items()
            if sources.get(name)
        ]
        self._keeper = Keeper(self.listeners, pipeline, sharing)

    async def run(self, *, once: bool = False, lasting: timedelta | None = None) -> Outcome:
        """Listen until `stop`, for at most `lasting`, until enough mentions were shown, or `once` around.

        Raises OutputError, BrokenPipeError, and bugs; everything heard before is stored then too.
        """
        self.announcer.once = once
        tasks = [asyncio.create_task(listener.run(once=once)) for listener in self.listeners]
        beside = [asyncio.create_task(rechecker.run()) for rechecker in self._recheckers if not once]
        beside += [asyncio.create_task(self._tick()), asyncio.create_task(self._keeper.run())]
        in_order = True
        try:
            await _finished(tasks, beside, lasting)
            if once:
                await asyncio.gather(*(rechecker.catch_up() for rechecker in self._recheckers))
            self.stop()
            await _finished(tasks, beside)
        except asyncio.CancelledError:
            in_order = False  # interrupted twice: nobody wants to wait for the store
            raise
        finally:
            self.stop()
            await asyncio.gather(*tasks, return_exceptions=True)
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            if in_order:
                await self._keeper.close()
            self.announcer.close()
        self.pipeline.output.flush()
        return self._outcome()

    def stop(self) -> None:
        """End in order: what was heard is stored and shown first."""
        self.pipeline.hurry()
        for listener in self.listeners:
            listener.stop()

    def _hears(self, platform: str) -> bool:
        """Whether a source of the platform is ours, and not left to another `listen`."""
        ours = (one.health for one in self.listeners if one.health.state not in ("starting", "shared"))
        return any(health.platform == platform for health in ours)

    async def _tick(self) -> None:
        while True:
            self.pipeline.output.health([listener.health for listener in self.listeners])
            if self.pipeline.full:
                self.stop()
            await asyncio.sleep(TICK)

    def _outcome(self) -> Outcome:
        problems = [listener.problem for listener in self.listeners if listener.problem is not None]
        refused = sum(isinstance(problem, Refused) for problem in problems)
        return Outcome(len(self.listeners), len(problems), refused)


async def _finished(tasks: Sequence[Task], beside: Sequence[Task], within: timedelta | None = None) -> None:
    """Wait until all tasks are done or the time is over; raises the first error of any of them at once."""
    loop = asyncio.get_running_loop()
    end = None if within is None else loop.time() + within.total_seconds()
    pending = set(tasks)
    while pending:
        left = None if end is None else end - loop.time()
        done, _ = await asyncio.wait({*pending, *beside}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        if not done:
            return
        pending -= done
