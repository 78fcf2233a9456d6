"""What keeps the wire harmless: bounded reading, and foreign exceptions turned into our errors."""

from __future__ import annotations

import json
import os
import re
import ssl
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from listen.errors import BadAnswer, Gone, ListenError, RateLimited, Refused, Unreachable
from listen.http.rate import wait_from
from listen.http.refusal import limit_of
from listen.http.secret import Secret, redacted
from listen.when import now

if TYPE_CHECKING:
    import httpx

BODY_LIMIT = 20_000_000  # bytes of one answer, decompressed
EVENT_LIMIT = 4_000_000  # bytes of one event of a stream, or one WebSocket message
_PIECE = 1_000_000  # bytes unpacked at once
_MARKUP = re.compile(r"<[^<>]{0,300}>")
_EVENT_END = re.compile(rb"\n\r?\n|\r\r|\r\n\r")


def host_of(url: str) -> str:
    """Host and, if it stands there, port: how errors name a server."""
    try:
        parts = urlsplit(url)
        return parts.hostname + (f":{parts.port}" if parts.port else "") if parts.hostname else redacted(url[:100])
    except ValueError:
        return redacted(url[:100])


async def read_bounded(response: httpx.Response) -> bytes:
    """The whole decompressed body; raises BadAnswer above BODY_LIMIT before more of it is unpacked.

    Unpacked here, as httpx unpacks each piece whole: 64 kB of gzip become 64 MB, of gzip in gzip 64 GB.
    """
    host = host_of(str(response.url))
    unpacking = _unpacking(response.headers.get("content-encoding", ""), host)
    body = bytearray()
    async for chunk in response.aiter_raw(65_536):
        try:
            for piece in unpacking.pieces(chunk) if unpacking else (chunk,):
                body += piece
                if len(body) > BODY_LIMIT:
                    body.clear()  # who keeps the error keeps what stood around it
                    raise BadAnswer(f"{host} answered more than {BODY_LIMIT // 1_000_000} MB")
        except zlib.error as problem:
            raise BadAnswer(f"{host} sent an answer that cannot be unpacked") from problem
    if unpacking and body and not unpacking.is_whole:
        raise Unreachable(f"{host} broke off in the middle of its answer")
    return bytes(body)


class Unpacking:
    """Packed bytes as they come in. A gzip stream may have several members one after the other (RFC 1952, 2.2)."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 32)

    @property
    def is_whole(self) -> bool:
        """Whether it ended where a member does."""
        return self._member.eof

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """What the chunk adds, in pieces, as zlib holds what it unpacks at once several times. Raises zlib.error."""
        while chunk:
            if self._member.eof:
                if not chunk.startswith(b"\x1f"):
                    return  # padding after the last member, which gzip(1) ignores too
                self._member = zlib.decompressobj(zlib.MAX_WBITS | 32)
            yield self._member.decompress(chunk, _PIECE)
            chunk = self._member.unused_data if self._member.eof else self._member.unconsumed_tail


def is_packed(encoding: str) -> bool:
    return encoding.strip().lower() not in ("", "identity")


def _unpacking(encoding: str, host: str) -> Unpacking | None:
    """For gzip, and for zlib from those who do not read what was asked for; None for plain bodies."""
    if not is_packed(encoding):
        return None
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise BadAnswer(f"{host} packed its answer as {encoding[:40]!r}, which was not asked for")
    return Unpacking()


def reason_of(body: bytes) -> str:
    """What an error's body says, `: Too many requests`; empty for HTML and nonsense.

    Most say it in a text, OpenAI's interface and those like it in an object below `error`, Discourse in a list, X in a
    `detail` (RFC 9457); Google adds a `reason`, and markup.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(said, dict):
        return ""
    said = said["error"] if isinstance(said.get("error"), dict) else said
    several = said.get("errors")
    told = [said.get(key) for key in ("message", "error_description", "error_message", "error")]
    first = several[0] if isinstance(several, list) and several else None
    inner = [first.get(key) for key in ("message", "detail", "title")] if isinstance(first, dict) else [first]
    kind = first.get("reason") if isinstance(first, dict) else None
    for text in (*told, *inner, said.get("detail"), said.get("title")):
        if isinstance(text, str) and text:
            return f": {f'{kind}: ' if isinstance(kind, str) else ''}{_MARKUP.sub('', text)[:200]}"
    return ""


def code_of(body: bytes) -> str | None:
    """The short name of an error (`ExpiredToken`), where its body has one."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = said.get("error") if isinstance(said, dict) else None
    return code if isinstance(code, str) and code.isidentifier() and len(code) <= 60 else None


def bound_events(response: httpx.Response) -> None:
    """Make reading the response raise BadAnswer when one line or event grows above EVENT_LIMIT.

    Raises it at once for a packed stream, whose size would not show.
    """
    import httpx

    inner, host = cast("httpx.AsyncByteStream", response.stream), host_of(str(response.url))
    if is_packed(response.headers.get("content-encoding", "")):
        raise BadAnswer(f"{host} packed its event stream, which was not asked for")

    class Bounded(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            size, tail = 0, b""  # the end of an event may lie across two chunks
            async for chunk in inner:
                seen = tail + chunk
                ends = [found.end() for found in _EVENT_END.finditer(seen)]
                size = len(seen) - ends[-1] if ends else size + len(chunk)
                if size > EVENT_LIMIT:
                    raise BadAnswer(f"{host} sent an event of more than {EVENT_LIMIT // 1_000_000} MB")
                tail = seen[-3:]
                yield chunk

        async def aclose(self) -> None:
            await inner.aclose()

    response.stream = Bounded()


async def bounded_lines(response: httpx.Response) -> AsyncIterator[bytes]:
    """The lines of a stream without their ends; raises BadAnswer for one above EVENT_LIMIT, or a packed stream."""
    host = host_of(str(response.url))
    if is_packed(response.headers.get("content-encoding", "")):
        raise BadAnswer(f"{host} packed its stream, which was not asked for")
    rest = bytearray()
    async for chunk in response.aiter_raw():
        *whole, begun = chunk.split(b"\n")
        for line in whole:
            yield bytes(rest + line).removesuffix(b"\r")
            rest.clear()
        rest += begun
        if len(rest) > EVENT_LIMIT:
            raise BadAnswer(f"{host} sent a line of more than {EVENT_LIMIT // 1_000_000} MB")


class translated:  # noqa: N801  reads as a clause: `with translated(host): ...`
    """Foreign exceptions of one exchange with a host, as Unreachable, BadAnswer, Refused ... `from` them."""

    def __init__(self, host: str, secrets: Sequence[Secret] = ()) -> None:
        self.host = host
        self.secrets = secrets

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _: TracebackType | None
    ) -> None:
        if problem is None or isinstance(problem, ListenError) or not isinstance(problem, Exception):
            return
        error = self._error(problem)
        if error is not None:
            error.args = (redacted(str(error), self.secrets),)  # foreign words may hold the whole address
            raise error from problem

    def _error(self, problem: Exception) -> ListenError | None:
        return _of_httpx(self.host, problem) or _of_websockets(self.host, problem) or _of_socket(self.host, problem)


def _of_httpx(host: str, problem: Exception) -> ListenError | None:
    import httpx
    import httpx_sse

    if isinstance(problem, httpx.ConnectTimeout):
        return Unreachable(f"{host} did not answer in time")
    if isinstance(problem, httpx.TimeoutException):
        return Unreachable(f"{host} went silent")
    if isinstance(problem, httpx.ConnectError):
        return Unreachable(f"{host} cannot be reached ({_cause(problem)})")
    if isinstance(problem, httpx.TooManyRedirects):
        return BadAnswer(f"{host} redirects in circles")
    if isinstance(problem, httpx.DecodingError):
        return BadAnswer(f"{host} sent an answer that cannot be unpacked")
    if isinstance(problem, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return BadAnswer(f"{host} is not an address of the web")
    if isinstance(problem, httpx_sse.SSEError):
        return BadAnswer(f"{host} answered something else than an event stream")
    if isinstance(problem, httpx.TransportError | httpx.StreamError):
        return Unreachable(f"the connection to {host} broke ({_cause(problem)})")
    return None


def _of_websockets(host: str, problem: Exception) -> ListenError | None:
    from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

    if isinstance(problem, InvalidStatus):
        status = problem.response.status_code
        # websockets raises where a header stands twice, and one asks here by names in lower case.
        headers = {name.lower(): value for name, value in problem.response.headers.raw_items()}
        limit = limit_of(status, headers, bytes(problem.response.body or b""), now())
        if limit is not None:
            return RateLimited(f"{host} is rate limited", wait=limit.wait)
        said = (problem.response.body or b"")[:200].decode(errors="replace").strip()
        words = f"({status}{': ' + said if said and not said.startswith('<') else ''})"
        if status in (401, 403):
            return Refused(f"{host} refuses access {words}")
        if status in (404, 410):
            return Gone(f"{host} has no stream there {words}")
        wait = wait_from(headers, now()) if status == 503 else None
        family = Unreachable if status >= 500 else BadAnswer
        return family(f"{host} does not open the stream {words}", wait=wait)
    if isinstance(problem, ConnectionClosed):
        return Unreachable(f"{host} closed the stream ({problem.rcvd.code if problem.rcvd else 'without a word'})")
    if isinstance(problem, WebSocketException):
        return Unreachable(f"{host} does not open the stream ({_cause(problem)})")
    return None


def _of_socket(host: str, problem: Exception) -> ListenError | None:
    if isinstance(problem, TimeoutError):
        return Unreachable(f"{host} did not answer in time")
    if isinstance(problem, OSError | EOFError):
        return Unreachable(f"{host} cannot be reached ({_cause(problem)})")
    return None


def _cause(problem: BaseException) -> str:
    """The innermost reason, short: `name or service not known`, `connection refused`."""
    while problem.__cause__ or problem.__context__:
        problem = problem.__cause__ or problem.__context__  # type: ignore[assignment]
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"bad certificate: {problem.verify_message}"
    if isinstance(problem, ssl.SSLError):  # whose numbers are OpenSSL's own, not the system's
        return "no secure connection; perhaps it is http://, not https://"
    if isinstance(problem, OSError) and problem.errno and problem.errno > 0:
        return os.strerror(problem.errno).lower()
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror.lower()  # name resolution has error numbers of its own, below 0
    return str(problem)[:100].lower() or type(problem).__name__
