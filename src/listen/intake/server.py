"""The HTTP server for pushes: small, on loopback, behind a proxy that speaks TLS.

Bounds: 16 kB of headers, 1 MB a push, 10 s for headers, 30 s for a push, 64 connections; one request a connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

import msgspec

from listen.errors import OutputError
from listen.http import Secret
from listen.intake.checking import answer_to, is_signed, kept_of
from listen.intake.spool import BEAT, Line, Spool
from listen.when import now

HEAD_LIMIT = 16_384
BODY_LIMIT = 1_000_000
HEAD_PATIENCE = 10.0
BODY_PATIENCE = 30.0
MOST = 64
_ONCE = frozenset({"content-length", "transfer-encoding", "x-hub-signature-256"})
_LINGER = 5.0  # seconds that running requests are given when it ends


class Push(msgspec.Struct, frozen=True):
    """One request; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]


class Intake:
    """Takes pushes into the spool. `say` is told what the user should know, never what a push says."""

    def __init__(
        self, spool: Spool, secrets: Sequence[Secret], verify_token: Secret | None, say: Callable[[str], None]
    ) -> None:
        self.spool = spool
        self.secrets = tuple(secrets)
        self.verify_token = verify_token
        self.say = say
        self._talks: set[asyncio.Task[None]] = set()
        self._said: str | None = None

    async def serve(self, host: str, port: int, until: asyncio.Event, ready: Callable[[int], None]) -> None:
        """Serve until the event; `ready` is told the port, which is a free one for 0. Raises OSError, OutputError."""
        await asyncio.to_thread(self.spool.begins)
        server = await asyncio.start_server(self._talk, host, port, limit=HEAD_LIMIT)
        beating = asyncio.create_task(self._beat())
        try:
            ready(server.sockets[0].getsockname()[1])
            await until.wait()
        finally:
            server.close()
            beating.cancel()
            if self._talks:
                await asyncio.wait(self._talks, timeout=_LINGER)
            for talk in self._talks:
                talk.cancel()
            await asyncio.gather(beating, *self._talks, return_exceptions=True)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT.total_seconds())
            try:
                await asyncio.to_thread(self.spool.beat)
            except OutputError as problem:
                self._tell(str(problem))

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            status, text = await self._answered(reader)
            writer.write(_reply(status, text))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # who hangs up in the middle gets no answer, and sends it again
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            self._talks.discard(task)

    async def _answered(self, reader: asyncio.StreamReader) -> tuple[HTTPStatus, str]:
        if len(self._talks) > MOST:
            return HTTPStatus.SERVICE_UNAVAILABLE, "too many at once"
        try:
            async with asyncio.timeout(HEAD_PATIENCE):
                push = _parsed(await reader.readuntil(b"\r\n\r\n"))
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT, "too slow"
        except asyncio.LimitOverrunError:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "too long"
        except ValueError:
            return HTTPStatus.BAD_REQUEST, "not HTTP"
        if push.method == "GET":
            return self._greeted(push)
        if push.method != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED, "pushes are POSTed"
        return await self._taken(push, reader)

    def _greeted(self, push: Push) -> tuple[HTTPStatus, str]:
        asked = dict(parse_qsl(urlsplit(push.target).query))
        if "hub.mode" not in asked:
            return HTTPStatus.OK, "listening"
        challenge = answer_to(asked, self.verify_token)
        if challenge is None:
            self._tell("somebody asked to subscribe with another verify_token; compare it with the one in Meta's form")
            return HTTPStatus.FORBIDDEN, "no"
        self._tell("a subscription was verified")
        return HTTPStatus.OK, challenge

    async def _taken(self, push: Push, reader: asyncio.StreamReader) -> tuple[HTTPStatus, str]:
        """Signature first: nothing of an unsigned push is even parsed."""
        length = push.headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            return HTTPStatus.LENGTH_REQUIRED, "say how long it is"
        if len(length) > 12 or int(length) > BODY_LIMIT:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large"
        try:
            async with asyncio.timeout(BODY_PATIENCE):
                body = await reader.readexactly(int(length))
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT, "too slow"
        if not is_signed(body, push.headers.get("x-hub-signature-256", ""), self.secrets):
            self._tell("a push without a right signature was refused; is app_secret that of the app that sends?")
            return HTTPStatus.FORBIDDEN, "not signed"
        kept = kept_of(body)
        if kept is None:
            return HTTPStatus.BAD_REQUEST, "no JSON object"
        try:
            await asyncio.to_thread(self.spool.append, Line(at=now(), body=msgspec.Raw(kept)))
        except OutputError as problem:
            self._tell(f"{problem}; pushes are refused until it can, and come again")
            return HTTPStatus.SERVICE_UNAVAILABLE, "later"
        self._said = None
        return HTTPStatus.OK, "heard"

    def _tell(self, words: str) -> None:
        """Once, until something was taken in again: who knocks all night does not fill the log."""
        if words != self._said:
            self._said = words
            self.say(words)


def _parsed(head: bytes) -> Push:
    """Raises ValueError for what is no HTTP/1."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, version = first.split(" ")
    if not version.startswith("HTTP/1."):
        raise ValueError(version)
    headers: dict[str, str] = {}
    for line in filter(None, lines):
        name, colon, value = line.partition(":")
        if not colon or name != name.strip() or (name.lower() in headers and name.lower() in _ONCE):
            raise ValueError("headers that can be read in two ways")
        headers[name.lower()] = value.strip()
    if (
        "transfer-encoding" in headers
    ):  # with Content-Length beside it, where one request ends and another begins is open
        headers.pop("content-length", None)
    return Push(method, target, headers)


def _reply(status: HTTPStatus, text: str) -> bytes:
    body = text.encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"X-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
