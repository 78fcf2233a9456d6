"""Stack Overflow and the other sites of Stack Exchange: questions, answers, and with a key comments.

API     https://api.stackexchange.com/docs, version 2.3 (no account)
Limits  300 requests a day, 10,000 with a free key; `backoff` in an answer is obeyed; the same request once a minute
Cursor  hashes of the newest posts seen, by the date they were written
Terms   CC BY-SA: whoever shows a post names its author, links to it and to the licence
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Generic, TypeVar

import msgspec

from listen.http import Client, Secret
from listen.http.client import Params
from listen.listing import Listing, Page
from listen.plain import plain
from listen.post import Post
from listen.query.asking import asked
from listen.query.dialects import STACKEXCHANGE, STACKEXCHANGE_TAGS
from listen.source import Facts, Options, PerDay, Platform, Source
from listen.when import claimed

NAME = "stackexchange"
KEYLESS, WITH_KEY = 290, 9_500  # requests a day that we allow ourselves of 300 and of 10,000
ROUNDS = 0.7  # of these are for looking; the rest is for the bodies of what was found, and for more pages
AT_LEAST = timedelta(minutes=5)
PAGE = 100

Site = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9.-]*$")]


class StackExchangeOptions(Options, frozen=True, kw_only=True):
    """`[platforms.stackexchange]`. `sites` are named as in their addresses: `superuser`, `ebooks`.

    `comments` hears every comment of the sites; None does where a `key` is given, as that costs many requests.
    """

    sites: tuple[Site, ...] = ("stackoverflow", "superuser")
    key: Secret | None = None
    comments: bool | None = None
    api: str = "https://api.stackexchange.com/2.3"
    requests_per_day: PerDay | None = None

    @property
    def daily(self) -> int:
        return self.requests_per_day or (WITH_KEY if self.key else KEYLESS)

    def __post_init__(self) -> None:
        # Counted in the store, so that many short runs of `--once` do not spend the day's share by noon.
        msgspec.structs.force_setattr(self, "requests_per_day", self.daily)


class Owner(msgspec.Struct):
    """Who wrote it; somebody whose account is gone has a name only. Names are HTML."""

    display_name: str | None = None
    link: str | None = None
    user_id: int | None = None


class Told(msgspec.Struct):
    """A question, answer or comment, as `filter=withbody` shows it."""

    creation_date: int
    body: str = ""
    link: str | None = None
    owner: Owner | None = None
    score: int | None = None
    last_edit_date: int | None = None
    post_id: int | None = None
    question_id: int | None = None
    comment_id: int | None = None
    post_type: str | None = None
    title: str | None = None
    tags: tuple[str, ...] = ()
    answer_count: int | None = None
    view_count: int | None = None


class Excerpt(msgspec.Struct):
    """A hit of the search: it lacks author, link and most of the text."""

    question_id: int
    creation_date: int
    last_activity_date: int | None = None
    answer_id: int | None = None
    title: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def post_id(self) -> int:
        return self.answer_id or self.question_id

    @property
    def version(self) -> tuple[int, int | None]:
        return self.post_id, self.last_activity_date


T = TypeVar("T")


class Items(msgspec.Struct, Generic[T]):
    """What every answer is wrapped in."""

    items: list[T]
    has_more: bool = False
    backoff: float | None = None

    @property
    def rest(self) -> timedelta | None:
        return timedelta(seconds=min(self.backoff, 86_400)) if self.backoff and self.backoff > 0 else None


class StackExchange(Platform[StackExchangeOptions]):
    name = NAME
    facts = Facts(
        about="questions and answers of Stack Overflow, Super User and their sister sites; comments with a key",
        needs=None,
        streams=False,
        searches=("word", "phrase", "tag"),
        deletions=False,
        proved="constructed",
        limits="what the search finds, some minutes late; 300 requests a day, spread, 10,000 with a free key",
    )
    options = StackExchangeOptions

    def sources(self) -> Sequence[Source]:
        chosen, queries = self.chosen, self.interest.queries
        service = Service(chosen.api.rstrip("/"), chosen.key, self.http)
        searches = asked(queries, STACKEXCHANGE).searches
        tags = [dict(request.params)["tagged"] for request in asked(queries, STACKEXCHANGE_TAGS).requests]
        sources: list[Listing] = []
        for site in dict.fromkeys(chosen.sites):
            sources += [Found(service, site, search) for search in searches]
            sources += [Tagged(service, site, tagged) for tagged in tags]
            if chosen.key is not None if chosen.comments is None else chosen.comments:
                sources.append(Comments(service, site))
        for source in sources:
            source.every = max(AT_LEAST, timedelta(days=1) * len(sources) / (chosen.daily * ROUNDS))
        return sources


class Service:
    """The API at `base`."""

    def __init__(self, base: str, key: Secret | None, http: Client) -> None:
        self.base = base
        self.key = key
        self.http = http

    async def ask(self, shape: type[T], path: str, site: str, place: str | None = None, **params: str) -> Items[T]:
        """One page of a method, the newest first. Raises PlatformError."""
        told: Params = {
            "site": site,
            "sort": "creation",
            "order": "desc",
            "pagesize": PAGE,
            "page": place or "1",
            **params,
            **({"key": self.key.reveal()} if self.key else {}),
        }
        items: Items[T] = (await self.http.get(f"{self.base}{path}", params=told)).shaped(Items[shape])  # type: ignore[valid-type]
        return items


class Method(Listing):
    """A method of one site, paged by numbers; beyond the 25th page a token is asked for."""

    most_pages = 25

    def __init__(self, service: Service, site: str, name: str) -> None:
        self.service = service
        self.site = site
        self.name = f"{site} {name}"

    def turned(self, posts: Sequence[Post], place: str | None, items: Items[T]) -> Page:
        return Page(posts, next=str(int(place or 1) + 1) if items.has_more else None, rest=items.rest)


class Found(Method):
    """Questions and answers that the search finds. Their authors and texts are asked for apart, a hundred at once."""

    def __init__(self, service: Service, site: str, search: str) -> None:
        super().__init__(service, site, search)
        self.search = search
        self._told: dict[tuple[int, int | None], Told] = {}

    async def page(self, place: str | None) -> Page:
        hits = await self.service.ask(Excerpt, "/search/excerpts", self.site, place, q=self.search)
        told = await self._in_full(hits.items)
        if place is None:  # what nobody finds any more need not be remembered
            self._told = dict(told)
        posts = [_post(self.site, told[hit.version], hit) for hit in hits.items if hit.version in told]
        return self.turned(posts, place, hits)

    async def _in_full(self, hits: Sequence[Excerpt]) -> dict[tuple[int, int | None], Told]:
        """The posts behind the hits; those are asked for that are new or were touched since."""
        wanted = [str(hit.post_id) for hit in hits if hit.version not in self._told]
        fetched: dict[int | None, Told] = {}
        if wanted:
            path = f"/posts/{';'.join(wanted[:PAGE])}"
            fetched = {told.post_id: told for told in (await self._bodies(path)).items}
        known = ((hit.version, fetched.get(hit.post_id) or self._told.get(hit.version)) for hit in hits)
        return {version: told for version, told in known if told}

    async def _bodies(self, path: str) -> Items[Told]:
        return await self.service.ask(Told, path, self.site, filter="withbody")


class Tagged(Method):
    """Questions with one of some tags, which no search for words finds."""

    def __init__(self, service: Service, site: str, tagged: str) -> None:
        super().__init__(service, site, f"[{tagged}]")
        self.tagged = tagged

    async def page(self, place: str | None) -> Page:
        asked_for = {"tagged": self.tagged, "filter": "withbody"}
        items = await self.service.ask(Told, "/search/advanced", self.site, place, **asked_for)
        return self.turned([_post(self.site, told) for told in items.items], place, items)


class Comments(Method):
    """All comments of a site; there is no search for them."""

    def __init__(self, service: Service, site: str) -> None:
        super().__init__(service, site, "comments")

    async def page(self, place: str | None) -> Page:
        dates = [date for date in (self.back_to, self.began) if date]
        since = {"fromdate": str(int(max(dates).timestamp()))} if dates else {}
        items = await self.service.ask(Told, "/comments", self.site, place, filter="withbody", **since)
        return self.turned([_post(self.site, told) for told in items.items], place, items)


def _post(site: str, told: Told, hit: Excerpt | None = None) -> Post:
    said, owner = plain(told.body), told.owner or Owner()
    is_question = told.question_id is not None if hit is None else hit.answer_id is None
    title = plain((hit.title if hit else None) or told.title or "").text
    above = told.post_id if told.comment_id else hit.question_id if hit else None
    return Post(
        platform=NAME,
        id=_id(site, told),
        url=_web(told.link),
        instance=site,
        author=plain(owner.display_name or "").text or None,
        author_id=str(owner.user_id) if owner.user_id else None,
        author_url=_web(owner.link),
        title=title or None,
        text=said.text,
        posted_at=claimed(told.creation_date),
        edited_at=claimed(told.last_edit_date),
        kind="post" if is_question else "comment",
        parent=None if is_question or above is None else f"{site}/posts/{above}",
        hashtags=(hit.tags if hit else told.tags) if is_question else (),
        links=said.links,
        alt_texts=said.alt_texts,
        likes=told.score,
        replies=told.answer_count,
        views=told.view_count,
    )


def _id(site: str, told: Told) -> str:
    """Questions and answers share their numbers; comments have numbers of their own."""
    if told.comment_id:
        return f"{site}/comments/{told.comment_id}"
    return f"{site}/posts/{told.post_id or told.question_id}"


def _web(link: str | None) -> str | None:
    return link if link and link.startswith(("https://", "http://")) else None
