"""A proxy on loopback that hurts what passes: it stands before any of our servers, plain or with TLS.

Without a fault bytes go through as they are. While a fault is on, each new connection is read up to the end of its
request and given to the fault, which answers in its own way or lets a part of the true answer through.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from typing import Literal, Self

_PIECE = 65_536


class Link:
    """One connection of a client. `head` is its request; the server behind is asked only by `ask`."""

    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.proxy = proxy
        self.reader = reader
        self.writer = writer
        self.head = b""
        self.flowing = asyncio.Event()
        self.flowing.set()
        self._behind: asyncio.StreamWriter | None = None

    @property
    def is_websocket(self) -> bool:
        return b"upgrade: websocket" in self.head.lower()

    async def ask(self) -> asyncio.StreamReader:
        """Hand the request on to the server behind, which closes after it unless it is a stream; its answer."""
        head = self.head
        if not self.is_websocket:
            lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
            head = b"\r\n".join([lines[0], b"Connection: close", *lines[1:]])
        reader = await self._open()
        assert self._behind is not None
        self._behind.write(head)
        return reader

    async def say(self, piece: bytes) -> None:
        """Write to the client; waits while the link is frozen and while the client does not read."""
        await self.flowing.wait()
        self.writer.write(piece)
        await self.writer.drain()

    async def both_ways(self, answer: asyncio.StreamReader | None = None) -> None:
        """Pass everything from now on, until one side ends."""
        if answer is None:
            answer = await self._open()
        assert self._behind is not None
        ways = [
            asyncio.create_task(_pumped(self.reader, self._hear)),
            asyncio.create_task(_pumped(answer, self.say)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def until_left(self) -> None:
        """Say nothing more, and wait until the client goes away."""
        while await self.reader.read(_PIECE):
            pass

    def reset(self) -> None:
        """End with RST instead of FIN."""
        sock = self.writer.get_extra_info("socket")
        with contextlib.suppress(OSError):  # the client was faster
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.abort()

    def abort(self) -> None:
        for writer in (self.writer, self._behind):
            if writer is not None:
                writer.transport.abort()

    def close(self) -> None:
        """End in good order: what was said still goes out."""
        self.writer.close()
        if self._behind is not None:
            self._behind.transport.abort()

    async def _open(self) -> asyncio.StreamReader:
        reader, self._behind = await asyncio.open_connection("127.0.0.1", self.proxy.behind)
        return reader

    async def _hear(self, piece: bytes) -> None:
        await self.flowing.wait()
        assert self._behind is not None
        self._behind.write(piece)
        await self._behind.drain()


async def _pumped(reader: asyncio.StreamReader, onward: Callable[[bytes], Awaitable[None]]) -> None:
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while piece := await reader.read(_PIECE):
            await onward(piece)


Fault = Callable[[Link], Awaitable[None]]


class Proxy:
    """Stands before the server on the port `behind`; an async context manager.

    `certificate` makes it speak TLS and may be changed while it runs. `struck` counts the requests that
    met a fault. Only requests whose head `strikes` meet it.
    """

    def __init__(self, behind: int, certificate: ssl.SSLContext | None = None) -> None:
        self.behind = behind
        self.certificate = certificate
        self.fault: Fault | None = None
        self.strikes: Callable[[bytes], bool] = lambda _: True
        self.struck = 0
        self._links: set[Link] = set()
        self._talks: set[asyncio.Task[None]] = set()
        self._fillers: list[socket.socket] = []

    async def __aenter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self._accepting = asyncio.create_task(self._accept())
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [self._accepting, *self._talks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for sock in (self._socket, *self._fillers):
            sock.close()

    @property
    def base(self) -> str:
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"{'wss' if self.certificate else 'ws'}://127.0.0.1:{self.port}"

    def begins(self, fault: Fault, open_links: Literal["abort", "keep"] = "abort") -> None:
        """From now on every request meets the fault; what is open is aborted or goes on."""
        self.fault, self.struck = fault, 0
        if open_links == "abort":
            self.abort()

    def ends(self) -> None:
        """From now on new connections go through; those that the fault has got hold of it keeps."""
        self.fault = None

    def abort(self) -> None:
        """Break everything that is open."""
        for link in [*self._links]:
            link.abort()

    def freeze(self) -> None:
        """Nothing passes any more on what is open, and nobody is told: a dead link without FIN."""
        for link in self._links:
            link.flowing.clear()

    async def turns_deaf(self) -> None:
        """Connections are not even accepted: the client's SYN stays without an answer."""
        self._accepting.cancel()
        await asyncio.gather(self._accepting, return_exceptions=True)
        self.abort()
        self._socket.listen(0)
        for _ in range(3):  # the kernel completes one or two by itself, for a queue that nobody reads now
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self._fillers.append(filler)
        await asyncio.sleep(0.01)

    def hears_again(self) -> None:
        for filler in self._fillers:
            filler.close()
        self._fillers.clear()
        self._socket.listen(100)
        self._accepting = asyncio.create_task(self._accept())

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            client, _ = await loop.sock_accept(self._socket)
            talk = asyncio.create_task(self._talk(client))
            self._talks.add(talk)
            talk.add_done_callback(self._talks.discard)

    async def _talk(self, client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        try:
            transport, _ = await loop.connect_accepted_socket(lambda: protocol, client, ssl=self.certificate)
        except (OSError, ssl.SSLError):  # a client that does not trust the certificate
            self.struck += 1
            return
        link = Link(self, reader, asyncio.StreamWriter(transport, protocol, reader, loop))
        self._links.add(link)
        try:
            await self._served(link)
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            pass  # either side may hang up at any moment
        finally:
            self._links.discard(link)
            link.close()

    async def _served(self, link: Link) -> None:
        if self.fault is None:
            await link.both_ways()
            return
        link.head = await link.reader.readuntil(b"\r\n\r\n")
        fault = self.fault
        if fault is None or not self.strikes(link.head):
            await link.both_ways(await link.ask())
            return
        self.struck += 1
        await fault(link)
