"""One server: its notes page by page, through its socket, and in its search."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from listen.errors import BadAnswer, Unacceptable
from listen.http import Client, Secret
from listen.http.wire import translated
from listen.listing import Listing, Page
from listen.platforms.misskey.note import Note, post_of, read
from listen.post import CaughtUp, Deletion, Event, Mark, Notice, Post
from listen.source import Interest

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

PAGE = 100  # the most that it gives at once
SILENCE = 60.0  # seconds; servers ping as often
WATCHED = 1_000  # notes of which we want to hear if they are deleted
_CHANNEL = "listen"


class Server:
    """One server; `host` names it."""

    def __init__(self, base: str, http: Client, token: Secret | None) -> None:
        self.base = base
        self.host = urlsplit(base).netloc
        self.http = http
        self.token = token

    async def page(self, endpoint: str, told: dict[str, object], place: str | None) -> Page:
        """A page of notes, newest first: with `untilId` alone it goes down. Raises PlatformError."""
        told = {**told, "limit": PAGE, **({"untilId": place} if place else {})}
        answer = await self.http.post(f"{self.base}/api/{endpoint}", told, token=self.token)
        notes = [read(raw) for raw in answer.shaped(list[msgspec.Raw])]
        sound = [note for note in notes if note]
        if notes and not sound:
            raise BadAnswer(f"{self.host} answered notes of another shape")
        posts = [post for note in sound if (post := self.post(note))]
        return Page(posts, next=min(note.id for note in sound) if sound else None)

    def post(self, note: Note) -> Post | None:
        return post_of(note, self.base, self.host)


class Stream(Listing):
    """All hashtags of one server through one socket; what it had before, and what came late, page by page."""

    def __init__(
        self, server: Server, tags: tuple[str, ...], interest: Interest, every: timedelta, *, everything: bool
    ) -> None:
        self.server = server
        self.name = server.host
        self.every = every
        self.may_match = interest.may_match
        self.everything = everything
        self.tags = tags
        self._watched: deque[str] = deque(maxlen=WATCHED)

    async def page(self, place: str | None) -> Page:
        if self.everything:
            return await self.server.page("notes/global-timeline", {}, place)
        return await self.server.page("notes/search-by-tag", {"query": [[tag] for tag in self.tags]}, place)

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        url = f"{self.server.base.replace('http', 'ws', 1)}/streaming"
        silence = min(SILENCE, 2 * self.server.http.patience)
        async with self.server.http.websocket(url, silence=silence) as socket:
            # From before the walk on, so that nothing falls in between.
            await self._say(socket, "connect", self._channel())
            for id_ in self._watched:
                await self._say(socket, "subNote", {"id": id_})
            while True:
                async with aclosing(self._walked(cursor, since)) as walk:
                    async for event in walk:
                        cursor = event.cursor if isinstance(event, Mark) else cursor
                        await self._watch(socket, event)
                        yield event
                yield CaughtUp()
                async with aclosing(self._live(socket)) as live:
                    async for event in live:
                        await self._watch(socket, event)
                        yield event

    async def _live(self, socket: ClientConnection) -> AsyncGenerator[Event, None]:
        """What the stream tells until it is time to look at the pages again: for what came late or was edited."""
        end = monotonic() + self.every.total_seconds()
        while monotonic() < end:
            raw = await self._next(socket, end - monotonic())
            for event in self._told(raw) if raw else ():
                yield event

    async def _watch(self, socket: ClientConnection, event: Event) -> None:
        """Ask to be told of the end of a note that may be a mention."""
        if isinstance(event, Post) and event.ref and event.ref not in self._watched and self.may_match(event.document):
            self._watched.append(event.ref)
            await self._say(socket, "subNote", {"id": event.ref})

    async def _walked(self, cursor: str | None, since: datetime | None) -> AsyncGenerator[Event, None]:
        async for event in super().hear(cursor, since):
            yield event

    def _channel(self) -> dict[str, object]:
        if self.everything:
            return {"channel": "globalTimeline", "id": _CHANNEL, "params": {"withRenotes": False}}
        return {"channel": "hashtag", "id": _CHANNEL, "params": {"q": [[tag] for tag in self.tags]}}

    def _told(self, raw: str) -> list[Event]:
        """What a frame means; frames of other kinds, and of kinds still to come, mean nothing."""
        try:
            frame = msgspec.json.decode(raw, type=Frame)
            if frame.type == "noteUpdated" and frame.body.type == "deleted" and frame.body.id:
                return [Deletion(platform="misskey", instance=self.server.host, ref=frame.body.id)]
            if frame.type != "channel" or frame.body.type != "note" or not self.may_match(raw):
                return []
        except (ValueError, RecursionError):
            return []
        note = read(frame.body.body)
        post = self.server.post(note) if note else None
        return [post] if post else []

    async def _say(self, socket: ClientConnection, kind: str, body: dict[str, object]) -> None:
        from websockets.exceptions import ConnectionClosed

        with translated(self.server.host), suppress(ConnectionClosed):  # what came before its end is read first
            await socket.send(msgspec.json.encode({"type": kind, "body": body}).decode())

    async def _next(self, socket: ClientConnection, seconds: float) -> str | None:
        with translated(self.server.host):
            try:
                async with asyncio.timeout(max(seconds, 0.001)):
                    raw = await socket.recv()
            except TimeoutError:
                return None
        return raw if isinstance(raw, str) else raw.decode("utf-8", "replace")


class Search(Listing):
    """One word in the full-text search of one server, for those whom it lets search."""

    def __init__(self, server: Server, words: str, every: timedelta) -> None:
        self.server = server
        self.words = words
        self.name = f"{server.host} search {words}"
        self.every = every

    async def page(self, place: str | None) -> Page:
        return await self.server.page("notes/search", {"query": self.words}, place)

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        try:
            async for event in super().hear(cursor, since):
                yield event
        except Unacceptable as problem:
            yield Notice(f"{self.server.host} does not let this account search ({problem})", deaf=True)


class Body(msgspec.Struct):
    """Of a note in a channel, or of what became of one."""

    id: str = ""
    type: str = ""
    body: msgspec.Raw = msgspec.Raw(b"null")


class Frame(msgspec.Struct):
    type: str = ""
    body: Body = msgspec.field(default_factory=Body)
