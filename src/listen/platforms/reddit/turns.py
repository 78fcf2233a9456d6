"""Reddit's feeds, which share one request a minute: each has its turn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

import msgspec

from listen.errors import PlatformError
from listen.feed.cursor import recalled
from listen.feed.source import FeedSource
from listen.post import Event, Mark
from listen.source import Source


class Standing(msgspec.Struct):
    """The cursor: whose turn it is, and how far each feed was heard."""

    turn: int = 0
    feeds: dict[str, str] = {}


class Turns(Source):
    """Feeds that are asked in turn, one in each round."""

    name = "feeds"
    every = timedelta(minutes=1)

    def __init__(self, feeds: Sequence[FeedSource]) -> None:
        self.feeds = feeds

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        standing = _recalled(cursor)
        feed = self.feeds[standing.turn % len(self.feeds)]
        standing.turn = (standing.turn + 1) % len(self.feeds)
        standing.feeds = {one.name: standing.feeds[one.name] for one in self.feeds if one.name in standing.feeds}
        problem: PlatformError | None = None
        try:
            async for event in feed.hear(standing.feeds.get(feed.name), since):
                if isinstance(event, Mark):
                    standing.feeds[feed.name] = _without_address(event.cursor)
                else:
                    yield event
        except PlatformError as refused:
            problem = refused
        yield Mark(msgspec.json.encode(standing).decode())  # also after a failure: the others have their turn
        if problem:
            raise problem

    async def check(self) -> str:
        """One request, and how long a turn of all feeds takes."""
        said = await self.feeds[0].check()
        minutes = len(self.feeds)
        return f"{said}; {minutes} {'feed' if minutes == 1 else 'feeds'}, each asked every {minutes} min"


def _recalled(cursor: str | None) -> Standing:
    try:
        return msgspec.json.decode(cursor, type=Standing) if cursor else Standing()
    except msgspec.DecodeError:
        return Standing()


def _without_address(cursor: str) -> str:
    """The cursor without the address that a feed moved to: it holds the user's token."""
    stored = recalled(cursor)
    stored.main.address = None
    return stored.encoded()
