"""What keeps the wire harmless: bounded reading, and foreign exceptions turned into our errors."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from listen.errors import BadAnswer, Gone, ListenError, RateLimited, Refused, Unreachable
from listen.http.secret import Secret, redacted

if TYPE_CHECKING:
    import httpx

BODY_LIMIT = 20_000_000  # bytes of one answer, decompressed
EVENT_LIMIT = 4_000_000  # bytes of one event of a stream, or one WebSocket message


def host_of(url: str) -> str:
    """Host and, if it stands there, port: how errors name a server."""
    try:
        parts = urlsplit(url)
        return parts.hostname + (f":{parts.port}" if parts.port else "") if parts.hostname else url
    except ValueError:
        return url


async def read_bounded(response: httpx.Response) -> bytes:
    """The whole decompressed body; raises BadAnswer above BODY_LIMIT before more of it is unpacked."""
    body = bytearray()
    async for chunk in response.aiter_bytes(65_536):
        body += chunk
        if len(body) > BODY_LIMIT:
            raise BadAnswer(f"{host_of(str(response.url))} answered more than {BODY_LIMIT // 1_000_000} MB")
    return bytes(body)


def reason_of(body: bytes) -> str:
    """What an error's body says, `: Too many requests`; empty for HTML and nonsense."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(said, dict):
        return ""
    for key in ("message", "error_description", "error"):
        if isinstance(said.get(key), str) and said[key]:
            return f": {said[key][:200]}"
    return ""


def bound_events(response: httpx.Response) -> None:
    """Make reading the response raise BadAnswer when one line or event grows above EVENT_LIMIT."""
    import httpx

    inner, host = cast("httpx.AsyncByteStream", response.stream), host_of(str(response.url))

    class Bounded(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in inner:
                size = len(chunk) if b"\n\n" in chunk or b"\r\n\r\n" in chunk else size + len(chunk)
                if size > EVENT_LIMIT:
                    raise BadAnswer(f"{host} sent an event of more than {EVENT_LIMIT // 1_000_000} MB")
                yield chunk

        async def aclose(self) -> None:
            await inner.aclose()

    response.stream = Bounded()


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
            raise error from problem

    def _error(self, problem: Exception) -> ListenError | None:
        return (
            _of_httpx(self.host, problem)
            or _of_websockets(self.host, problem, self.secrets)
            or _of_socket(self.host, problem)
        )


def _of_httpx(host: str, problem: Exception) -> ListenError | None:
    import httpx
    import httpx_sse

    if isinstance(problem, httpx.ConnectTimeout):
        return Unreachable(f"{host} did not answer within 10 s")
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


def _of_websockets(host: str, problem: Exception, secrets: Sequence[Secret]) -> ListenError | None:
    from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

    if isinstance(problem, InvalidStatus):
        status = problem.response.status_code
        said = redacted((problem.response.body or b"")[:200].decode(errors="replace"), secrets).strip()
        words = f"({status}{': ' + said if said and not said.startswith('<') else ''})"
        if status in (401, 403):
            return Refused(f"{host} refuses access {words}")
        if status in (404, 410):
            return Gone(f"{host} has no stream there {words}")
        if status == 429:
            return RateLimited(f"{host} is rate limited")
        family = Unreachable if status >= 500 else BadAnswer
        return family(f"{host} does not open the stream {words}")
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
    if isinstance(problem, OSError) and problem.errno and problem.errno > 0:
        return os.strerror(problem.errno).lower()
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror.lower()  # name resolution has error numbers of its own, below 0
    return str(problem)[:100].lower() or type(problem).__name__
