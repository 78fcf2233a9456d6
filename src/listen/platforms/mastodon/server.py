"""One server: what it says about itself, what it lets us read, and every request to it.

https://docs.joinmastodon.org/entities/Instance/; `timelines_access` exists since Mastodon 4.5. A closed timeline
answers an empty list, not an error, so that it must be known beforehand.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from listen.errors import BadAnswer, Gone, PlatformError, Refused, Unreachable
from listen.http import Answer, Client, Secret
from listen.plain import mended
from listen.platforms.mastodon.software import Described, Index, Instance, climbs, software_of, unnamed
from listen.platforms.mastodon.status import Status, read
from listen.post import Notice

if TYPE_CHECKING:
    from httpx_sse import ServerSentEvent

SERVERS = ("mastodon.social", "troet.cafe", "chaos.social", "mstdn.social", "fosstodon.org")  # asked by default
_BELIEVED = 3600.0  # seconds until a server is asked about itself again
_SILENCE = 50.0  # seconds; a live stream says `:thump` each 15


class Known(msgspec.Struct, frozen=True):
    """What a server says about itself. `software` is None if it says nothing at all.

    A server that `climbs` gives with `min_id` the page right above an id, as Mastodon does; others give the newest page
    above it, or ignore it.

    `local` and `remote` are `public`, `authenticated` (members only) or `disabled`: the posts of its own people
    and those of others under a hashtag. `streaming` is the base address of its streams, None without.
    """

    software: str | None
    domain: str
    local: str
    remote: str
    streaming: str | None
    climbs: bool = True

    @property
    def closed(self) -> bool:
        return self.local == self.remote == "disabled"


class Page(msgspec.Struct, frozen=True):
    """One page of statuses, the newest first. `older` is the id to page back from, `unread` counts odd ones."""

    statuses: list[Status]
    older: str | None
    unread: int


class Server:
    """One server, shared by its sources. `base` is its address, `host` names it in errors and posts."""

    def __init__(self, base: str, http: Client, token: Secret | None = None) -> None:
        self.base = base
        self.host = urlsplit(base).netloc
        self.token = token
        self.remark: str | None = None  # what its sources say once, beside what the server itself gives rise to
        self._http = http
        self._lock = asyncio.Lock()
        self._known: Known | None = None
        self._known_since = 0.0
        self._said: set[str] = set()

    async def known(self) -> Known:
        """What the server says about itself, asked once an hour. Raises Unreachable or RateLimited."""
        async with self._lock:
            if self._known is None or monotonic() - self._known_since > _BELIEVED:
                self._known = await self._introduced()
                self._known_since = monotonic()
            return self._known

    async def get(self, path: str, params: Mapping[str, str]) -> Answer:
        """An answer; where access is refused, the error says which option to look at."""
        try:
            return await self._http.get(self.base + path, params=params, token=self.token)
        except (Refused, BadAnswer) as problem:
            raise self.advised(problem) from problem

    def events(self, streaming: str, tag: str) -> AbstractAsyncContextManager[AsyncIterator[ServerSentEvent]]:
        """The open stream of a hashtag."""
        url = f"{streaming}/api/v1/streaming/hashtag"
        return self._http.events(url, params={"tag": tag}, token=self.token, silence=_SILENCE)

    def does_not_stream(self) -> None:
        if self._known:
            self._known = msgspec.structs.replace(self._known, streaming=None)

    def once(self, text: str) -> tuple[Notice, ...]:
        """The notice, unless a source of this server has said it before."""
        if text in self._said:
            return ()
        self._said.add(text)
        return (Notice(text),)

    def unreadable(self) -> tuple[Notice, ...]:
        return self.once(f"{self.host} sent posts that cannot be read; they are left out")

    def reach(self, known: Known) -> dict[str, str]:
        """The parameter that leaves out what this server does not show us; raises Refused if it shows nothing.

        Without a token Mastodon refuses the whole timeline if either half of it is not public.
        """
        hidden = ("disabled",) if self.token else ("disabled", "authenticated")
        local, remote = known.local not in hidden, known.remote not in hidden
        if not (local or remote):
            raise Refused(f"{self.host} shows hashtags to its members only; {self._advice()}")
        if local and remote:
            return {}
        return {"local": "true"} if local else {"remote": "true"}

    def told_about(self, known: Known) -> tuple[Notice, ...]:
        """What the user should know about timelines that are closed altogether or in part; raises as `reach`."""
        remarks = self.once(self.remark) if self.remark else ()
        if known.closed:
            said = f"{self.host} has switched its hashtag timelines off; nothing can be heard there"
            return (Notice(said, deaf=True),)
        if not self.reach(known):
            return remarks
        half = "its own people" if "local" in self.reach(known) else "people of other servers"
        return remarks + self.once(f"{self.host} shows hashtags only in posts of {half}")

    def shaped(self, answer: Answer, shape: type[Any]) -> Any:
        """The answer in a shape, mended first if need be; raises BadAnswer."""
        try:
            return answer.shaped(shape)
        except BadAnswer as problem:
            try:
                body = mended(answer.body).encode()
            except (ValueError, RecursionError):
                raise problem from None
            return msgspec.structs.replace(answer, body=body).shaped(shape)

    def page(self, pieces: Sequence[msgspec.Raw], older: str | None = None) -> Page:
        """The readable ones of some statuses; raises BadAnswer if there is none among them."""
        statuses = [status for piece in pieces if (status := read(piece))]
        if pieces and not statuses:
            raise BadAnswer(f"{self.host} answered statuses of another shape")
        return Page(statuses, older, len(pieces) - len(statuses))

    def advised(self, problem: PlatformError) -> PlatformError:
        """A refusal with the way out of it. Takahē answers 400 and HTML to a wrong token."""
        refused = isinstance(problem, Refused) or (self.token and "(400" in str(problem))
        return Refused(f"{problem}; {self._advice()}") if refused else problem

    def _advice(self) -> str:
        if self.token:
            return f"check the access token ({self.token.origin})"
        return f'put an access token under "{self.host}" into `tokens` of [platforms.mastodon]'

    async def _introduced(self) -> Known:
        instance = await self._instance()
        software = software_of(instance) or await self._named() or unnamed(instance)
        feeds = instance.configuration.timelines_access.hashtag_feeds
        return Known(
            software=software,
            domain=instance.domain or urlsplit(f"//{(instance.uri or '').split('//')[-1]}").netloc or self.host,
            local=feeds.local,
            remote=feeds.remote,
            streaming=await self._streaming(instance) if self.token else None,
            climbs=climbs(software),
        )

    async def _named(self) -> str | None:
        """What the server calls its software by nodeinfo, which all of the fediverse speaks; None if it does not."""
        try:
            index: Index = (await self._http.get(f"{self.base}/.well-known/nodeinfo")).shaped(Index)
            if (path := index.path) is None:
                return None
            described: Described = (await self._http.get(self.base + path)).shaped(Described)
        except (Gone, Refused, BadAnswer):
            return None
        return described.software.named

    async def _instance(self) -> Instance:
        """The server's own description, empty where it gives none: then its timelines must speak for it."""
        for path in ("/api/v2/instance", "/api/v1/instance"):
            try:
                answer = await self._http.get(self.base + path)
                instance: Instance = answer.shaped(Instance)
            except (Gone, Refused, BadAnswer):
                continue
            if instance.version:
                return instance
        return Instance()

    async def _streaming(self, instance: Instance) -> str | None:
        """The address of the streams. Servers without (GoToSocial, Takahē) have no health page there either."""
        address = _streaming_address(instance, self.base)
        try:
            answer = await self._http.get(f"{address}/api/v1/streaming/health")
        except (Gone, Refused, BadAnswer):
            return None
        except Unreachable:
            return address  # it may be back by the time the stream is opened
        return address if answer.body.strip() == b"OK" else None


def _streaming_address(instance: Instance, base: str) -> str:
    """The streaming host over HTTP. A server on https cannot talk us into sending the token in the clear."""
    urls = instance.configuration.urls
    told = urlsplit(urls.streaming or urls.streaming_api or instance.urls.streaming_api or "")
    if told.scheme not in ("ws", "wss", "http", "https") or not told.netloc:
        return base
    secure = told.scheme in ("wss", "https") or base.startswith("https://")
    return f"{'https' if secure else 'http'}://{told.netloc}{told.path.rstrip('/')}"
