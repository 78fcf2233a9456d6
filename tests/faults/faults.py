"""What can happen to an answer on its way; each is a fault for `tests.faults.proxy.Proxy`.

Most let the true answer begin and then hurt it half-way through what came first of its body: of a JSON document, a
feed, an event, or a frame of a WebSocket.
"""

from __future__ import annotations

import asyncio
import random
import re
import struct
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

from tests.faults.proxy import Fault, Link

LINE = 100_000_000  # bytes of a line that never ends
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_NOISE = random.Random(5).randbytes(4_000)


async def delayed(link: Link) -> None:
    """Everything comes, each piece a tenth of a second late."""
    answer = await link.ask()
    while piece := await answer.read(65_536):
        await asyncio.sleep(0.1)
        await link.say(piece)


async def dripping(link: Link) -> None:
    """Byte after byte, so slowly that it never ends."""
    answer = await link.ask()
    while piece := await answer.read(1):
        await link.say(piece)
        await asyncio.sleep(0.03)


async def _half(link: Link) -> None:
    """The head of the answer, and half of what comes first of its body."""
    answer = await link.ask()
    await link.say(await answer.readuntil(b"\r\n\r\n"))
    piece = await answer.read(65_536)
    await link.say(piece[: len(piece) // 2])
    await asyncio.sleep(0.01)  # so that it goes out before what follows


async def cut(link: Link) -> None:
    await _half(link)


async def reset(link: Link) -> None:
    await _half(link)
    link.reset()


async def half_closed(link: Link) -> None:
    """The server has no more to say, and goes on listening."""
    await _half(link)
    link.writer.write_eof()
    await link.until_left()


async def spoilt(link: Link) -> None:
    """Garbage in the middle of the answer."""
    await _half(link)
    await link.say(_NOISE)


async def stuck(link: Link) -> None:
    """Half an answer, then silence."""
    await _half(link)
    await link.until_left()


async def silent(link: Link) -> None:
    """Not a word."""
    await link.until_left()


async def silent_after_headers(link: Link) -> None:
    answer = await link.ask()
    await link.say(await answer.readuntil(b"\r\n\r\n"))
    await link.until_left()


async def garbage(link: Link) -> None:
    await link.say(_NOISE)


async def hung_up(link: Link) -> None:
    """Closed without a word."""


async def refused(link: Link) -> None:
    """Reset without a word."""
    link.reset()


async def too_long(link: Link) -> None:
    """More is announced than comes."""
    await _with_length(link, 1_000)


async def too_short(link: Link) -> None:
    """Less is announced than comes."""
    await _with_length(link, -7)


async def _with_length(link: Link, more: int) -> None:
    answer = await link.ask()
    head = await answer.readuntil(b"\r\n\r\n")
    if link.is_websocket:
        await link.say(head)
        piece = await answer.read(65_536)
        # Of a WebSocket, frames have lengths: the first byte says what follows, the second how much of it.
        await link.say(piece[:1] + bytes([125]) + piece[2:60])
        return
    length = _LENGTH.search(head)
    if length is not None:
        told = b"\r\nContent-Length: %d" % max(0, int(length[1]) + more)
        head = _LENGTH.sub(told, head)
    await link.say(head)
    while piece := await answer.read(65_536):
        await link.say(piece)
    await asyncio.sleep(0.01)


async def endless(link: Link) -> None:
    """A line, event or message of 100 MB, in pieces."""
    piece = b"a" * 60_000
    if link.is_websocket:
        await _upgraded(link)
        await link.say(_frame(0x01, b'{"a":"'))
        for _ in range(LINE // len(piece)):
            await link.say(_frame(0x00, piece))
        return
    await link.say(_head(200, {"Content-Type": _type_for(link), "Connection": "close"}) + b'data: ["')
    for _ in range(LINE // len(piece)):
        await link.say(piece)


async def bomb(link: Link) -> None:
    """100 kB that are 100 MB once they are unpacked."""
    if link.is_websocket:
        await _upgraded(link)
        await link.say(_frame(0xC1, _deflated()))
        await link.until_left()
        return
    packed = _gzipped()  # 100 kB
    headers = {"Content-Type": _type_for(link), "Content-Encoding": "gzip", "Connection": "close"}
    await link.say(_head(200, headers | {"Content-Length": str(len(packed))}) + packed)


def answers(status: int, body: bytes = b"", **headers: str) -> Fault:
    """The server says something else; header names are written with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    told = {"Content-Type": "text/html", **named, "Content-Length": str(len(body)), "Connection": "close"}

    async def fault(link: Link) -> None:
        await link.say(_head(status, told) + body)

    return fault


def until_in_an_hour(status: int) -> Fault:
    """The server says so, and names the date until which it wants to be left alone."""

    async def fault(link: Link) -> None:
        date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
        await answers(status, Retry_After=date)(link)

    return fault


async def _upgraded(link: Link) -> None:
    answer = await link.ask()
    await link.say(await answer.readuntil(b"\r\n\r\n"))


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _type_for(link: Link) -> str:
    """What the client expects at that address."""
    if b"/streaming/hashtag" in link.head:
        return "text/event-stream"
    return "application/rss+xml" if b"/feed" in link.head else "application/json"


def _frame(first: int, payload: bytes) -> bytes:
    """A frame of RFC 6455 from a server."""
    size = len(payload)
    if size < 126:
        return struct.pack(">BB", first, size) + payload
    if size < 65_536:
        return struct.pack(">BBH", first, 126, size) + payload
    return struct.pack(">BBQ", first, 127, size) + payload


@cache
def _gzipped() -> bytes:
    return _packed(zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16), b"[", zlib.Z_FINISH)


@cache
def _deflated() -> bytes:
    return _packed(zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS), b'{"a":"', zlib.Z_SYNC_FLUSH)[:-4]


def _packed(packer: zlib._Compress, begin: bytes, end: int) -> bytes:
    """In pieces, so that whoever measures the memory of a client does not measure this."""
    pieces = [packer.compress(begin), *(packer.compress(b" " * 100_000) for _ in range(LINE // 100_000))]
    return b"".join([*pieces, packer.flush(end)])
