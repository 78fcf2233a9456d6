"""Small real stations for tests of the path: a source that says what it is told, an output that remembers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta

from listen.mention import Change, Context, Verdict
from listen.outputs.output import Output
from listen.post import Event, Post
from listen.source import Source
from listen.store import Store

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def post(number: int, text: str = "Mein #Kindle", **more: object) -> Post:
    return Post(platform="test", id=str(number), url=None, author="anna", text=text, posted_at=NOON, **more)  # type: ignore[arg-type]


def calm(text: str, context: Context) -> Verdict:
    """A judge that never flags, and says in `sentiment` how long the text was."""
    return Verdict(lang=context.lang, flag="none", complaint=0.0, opportunity=0.0, praise=0.0, opportunity_kind=None,
                   sentiment=min(1.0, len(text) / 1000), urgency="low")  # fmt: skip


def cursor_of(store: Store, source: str) -> str | None:
    """Where the source was marked last, whatever was listened for."""
    return next(standing.cursor for standing in store.sources() if standing.source == source)


class Scripted(Source):
    """Says in each round what `script(cursor)` yields; an exception in it is raised, the last round repeats."""

    every = timedelta(milliseconds=5)

    def __init__(self, name: str, script: Callable[[str | None], Sequence[Event | Exception]]) -> None:
        self.name = name
        self.script = script
        self.cursors: list[str | None] = []

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        self.cursors.append(cursor)
        for event in self.script(cursor):
            if isinstance(event, Exception):
                raise event
            yield event

    async def check(self) -> str:
        return "scripted"


class Remembering(Output):
    """Keeps what it was shown and told."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.said: list[str] = []
        self.states: list[str] = []

    def show(self, change: Change) -> None:
        self.changes.append(change)

    def say(self, line: str) -> None:
        self.said.append(line)

    def health(self, sources: Sequence[object]) -> None:
        self.states = [source.state for source in sources]  # type: ignore[attr-defined]

    @property
    def ids(self) -> list[str]:
        return [change.mention.post.id for change in self.changes]
