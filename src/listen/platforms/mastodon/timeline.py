"""A hashtag on one server: polled without an account, streamed with the token of one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import msgspec

from listen.errors import BadAnswer, Gone, PlatformError, Refused, Unreachable
from listen.http import Answer
from listen.platforms.mastodon.ids import order, rewound
from listen.platforms.mastodon.pace import Pace
from listen.platforms.mastodon.rounds import EMPTY, Ask, Round, down, first, forward
from listen.platforms.mastodon.server import Known, Page, Server
from listen.platforms.mastodon.stream import live
from listen.post import CaughtUp, Event
from listen.source import Source
from listen.when import now

if TYPE_CHECKING:
    from httpx_sse import ServerSentEvent

_PAGE = 40  # the most that a timeline gives at once


class TagSource(Source):
    """One hashtag of one server. The cursor is the highest id seen, as text."""

    def __init__(self, server: Server, tag: str, pace: Pace, may_match: Callable[[str], bool] = lambda _: True) -> None:
        self.name = f"{server.host} #{tag}"
        self.server = server
        self.tag = tag
        self.pace = pace
        self.may_match = may_match
        self.every = pace.every
        self.look = max(pace.every, pace.overlap / 4)  # silence of a stream after which the timeline is read
        self._rounds = pace.counted()

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        known = await self.server.known()
        for notice in self.server.told_about(known):
            yield notice
        if known.closed:
            return
        ask, round_ = self._asks(known, cursor), Round(self.server, known.domain, cursor)
        async with AsyncExitStack() as stack:
            events, problem = await self._opened(known, stack)
            # The stream is open before this reads what came up to now, so that nothing falls in between.
            looking_back = next(self._rounds) or events is not None
            round_.climbs = known.climbs
            caught_up = self._caught_up(ask, round_, since, looking_back)
            async for event in await stack.enter_async_context(aclosing(caught_up)):
                yield event
            if problem:
                raise problem  # the timeline was read all the same
            if events is not None:
                yield CaughtUp()
                told = self._attended(live(events, round_, self.may_match), ask, round_)
                async for event in await stack.enter_async_context(aclosing(told)):
                    yield event

    async def check(self) -> str:
        known = await self.server.known()
        software = known.software or "a server that does not say what it is"
        if known.closed:
            return f"{software}, tag timelines are switched off"
        await self._page(known, {"limit": "1"})
        whose = {"local": " for posts of its own people", "remote": " for posts of other servers' people"}
        part = "".join(whose[half] for half in self.server.reach(known))
        members_only = self.server.token and "authenticated" in (known.local, known.remote)
        access = "open with this token" if members_only else "public"
        return f"{software}, tag timelines are {access}{part}{' and streamed' if known.streaming else ''}"

    async def _caught_up(
        self, ask: Ask, round_: Round, since: datetime | None, looking_back: bool
    ) -> AsyncGenerator[Event, None]:
        """Everything after the cursor, and in some rounds again what lies shortly before it."""
        if round_.highest is None:
            async for event in first(ask, round_, since):
                yield event
            return
        start = rewound(round_.highest, self.pace.overlap, now()) if looking_back else None
        walk = forward if round_.climbs else down
        async for event in walk(ask, round_, min(start or round_.highest, round_.highest, key=order)):
            yield event
        if looking_back and start is None:  # ids that no time can be turned into
            for event in round_.events(await ask({})):
                yield event

    async def _attended(
        self, told: AsyncGenerator[Event, None], ask: Ask, round_: Round
    ) -> AsyncGenerator[Event, None]:
        """What the stream tells, and when it has been silent for long what the timeline shows meanwhile.

        Streams of closed feeds, and of servers that are broken inside, send heartbeats and nothing else.
        """
        async with aclosing(told):
            coming = asyncio.ensure_future(anext(told))
            try:
                while True:
                    await asyncio.wait([coming], timeout=self.look.total_seconds())
                    if coming.done():
                        yield coming.result()
                        coming = asyncio.ensure_future(anext(told))
                        continue
                    async with aclosing(self._caught_up(ask, round_, None, looking_back=True)) as missed:
                        async for event in missed:
                            yield event
            finally:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)

    async def _opened(
        self, known: Known, stack: AsyncExitStack
    ) -> tuple[AsyncIterator[ServerSentEvent] | None, PlatformError | None]:
        """The open stream, or None where there is none, or the reason why it does not open just now."""
        if known.streaming is None:
            return None, None
        try:
            return await stack.enter_async_context(self.server.events(known.streaming, self.tag)), None
        except Gone:
            self.server.does_not_stream()
            return None, None
        except Unreachable as problem:
            return None, problem
        except (Refused, BadAnswer) as problem:
            raise self.server.advised(problem) from problem

    def _asks(self, known: Known, cursor: str | None) -> Ask:
        async def ask(params: dict[str, str]) -> Page:
            try:
                return await self._page(known, params)
            except Gone:
                if known.software is None or (cursor and not cursor.startswith(EMPTY)):
                    raise  # not a word of Mastodon anywhere: the address is wrong; or there were posts before
                return Page([], None, 0)  # GoToSocial's and old Mastodon's answer to a tag that nobody has used

        return ask

    async def _page(self, known: Known, params: dict[str, str]) -> Page:
        path = f"/api/v1/timelines/tag/{quote(self.tag, safe='')}"
        params = {"limit": str(_PAGE), **self.server.reach(known), **params}
        answer = await self.server.get(path, params)
        page = self.server.page(self.server.shaped(answer, list[msgspec.Raw]))
        return msgspec.structs.replace(page, older=_older(answer, page))


def _older(answer: Answer, page: Page) -> str | None:
    """The id to page back from: what `Link` says, else the lowest id. An empty page has no `Link`."""
    told = parse_qs(urlsplit(answer.links().get("next", "")).query).get("max_id")
    lowest = min((status.id for status in page.statuses), key=order, default=None)
    return told[0] if told else lowest
