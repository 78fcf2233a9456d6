"""The one client: user agent, time-outs, size limits, redirects, and each status as one of our errors.

Bounds: connect 10 s, read 30 s, whole answer 60 s, 20 MB decompressed, 5 redirects, 20 connections,
streams silent for 60 s are dead, one event of a stream holds 4 MB at most. All times scale with `patience`.
"""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Self

from listen import __version__
from listen.errors import BadAnswer, PlatformError, Unreachable
from listen.http.answer import Answer
from listen.http.form import packed
from listen.http.lease import bearer, renewed, renewing
from listen.http.meter import Meter
from listen.http.refusing import refusal_of
from listen.http.secret import Headers, Secret, revealed
from listen.http.spending import Allowance, Spending
from listen.http.wire import EVENT_LIMIT, bound_events, bounded_lines, host_of, read_bounded, translated

if TYPE_CHECKING:
    import httpx
    from httpx_sse import ServerSentEvent
    from websockets.asyncio.client import ClientConnection

Params = Mapping[str, str | int | Sequence[str]]

PATIENCE = 30.0  # seconds without a byte of an answer; a connection gets a third of it, a whole answer the double
SILENCE = 60.0  # seconds without a byte after which a stream is dead (Mastodon sends one each 15 s)


class Client:
    """All requests of one run. Close it, or use it as an async context manager.

    `contact` is an address or page where server owners reach the user; it becomes part of the user agent.
    `secrets` never appear in errors. `patience` counts seconds; silence of streams is cut to its double. `direct`
    hosts are spoken to without the proxy that the environment may name.
    """

    def __init__(
        self,
        contact: str | None = None,
        secrets: Sequence[Secret] = (),
        *,
        patience: float = PATIENCE,
        direct: Sequence[str] = (),
    ) -> None:
        self.agent = f"listen/{__version__}" + (f" (+{contact})" if contact else " (mention listener)")
        self.secrets = tuple(secrets)
        self.patience = patience
        self.direct = tuple(direct)
        self.meter: Meter | None = None
        self._opened: list[httpx.AsyncClient] = []  # none or one; shared with those that `metered` returns

    def metered(self, meter: Meter) -> Client:
        """The same client, connections and all, for one network whose requests wait for their turn."""
        client = copy.copy(self)
        client.meter = meter
        return client

    def spending(self, allowance: Allowance) -> Spending:
        """What the network deals out or sells, counted in the books of its meter; without one until the run ends."""
        return Spending("", allowance) if self.meter is None else self.meter.spending(allowance)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        while self._opened:
            await self._opened.pop().aclose()

    async def get(
        self,
        url: str,
        *,
        params: Params | None = None,
        headers: Headers | None = None,
        token: Secret | None = None,
    ) -> Answer:
        """The answer to a GET, redirects followed (a token never goes to another host); 304 is an answer.

        With a secret among the headers none is followed. Raises Unreachable, RateLimited, Refused, Gone or BadAnswer.
        """

        def exchange() -> Awaitable[Answer]:
            return self._exchange("GET", url, {**(headers or {}), **bearer(token)}, params)

        return await renewing(self, token, lambda: self._in_time(url, exchange))

    async def post(
        self, url: str, told: object, *, headers: Headers | None = None, token: Secret | None = None
    ) -> Answer:
        """The answer to a POST of `told` as JSON or `Form`. Raises as `get`, Unacceptable where the server dislikes it.

        Redirects are not followed but raise BadAnswer: what is told is meant for that address and no other.
        """
        kind, content = packed(told)

        def exchange() -> Awaitable[Answer]:
            return self._exchange("POST", url, {**kind, **(headers or {}), **bearer(token)}, content=content)

        return await renewing(self, token, lambda: self._in_time(url, exchange))

    def keeps(self, secret: Secret) -> None:
        """Keep out of every error what a server gave us: a token that is fetched, and fetched again."""
        if secret not in self.secrets:
            self.secrets = (*self.secrets, secret)

    @asynccontextmanager
    async def events(
        self, url: str, *, params: Params | None = None, token: Secret | None = None, silence: float = SILENCE
    ) -> AsyncIterator[AsyncIterator[ServerSentEvent]]:
        """An open stream of server-sent events. Raises as `get`; a stream that breaks raises Unreachable."""
        import httpx_sse

        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        async with self._streaming(url, params, headers, token, silence) as response:
            bound_events(response)
            yield self._translated_events(httpx_sse.EventSource(response), url)

    @asynccontextmanager
    async def lines(
        self, url: str, *, params: Params | None = None, token: Secret | None = None, silence: float = SILENCE
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """An open stream of lines, the empty ones that keep it awake included. Raises as `events`.

        A last line that the end of the stream cuts off is left out.
        """
        async with self._streaming(url, params, {}, token, silence) as response:
            yield self._translated_lines(response, url)

    @asynccontextmanager
    async def _streaming(
        self, url: str, params: Params | None, headers: Mapping[str, str], token: Secret | None, silence: float
    ) -> AsyncIterator[httpx.Response]:
        told = {"Accept-Encoding": "identity", **headers, **bearer(await renewed(self, token))}
        request = self._client().build_request("GET", url, params=params, headers=told)
        request.extensions["timeout"] = self._times(min(silence, 2 * self.patience)).as_dict()
        async with self._turn(url):
            with self._translated(url):
                response = await self._client().send(request, stream=True, follow_redirects=True)
            if response.status_code >= 400:
                try:
                    await self._refuse(response)
                finally:
                    await response.aclose()
        try:
            yield response
        finally:
            with self._translated(url):
                await response.aclose()

    @asynccontextmanager
    async def websocket(
        self, url: str, *, compression: str | None = "deflate", silence: float = SILENCE
    ) -> AsyncIterator[ClientConnection]:
        """An open WebSocket; at most 16 messages wait in it, then the server is slowed down.

        Raises as `get` for a refused handshake, Unreachable otherwise. Reading raises websockets' own
        `ConnectionClosed`, which the platform understands by its close code.
        """
        from websockets.asyncio.client import connect

        silence = min(silence, 2 * self.patience)
        async with self._turn(url):
            with self._translated(url):
                try:
                    opening = connect(
                        url,
                        compression=compression,
                        user_agent_header=self.agent,
                        open_timeout=max(1.0, self.patience / 3),
                        ping_interval=silence / 2,
                        ping_timeout=silence / 2,
                        close_timeout=2,
                        max_size=EVENT_LIMIT,
                        max_queue=16,
                    )
                except ValueError as problem:
                    raise BadAnswer(f"{host_of(url)} is not an address of the web") from problem
                socket = await opening
        try:
            yield socket
        finally:
            await socket.close()

    def _client(self) -> httpx.AsyncClient:
        if not self._opened:
            import httpx

            opened = httpx.AsyncClient(
                headers={"User-Agent": self.agent, "Accept-Encoding": "gzip"},
                timeout=self._times(self.patience),
                limits=httpx.Limits(max_connections=20, max_keepalive_connections=10),
                max_redirects=5,
                mounts={f"all://{host}": None for host in self.direct},
            )
            self._opened.append(opened)
        return self._opened[0]

    def _times(self, read: float) -> httpx.Timeout:
        import httpx

        return httpx.Timeout(max(1.0, self.patience / 3), read=read)

    async def _in_time(self, url: str, exchange: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer, once it is our turn to ask."""
        import asyncio

        async with self._turn(url):
            try:
                async with asyncio.timeout(2 * self.patience):
                    return await exchange()
            except TimeoutError as problem:
                raise Unreachable(f"{host_of(url)} did not answer within {2 * self.patience:.0f} s") from problem

    async def _exchange(
        self, method: str, url: str, headers: Headers, params: Params | None = None, content: bytes = b""
    ) -> Answer:
        """One request and its whole answer; only a GET without secret headers is redirected."""
        client, told = self._client(), revealed(headers)
        with self._translated(url):
            request = client.build_request(method, url, params=params, headers=told, content=content or None)
            follows = method == "GET" and told == headers
            response = await client.send(request, stream=True, follow_redirects=follows)
            try:
                if response.status_code >= 400:
                    await self._refuse(response)
                if response.has_redirect_location:
                    elsewhere = host_of(str(response.url.join(response.headers["Location"])))
                    raise BadAnswer(f"{host_of(url)} sends us on to {elsewhere}, where this request does not belong")
                body = await read_bounded(response)
                self._answered(response, body)
            finally:
                await response.aclose()
        moved = bool(response.history) and all(hop.status_code in (301, 308) for hop in response.history)
        return Answer(response.status_code, str(response.url), response.headers, body, moved)

    async def _refuse(self, response: httpx.Response) -> None:
        """Raise what a status of 400 and above means, also if the words that go with it cannot be read."""
        self._answered(response)
        body = await self._read(response)
        raise refusal_of(response.status_code, str(response.url), response.headers, body, self.secrets)

    async def _read(self, response: httpx.Response) -> bytes:
        import asyncio

        try:
            with self._translated(str(response.url)):
                async with asyncio.timeout(self.patience):
                    return await read_bounded(response)
        except PlatformError:
            return b""

    def _turn(self, url: str) -> AbstractAsyncContextManager[None]:
        return nullcontext() if self.meter is None else self.meter.asking(host_of(url))

    def _answered(self, response: httpx.Response, body: bytes = b"") -> None:
        if self.meter is not None:
            asked = response.history[0] if response.history else response
            self.meter.answered(host_of(str(asked.url)), response.headers, body)

    def _translated(self, url: str) -> translated:
        return translated(host_of(url), self.secrets)

    async def _translated_lines(self, response: httpx.Response, url: str) -> AsyncIterator[bytes]:
        with self._translated(url):
            async for line in bounded_lines(response):
                yield line

    async def _translated_events(self, source: Any, url: str) -> AsyncIterator[ServerSentEvent]:
        with self._translated(url):
            async for event in source.aiter_sse():
                yield event
