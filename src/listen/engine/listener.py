"""One source, kept listening: round after round from its last mark, whatever happens in between."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from listen.engine.announcer import Announcer
from listen.engine.backoff import reason_of, wait_after
from listen.engine.round import Round
from listen.engine.sharing import Sharing
from listen.engine.tracker import Tracker
from listen.errors import Gone, ListenError, PlatformError, Refused, StoreError, Unreachable
from listen.http import QUOTA, Quota
from listen.mention import Change
from listen.pipeline import Pipeline
from listen.post import CaughtUp, Deletion, Edit, Event, Gap, Mark, Notice, Post
from listen.source import Health, Source, State
from listen.store import Filing, Held, Note
from listen.when import now

STEADY = timedelta(seconds=20)  # a stream that was live for so long begins anew with its back-off when it breaks
STANDBY = timedelta(seconds=2)  # between two looks at a source that another `listen` hears
LATELY = timedelta(minutes=3)  # a stream of another `listen` that was heard so lately has nothing new for us
_STATES: tuple[tuple[type[ListenError], State], ...] = ((Refused, "refused"), (Gone, "gone"))


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What all listeners of a run share. `chance` gives 0..1, `rests` the seconds that a wait takes.

    `patience` is how many seconds one round waits for another `listen` to catch up.
    """

    pipeline: Pipeline
    announcer: Announcer
    sharing: Sharing
    since: datetime | None = None
    chance: Callable[[], float] = random.random
    rests: Callable[[timedelta], float] = timedelta.total_seconds
    patience: float = 60.0


class Listener:
    """Runs one source until it is stopped; its `health` is always up to date, and so is what it has `tracked`."""

    def __init__(self, platform: str, source: Source, setting: Setting) -> None:
        self.source = source
        self.pipeline = setting.pipeline
        self.announcer = setting.announcer
        self.setting = setting
        self.health = Health(platform=platform, source=source.name)
        self.problem: ListenError | None = None
        self.tracker = Tracker(
            lambda gap: self.announcer.opened(self.health, gap), lambda gap: self.announcer.closed(self.health, gap)
        )
        self._failures = 0
        self._live_since: datetime | None = None
        self._again: timedelta | None = None
        self._deaf: str | None = None
        self._round: Round | None = None
        self._begun = False  # whether the source is ours, and its ledger open
        self._waiting_since: float | None = None
        self._heard_out = False  # whether one round would be content with the last turn
        self._stopping = asyncio.Event()
        self._woken = asyncio.Event()

    async def run(self, *, once: bool = False) -> None:
        """Listen until `stop`, or with `once` until everything there is now was heard or the source failed.

        Raises only what is not a matter of this source: OutputError, BrokenPipeError, and bugs.
        """
        QUOTA.set(self._allowed)
        while not self._stopping.is_set():
            self._woken.clear()
            self._heard_out = True
            try:
                wait = await self._turn(once=once)
            except (PlatformError, StoreError) as problem:
                wait = self._failed(problem)
            if wait is not None:
                await self._note()
            if wait is None or (once and self._heard_out):
                break
            await self._rest(wait)
        self.health.state = "stopped" if self.problem is None else self.health.state
        self.tracker.ends(now())
        await self._note()

    def stop(self) -> None:
        """End after what was already heard is stored."""
        self._stopping.set()
        if self._round is not None:
            self._round.break_off()

    def look(self, now: datetime) -> None:
        """See what time has made of it; after a sleep the source is asked at once."""
        if self._begun and self.tracker.look(now, self.health.next_try):
            self._wake()

    def lose_claim(self) -> None:
        """Others took us for dead: ask them before the source is heard any further."""
        self._begun = False
        self._wake()

    @property
    def filing(self) -> Filing | None:
        """What the coverage ledger is to be told; None if it knows."""
        stretches, cut_at = self.tracker.filing, self.tracker.cut_at
        if not self._begun or not (stretches or cut_at):
            return None
        return Filing(platform=self.health.platform, source=self.health.source, stretches=stretches, cut_at=cut_at)

    async def _turn(self, *, once: bool) -> timedelta | None:
        """One round, if the source is ours; returns when to go on, None for not at all."""
        if not self._begun:
            held = await self.setting.sharing.holder(self.health.platform, self.source.name)
            if held is not None:
                return self._leave_to(held, once=once)
            await self._begin()
        if self._stopping.is_set():
            return None
        self._again, self._deaf = None, None
        self.health.state = "catching up" if self.health.last_ok is None else self.health.state
        self._round = Round(self.source, self._cursor, self.setting.since, self._store)
        self.tracker.asks(now())
        try:
            await self._round.run(once=once)
        finally:
            broken_off, self._round = self._round.broken_off, None
        if self._stopping.is_set():
            return None  # a round that was broken off is no success
        if broken_off:
            self._heard_out = False
            return timedelta(0)
        return self._went_well(once=once)

    async def _begin(self) -> None:
        """The source is ours: take its ledger over."""
        moment = now()
        place = (self.health.platform, self.source.name, moment, self.pipeline.watch)
        self.tracker.begin(moment, await asyncio.to_thread(self.pipeline.store.begin, *place))
        self._begun, self._waiting_since = True, None

    def _leave_to(self, held: Held, *, once: bool) -> timedelta | None:
        """Another `listen` hears this source. One round is content if that one is up to date, or waits a while."""
        self.health.state, self.health.next_try = "shared", None
        if not once:
            self.announcer.left(self.health, held.by.identity.pid)
            self._recovered("shared")
            return STANDBY
        if self._is_heard_by(held):
            self._recovered("shared")
            return timedelta(0)
        elapsed = time.monotonic()
        self._waiting_since = self._waiting_since or elapsed
        if elapsed - self._waiting_since > self.setting.patience:
            doing = f"fails there ({held.problem})" if held.state in {"failing", "refused", "gone"} else "is behind"
            raise Unreachable(f"{self.source.name} is left to another listen (PID {held.by.identity.pid}), but {doing}")
        self._heard_out = False
        return STANDBY

    def _is_heard_by(self, held: Held) -> bool:
        if held.state == "waiting":
            return True
        lately = held.heard_until is not None and now() - held.heard_until < LATELY
        return held.state == "live" and lately

    async def _cursor(self) -> str | None:
        store, watch = self.pipeline.store, self.pipeline.watch
        return await asyncio.to_thread(store.cursor, self.health.platform, self.source.name, watch)

    async def _store(self, events: list[Event]) -> None:
        changes = await self._taken(events)
        self.health.heard += sum(isinstance(event, Post | Edit | Deletion) for event in events)
        new = [change.mention.post.posted_at for change in changes if change.kind == "new"]
        self.health.mentions += len(new)
        self.tracker.spoke(now())
        self.tracker.came(*new)
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
                changes = await self.pipeline.take(self.health.platform, self.source, events)
            except StoreError as problem:
                if self._stopping.is_set():
                    raise
                await self._rest(self._failed(problem), until_woken=False)
            else:
                if isinstance(self.problem, StoreError):
                    self._recovered("live" if self._live_since is not None else "catching up")
                    self.tracker.stored(now())
                return changes

    async def _note(self) -> None:
        """Leave in the store how the source is doing, for others to see, unless the store itself is in trouble."""
        if isinstance(self.problem, StoreError) or not self._begun:
            return
        health, store, filing = self.health, self.pipeline.store, self.filing
        note = Note(health.state, health.problem, health.last_ok is not None, health.last_post, health.quota)
        place = (health.platform, health.source, note, now(), self.setting.sharing.number)
        with contextlib.suppress(StoreError):
            await asyncio.to_thread(store.note, *place)
            if filing is not None:
                await asyncio.to_thread(store.cover, [filing], self.pipeline.watch)
                self.tracker.filed(filing.stretches)

    def _noted(self, event: Event) -> None:
        if isinstance(event, Mark):
            self._again = event.again
            self._answered()
        elif isinstance(event, CaughtUp):
            failures, self._live_since = self._failures, now()
            self.tracker.caught_up(self._live_since)
            self._recovered("live")
            self._failures = failures  # until it has been live for a while: some streams break at once, again and again
        elif isinstance(event, Notice):
            self._deaf = event.text if event.deaf else self._deaf
            self.announcer.notice(self.health.platform, event.text)
        elif isinstance(event, Gap):
            self.announcer.gap(self.health, event)
        elif isinstance(event, Post):
            self.health.last_post = now()

    def _answered(self) -> None:
        """The source says something. It has recovered only when a round is over: some fail after each mark."""
        self.health.last_ok = now()
        if self.health.state != "live":
            self.health.state = "catching up"

    def _recovered(self, state: State) -> None:
        """The source answers; if it had failed the user hears that it is back."""
        moment = now()
        if self.problem is not None:
            self.announcer.recovered(self.health, moment)
        self.problem, self._failures = None, 0
        self.health.state, self.health.problem, self.health.next_try = state, None, None
        self.health.last_ok = moment

    def _went_well(self, *, once: bool) -> timedelta:
        if self._deaf is not None:
            self.tracker.failed(now(), "closed", self._deaf)
        elif not (once and self._live_since is not None):  # a stream has said itself that it caught up
            self.tracker.answered()
        self._live_since = None
        self._recovered("waiting")
        wait = self._again or self.source.every
        self.health.next_try = now() + wait
        return wait

    def _failed(self, problem: PlatformError | StoreError) -> timedelta:
        moment = now()
        # Events that wait for the store are kept, and the link is well; a store that fails before a round has none.
        linked = isinstance(problem, StoreError) and self._round is not None
        if not linked:
            if self._live_since is not None and moment - self._live_since > STEADY:
                self._failures = 0
            self._live_since = None
        self._failures += 1
        self.problem = problem
        wait = wait_after(problem, self._failures, self.setting.chance)
        self.health.state = next((state for kind, state in _STATES if isinstance(problem, kind)), "failing")
        self.health.problem = str(problem)
        self.health.next_try = moment + wait
        self.tracker.failed(moment, reason_of(problem), str(problem), live=linked)
        self.announcer.failed(self.health, wait)
        return wait

    def _allowed(self, quota: Quota) -> None:
        self.health.quota = quota

    def _wake(self) -> None:
        self._woken.set()
        if self._round is not None:
            self._round.break_off()

    async def _rest(self, wait: timedelta, *, until_woken: bool = True) -> None:
        """Until the time is over, the run ends, or the machine wakes up."""
        waits = [asyncio.create_task(self._stopping.wait())]
        if until_woken:
            waits.append(asyncio.create_task(self._woken.wait()))
        try:
            await asyncio.wait(waits, timeout=self.setting.rests(wait), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
