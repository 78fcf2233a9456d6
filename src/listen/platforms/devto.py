"""DEV (dev.to) and other communities that run on Forem: articles, and comments on those that match.

API     https://developers.forem.com/api/v1 (no account): /api/articles/latest, /api/articles/ID, /api/comments
Limits  not published; three requests in a quarter of an hour, and one for each article that matches
Cursor  hashes of the newest articles, and comments, seen
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from listen.errors import Gone
from listen.http import Client
from listen.listing import Listing, Page
from listen.plain import plain, wellformed
from listen.post import Event, Mark, Post
from listen.source import Facts, Interest, Options, PerMinute, Platform, Source
from listen.when import claimed

NAME = "devto"
PAGE = 100
WATCHED = 2  # pages of newest articles whose comments are heard
_ACCEPT = {"Accept": "application/vnd.forem.api-v1+json"}


class DevToOptions(Options, frozen=True, kw_only=True):
    """`[platforms.devto]`. `sites` run on Forem."""

    sites: tuple[str, ...] = ("https://dev.to",)
    every_minutes: Annotated[int, msgspec.Meta(ge=5, le=1_440)] = 15
    comments: bool = True
    requests_per_minute: PerMinute | None = 30

    def __post_init__(self) -> None:
        for site in self.sites:
            if not re.match(r"https?://[^\s/]+", site):
                raise ValueError(f"{site!r} is not an address of the web; write https://dev.to")


class User(msgspec.Struct):
    """Who wrote it; empty where the account is gone."""

    username: str | None = None
    name: str | None = None


class Article(msgspec.Struct):
    """An article in a list, or with its body alone; `tag_list` is a text in one of them."""

    id: int
    title: str
    url: str
    description: str | None = None
    body_html: str | None = None
    published_timestamp: str | None = None
    edited_at: str | None = None
    tag_list: tuple[str, ...] | str = ()
    user: User | None = None
    comments_count: int | None = None
    public_reactions_count: int | None = None
    language: str | None = None


class Comment(msgspec.Struct):
    id_code: str
    body_html: str = ""
    created_at: str | None = None
    user: User | None = None
    children: list[Comment] = []


class DevTo(Platform[DevToOptions]):
    name = NAME
    facts = Facts(
        about="articles of DEV and other Forem communities, and comments on those that match",
        needs=None,
        streams=False,
        searches=(),
        deletions=False,
        proved="constructed",
        limits="what stands in title, summary or tags of an article; comments on the newest 200 articles",
    )
    options = DevToOptions

    def sources(self) -> Sequence[Source]:
        every = timedelta(minutes=self.chosen.every_minutes)
        sources: list[Source] = []
        for base in dict.fromkeys(site.strip().rstrip("/") for site in self.chosen.sites):
            site = Site(base, self.http)
            sources.append(Articles(site, every))
            if self.chosen.comments:
                sources.append(Comments(site, every, self.interest))
        return sources


class Site:
    """One community."""

    def __init__(self, base: str, http: Client) -> None:
        self.base = base
        self.name = base.partition("://")[2]
        self.http = http

    async def newest(self, number: int) -> list[Article]:
        articles: list[Article] = await self.asked("/articles/latest", list[Article], per_page=PAGE, page=number)
        return articles

    async def asked(self, path: str, shape: Any, **params: str | int) -> Any:
        return (await self.http.get(f"{self.base}/api{path}", params=params, headers=_ACCEPT)).shaped(shape)

    def post(self, article: Article) -> Post:
        """The article as it stands in a list, with its summary, or whole."""
        said, user = plain(article.body_html or article.description or ""), article.user or User()
        tags = article.tag_list.split(", ") if isinstance(article.tag_list, str) else article.tag_list
        return Post(
            platform=NAME,
            id=f"{self.name}/articles/{article.id}",
            ref=str(article.id),
            url=article.url if article.url.startswith(("https://", "http://")) else None,
            instance=self.name,
            author=user.username,
            author_name=user.name,
            author_url=f"{self.base}/{user.username}" if user.username else None,
            title=wellformed(article.title).strip() or None,
            text=said.text,
            posted_at=claimed(article.published_timestamp),
            edited_at=claimed(article.edited_at),
            kind="article",
            lang=article.language or None,
            hashtags=tuple(tag for tag in tags if tag and " " not in tag),
            links=said.links,
            alt_texts=said.alt_texts,
            likes=article.public_reactions_count,
            replies=article.comments_count,
        )


class Articles(Listing):
    """All articles, the newest first, by their summaries; of those that match the whole text is asked for."""

    def __init__(self, site: Site, every: timedelta) -> None:
        self.site = site
        self.name = f"{site.name} articles"
        self.every = every

    async def page(self, place: str | None) -> Page:
        number = int(place or 1)
        articles = await self.site.newest(number)
        posts = [self.site.post(article) for article in articles]
        return Page(posts, next=str(number + 1) if len(articles) >= PAGE else None)

    async def complete(self, posts: Sequence[Post]) -> Sequence[Post]:
        return [await self._whole(post) for post in posts]

    async def _whole(self, post: Post) -> Post:
        """With its whole text; as it is if it has gone meanwhile."""
        try:
            article: Article = await self.site.asked(f"/articles/{post.ref}", Article)
        except Gone:
            return post
        whole = self.site.post(article)
        return msgspec.structs.replace(post, text=whole.text, links=whole.links, alt_texts=whole.alt_texts)


class Comments(Listing):
    """The comments on those of the newest articles that match; they have no list of their own."""

    order = "arrival"

    def __init__(self, site: Site, every: timedelta, interest: Interest) -> None:
        self.site = site
        self.name = f"{site.name} comments"
        self.every = every
        self.interest = interest
        self._read: dict[int, int] = {}  # articles, and how many comments they had
        self._reading: dict[int, int] = {}

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        async for event in super().hear(cursor, since):
            if isinstance(event, Mark):
                self._read = self._reading  # not before, as a walk that breaks is walked again
            yield event

    async def page(self, place: str | None) -> Page:  # noqa: ARG002  all of it is one page
        self._reading, posts = {}, list[Post]()
        for number in range(1, WATCHED + 1):
            articles = await self.site.newest(number)
            for article in articles:
                about, count = self.site.post(article), article.comments_count or 0
                self._reading[article.id] = count
                if count and self._read.get(article.id) != count and self.interest.may_match(about.document):
                    posts += await self._on(article, about)
            if len(articles) < PAGE:
                break
        return Page(posts)

    async def _on(self, article: Article, about: Post) -> list[Post]:
        """The comments on an article, answers to comments included."""
        comments: list[Comment] = await self.site.asked("/comments", list[Comment], a_id=article.id)
        return [self._post(comment, about) for top in comments for comment in _flat(top)]

    def _post(self, comment: Comment, about: Post) -> Post:
        said, user = plain(comment.body_html), comment.user or User()
        return Post(
            platform=NAME,
            id=f"{self.site.name}/comments/{comment.id_code}",
            url=f"{about.url}#comment-{comment.id_code}" if about.url else None,
            instance=self.site.name,
            author=user.username,
            author_name=user.name,
            author_url=f"{self.site.base}/{user.username}" if user.username else None,
            title=about.title,
            text=said.text,
            posted_at=claimed(comment.created_at),
            kind="comment",
            parent=about.id,
            links=said.links,
            alt_texts=said.alt_texts,
        )


def _flat(comment: Comment) -> Iterator[Comment]:
    """The comment and those below it, level by level."""
    level = [comment]
    while level:
        yield from level
        level = [child for one in level for child in one.children]
