"""Tumblr: your tags on all of it with a key; without one blogs by their feeds, whole or with one of your tags.

API     /v2/tagged (`tagged.py`); https://NAME.tumblr.com/rss and https://NAME.tumblr.com/tagged/TAG/rss
Limits  of feeds none are published; the newest 20 posts of each feed, without older pages
Cursor  the ids and words of the posts seen, as of any feed
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote, urlsplit

import msgspec

from listen.feed.entry import Entry
from listen.feed.source import FeedSource, Place, shown
from listen.http import Secret
from listen.login.tumblr import TUMBLR_LOGIN
from listen.plain import wellformed
from listen.platforms.tumblr.tagged import Tagged, rest_of
from listen.post import Kind, Post
from listen.query.asking import asked
from listen.query.dialects import TUMBLR
from listen.source import Facts, Options, Platform, Source
from listen.visit import Offer, Visit

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_HOST = re.compile(r"([a-z0-9][a-z0-9-]{0,31})\.tumblr\.com")
_POST = re.compile(r"/(?:post|(?:www\.)?tumblr\.com/(?:blog/view/)?[a-z0-9-]+)/(\d{5,25})(?=[/?#]|$)")
_REBLOG = re.compile(r"([a-z0-9][a-z0-9-]{0,31}):\s*\n")
_NO_TITLES = frozenset({"photo", "photoset", "video", "audio", "quote", "link"})  # what an untitled post may be called
_OWN = frozenset({"www", "api", "assets", "static", "media"})
_PAGES = frozenset({"tagged", "search", "explore", "dashboard", "settings", "login", "register", "blog"})


class TumblrOptions(Options, frozen=True, kw_only=True):
    """`[platforms.tumblr]`. `key` is the "OAuth consumer key" of https://www.tumblr.com/oauth/apps, with which all of
    Tumblr is asked for your hashtags. `blogs` are names, or addresses of blogs with a domain of their own; `tags` also
    reads each blog's feeds of your hashtags, in which a post stays longer than in the blog's own."""

    key: Secret | None = None
    blogs: tuple[str, ...] = ()
    tags: bool = False
    api: str = "https://api.tumblr.com/v2"
    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 15

    def __post_init__(self) -> None:
        for blog in self.blogs:
            if home_of(blog) is None:
                raise ValueError(f"{blog!r} is no blog of Tumblr; write its name, or https://blog.example")


class Tumblr(Platform[TumblrOptions]):
    """With a key a source for each tag; and one for each blog, with `tags` for each of its tags."""

    name = "tumblr"
    facts = Facts(
        about="posts with your hashtags on Tumblr, with a key; and posts of the blogs you name, whole or by tag",
        needs="url",
        streams=False,
        searches=("tag (of all of Tumblr with a key, else within a blog with tags = true)",),
        deletions=False,
        proved="recorded",
        limits="1,000 requests an hour and 5,000 a day for a key; the newest 20 posts of each feed",
    )
    options = TumblrOptions
    login = TUMBLR_LOGIN

    def sources(self) -> Sequence[Source]:
        homes = list(dict.fromkeys(filter(None, map(home_of, self.chosen.blogs))))
        wanted = asked(self.interest.queries, TUMBLR).requests
        tags = list(dict.fromkeys(tag for request in wanted for tag in request.tags))
        within = tags if self.chosen.tags else []
        blogs = [source for home in homes for source in (self._blog(home), *(self._blog(home, tag) for tag in within))]
        if self.chosen.key is None:
            return blogs
        every, key = rest_of(len(tags)), self.chosen.key
        return [*(Tagged(tag, key, self.chosen.api, every, self.http) for tag in tags), *blogs]

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The blog, if the address is one of tumblr.com."""
        home = home_of(visit.url)
        name = home and _HOST.fullmatch(urlsplit(home).hostname or "")
        if not name:
            return ()
        return [Offer(platform=cls.name, option="blogs", value=name[1], about="posts of a Tumblr blog")]

    def _blog(self, home: str, tag: str | None = None) -> FeedSource:
        url = f"{home}/tagged/{quote(tag, safe='')}/rss" if tag else f"{home}/rss"
        blog = name_of(home)
        place = Place(url, f"{blog} #{tag}" if tag else blog, shown(url))
        every = timedelta(minutes=self.chosen.every_minutes)

        def shaping(post: Post, entry: Entry) -> Post:
            return shaped(post, entry, blog, home)

        return FeedSource(place, self.http, every, comments=False, shaping=shaping)


def home_of(blog: str) -> str | None:
    """The address of `staff`, `@staff`, `staff.tumblr.com`, `https://www.tumblr.com/staff/123` and `https://own.example`,
    without a slash at its end; None if it is no blog."""
    given = blog.strip().rstrip("/")
    if _NAME.fullmatch(given.lower().lstrip("@")):
        return f"https://{given.lower().lstrip('@')}.tumblr.com"
    scheme, mark, rest = given.partition("://")
    address = given if mark else f"https://{given}"
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if not host or " " in address or (mark and scheme.lower() not in ("http", "https")) or "." not in host + rest:
        return None
    named = _HOST.fullmatch(host)
    if host in ("tumblr.com", "www.tumblr.com"):
        name = parts.path.strip("/").removeprefix("blog/view/").partition("/")[0].lstrip("@").lower()
        return f"https://{name}.tumblr.com" if _NAME.fullmatch(name) and name not in _PAGES else None
    if named:
        return None if named[1] in _OWN else f"https://{host}"
    return address


def name_of(home: str) -> str:
    """`staff` of `https://staff.tumblr.com`; the address without a scheme where the blog has a domain of its own."""
    named = _HOST.fullmatch(urlsplit(home).hostname or "")
    return named[1] if named else shown(home).partition("://")[2]


def shaped(post: Post, entry: Entry, blog: str, home: str) -> Post:
    """The entry as a post of Tumblr. Its id is its number, as in Tumblr's API."""
    number = _POST.search(entry.link or "") or _POST.search(entry.id or "")
    reblogged = _reblogged(post)
    title = None if (post.title or "").lower() in _NO_TITLES or reblogged else post.title
    kind: Kind = "quote" if reblogged else "post"  # nothing tells where what they quote ends and their own begins
    return msgspec.structs.replace(
        post,
        platform=Tumblr.name,
        id=number[1] if number else post.id,
        kind=kind,
        author=blog,
        author_url=home,
        title=title,
        hashtags=tuple(dict.fromkeys(filter(None, map(_tag, entry.tags)))),
        parent=reblogged,
    )


def _reblogged(post: Post) -> str | None:
    """What the post passes on: Tumblr names its blog first, `anna:` with a link to it, then quotes it."""
    named = _REBLOG.match(post.text)
    if named is None or not post.links:
        return None
    first = post.links[0]
    host, path = urlsplit(first).hostname or "", urlsplit(first).path
    if host != f"{named[1]}.tumblr.com" and not (host.endswith("tumblr.com") and path.startswith(f"/{named[1]}/")):
        return None
    number = _POST.search(first)
    return number[1] if number else first


def _tag(tag: str) -> str:
    """As written, blanks included, as tags of several words are the rule on Tumblr."""
    return " ".join(wellformed(tag).split()).lstrip("#")
