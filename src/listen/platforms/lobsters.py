"""Lobsters and its sister sites: stories and comments.

API     /newest.json (25 stories a page) and /comments.rss, as in https://github.com/lobsters/lobsters (no account)
Limits  not published; each is asked for every five minutes
Cursor  hashes of the newest stories seen, by arrival; the ids of the comments seen
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import msgspec

from listen.feed.entry import Entry
from listen.feed.source import FeedSource, Place
from listen.http import Client
from listen.listing import Listing, Page
from listen.plain import plain
from listen.post import Post
from listen.source import Facts, Options, Platform, Source
from listen.when import claimed

NAME = "lobsters"
_MAIL = re.compile(r"\S+@\S+ \((.+)\)")  # bob@users.lobste.rs (bob)


class LobstersOptions(Options, frozen=True, kw_only=True):
    """`[platforms.lobsters]`. `sites` run the software of Lobsters."""

    sites: tuple[str, ...] = ()
    every_minutes: Annotated[int, msgspec.Meta(ge=2, le=1_440)] = 5

    def __post_init__(self) -> None:
        for site in self.sites:
            if not re.match(r"https?://[^\s/]+", site):
                raise ValueError(f"{site!r} is not an address of the web; write https://lobste.rs")


class Submitter(msgspec.Struct):
    username: str


class Story(msgspec.Struct):
    """One story; its submitter was an object once, and is a name now."""

    short_id: str
    short_id_url: str
    created_at: str
    title: str
    url: str = ""
    description: str = ""
    score: int | None = None
    comment_count: int | None = None
    comments_url: str | None = None
    submitter_user: str | Submitter | None = None
    tags: tuple[str, ...] = ()


class Lobsters(Platform[LobstersOptions]):
    name = NAME
    facts = Facts(
        about="stories and comments of lobste.rs and sites that run its software",
        needs="url",
        streams=False,
        searches=(),
        deletions=False,
        proved="constructed",
        limits="every story; comments as long as the feed shows them; ask before you listen for long",
    )
    options = LobstersOptions

    def sources(self) -> Sequence[Source]:
        every = timedelta(minutes=self.chosen.every_minutes)
        sources: list[Source] = []
        for base in dict.fromkeys(site.strip().rstrip("/") for site in self.chosen.sites):
            site = base.partition("://")[2]
            feed = Place(f"{base}/comments.rss", f"{site} comments", f"{base}/comments.rss")
            sources += [
                Stories(base, site, every, self.http),
                FeedSource(feed, self.http, every, comments=False, shaping=commented(site)),
            ]
        return sources


class Stories(Listing):
    """All stories of one site, the newest first."""

    order = "arrival"
    most_pages = 20

    def __init__(self, base: str, site: str, every: timedelta, http: Client) -> None:
        self.base = base
        self.site = site
        self.name = f"{site} stories"
        self.every = every
        self.http = http

    async def page(self, place: str | None) -> Page:
        path = f"/newest/page/{place}.json" if place else "/newest.json"
        stories: list[Story] = (await self.http.get(self.base + path)).shaped(list[Story])
        return Page([self._post(story) for story in stories], next=str(int(place or 1) + 1) if stories else None)

    def _post(self, story: Story) -> Post:
        user, said = story.submitter_user, plain(story.description)
        author = user.username if isinstance(user, Submitter) else user or None
        outside = (story.url,) if story.url.startswith(("https://", "http://")) else ()
        return Post(
            platform=NAME,
            id=f"{self.site}/s/{story.short_id}",
            url=story.short_id_url if story.short_id_url.startswith(("https://", "http://")) else None,
            instance=self.site,
            author=author,
            author_url=f"{self.base}/~{author}" if author else None,
            title=plain(story.title).text or None,
            text=said.text,
            posted_at=claimed(story.created_at),
            hashtags=tuple(tag for tag in story.tags if tag and " " not in tag),
            links=outside + said.links,
            likes=story.score,
            replies=story.comment_count,
        )


class _Commented(msgspec.Struct, frozen=True):
    site: str

    def __call__(self, post: Post, entry: Entry) -> Post | None:
        mail = _MAIL.fullmatch(post.author or "")
        return msgspec.structs.replace(
            post,
            platform=NAME,
            instance=self.site,
            kind="comment",
            author=mail[1] if mail else post.author,
            parent=(entry.link or "").partition("#")[0] or None,
        )


def commented(site: str) -> _Commented:
    """What an entry of the comments' feed is on its site."""
    return _Commented(site)
