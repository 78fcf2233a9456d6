"""What the tests of Meta's networks share: sources at a Graph API of our own, and rounds at a set time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from listen.http import Client, Secret
from listen.platforms import known
from listen.post import Event, Mark, Post
from listen.query import parse
from listen.source import Interest, Source
from listen.when import CLOCK
from tests.servers.graph import TOKEN, GraphServer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECORDED = Path(__file__).parents[3] / "shared" / "payloads"


def secret(kind: type, value: Any) -> Any:
    if kind is Secret and isinstance(value, str):
        return Secret(value, "test")
    raise NotImplementedError(kind)


def sources(name: str, base: str, http: Client, *queries: str, **options: Any) -> dict[str, Source]:
    """The sources of a network by name."""
    told = {"api": f"{base}/v26.0", "token": TOKEN, **options}
    chosen = msgspec.convert(told, known()[name].options, dec_hook=secret)
    interest = Interest(tuple(parse(query) for query in queries or ("kindle",)))
    return {source.name: source for source in known()[name](chosen, interest, http).sources()}


async def heard(source: Source, cursor: str | None = None, at: datetime = NOON) -> tuple[list[Event], str | None]:
    """One round at that time: all but the marks, and the last mark's cursor. Nothing of it shows the token."""
    token = CLOCK.set(lambda: at)
    GraphServer.moment = at
    try:
        events = [event async for event in source.hear(cursor, None)]
    finally:
        CLOCK.reset(token)
    assert TOKEN not in repr(events)
    marks = [event.cursor for event in events if isinstance(event, Mark)]
    return [event for event in events if not isinstance(event, Mark)], marks[-1] if marks else cursor


def texts(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Post)]
