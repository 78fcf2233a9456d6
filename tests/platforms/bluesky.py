"""How tests listen to Bluesky: a source pointed at our Jetstream, and what is heard there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from listen.errors import Unreachable
from listen.http import Client
from listen.platforms.bluesky import Bluesky, BlueskyOptions
from listen.post import CaughtUp, Event, Mark, Post
from listen.source import Interest, Source
from tests.servers.frames import micros

BERND = "did:plc:berndberndberndberndber2"
RECORDED = Path(__file__).parents[2] / "../shared/payloads/bluesky"
KINDLE = Interest((), lambda raw: "kindle" in raw.lower())


def source_of(http: Client, *hosts: str, interest: Interest = KINDLE, **options: Any) -> Source:
    chosen = msgspec.convert({"jetstream": list(hosts), "api": "http://127.0.0.1:9", **options}, BlueskyOptions)
    (source,) = Bluesky(chosen, interest, http).sources()
    return source


def ago(**span: float) -> int:
    return micros(datetime.now(UTC) - timedelta(**span))


async def heard(
    source: Source,
    cursor: str | int | None = None,
    *,
    since: datetime | None = None,
    until: Callable[[Event], bool] = lambda event: isinstance(event, CaughtUp),
) -> list[Event]:
    """The events up to the first one that is `until`."""
    events: list[Event] = []
    async with asyncio.timeout(20), aclosing(source.hear(None if cursor is None else str(cursor), since)) as stream:  # type: ignore[type-var]
        async for event in stream:
            events.append(event)
            if until(event):
                break
    return events


def texts(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Post)]


def last_mark(events: list[Event]) -> str:
    return [event.cursor for event in events if isinstance(event, Mark)][-1]


async def broken_off(
    source: Source, cursor: str | None, breaking: Callable[[Event], Awaitable[None]]
) -> tuple[list[Event], Unreachable]:
    """The events until the stream breaks, `breaking` being asked after each, and the error."""
    events: list[Event] = []
    try:
        async with asyncio.timeout(20):
            async for event in source.hear(cursor, None):
                events.append(event)
                await breaking(event)
    except Unreachable as problem:
        return events, problem
    raise AssertionError("the stream ended without a word")
