"""A site with feeds, and somebody who listens to it.

It answers as WordPress does: only the exact ETag gives 304, and pages past the end are 404.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape
from typing import Self

import msgspec

from listen.feed.source import FeedSource, place_of
from listen.http import Client
from listen.post import Event, Mark, Post
from tests.servers.scripted import Reply, Request, ScriptedServer

QUARTER = timedelta(minutes=15)
START = datetime(2026, 11, 21, 12, tzinfo=UTC)
WORDPRESS = "<generator>https://wordpress.org/?v=6.1.9</generator>"


class Served(msgspec.Struct, kw_only=True):
    """What stands at one target; with an ETag or date, asking with exactly that is answered 304."""

    body: bytes = b""
    type: str = "application/rss+xml; charset=UTF-8"
    status: int = 200
    etag: str | None = None
    modified: str | None = None
    headers: dict[str, str] = {}

    def reply(self, request: Request) -> Reply:
        told = {"ETag": self.etag, "Last-Modified": self.modified}
        headers = {name: value for name, value in told.items() if value} | self.headers
        asked = {
            "ETag": request.headers.get("if-none-match"),
            "Last-Modified": request.headers.get("if-modified-since"),
        }
        asked = {name: value for name, value in asked.items() if value}
        if asked and all(headers.get(name) == value for name, value in asked.items()):
            return Reply(status=304, headers=headers)
        return Reply(status=self.status, body=self.body, headers={"Content-Type": self.type} | headers)


class FeedSite:
    """Put things at targets with `serves` while it runs; an async context manager."""

    def __init__(self) -> None:
        self.places: dict[str, Served] = {}
        self.server = ScriptedServer(self._reply)

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.server.__aexit__(*problem)

    @property
    def base(self) -> str:
        return self.server.base

    def serves(self, target: str, body: str | bytes = b"", **told: object) -> None:
        raw = body.encode() if isinstance(body, str) else body
        self.places[target] = msgspec.convert({"body": raw, **told}, Served)

    def moves(self, target: str, to: str, status: int = 301) -> None:
        self.places[target] = Served(status=status, headers={"Location": to})

    def asked(self) -> list[str]:
        """The targets asked since the last call."""
        targets = self.server.asked()
        self.server.requests.clear()
        return targets

    def headers(self) -> dict[str, str]:
        """The headers of the last request."""
        return dict(self.server.requests[-1].headers)

    def _reply(self, request: Request) -> Reply:
        served = self.places.get(request.target)
        return served.reply(request) if served else Reply(status=404, body=b"nothing here")


class Listener:
    """Hears one feed round after round from its last mark, on a clock of its own."""

    def __init__(self, address: str, http: Client, *, comments: bool = False) -> None:
        self.now = START
        self.cursor: str | None = None
        self.again: timedelta | None = None
        self.source = FeedSource(place_of(address), http, QUARTER, comments=comments, clock=lambda: self.now)

    async def hears(self, since: datetime | None = None) -> list[Event]:
        self.now += QUARTER
        events = [event async for event in self.source.hear(self.cursor, since)]
        for event in events:
            if isinstance(event, Mark):
                self.cursor, self.again = event.cursor, event.again
        return [event for event in events if not isinstance(event, Mark)]

    async def titles(self) -> list[str | None]:
        return [event.title for event in await self.hears() if isinstance(event, Post)]


def item(number: int, words: str | None = None, **fields: str) -> str:
    """One RSS item with guid and link by its number; `fields` add or replace elements, "" leaves one out."""
    told = {
        "title": f"Post {number}",
        "link": f"https://blog.example/{number}",
        "guid": f"https://blog.example/?p={number}",
        "description": words or f"The words of post number {number}.",
    } | fields
    return "<item>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.items() if value) + "</item>"


def rss(*items: str, title: str = "A blog", channel: str = "") -> str:
    """An RSS 2.0 feed; `channel` holds more elements of it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{title}</title><link>https://blog.example</link>{channel}{''.join(items)}</channel></rss>"
    )
