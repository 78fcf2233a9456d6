"""Forums that run on Discourse: every public post and reply.

API     https://docs.discourse.org (no account on public forums)
Limits  each forum's own, 50 requests in 10 s and 200 a minute unless changed; answers to guests are a minute old
Cursor  hashes of the newest posts seen; ids rise with every post and have holes
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from listen.errors import BadAnswer, PlatformError
from listen.forums import ForumOptions
from listen.http import Client
from listen.listing import Listing, Page
from listen.plain import Plain, plain, wellformed
from listen.post import Deletion, Event, Gap, Post
from listen.query.asking import asked
from listen.query.dialects import DISCOURSE_SEARCH
from listen.source import Facts, PerMinute, Platform, Source
from listen.visit import Offer, Visit
from listen.when import claimed

NAME = "discourse"
WINDOW = 50  # posts on a page; older versions give the fifty ids below `before`, holes included
SEARCH_PAGES = 5  # of fifty hits, for each search after a long stop
_LIKE = 2  # https://docs.discourse.org: the id of that post action
_ASIDE = re.compile(r"<(/?)aside\b", re.IGNORECASE)
_HASHTAG = re.compile(r'<a\b[^<>]*\bclass="hashtag-cooked"[^<>]*\bdata-slug="([^"<>]+)"')
_ACCEPT = {"Accept": "application/json"}


class DiscourseOptions(ForumOptions, frozen=True, kw_only=True):
    """`[platforms.discourse]`."""

    requests_per_minute: PerMinute | None = 100


class Told(msgspec.Struct):
    """A post as `/posts.json` and `/posts/ID.json` tell it."""

    id: int
    topic_id: int
    post_number: int
    username: str
    created_at: str
    cooked: str | None = None
    raw: str | None = None
    name: str | None = None
    topic_slug: str | None = None
    topic_title: str | None = None
    updated_at: str | None = None
    version: int = 1
    reply_count: int | None = None
    reads: int | None = None
    reply_to_post_number: int | str | None = None
    actions_summary: list[dict[str, Any]] | None = None
    hidden: bool | None = False
    user_deleted: bool | None = False
    deleted_at: str | None = None

    @property
    def is_gone(self) -> bool:
        """Whether it is taken back, or hidden, and its words are others now."""
        return bool(self.hidden or self.user_deleted or self.deleted_at)


class Latest(msgspec.Struct):
    latest_posts: list[Told]


class Topic(msgspec.Struct):
    id: int
    title: str


class Hit(msgspec.Struct):
    id: int
    topic_id: int
    created_at: str


class Grouped(msgspec.Struct):
    more_full_page_results: bool | None = None


class Hits(msgspec.Struct):
    """What a search finds: only the beginning of each post, and its topic apart."""

    posts: list[Hit] = []
    topics: list[Topic] = []
    grouped_search_result: Grouped | None = None


class Discourse(Platform[DiscourseOptions]):
    name = NAME
    facts = Facts(
        about="posts and replies of the Discourse forums you name",
        needs="url",
        streams=False,
        searches=("word (after a long stop)", "phrase (after a long stop)"),
        deletions=True,
        proved="recorded",
        limits="every public post; edits and deletions among a forum's newest 50; not the tags of topics",
    )
    options = DiscourseOptions

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The forum, if the page says that it was made by Discourse."""
        if not visit.generator().startswith("discourse"):
            return ()
        return [
            Offer(
                platform=cls.name,
                option="forums",
                value=visit.origin,
                about="posts of a Discourse forum",
                comments="within",
            )
        ]

    def sources(self) -> Sequence[Source]:
        searches = asked(self.interest.queries, DISCOURSE_SEARCH).searches
        every = timedelta(seconds=self.chosen.poll_seconds)
        bases = dict.fromkeys(forum.strip().rstrip("/") for forum in self.chosen.forums)
        return [Forum(base, searches, every, self.http) for base in bases]


class Forum(Listing):
    """All of one forum, by the arrival of its posts. What a long stop has put beyond reach is searched for."""

    order = "arrival"
    most_pages = 40

    def __init__(self, base: str, searches: Sequence[str], every: timedelta, http: Client) -> None:
        self.base = base
        self.name = base.partition("://")[2]
        self.searches = searches
        self.every = every
        self.http = http
        self._shown: set[int] = set()

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        async for event in super().hear(cursor, since):
            if isinstance(event, Gap):
                async for found in self._searched(event):
                    yield found
            else:
                yield event

    async def page(self, place: str | None) -> Page:
        params = {"before": place} if place else {}
        answer = await self.http.get(f"{self.base}/posts.json", params=params, headers=_ACCEPT)
        told: list[Told] = answer.shaped(Latest).latest_posts
        told.sort(key=lambda post: post.id, reverse=True)
        gone = {post.id for post in told if post.is_gone}
        if place is None:
            gone |= self._vanished({post.id for post in told})
        return Page(
            [self._post(post, post.topic_title) for post in told if not post.is_gone],
            next=_older(place, [post.id for post in told]),
            deletions=[
                Deletion(platform=NAME, id=self._id(number), lasting=False) for number in sorted(gone)
            ],
        )  # fmt: skip

    def _vanished(self, shown: set[int]) -> set[int]:
        """What the page showed the last time and now leaves out between others: removed, or moved out of sight."""
        before, self._shown = self._shown, shown
        return {number for number in before - shown if min(shown, default=number) < number < max(shown, default=number)}

    async def _searched(self, gap: Gap) -> AsyncIterator[Event]:
        """What the forum's search finds of that time; the gap, where it does not find all of it."""
        whole = bool(self.searches)
        try:
            for search in self.searches:
                for number in range(1, SEARCH_PAGES + 1):
                    hits = await self._hits(f"{search} order:latest after:{gap.since:%Y-%m-%d}", number)
                    for post in [post async for post in self._fetched(hits, gap)]:
                        yield post
                    more = hits.grouped_search_result and hits.grouped_search_result.more_full_page_results
                    if not more:
                        break
                else:
                    whole = False
        except PlatformError:
            whole = False
        if not whole:
            yield gap

    async def _hits(self, words: str, number: int) -> Hits:
        asked_for: dict[str, str | int] = {"q": words, "page": number}
        answer = await self.http.get(f"{self.base}/search.json", params=asked_for, headers=_ACCEPT)
        hits: Hits = answer.shaped(Hits)
        if hits.grouped_search_result is None:
            raise BadAnswer(f"{self.name} answered a search without a result")
        return hits

    async def _fetched(self, hits: Hits, gap: Gap) -> AsyncIterator[Post]:
        """The posts of that time in full, each a request; Discourse's search shows their beginnings only."""
        titles = {topic.id: topic.title for topic in hits.topics}
        for hit in hits.posts:
            posted = claimed(hit.created_at)
            if posted and gap.since <= posted <= gap.until:
                answer = await self.http.get(f"{self.base}/posts/{hit.id}.json", headers=_ACCEPT)
                told: Told = answer.shaped(Told)
                if not told.is_gone:
                    yield self._post(told, titles.get(hit.topic_id))

    def _id(self, number: int) -> str:
        return f"{self.base}/p/{number}"

    def _post(self, told: Told, title: str | None) -> Post:
        said = words_of(told)
        topic = f"{self.base}/t/{told.topic_slug or '-'}/{told.topic_id}"
        answered = told.reply_to_post_number or 1
        return Post(
            platform=NAME,
            id=self._id(told.id),
            url=f"{topic}/{told.post_number}",
            instance=self.name,
            author=wellformed(told.username) or None,
            author_name=wellformed(told.name or "") or None,
            author_url=f"{self.base}/u/{told.username}",
            title=plain(title or "").text or None,
            text=said.text,
            posted_at=claimed(told.created_at),
            edited_at=claimed(told.updated_at) if told.version > 1 else None,
            kind="comment" if told.post_number > 1 else "post",
            parent=f"{topic}/{answered}" if told.post_number > 1 else None,
            hashtags=tuple(_hashtags(told.cooked or "")),
            links=said.links,
            alt_texts=said.alt_texts,
            likes=_likes(told.actions_summary),
            replies=told.reply_count,
            views=told.reads,
        )


def words_of(told: Told) -> Plain:
    """The author's own words: without quotations and previews of links, both of which stand in `<aside>`."""
    if told.cooked is None:
        return Plain(wellformed(told.raw or "").strip())
    return plain("".join(_outside_asides(told.cooked)))


def _outside_asides(html: str) -> Iterator[str]:
    """What stands outside of all `<aside>`; they may be nested, and the last may be left open."""
    depth = at = 0
    for tag in _ASIDE.finditer(html):
        if tag[1] and depth:
            depth -= 1
            at = html.find(">", tag.end()) + 1 or len(html)
        elif not tag[1]:
            if depth == 0:
                yield html[at : tag.start()]
            depth += 1
    if depth == 0:
        yield html[at:]


def _hashtags(html: str) -> list[str]:
    """The hashtags that the author wrote; the forum shows the names of what they lead to, without a `#`."""
    slugs = (slug.rpartition(":")[2] for slug in _HASHTAG.findall(html))  # "parent:child" of a category
    return list(dict.fromkeys(wellformed(slug) for slug in slugs if slug))


def _likes(actions: list[dict[str, Any]] | None) -> int | None:
    if actions is None:
        return None
    counts = [action.get("count") for action in actions if action.get("id") == _LIKE]
    return next((count for count in counts if isinstance(count, int)), 0)


def _older(place: str | None, shown: Sequence[int]) -> str | None:
    """The `before` of the next page. Where a page is empty, older versions of Discourse may have posts below a hole."""
    before = int(place) if place else max(shown, default=0)
    lowest = min([number for number in shown if number < before], default=before - WINDOW)
    return str(lowest) if lowest > 1 else None
