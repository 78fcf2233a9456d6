"""Posts of all of WordPress.com by their tag, as its reader shows them.

The answer is WordPress.com's own v1.1, not the REST API of WordPress; its shape is known from programs that use it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from listen.feed.entry import hashtags_of, web_address
from listen.feed.words import title_of, words_of
from listen.http import Client
from listen.listing import Listing, Page
from listen.plain import wellformed
from listen.platforms.wordpress.entries import NAME, Raw, moment
from listen.post import Post

PAGE = 40


class _Answer(msgspec.Struct):
    posts: list[Raw]


class TagSource(Listing):
    """One tag, by date."""

    overlap = timedelta(hours=6)  # WordPress.com hears of posts on other people's servers late

    def __init__(self, com: str, tag: str, http: Client, every: timedelta) -> None:
        self.name = f"WordPress.com #{tag}"
        self.com = com
        self.tag = tag
        self.http = http
        self.every = every

    async def page(self, place: str | None) -> Page:
        url = f"{self.com}/rest/v1.1/read/tags/{quote(self.tag, safe='')}/posts"
        answer = await self.http.get(url, params={"number": PAGE, **({"before": place} if place else {})})
        raws = answer.shaped(_Answer).posts
        posts = [post for raw in raws if (post := tagged(raw))]
        dates = [moment(raw.get("date")) for raw in raws]
        return Page(posts, next=_older(dates[-1]) if dates else None)


def tagged(raw: Raw) -> Post | None:
    """One post of the reader; None without an address."""
    address = web_address(_words(raw.get("URL")))
    if address is None:
        return None
    author, words = raw.get("author"), words_of(_words(raw.get("content")) or _words(raw.get("excerpt")))
    author = author if isinstance(author, dict) else {}
    posted, changed = moment(raw.get("date")), moment(raw.get("modified"))
    tags = raw.get("tags")
    return Post(
        platform=NAME,
        id=web_address(_words(raw.get("guid"))) or address,
        url=address,
        author=title_of(_words(author.get("name"))),
        author_url=web_address(_words(author.get("URL"))),
        title=title_of(_words(raw.get("title"))),
        text=words.text,
        posted_at=posted,
        edited_at=changed if changed and posted and changed > posted else None,
        kind="article",
        instance=urlsplit(address).hostname,
        hashtags=hashtags_of(tuple(map(str, tags)) if isinstance(tags, dict) else ()),
        links=words.links,
        alt_texts=words.alt_texts,
        likes=_number(raw.get("like_count")),
        replies=_number(raw.get("comment_count")),
    )


def _older(date: datetime | None) -> str | None:
    """The place of the next page; posts of the same second are shown again rather than missed."""
    return f"{date + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}" if date and date.year < 9_000 else None


def _words(value: Any) -> str | None:
    return wellformed(value) or None if isinstance(value, str) else None


def _number(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 2**53 else None
