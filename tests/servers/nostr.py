"""A relay of our own on loopback: NIP-01 with its paging, 09 (deletions), 11 (itself), and 50 (search) if told to.

Events are really signed. It shows the newest events of each filter first, `most` at a time, and does not say so; an
address that is published anew replaces the older version.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Self

from coincurve import PrivateKey
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidState
from websockets.http11 import Request, Response

Event = dict[str, Any]
Filter = Mapping[str, Any]


class Account:
    """A key pair, the same each time for the same name."""

    def __init__(self, name: str = "anna") -> None:
        self.key = PrivateKey(hashlib.sha256(f"listen test {name}".encode()).digest())
        self.pubkey = self.key.public_key.format(compressed=True)[1:].hex()

    def signed(self, content: str, *, kind: int = 1, at: int | None = None, tags: Iterable[list[str]] = ()) -> Event:
        at = int(time.time()) if at is None else at
        told = [0, self.pubkey, at, kind, list(tags), content]
        digest = hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).digest()
        event = {"id": digest.hex(), "pubkey": self.pubkey, "created_at": at, "kind": kind, "tags": list(tags)}
        return event | {"content": content, "sig": self.key.sign_schnorr(digest, b"\0" * 32).hex()}


ANNA, BERND = Account("anna"), Account("bernd")


def note(text: str, *, at: int | None = None, author: Account = ANNA, tags: Iterable[list[str]] = ()) -> Event:
    """A note with the hashtag `kindle` in its field."""
    return author.signed(text, at=at, tags=[["t", "kindle"], *tags])


def article(name: str, text: str, *, at: int | None = None, author: Account = ANNA) -> Event:
    return author.signed(text, kind=30023, at=at, tags=[["d", name], ["title", "Lesen"], ["t", "kindle"]])


def deletion(*events: Event, at: int | None = None, author: Account = ANNA) -> Event:
    tags = [
        ["a", f"30023:{event['pubkey']}:{event['tags'][0][1]}"] if event["kind"] == 30023 else ["e", event["id"]]
        for event in events
    ]
    return author.signed("", kind=5, at=at, tags=tags)


class RelayServer:
    """An async context manager. `asked` lists the messages of clients, `nips` what it says to know.

    `refuses` is the text with which it closes subscriptions, `mute` makes it answer nothing, `stubborn` makes it go on
    showing what was deleted; `ignores_search` gives everything for a search, as relays without NIP-50 do.
    """

    def __init__(self, *, most: int = 500, nips: Iterable[int] = (1, 9, 11), ignores_search: bool = False) -> None:
        self.most = most
        self.nips = list(nips)
        self.ignores_search = ignores_search
        self.events: list[Event] = []
        self.asked: list[list[Any]] = []
        self.refuses = ""
        self.mute = self.stubborn = False
        self._open: dict[ServerConnection, dict[str, list[Filter]]] = {}

    async def __aenter__(self) -> Self:
        self._server = await serve(self._serve, "127.0.0.1", 0, process_request=self._about, close_timeout=1)
        self.port: int = next(iter(self._server.sockets)).getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def listening(self) -> int:
        """How many subscriptions are open."""
        return sum(map(len, self._open.values()))

    def publish(self, *events: Event) -> None:
        """Keep the events and send them to those who listen; no event is kept twice, and no older version."""
        for event in events:
            if self._is_kept(event):
                self.events.append(event)
                self.send(event)

    def send(self, event: Event) -> None:
        """To those who listen alone."""
        for socket, subscriptions in self._open.items():
            for name, filters in subscriptions.items():
                if any(self._fits(event, wanted) for wanted in filters):
                    self._say(socket, ["EVENT", name, event])

    def say(self, message: object) -> None:
        """Anything to everybody."""
        for socket in self._open:
            self._say(socket, message)

    def hang_up(self) -> None:
        for socket in self._open:
            socket.transport.abort()

    def _is_kept(self, event: Event) -> bool:
        if any(event["id"] == kept["id"] for kept in self.events[-2_000:]):
            return False
        if event["kind"] == 5 and not self.stubborn:
            self.events = [kept for kept in self.events if not _deletes(event, kept)]
        if event["kind"] == 30023:
            versions = [kept for kept in self.events if _address(kept) == _address(event)]
            if any(kept["created_at"] > event["created_at"] for kept in versions):
                return False
            self.events = [kept for kept in self.events if kept not in versions]
        return True

    def _about(self, _: ServerConnection, request: Request) -> Response | None:
        if "Upgrade" in request.headers:
            return None
        told = {"software": "git+https://relay.example/ours.git", "version": "1.0", "supported_nips": self.nips}
        body = json.dumps(told).encode()
        headers = Headers({"Content-Type": "application/nostr+json", "Content-Length": str(len(body))})
        return Response(HTTPStatus.OK, "OK", headers, body)

    async def _serve(self, socket: ServerConnection) -> None:
        subscriptions = self._open[socket] = {}
        try:
            async for message in socket:
                kind, name, *filters = told = json.loads(message)
                self.asked.append(told)
                if kind == "CLOSE":
                    subscriptions.pop(name, None)
                elif self.refuses:
                    await socket.send(json.dumps(["CLOSED", name, self.refuses]))
                elif not self.mute:
                    subscriptions[name] = filters
                    for wanted in filters:
                        for event in self._stored(wanted):
                            await socket.send(json.dumps(["EVENT", name, event], ensure_ascii=False))
                    await socket.send(json.dumps(["EOSE", name]))
        except ConnectionClosed:
            pass
        finally:
            del self._open[socket]

    def _stored(self, wanted: Filter) -> list[Event]:
        found = [event for event in self.events if self._fits(event, wanted)]
        found.sort(key=lambda event: (-event["created_at"], event["id"]))
        return found[: min(wanted.get("limit", self.most), self.most)]

    def _fits(self, event: Event, wanted: Filter) -> bool:
        tags = {tag[1] for tag in event["tags"] if tag[0] == "t"}
        words = [] if self.ignores_search else wanted.get("search", "").lower().split()
        return (
            event["kind"] in wanted.get("kinds", [event["kind"]])
            and event["pubkey"] in wanted.get("authors", [event["pubkey"]])
            and ("#t" not in wanted or bool(tags.intersection(wanted["#t"])))
            and wanted.get("since", 0) <= event["created_at"] <= wanted.get("until", 2**60)
            and all(word in event["content"].lower() for word in words)
        )

    def _say(self, socket: ServerConnection, message: object) -> None:
        text = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
        # Not `send`, which would have to be awaited: tests publish in the middle of anything.
        with suppress(InvalidState):  # the listener has just been killed
            socket.protocol.send_text(text.encode())
            socket.send_data()


def _address(event: Event) -> tuple[object, ...]:
    return event["kind"], event["pubkey"], next((tag[1] for tag in event["tags"] if tag[0] == "d"), event["id"])


def _deletes(request: Event, kept: Event) -> bool:
    if kept["pubkey"] != request["pubkey"] or kept["kind"] == 5:
        return False
    if kept["kind"] == 30023 and kept["created_at"] <= request["created_at"]:
        name = f"30023:{kept['pubkey']}:{kept['tags'][0][1]}"
        return any(tag == ["a", name] for tag in request["tags"])
    return ["e", kept["id"]] in request["tags"]
