"""Several `listen` on one store: who hears which source, so that no network is asked twice.

A process claims each source before it asks it, and beats while it lives. A source that is claimed is left alone until
its holder lets go or dies.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from listen.errors import StoreError
from listen.process import is_dead, ourselves
from listen.store import Held, Running, Store, Watch
from listen.when import now

BEAT = 5.0  # seconds
FORGOTTEN = timedelta(days=7)
STALE = 20.0  # seconds without a beat, where a death cannot be seen


class Sharing:
    """This process among others on the store. `monotonic` is the clock by which others are taken for dead."""

    def __init__(self, store: Store, watch: Watch, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.store = store
        self.watch = watch
        self._monotonic = monotonic
        self._us = ourselves()
        self.number: int | None = None  # of this process in the store, while it is known there
        self._beats: dict[int, tuple[int, float]] = {}  # of others: the beat last seen, and when it came
        self._entering = asyncio.Lock()

    async def holder(self, platform: str, source: str) -> Held | None:
        """Who else hears the source; None if from now on it is us. Raises StoreError."""
        number = await self._entered()
        while held := await asyncio.to_thread(self.store.claim, platform, source, number, self.watch):
            if not self._is_dead(held.by):
                return held
            await asyncio.to_thread(self.store.leave, held.by.id)
        return None

    async def beat(self) -> bool:
        """Say that we live; False if somebody took us for dead, and all claims have to be made anew."""
        if self.number is None:
            return True
        with suppress(StoreError):  # others cannot write it either
            if not await asyncio.to_thread(self.store.beat, self.number, now()):
                self.number = None
                return False
        return True

    async def leave(self) -> None:
        """Let go of everything."""
        number, self.number = self.number, None
        if number is not None:
            with suppress(StoreError):  # the dead are found out
                await asyncio.to_thread(self.store.leave, number)

    async def _entered(self) -> int:
        async with self._entering:
            if self.number is None:
                self.number = await asyncio.to_thread(self.store.enter, self._us, now())
                await asyncio.to_thread(self._bury)
            return self.number

    def _bury(self) -> None:
        """Take out the dead, and whoever has not beaten for days and is not known here."""
        past = now() - FORGOTTEN
        dead = {other: is_dead(other.identity, self._us) for other in self.store.processes()}
        self.store.leave(*(other.id for other, gone in dead.items() if gone or (gone is None and other.beat_at < past)))

    def _is_dead(self, other: Running) -> bool:
        if is_dead(other.identity, self._us):
            return True
        moment = self._monotonic()
        beat, came = self._beats.get(other.id, (None, moment))
        if beat != other.beat:
            self._beats[other.id] = (other.beat, moment)
            return False
        return moment - came > STALE
