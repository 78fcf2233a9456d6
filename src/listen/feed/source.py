"""A feed as a source: its entries, and those of its comments, from one cursor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime, timedelta

import msgspec

from listen.errors import BadAnswer, Gone, Refused
from listen.feed.cursor import Cursor, Track, recalled
from listen.feed.entry import Shaping, as_it_is, digest
from listen.feed.finding import find
from listen.feed.following import Following
from listen.http import Client
from listen.http.secret import redacted
from listen.post import Event, Mark, Notice
from listen.source import Source
from listen.when import now


def shown(url: str) -> str:
    """The address without its secrets, still unlike any other."""
    safe = redacted(url)
    return safe if safe == url else f"{safe} ({digest(url, 3)})"


class Place(msgspec.Struct, frozen=True):
    """Where a feed, or the page that offers it, is; its source's name; what stands for it in ids. Both no secret.

    Where the address can be nothing but the feed, it `seeks` none: a page is then an error, and nothing else is tried.
    """

    url: str
    name: str
    known_as: str
    seeks: bool = True


def place_of(url: str) -> Place:
    return Place(url, shown(url), shown(url))


class FeedSource(Source):
    """`comments` says whether to hear its comments too, unless `others`, which are sources themselves, are those.

    `shaping` makes of each post what it is on its network; None leaves it out.
    """

    def __init__(
        self,
        place: Place,
        http: Client,
        every: timedelta,
        *,
        comments: bool = True,
        others: Collection[str] = (),
        shaping: Shaping = as_it_is,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.name = place.name
        self.place = place
        self.http = http
        self.every = every
        self.comments = comments
        self.others = others
        self.shaping = shaping
        self.clock = clock

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        stored = recalled(cursor)
        main = Following(
            stored.main, self.place.url, self.place.known_as, self.http, self.shaping, seeks=self.place.seeks
        )
        async for event in main.events(since, self.clock()):
            yield event
        yield self._mark(stored)
        if stored.comments is None and main.comments and main.comments not in (self.place.url, *self.others):
            # What must not be stored could not be gone on with.
            stored.comments = Track(first=main.comments) if redacted(main.comments) == main.comments else None
        if self.comments and stored.comments and stored.comments.first:
            async for event in self._commented(stored.comments, stored.comments.first, since):
                yield event
            yield self._mark(stored)

    async def check(self) -> str:
        found = await find(self.http, self.place.url, seeks=self.place.seeks)
        feed, count = found.feed, found.feed.cut_from or len(found.feed.entries)
        place = f", found at {redacted(found.place)}" if found.page else ""
        return f"{feed.title or 'a feed without title'}: {feed.format}, {count} {_entries(count)}{place}"

    async def _commented(self, track: Track, first: str, since: datetime | None) -> AsyncIterator[Event]:
        """The comments; where they are closed or gone, the posts go on without them."""
        following = Following(track, first, shown(first), self.http, self.shaping)
        try:
            async for event in following.events(since, self.clock()):
                yield event
        except (Gone, Refused, BadAnswer) as problem:
            if not track.troubled:
                yield Notice(f"{problem}; hearing the posts without the comments for now")
            track.troubled = True

    def _mark(self, stored: Cursor) -> Mark:
        rest = timedelta(seconds=min(track.rest for track in (stored.main, stored.comments) if track))
        return Mark(stored.encoded(), again=max(self.every, rest))


def _entries(count: int) -> str:
    return "entry" if count == 1 else "entries"
