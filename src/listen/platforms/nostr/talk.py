"""One connection to a relay: what is asked there, and the messages that come back, told apart.

https://github.com/nostr-protocol/nips/blob/master/01.md; events of a subscription that was closed may still come.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

import msgspec

from listen.errors import BadAnswer, PlatformError, RateLimited, Refused, Unreachable
from listen.http.wire import translated
from listen.plain import wellformed
from listen.platforms.nostr.filters import Filter
from listen.platforms.nostr.signed import Signed

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

_LONGEST = 200  # characters of what a relay says that are passed on


class Message(msgspec.Struct, frozen=True):
    """One message: an event of a subscription, its end of what is stored, its end altogether, or words for people.

    `raw` is the whole of an event's message as it came. Messages that nobody can read are `odd`.
    """

    kind: Literal["EVENT", "EOSE", "CLOSED", "NOTICE", "AUTH", "odd"]
    about: str = ""
    said: str = ""
    signed: Signed | None = None
    raw: str = ""


class Talk:
    """`silence` is how many seconds a relay may think about an answer."""

    def __init__(self, socket: ClientConnection, host: str, silence: float) -> None:
        self.host = host
        self._socket = socket
        self._silence = silence
        self._asked = 0
        self._said = ""

    async def ask(self, wanted: Filter, name: str | None = None) -> str:
        """Open a subscription; returns its name. No name is used twice, unless it is given."""
        if name is None:
            self._asked += 1
            name = f"look{self._asked}"
        await self._send(["REQ", name, wanted])
        return name

    async def end(self, name: str) -> None:
        await self._send(["CLOSE", name])

    async def answer(self) -> Message:
        """The next message of an answer that is due. Raises Unreachable if the relay thinks for too long."""
        message = await self.next(self._silence)
        if message is None:
            said = f"; it said {self._said!r}" if self._said else ""
            raise Unreachable(f"{self.host} does not finish its answer{said}")
        return message

    async def next(self, seconds: float) -> Message | None:
        """The next message, None if there is none for so long. Raises PlatformError when the link breaks."""
        with translated(self.host):
            try:
                async with asyncio.timeout(max(seconds, 0.001)):
                    raw = await self._socket.recv()
            except TimeoutError:
                return None
        message = _read(raw if isinstance(raw, str) else raw.decode("utf-8", "replace"))
        self._said = message.said if message.kind == "NOTICE" else self._said
        return message

    async def _send(self, told: list[object]) -> None:
        from websockets.exceptions import ConnectionClosed

        with (
            translated(self.host),
            suppress(ConnectionClosed),
        ):  # what came before its end is read first, and then tells
            await self._socket.send(msgspec.json.encode(told).decode())


def refusal(host: str, said: str) -> PlatformError:
    """Why a relay has closed a subscription, by the prefixes of NIP-01 and NIP-42."""
    prefix, told = said.partition(":")[0], f"{host} closed the subscription{f' ({said})' if said else ''}"
    if prefix in ("auth-required", "restricted", "blocked"):
        return Refused(f"{told}; it is for its members, leave it out of `relays`")
    if prefix == "rate-limited":
        return RateLimited(told)
    return BadAnswer(told) if prefix in ("invalid", "unsupported", "pow") else Unreachable(told)


def _read(raw: str) -> Message:
    try:
        parts = msgspec.json.decode(raw, type=list[msgspec.Raw])
        kind = msgspec.json.decode(parts[0], type=str)
        about = msgspec.json.decode(parts[1], type=str)
        if kind == "EVENT":
            return Message("EVENT", about, signed=msgspec.json.decode(parts[2], type=Signed), raw=raw)
        if kind == "NOTICE":
            return Message("NOTICE", said=_words(about))
        if kind == "CLOSED":
            return Message("CLOSED", about, _words(msgspec.json.decode(parts[2], type=str)) if parts[2:] else "")
    except (ValueError, IndexError, RecursionError):
        return Message("odd")
    return Message(kind, about) if kind in ("EOSE", "AUTH") else Message("odd")  # type: ignore[arg-type]  # compared above


def _words(said: str) -> str:
    """What a relay says, in one line."""
    return " ".join(wellformed(said).split())[:_LONGEST]
