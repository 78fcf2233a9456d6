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
    """Plays the bundled tape once, at its own pace, and then stays silent; every post is dated now.

    The only source that waits by itself, because it stands in for a network.
    """

    name = "tape"

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:  # noqa: ARG002
        yield CaughtUp()
        for number, recorded in enumerate(_tape(), 1):
            await asyncio.sleep(recorded.after)
            yield msgspec.structs.replace(recorded, posted_at=now(), edited_at=None).happened()
            yield Mark(str(number))
        await asyncio.Event().wait()

    async def check(self) -> str:
        return f"{len(_tape())} invented posts"


def _tape() -> list[Recorded]:
    lines = files("listen.tapes").joinpath("demo.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Recorded) for line in lines if line.strip()]
