"""A web page where a feed was expected: the feeds that it offers, and where feeds lie by custom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import msgspec

from listen.feed.entry import web_address
from listen.feed.software import disqus_on

_READ = 300_000  # characters; feeds are offered in the head of a page
_READ_FOR_DISQUS = 1_000_000  # and comments at its end
_LOOKS = re.compile(r"(?i)<(?:!doctype html|html|head|body|meta|title|link|div|p)\b")
_LINK = re.compile(r"(?i)<link\s([^<>]{1,2000})>")
_BASE = re.compile(r"(?i)<base\s([^<>]{1,2000})>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_COMMENTS = re.compile(r"(?i)comments?\b|kommentar")
_CUSTOMS = ("feed/", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.json", "rss/", "feeds/posts/default")
_MOST_OFFERS = 5


class Page(msgspec.Struct, frozen=True):
    """The addresses of the feeds that a page names, its own first, and of its comments."""

    offers: tuple[str, ...] = ()
    comments: str | None = None


def page_in(text: str, url: str, content_type: str) -> Page | None:
    """The page, if it is one; WordPress without a theme sends an empty one."""
    is_html = "html" in content_type.lower()
    if not _LOOKS.search(text[:5_000]) and not (is_html and (not text.strip() or "<" in text[:5_000])):
        return None
    offered = list(_offered(text[:_READ], url))
    feeds = dict.fromkeys(address for address, comments in offered if not comments)
    comments = next((address for address, comments in offered if comments), None)
    return Page(tuple(feeds)[:_MOST_OFFERS], comments or disqus_on(text[:_READ_FOR_DISQUS]))


def customary(url: str) -> list[str]:
    """Where a site that names no feed may have one all the same."""
    parts = urlsplit(url)._replace(query="", fragment="")
    here = parts.path if parts.path.endswith("/") else parts.path + "/"
    places = [here + "feed/", *(f"/{custom}" for custom in _CUSTOMS)]
    return list(dict.fromkeys(parts._replace(path=path).geturl() for path in places))


def _offered(text: str, url: str) -> Iterator[tuple[str, bool]]:
    bases = _BASE.search(text)
    base = web_address(_attributes(bases[1]).get("href"), url) if bases else url
    for link in _LINK.finditer(text):
        named = _attributes(link[1])
        is_feed = named.get("type", "").strip().lower() in _FEED_TYPES
        if is_feed and "alternate" in named.get("rel", "").lower().split() and named.get("href"):
            address = web_address(named["href"], base or url)
            if address:
                yield address, bool(_COMMENTS.search(named.get("title", "") + " " + urlsplit(address).path))


def _attributes(tag: str) -> dict[str, str]:
    return {
        found[1].lower(): unescape(found[2] or found[3] or found[4] or "").strip() for found in _ATTRIBUTE.finditer(tag)
    }
