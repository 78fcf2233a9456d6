"""The demo: a tape of invented posts that plays like a network, without one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from importlib.resources import files

import msgspec

from listen.post import CaughtUp, Event, Mark
from listen.recorded import Recorded
from listen.source import Source
from listen.when import now


class DemoTape(Source):
    """Plays the bundled tape once and then stays silent; every post is dated now.

    `pace` is how many seconds one second of the tape takes. With 0 all of it is the past, on which a round catches up.
    The only source that waits by itself, because it stands in for a network.
    """

    name = "tape"

    def __init__(self, *, pace: float = 1.0) -> None:
        self.pace = pace

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:  # noqa: ARG002
        if self.pace:
            yield CaughtUp()
        for number, recorded in enumerate(_tape(), 1):
            await asyncio.sleep(recorded.after * self.pace)
            yield msgspec.structs.replace(recorded, posted_at=now(), edited_at=None).happened()
            yield Mark(str(number))
        if not self.pace:
            yield CaughtUp()
        await asyncio.Event().wait()

    async def check(self) -> str:
        return f"{len(_tape())} invented posts"


def _tape() -> list[Recorded]:
    lines = files("listen.tapes").joinpath("demo.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Recorded) for line in lines if line.strip()]
