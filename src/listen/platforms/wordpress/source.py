"""What is new on one site: its posts or its comments, by the API, or where that is closed by its feeds.

Posts are read in two orders. By date, as a post that was written ahead keeps the day it was written as its day of
change; by change, as edits and posts with an old date show only there. Comments that moderators let through late
keep their old date: once an hour all of the last days are read.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec

from listen.errors import BadAnswer, Gone, PlatformError, Refused, Unacceptable
from listen.feed.entry import Entry
from listen.feed.source import FeedSource, place_of
from listen.listing import Listing, Page
from listen.platforms.wordpress.entries import EMBEDDED, FIELDS, NAME, Kind, Raw, comment_id, number_of, post_of
from listen.platforms.wordpress.site import Site
from listen.post import Deletion, Edit, Event, Mark, Notice, Post
from listen.source import Interest, Source
from listen.when import now

PAGE = 100  # the most that WordPress gives at once; more is an error
MOST_KEPT = 100  # posts that are looked after: whether they are still there
LOOKED_AFTER = timedelta(hours=1)
CLOSED = timedelta(hours=1)  # that a closed API is left alone before it is tried again
_ZONES = timedelta(hours=26)  # older versions take the dates we name for the site's own time


class Scope(msgspec.Struct, frozen=True):
    """What of a site a source hears: posts or comments, all or what a search finds, and how late they may appear."""

    kind: Kind
    search: str | None
    late: timedelta


class Memory(msgspec.Struct, kw_only=True):
    """The cursor: of both orders and the feed, and the wanted posts that were heard last, by their numbers."""

    walks: dict[str, str] = {}
    feed: str | None = None
    closed_at: datetime | None = None
    kept: dict[str, str] = {}
    looked_at: datetime | None = None


class SiteSource(Source):
    def __init__(self, site: Site, scope: Scope, interest: Interest, every: timedelta) -> None:
        found = f": {scope.search}" if scope.search else ""
        self.name = f"{site.key} {scope.kind}{found}"
        self.site = site
        self.scope = scope
        self.interest = interest
        self.every = every

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        memory = _recalled(cursor)
        if memory.closed_at and abs(now() - memory.closed_at) < CLOSED:
            async for event in self._fed(memory, since):
                yield event
        else:
            try:
                async for event in self._walked(memory, since):
                    yield event
                memory.closed_at = None
            except (Gone, Refused, BadAnswer) as problem:
                self.site.root = None  # it may have moved, and is looked for anew
                async for event in self._fed(memory, since, problem):
                    yield event
        yield Mark(msgspec.json.encode(memory).decode())

    async def check(self) -> str:
        try:
            answer = await self.site.asks(self.scope.kind, {"per_page": 1, "_fields": "id", **self._searched()})
            answer.shaped(list[Raw])
        except (Gone, Refused, BadAnswer) as problem:
            for address in self._addresses():
                with contextlib.suppress(PlatformError):
                    return f"{await self._feed(address).check()} (no API: {problem})"
            raise
        total = answer.headers.get("x-wp-total", "")
        return f"{int(total):,} {self.scope.kind}" if total.isdigit() else f"answers about {self.scope.kind}"

    async def _walked(self, memory: Memory, since: datetime | None) -> AsyncIterator[Event]:
        orders = ("date", "modified") if self.scope.kind == "posts" else ("date_gmt",)
        for order in orders:
            listing = Ordered(self.site, self.scope, order)
            async for event in listing.hear(memory.walks.get(order), since):
                if isinstance(event, Mark):
                    memory.walks[order] = event.cursor
                elif isinstance(event, Post) and event.edited_at and order == "modified":
                    yield Edit(event)  # new in this order, but perhaps heard before
                else:
                    yield event
            memory.kept |= self._wanted(listing.numbers)
        memory.kept = dict(list(memory.kept.items())[-MOST_KEPT:])
        if memory.looked_at is None or abs(now() - memory.looked_at) >= LOOKED_AFTER:
            for deletion in await self._missing(memory):
                yield deletion
            memory.looked_at = now()

    def _wanted(self, numbers: dict[int, Post]) -> dict[str, str]:
        wanted = sorted((n, post.id) for n, post in numbers.items() if self.interest.may_match(post.document))
        return {str(number): identity for number, identity in wanted}

    async def _missing(self, memory: Memory) -> list[Deletion]:
        """Those of the posts we keep that are not shown any more."""
        if not memory.kept:
            return []
        told: dict[str, str | int] = {"include": ",".join(memory.kept), "per_page": PAGE, "_fields": "id"}
        try:
            answer = await self.site.asks(self.scope.kind, told)
        except BadAnswer:  # a site that does not understand the question
            return []
        there = {str(number_of(raw)) for raw in answer.shaped(list[Raw])}
        if there - memory.kept.keys() or answer.headers.get("x-wp-total") != str(len(there)):
            return []  # nor does this one, or a cache before it
        gone = [number for number in memory.kept if number not in there]
        return [Deletion(platform=NAME, id=memory.kept.pop(number), lasting=False) for number in gone]

    async def _fed(
        self, memory: Memory, since: datetime | None, problem: PlatformError | None = None
    ) -> AsyncIterator[Event]:
        """What the feed shows; where there is none either, that is the API's problem."""
        trouble: PlatformError | None = None
        for address in self._addresses():
            try:
                async for event in self._feed(address).hear(memory.feed, since):
                    if isinstance(event, Mark):
                        memory.feed = event.cursor
                    else:
                        yield event
            except (Gone, Refused, BadAnswer) as again:
                trouble = again
                continue
            if problem:
                yield Notice(f"{problem}; hearing the feed of {self.site.key} instead")
                memory.closed_at = now()
            return
        raise problem or trouble or BadAnswer(f"{self.site.host} has no feed")

    def _feed(self, address: str) -> FeedSource:
        return FeedSource(place_of(address), self.site.http, self.every, comments=False, shaping=self._shaped)

    def _addresses(self) -> tuple[str, ...]:
        """Where WordPress has this as a feed, with speaking addresses and without; comments cannot be searched."""
        home = self.site.address
        if self.scope.kind == "comments":
            return f"{home}/comments/feed/", f"{home}/?feed=comments-rss2"
        if self.scope.search:
            return (f"{home}/?{urlencode({'s': self.scope.search, 'feed': 'rss2'})}",)
        return f"{home}/feed/", f"{home}/?feed=rss2"

    def _shaped(self, post: Post, entry: Entry) -> Post:
        identity = post.id
        if self.scope.kind == "comments":
            identity = comment_id(self.site.key, entry.id or entry.link or post.id)
        return msgspec.structs.replace(post, platform=NAME, id=identity)

    def _searched(self) -> dict[str, str]:
        return {"search": self.scope.search} if self.scope.search else {}


class Ordered(Listing):
    """The posts or comments of a site in one order, newest first. `numbers` are those of the posts that were read."""

    def __init__(self, site: Site, scope: Scope, orderby: str) -> None:
        self.name = orderby
        self.site = site
        self.scope = scope
        self.orderby = orderby
        self.deep = scope.late if scope.kind == "comments" else None
        self.numbers: dict[int, Post] = {}

    def dated(self, post: Post) -> datetime | None:
        return post.edited_at or post.posted_at if self.orderby == "modified" else post.posted_at

    async def page(self, place: str | None) -> Page:
        number = int(place or 1)
        kind = self.scope.kind
        told: dict[str, str | int] = {"orderby": self.orderby, "order": "desc", "per_page": PAGE, "page": number}
        told |= {"_fields": FIELDS[kind], "_embed": EMBEDDED[kind]} | self._narrowed()
        try:
            answer = await self.site.asks(kind, told)
        except Unacceptable:
            if number == 1:
                raise
            return Page(())  # WordPress says so past the last page, which a deletion may have made of this one
        raws = answer.shaped(list[Raw])
        read = [(number_of(raw), post) for raw in raws if (post := post_of(raw, kind, self.site.key))]
        self.numbers |= {known: post for known, post in read if known is not None}
        return Page(
            [post for _, post in read], next=str(number + 1) if _goes_on(answer.headers, number, raws) else None
        )

    def _narrowed(self) -> dict[str, str | int]:
        """What is not older than this round reads; where a site does not understand that, pages are read that far."""
        told: dict[str, str | int] = {"search": self.scope.search} if self.scope.search else {}
        if self.back_to is not None:
            name = "modified_after" if self.orderby == "modified" else "after"
            told[name] = f"{self.back_to - _ZONES:%Y-%m-%dT%H:%M:%SZ}"
        return told


def _goes_on(headers: Mapping[str, str], number: int, raws: list[Raw]) -> bool:
    pages = headers.get("x-wp-totalpages", "")
    return number < int(pages) if pages.isdigit() else len(raws) >= PAGE


def _recalled(cursor: str | None) -> Memory:
    try:
        return msgspec.json.decode(cursor, type=Memory) if cursor else Memory()
    except msgspec.DecodeError:
        return Memory()
