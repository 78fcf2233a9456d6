"""A network, a proxy that hurts it, and an engine that listens through it into a real store."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from listen.coverage import Stretch
from listen.engine import Engine
from listen.http import Client
from listen.mention import Change
from listen.pipeline import Pipeline
from listen.selection import Selection
from listen.source import Source
from listen.store import Store
from listen.watchlist import Topic, Watchlist
from tests.faults.proxy import Proxy
from tests.faults.transports import Transport
from tests.stations import Remembering, calm

PATIENCE = 0.5  # seconds that the client of these tests has
SETTLE = 0.05
LONGEST_REST = 0.03
BOUND = 30.0  # seconds for anything that is waited for
_NUMBER = re.compile(r"Kindle (\d+)")


class Slow(Store):
    """A store that takes some seconds more for each batch."""

    lasting = 0.0

    def apply(self, *told: Any, **more: Any) -> list[Change]:
        time.sleep(self.lasting)
        return super().apply(*told, **more)


class Stage:
    """A play in three acts: before the fault, during it, after it.

    `waits` is what the engine would have waited, `stored` which posts the store holds at the end, `ledger` what it
    says then about the time that was heard and was not.
    """

    def __init__(self, transport: Transport, proxy: Proxy, store: Store) -> None:
        self.transport = transport
        self.proxy = proxy
        self.store = store
        self.output = Remembering()
        self.waits: list[timedelta] = []
        self.posted = 0
        self.stored: list[int] = []
        self.ledger: list[Stretch] = []
        self.engine: Engine

    def rests(self, wait: timedelta) -> float:
        self.waits.append(wait)
        return min(wait.total_seconds(), LONGEST_REST)

    def post(self, count: int = 1, at: datetime | None = None) -> None:
        for _ in range(count):
            self.posted += 1
            self.transport.post(self.posted, at)

    async def all_heard(self) -> None:
        """Wait until everything that was posted is stored; TimeoutError says what is missing."""
        try:
            async with asyncio.timeout(BOUND):
                await until(lambda: len(self.heard()) >= self.posted)
        except TimeoutError:
            missing = sorted({*range(1, self.posted + 1)} - {*self.heard()})
            told = f"{len(missing)} of {self.posted} did not arrive, {missing[:10]} ...; {self.output.said}"
            raise TimeoutError(told) from None

    async def told(self) -> None:
        """Wait until the user was told of trouble, and a while more."""
        async with asyncio.timeout(BOUND):
            await until(lambda: bool(self.trouble()))
        await asyncio.sleep(3 * LONGEST_REST)

    async def struck(self, times: int = 2) -> None:
        """Wait until so many requests have met the fault."""
        async with asyncio.timeout(BOUND):
            await until(lambda: self.proxy.struck >= times)

    def heard(self) -> list[int]:
        """The numbers of the posts that are stored, in order."""
        return sorted(
            number for _, mention in self.store.mentions(Selection()) for number in numbers(mention.post.document)
        )

    def shown(self) -> list[int]:
        """The numbers of the posts that were printed, in order."""
        return sorted(n for change in self.output.changes for n in numbers(change.mention.post.document))

    def reasons(self) -> list[str]:
        """What each source has a problem with just now."""
        return [str(listener.problem) for listener in self.engine.listeners if listener.problem]

    @property
    def lost(self) -> list[Stretch]:
        """What the ledger says is lost, at the end."""
        return [stretch for stretch in self.ledger if stretch.kind == "lost"]

    def trouble(self) -> list[str]:
        """The lines about trouble, not those about its end."""
        return [line for line in self.output.said if "caught up" not in line]


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that nobody announces."""
    while not holds():  # noqa: ASYNC110
        await asyncio.sleep(0.02)


def numbers(text: str) -> set[int]:
    return {int(number) for number in _NUMBER.findall(text)}


@asynccontextmanager
async def staged(
    transport: Transport, folder: Path, *, proxy: Proxy | None = None, host: str = "127.0.0.1", slow: float = 0.0
) -> AsyncIterator[Stage]:
    """Everything up and listening; stopped in order at the end, which must not take long.

    `proxy` is another one than usual, `host` a name for its address, `slow` what each batch costs the store in seconds.
    """
    watchlist = Watchlist([Topic(name="kindle", query="kindle")])
    async with transport.serving() as port, proxy or Proxy(port) as between, Client(patience=PATIENCE) as http:
        between.behind, between.strikes = port, transport.strikes
        with cast("Slow", Slow.open(folder / "listen.db")) as store:
            store.lasting = slow
            stage = Stage(transport, between, store)
            sources: list[Source] = transport.sources(
                between.base.replace("127.0.0.1", host), watchlist.interest(), http
            )
            engine = stage.engine = Engine(
                {transport.name: sources}, Pipeline(watchlist, calm, store, stage.output),
                chance=lambda: 0.0, rests=stage.rests, settle=SETTLE,
            )  # fmt: skip
            running = asyncio.create_task(engine.run())
            try:
                yield stage
            finally:
                engine.stop()
                async with asyncio.timeout(BOUND):
                    await running
                stage.stored = stage.heard()
                stage.ledger = [stretch for told in store.stretches().values() for stretch in told]
