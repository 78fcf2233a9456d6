"""A Jetstream of our own on loopback, with the manners of the real ones: the v1 wire, old code and new.

It replays what it keeps from a cursor on, then goes live on the same connection; identity and account events
reach everybody whatever collections are wanted; too old a cursor is clamped and a future one is live, both
without a word. `v2=True` behaves like the code of 2026: frames carry a `cursor`, cursors below 1e15 are
sequence numbers, and times rewind coarsely. It also answers `getProfiles`, on the same port.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import msgspec
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.servers.frames import ANNA, POSTS, compressor, encoded, micros, now

Query = Mapping[str, list[str]]
COARSE = 20  # events that a time cursor rewinds too far on new servers


class Kept(msgspec.Struct, frozen=True):
    """One frame of the log; without a collection it reaches everybody."""

    time_us: int
    raw: str | bytes
    collection: str | None


class Refusal(msgspec.Struct, frozen=True):
    """What the next handshake is answered with instead of an upgrade."""

    status: int
    body: str = ""
    headers: dict[str, str] = {}


class Stream:
    """One subscriber: what it wants, how it is packed, and how far it has been served."""

    def __init__(self, socket: ServerConnection, query: Query, at: int) -> None:
        self.socket = socket
        self.at = at
        self.wanted = query.get("wantedCollections", [])
        self.packed = _wants_zstd(query, socket.request.headers if socket.request else {})
        self.grown = asyncio.Event()
        self.ready = asyncio.Event()
        if query.get("requireHello") != ["true"]:
            self.ready.set()

    def update(self, message: str | bytes) -> None:
        """Take an `options_update`; raises ValueError for anything else."""
        said = json.loads(message)
        if not isinstance(said, dict) or said.get("type") != "options_update":
            raise ValueError("unknown message type")
        self.wanted = list(said.get("payload", {}).get("wantedCollections", []))
        self.ready.set()

    def wants(self, kept: Kept) -> bool:
        if kept.collection is None or not self.wanted:
            return True
        return any(
            kept.collection == wish or (wish.endswith(".*") and kept.collection.startswith(wish[:-1]))
            for wish in self.wanted
        )


class Jetstream:
    """An async context manager. Publish with `post`, `commit`, `identity`, `account`, or `send` for lies.

    `asked` lists the targets of all requests, `offers` the extensions named in handshakes; `refusals` are used up
    one by one; `profiles` answer getProfiles. With `keep` the log holds so many frames, and up to half as many more.
    """

    def __init__(
        self,
        *,
        v2: bool = False,
        dictionary: bytes | None = None,
        retention: timedelta = timedelta(hours=36),
        port: int = 0,
        keep: int | None = None,
    ) -> None:
        self.v2 = v2
        self.retention = retention
        self.port = port
        self.keep = keep
        self.log: list[Kept] = []
        self.dropped = 0  # frames that are not in the log any more
        self.asked: list[str] = []
        self.offers: list[str] = []
        self.refusals: deque[Refusal] = deque()
        self.profiles: dict[str, dict[str, Any]] = {}
        self.streams: set[Stream] = set()
        self._compress = compressor(dictionary)
        self._joined = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await serve(
            self._serve, "127.0.0.1", self.port, process_request=self._answer, ping_interval=30, close_timeout=1
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hang_up()
        self._server.close()
        await self._server.wait_closed()

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def listener(self) -> None:
        """Wait until somebody has subscribed since the last hang-up."""
        await self._joined.wait()

    async def hang_up(self, code: int = 1001, reason: str = "server shutting down") -> None:
        """Close all streams as a server does that stops."""
        self._joined.clear()
        await asyncio.gather(*(stream.socket.close(code, reason) for stream in [*self.streams]))

    async def cut_off(self) -> None:
        """Let all connections drop without a goodbye."""
        self._joined.clear()
        for stream in self.streams:
            stream.socket.transport.abort()

    # Publishing

    def post(self, text: str, *, did: str = ANNA, rkey: str | None = None, at: int | None = None, **more: Any) -> str:
        """A new post, `more` being fields of its record; its at-URI."""
        rkey = rkey or f"3m{self.end:011d}"
        return self.commit(did, rkey, {"$type": POSTS, "createdAt": now(), "text": text, **more}, at=at)

    def edit(self, uri: str, text: str, *, at: int | None = None) -> None:
        did, _, rkey = uri.removeprefix("at://").split("/")
        self.commit(did, rkey, {"$type": POSTS, "createdAt": now(), "text": text}, operation="update", at=at)

    def delete(self, uri: str, *, at: int | None = None) -> None:
        did, collection, rkey = uri.removeprefix("at://").split("/")
        self.commit(did, rkey, None, operation="delete", collection=collection, at=at)

    def commit(
        self,
        did: str,
        rkey: str,
        record: dict[str, Any] | None,
        *,
        operation: str = "create",
        collection: str = POSTS,
        at: int | None = None,
    ) -> str:
        """A commit of any kind, `at` its time in microseconds (default: now); the at-URI of the record."""
        body: dict[str, Any] = {
            "rev": f"3r{self.end:011d}",
            "operation": operation,
            "collection": collection,
            "rkey": rkey,
        }
        if record is not None:
            body |= {"record": record, "cid": f"bafyrei{self.end:052d}"}
        self._publish(did, "commit", body, at, collection)
        return f"at://{did}/{collection}/{rkey}"

    def identity(self, did: str, handle: str, *, at: int | None = None) -> None:
        self._publish(did, "identity", {"did": did, "handle": handle, "seq": self.end, "time": now()}, at)

    def account(self, did: str, *, active: bool, status: str | None = None, at: int | None = None) -> None:
        body = {"active": active, "did": did, "seq": self.end, "time": now()}
        self._publish(did, "account", body | ({"status": status} if status else {}), at)

    @property
    def end(self) -> int:
        """How many frames there have been."""
        return self.dropped + len(self.log)

    def again(self) -> None:
        """The last frame once more, as real servers send it between replay and live."""
        last = self.log[-1]
        self.send(last.raw, last.collection, at=last.time_us)

    def send(self, raw: str | bytes, collection: str | None = None, *, at: int | None = None) -> None:
        """Any text or bytes as a frame."""
        self.log.append(Kept(self._moment(at), raw, collection))
        if self.keep is not None and len(self.log) > 1.5 * self.keep:
            self.dropped += len(self.log) - self.keep
            del self.log[: -self.keep]
        for stream in self.streams:
            stream.grown.set()

    def _publish(
        self, did: str, kind: str, body: dict[str, Any], at: int | None, collection: str | None = None
    ) -> None:
        moment = self._moment(at)
        seq = {"cursor": self.end} if self.v2 else {}
        frame = {"did": did, "time_us": moment, **seq, "kind": kind, kind: body}
        self.send(encoded(frame), collection, at=moment)

    def _moment(self, at: int | None) -> int:
        if at is not None:
            return at
        return max(micros(datetime.now(UTC)), self.log[-1].time_us + 1 if self.log else 0)

    # Serving

    def _answer(self, socket: ServerConnection, request: Request) -> Response | None:
        """A plain HTTP answer, or None for the upgrade."""
        self.asked.append(request.path)
        target = urlsplit(request.path)
        query = parse_qs(target.query)
        if self.refusals:
            refusal = self.refusals.popleft()
            return _response(refusal.status, refusal.body, refusal.headers)
        if target.path == "/xrpc/app.bsky.actor.getProfiles":
            return self._profiles(query.get("actors", []))
        if target.path != "/subscribe":
            return _response(404, "404 page not found\n")
        self.offers.append(request.headers.get("Sec-WebSocket-Extensions", ""))
        objection = _objection(query, request.headers)
        return _response(400, objection) if objection else None

    def _profiles(self, dids: list[str]) -> Response:
        if not 1 <= len(dids) <= 25:
            return _response(400, '{"error":"InvalidRequest","message":"actors must have 1 to 25 elements"}')
        found = [{"did": did, **self.profiles[did]} for did in dids if did in self.profiles]
        return _response(200, json.dumps({"profiles": found}), {"Content-Type": "application/json"})

    async def _serve(self, socket: ServerConnection) -> None:
        query = parse_qs(urlsplit(socket.request.path if socket.request else "").query)
        stream = Stream(socket, query, self._first(query.get("cursor", [""])[0]))
        sending = asyncio.create_task(self._send_all(stream))
        self.streams.add(stream)
        self._joined.set()
        try:
            async for message in socket:
                stream.update(message)
        except ValueError as problem:
            await socket.close(1007, f"invalid message: {problem}"[:100])
        except ConnectionClosed:
            pass
        finally:
            self.streams.discard(stream)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send_all(self, stream: Stream) -> None:
        await stream.ready.wait()
        while True:
            stream.grown.clear()
            while stream.at < self.end:
                stream.at = max(stream.at, self.dropped)  # too slow for what is kept: a gap, as on the real ones
                kept = self.log[stream.at - self.dropped]
                stream.at += 1
                if stream.wants(kept):
                    await stream.socket.send(self._compress(kept.raw) if stream.packed else kept.raw)
            await stream.grown.wait()

    def _first(self, cursor: str) -> int:
        """The number of the frame to begin at; without a cursor, and for the future, that is the end."""
        if not cursor:
            return self.end
        asked = int(cursor)
        floor = micros(datetime.now(UTC) - self.retention)
        oldest = self._since(floor)
        if self.v2 and asked < 10**15:
            return max(oldest, min(asked, self.end))
        first = self._since(asked)
        return max(oldest, first - COARSE if self.v2 and first < self.end else first)

    def _since(self, moment: int) -> int:
        found = next((place for place, kept in enumerate(self.log) if kept.time_us >= moment), len(self.log))
        return self.dropped + found


def _wants_zstd(query: Query, headers: Mapping[str, str]) -> bool:
    return query.get("compress") == ["true"] or headers.get("Socket-Encoding") == "zstd"


def _objection(query: Query, headers: Headers) -> str | None:
    """What real servers answer 400 to, before the upgrade."""
    wanted = query.get("wantedCollections", [])
    if len(set(wanted)) > 100:
        return "too many wanted collections: 101 > 100"
    for wish in wanted:
        if wish.removesuffix(".*").count(".") < 1:
            return f"invalid collection: {wish}"
    cursor = query.get("cursor", ["0"])[0]
    if not cursor.isdigit():
        return f"invalid cursor: {cursor}"
    if _wants_zstd(query, headers) and "permessage-deflate" in headers.get("Sec-WebSocket-Extensions", ""):
        return "choose one compression scheme: permessage-deflate or zstd"
    return None


def _response(status: int, body: str, headers: Mapping[str, str] | None = None) -> Response:
    told = {"Content-Type": "text/plain", **(headers or {}), "Content-Length": str(len(body.encode()))}
    return Response(status, HTTPStatus(status).phrase, Headers({**told, "Connection": "close"}), body.encode())
