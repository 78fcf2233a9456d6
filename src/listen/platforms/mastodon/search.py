"""Full-text search of one server, where a user's token is at hand.

https://docs.joinmastodon.org/methods/search/; it finds posts of authors who opted in, and only on servers with
Elasticsearch: others answer an empty list. Newest first; `min_id` is turned into a time of whole seconds
(app/services/statuses_search_service.rb), so that pages are turned by `offset`, where `max_id` would lose posts
of the same second.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import msgspec

from listen.platforms.mastodon.ids import moment_of, order, rewound
from listen.platforms.mastodon.pace import Pace
from listen.platforms.mastodon.rounds import FIRST_PAGES, FIRST_REACH, LATE, Ask, Round, back, gap, is_older, told
from listen.platforms.mastodon.server import Page, Server
from listen.post import Event, Notice
from listen.source import Source
from listen.when import now

_PAGE = 40  # the most that a search gives at once
_PAGES = 25  # read back at most in one round
_INDEXING = timedelta(minutes=5)  # until a new post can be found


class _Found(msgspec.Struct, frozen=True):
    statuses: list[msgspec.Raw]


class SearchSource(Source):
    """One search, in its own syntax, of one server. The cursor is the highest id found."""

    def __init__(self, server: Server, words: str, pace: Pace) -> None:
        self.name = f"{server.host} search {words}"
        self.server = server
        self.words = words
        self.pace = pace
        self.every = pace.every
        self._rounds = pace.counted()

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        known, here = await self.server.known(), now()
        round_ = Round(self.server, known.domain, cursor)
        looked_back = self.pace.overlap if next(self._rounds) else _INDEXING
        floor = rewound(round_.highest or "", max(looked_back, _INDEXING), here) or round_.highest
        until = round_.empty_at - LATE if round_.empty_at else since or here - FIRST_REACH
        pages, complete = await back(
            self._asks(floor),
            turned=lambda pages: {"offset": str(len(pages) * _PAGE)},
            enough=lambda page: _is_below(page, floor) if floor else is_older(page, until),
            most=_PAGES if cursor else FIRST_PAGES,
        )
        if not complete and (cursor or since):
            yield gap(moment_of(floor or "") or until, pages, round_)
        if not pages and not cursor:
            for notice in self._found_nothing():
                yield notice
        for event in told(pages, round_):
            yield event

    async def check(self) -> str:
        known = await self.server.known()
        found = await self._page({"limit": "1"})
        return f"{known.software or self.server.host}, search finds {'posts' if found.statuses else 'nothing yet'}"

    def _asks(self, floor: str | None) -> Ask:
        reach = {"min_id": floor} if floor and moment_of(floor) else {}

        async def ask(params: dict[str, str]) -> Page:
            return await self._page({**reach, **params})

        return ask

    async def _page(self, params: dict[str, str]) -> Page:
        asked = {"type": "statuses", "q": self.words, "limit": str(_PAGE), **params}
        answer = await self.server.get("/api/v2/search", asked)
        found: _Found = self.server.shaped(answer, _Found)
        return self.server.page(found.statuses)

    def _found_nothing(self) -> tuple[Notice, ...]:
        return self.server.once(
            f"{self.server.host} found nothing in its full-text search; servers that have none answer like that"
        )


def _is_below(page: Page, floor: str) -> bool:
    return all(order(status.id) <= order(floor) for status in page.statuses)
