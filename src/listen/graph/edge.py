"""An edge of the Graph API (`PAGE/feed`, `MEDIA/comments`) as a listing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from listen.errors import BadAnswer, TooMuch
from listen.graph.api import Graph
from listen.http.wire import host_of
from listen.listing import MOST_SEEN, Listing, Page
from listen.post import Post

_PLACE = ("after", "until", "__paging_token", "offset")  # of a next address, which also holds the token
Reading = Callable[[Mapping[str, Any]], Sequence[Post]]


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for, and how it is walked (as `Listing` has it). `needs` are the permissions that it takes.

    `dated` names the parameter for the date that a round goes back to, where the edge knows one.
    """

    name: str
    path: str
    fields: str
    params: Mapping[str, str] = {}
    needs: tuple[str, ...] = ()
    limit: int = 50
    order: Literal["arrival", "date", "loose"] = "date"
    overlap: timedelta = timedelta(hours=1)
    first: timedelta = timedelta(days=1)
    every: timedelta = timedelta(minutes=15)
    most_seen: int = MOST_SEEN
    dated: str | None = None


async def free() -> None:
    """What requests cost that nobody counts."""


class Edge(Listing):
    """The posts that `read` makes of each object there; `before` is awaited ahead of each request."""

    def __init__(self, graph: Graph, ask: Ask, read: Reading, before: Callable[[], Awaitable[None]] = free) -> None:
        self.name = ask.name
        self.every = ask.every
        self.order = ask.order
        self.overlap = ask.overlap
        self.first = ask.first
        self.most_seen = ask.most_seen
        self.graph = graph
        self.ask = ask
        self.read = read
        self.before = before
        self.limit = ask.limit
        self._shown: list[Any] = []

    async def page(self, place: str | None) -> Page:
        """A place is how many pages came before, and what of the next address leads there.

        Instagram's hashtags have the same cursor on each page, and it works (its documentation says so); only a page
        that shows the same again is the end.
        """
        things, following = await self.things(place)
        shown = [thing.get("id") or thing for thing in things]
        again, self._shown = bool(things) and place is not None and shown == self._shown, shown
        posts = [post for thing in things for post in self.read(thing)]
        if following and again:
            return Page(posts, cut="the same page comes again and again")
        return Page(posts, next=following)

    async def things(self, place: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """The objects of a page as they came, and the place of the next one. Raises PlatformError."""
        number, _, following = (place or "0:").partition(":")
        told = await self._asked(dict(parse_qsl(following)))
        things = told.get("data")
        if not isinstance(things, list):
            raise BadAnswer(f"{host_of(self.graph.base)} has no list at 'data'")
        after = next_of(told)
        return [thing for thing in things if isinstance(thing, dict)], f"{int(number) + 1}:{after}" if after else None

    async def _asked(self, following: dict[str, str]) -> dict[str, Any]:
        """The answer, to a smaller question if that is too much for the server; what it could bear is kept to."""
        since = {self.ask.dated: int(self.back_to.timestamp())} if self.ask.dated and self.back_to else {}
        while True:
            await self.before()
            params: dict[str, str | int] = {
                **self.ask.params,
                "fields": self.ask.fields,
                "limit": self.limit,
                **since,
                **following,
            }
            try:
                return await self.graph.get(self.ask.path, params, self.ask.needs)
            except TooMuch:
                if self.limit == 1:
                    raise
                self.limit = self.limit // 2


def next_of(told: Mapping[str, Any]) -> str | None:
    """What leads to the next page, without the token that its address holds; None after the last.

    Cursors are there on the last page, too: only `next` says that there is one more.
    """
    paging = told.get("paging")
    address = paging.get("next") if isinstance(paging, dict) else None
    if not isinstance(paging, dict) or not isinstance(address, str):
        return None
    try:
        given = dict(parse_qsl(urlsplit(address).query))
    except ValueError:
        given = {}
    kept = {name: given[name] for name in _PLACE if name in given}
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not kept and isinstance(after, str):
        kept = {"after": after}
    return urlencode(kept) or None
