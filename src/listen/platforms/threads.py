"""Threads: posts with your words and topics, and posts that mention your account.

API     https://developers.facebook.com/docs/threads (keyword_search, mentions; an approved app)
Limits  500 searches in 7 days by older pages of Meta's, 2,200 a day by newer ones; unapproved, one's own posts only
Cursor  ids and words of what each search has shown, and how many searches the week has had
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Literal

import msgspec

from listen.errors import OutOfQuota, Refused
from listen.graph import Access, Ask, Bundle, Edge, Graph, Part, Standing
from listen.graph.bundle import marked
from listen.graph.edge import free
from listen.graph.threads import THREAD, thread
from listen.http import QUOTA, Quota, Secret
from listen.login.meta import THREADS_LOGIN
from listen.post import Event, Notice
from listen.query.asking import asked
from listen.query.dialects import THREADS
from listen.source import Facts, Options, Platform, Source
from listen.when import now

WEEK = timedelta(days=7)
KEPT_FREE = 0.2  # of a week's searches, for bursts of more than a page
PROBE = "the"  # in so many posts that only those who are not approved find none of others
_HOUR = 3_600
_NEEDS = ("threads_basic", "threads_keyword_search")
_PAGE = 100


class ThreadsOptions(Options, frozen=True, kw_only=True):
    """`[platforms.threads]`. `searches_per_week` is what Meta allows the account over all programs."""

    token: Secret | None = None
    hear: tuple[Literal["search", "mentions"], ...] = ("search", "mentions")
    searches_per_week: Annotated[int, msgspec.Meta(ge=10, le=15_400)] = 500
    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 15
    api: str = "https://graph.threads.net/v1.0"


class Threads(Platform[ThreadsOptions]):
    """One source for all searches, which share the week's; one for mentions."""

    name = "threads"
    facts = Facts(
        about="posts with your words and topics on Threads, and posts that mention your account",
        needs="approval",
        streams=False,
        searches=("word", "tag"),
        deletions=False,
        proved="constructed",
        limits="until Meta approves your app, searches find your own posts only; 500 searches a week, or what you say",
    )
    options: ClassVar[type[Options]] = ThreadsOptions
    login = THREADS_LOGIN

    def sources(self) -> Sequence[Source]:
        if self.chosen.token is None:
            return []
        renew = "developers.facebook.com/apps (Use cases, Access the Threads API)"
        graph = Graph(Access(base=self.chosen.api, token=self.chosen.token, renew=renew), self.http)
        every = timedelta(minutes=self.chosen.every_minutes)
        mentions = Ask(
            name="mentions",
            path="me/mentions",
            fields=THREAD,
            needs=("threads_basic", "threads_manage_mentions"),
            order="arrival",
            every=every,
        )
        searches = asked(self.interest.queries, THREADS).searches
        found: dict[str, Source | None] = {
            "search": Searches(graph, searches, every, self.chosen.searches_per_week) if searches else None,
            "mentions": Edge(graph, mentions, thread),
        }
        return [source for what in dict.fromkeys(self.chosen.hear) if (source := found[what])]


class Searches(Bundle):
    """A part is one search: a word, or with # a topic. The ledger counts requests by the hour they went out in."""

    name = "search"

    def __init__(self, graph: Graph, searches: Sequence[str], every: timedelta, limit: int) -> None:
        self.graph = graph
        self.searches = searches
        self.limit = limit
        self.every = max(every, WEEK * len(searches) / (limit * (1 - KEPT_FREE)))

    async def parts(self, standing: Standing) -> AsyncIterator[Part | Event]:
        begin = now() - WEEK
        standing.ledger = {hour: n for hour, n in standing.ledger.items() if int(hour) + _HOUR > begin.timestamp()}
        if not standing.ids.get("approved"):
            self._spend(standing)
            yield marked(standing)  # counted before it is asked
            if await self._finds_others(standing):
                standing.ids["approved"] = "yes"
            else:
                yield Notice(self._unapproved(standing.ids.get("me")), deaf=True)
        for search in self.searches:
            self._spend(standing)
            yield marked(standing)
            yield Part(key=search, listing=self._listing(search, standing))
        self._tell(standing)

    async def check(self) -> str:
        standing = Standing()
        if not await self._finds_others(standing):
            raise Refused(self._unapproved(standing.ids.get("me")))
        return f"{len(self.searches)} searches, each every {self.every / timedelta(minutes=1):.0f} min"

    async def _finds_others(self, standing: Standing) -> bool:
        """Whether a search finds posts of others; nothing else tells whether Meta has approved the app."""
        me = standing.ids.get("me") or str(
            (await self.graph.get("me", {"fields": "id,username"})).get("username") or ""
        )
        standing.ids["me"] = me
        things, _ = await self._edge(PROBE, limit=25).things(None)
        return any(thing.get("username") not in (None, me) for thing in things)

    def _unapproved(self, me: str | None) -> str:
        return (
            f"searches find posts of @{me or '?'} only: Meta has not approved threads_keyword_search for your app; "
            "apply under App Review at developers.facebook.com/apps"
        )

    def _spend(self, standing: Standing) -> None:
        """Count one search. Raises OutOfQuota if the week has had its number."""
        moment = now()
        if sum(standing.ledger.values()) >= self.limit:
            self._tell(standing)
            said = f"the week's searches are used up (searches_per_week = {self.limit})"
            raise OutOfQuota(said, wait=max(self._free_at(standing) - moment, timedelta(minutes=1)))
        hour = str(int(moment.timestamp()) // _HOUR * _HOUR)
        standing.ledger[hour] = standing.ledger.get(hour, 0) + 1

    def _tell(self, standing: Standing) -> None:
        """What of the week is used, rather than of the hour, which headers tell."""
        used = sum(standing.ledger.values())
        QUOTA.get()(Quota(used=used, limit=self.limit, resets_at=self._free_at(standing)))

    def _free_at(self, standing: Standing) -> datetime:
        """When the first searches of the week count no more."""
        oldest = min(map(int, standing.ledger), default=int(now().timestamp()))
        return datetime.fromtimestamp(oldest + _HOUR, UTC) + WEEK

    def _listing(self, search: str, standing: Standing) -> Edge:
        paid = 1

        async def pay() -> None:
            nonlocal paid
            if paid:
                paid = 0  # the first page, before the mark
            else:
                self._spend(standing)

        return self._edge(search, pay)

    def _edge(self, search: str, pay: Callable[[], Awaitable[None]] = free, limit: int = _PAGE) -> Edge:
        mode = "TAG" if search.startswith("#") else "KEYWORD"
        ask = Ask(
            name=search,
            path="keyword_search",
            params={"q": search.removeprefix("#"), "search_type": "RECENT", "search_mode": mode},
            fields=THREAD,
            needs=_NEEDS,
            limit=limit,
            order="loose",  # by date each round would pay for all pages of the last burst again
            dated="since",
        )
        return Edge(self.graph, ask, thread, pay)
