"""Rounds of one source at times of the test's choosing, each from the mark of the one before."""

from __future__ import annotations

from datetime import datetime

from listen.errors import PlatformError
from listen.post import Deletion, Edit, Event, Gap, Mark, Post
from listen.source import Source
from listen.when import CLOCK


class Ear:
    """Hears a source; `problem` is what broke the last round off."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.cursor: str | None = None
        self.problem: PlatformError | None = None

    async def round(self, at: datetime, since: datetime | None = None) -> list[Event]:
        token, events, self.problem = CLOCK.set(lambda: at), list[Event](), None
        try:
            async for event in self.source.hear(self.cursor, since):
                events.append(event)
                if isinstance(event, Mark):
                    self.cursor = event.cursor
        except PlatformError as problem:
            self.problem = problem
        finally:
            CLOCK.reset(token)
        return events


def posts(events: list[Event]) -> list[Post]:
    return [event for event in events if isinstance(event, Post)]


def texts(events: list[Event]) -> list[str]:
    return [post.text for post in posts(events)]


def edits(events: list[Event]) -> list[str]:
    return [event.post.text for event in events if isinstance(event, Edit)]


def deletions(events: list[Event]) -> list[str | None]:
    return [event.id for event in events if isinstance(event, Deletion)]


def gaps(events: list[Event]) -> list[Gap]:
    return [event for event in events if isinstance(event, Gap)]
