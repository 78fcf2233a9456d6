"""A loopback server that says exactly what a test tells it to: also half of it, too much, nothing, or lies.

Plain HTTP/1.1 on `asyncio` streams, so that answers can be cut, reset and stalled; a reply with `frames`
opens a WebSocket, sends each of them as one text message, and goes away.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import socket
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from http import HTTPStatus
from typing import Literal, Self
from urllib.parse import parse_qs, urlsplit

import msgspec


class Request(msgspec.Struct, frozen=True):
    """What a client asked: `target` is the path with its query; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """Each parameter's last value."""
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """One answer. `length` is the Content-Length told (None: the truth, -1: none, the end closes it).

    `pieces` go out after `body`, one by one, then those of `flow` as they come. `ending` says how it stops: `keep`
    leaves the connection open for the next request, `stall` says nothing more for ever. `wordless` sends not even a
    status line. `after` is how many seconds it takes to think.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}
    pieces: tuple[bytes, ...] = ()
    flow: AsyncIterator[bytes] | None = None
    length: int | None = None
    ending: Literal["keep", "close", "reset", "stall"] = "keep"
    wordless: bool = False
    after: float = 0.0
    frames: tuple[str, ...] | None = None

    def head(self) -> bytes:
        """Status line and headers as they go over the wire."""
        length = len(self.body) + sum(map(len, self.pieces)) if self.length is None else self.length
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}", *(f"{k}: {v}" for k, v in self.headers.items())]
        if length >= 0 and self.status != 304:
            lines.append(f"Content-Length: {length}")
        if self.ending != "keep":
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


Script = Callable[[Request], Reply]


class ScriptedServer:
    """Answers every request as `script` says, on a free port of loopback; an async context manager.

    `requests` keeps what was asked, in order.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[Request] = []
        self._talks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def asked(self) -> list[str]:
        """The targets of all requests so far."""
        return [request.target for request in self.requests]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        # A client may hang up at any moment, and leaving the server cancels what stalls: both end the talk.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._one_exchange(reader, writer):
                pass
        writer.transport.abort()
        self._talks.discard(task)

    async def _one_exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read one request and answer it; whether the connection stays open."""
        request = _parsed(await reader.readuntil(b"\r\n\r\n"))
        length = int(request.headers.get("content-length", "0"))
        request = msgspec.structs.replace(request, body=await reader.readexactly(length))
        self.requests.append(request)
        reply = self.script(request)
        if reply.after:
            await asyncio.sleep(reply.after)
        if reply.ending == "keep" and request.headers.get("connection", "").lower() == "close":
            reply = msgspec.structs.replace(reply, ending="close")
        if reply.frames is not None:
            await _websocket(request, reply.frames, reader, writer)
            return False
        if not reply.wordless:
            writer.write(reply.head())
            for piece in (reply.body, *reply.pieces):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)  # so that each piece is a packet of its own
            if reply.flow is not None:
                async for piece in reply.flow:
                    writer.write(piece)
                    await writer.drain()
        await _end(reply.ending, writer)
        return reply.ending == "keep" and not reply.wordless


def _parsed(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = (line.split(":", 1) for line in lines)
    return Request(method, target, {name.strip().lower(): value.strip() for name, value in headers})


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase


async def _end(ending: str, writer: asyncio.StreamWriter) -> None:
    if ending == "stall":
        await asyncio.Event().wait()
    elif ending == "reset":
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    elif ending == "close":
        writer.close()
        await writer.wait_closed()


async def _websocket(
    request: Request, frames: tuple[str, ...], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """The handshake of RFC 6455, each frame as a text message, the close code 1001, and the client's goodbye."""
    magic = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    accept = base64.b64encode(hashlib.sha1(magic.encode(), usedforsecurity=False).digest()).decode()
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": accept}
    writer.write(Reply(status=101, headers=upgrade, length=-1).head())
    for frame in frames:
        writer.write(_frame(0x81, frame.encode()))
        await writer.drain()
    writer.write(_frame(0x88, struct.pack(">H", 1001)))
    await writer.drain()
    await reader.read(1_000)


def _frame(first: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return struct.pack(">BB", first, size) + payload
    if size < 65_536:
        return struct.pack(">BBH", first, 126, size) + payload
    return struct.pack(">BBQ", first, 127, size) + payload
