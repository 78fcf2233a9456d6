"""What a test needs to read feeds without a network."""

from __future__ import annotations

from listen.feed.entry import Feed, post_of, talks_of_comments
from listen.feed.reading import read
from listen.post import Post
from tests.servers.feedsite import rss

URL = "https://blog.example/feed"


def feed_of(body: str | bytes, content_type: str = "", url: str = URL) -> Feed:
    found = read(body.encode() if isinstance(body, str) else body, url, content_type)
    assert isinstance(found, Feed)
    return found


def posts_of(body: str | bytes, content_type: str = "", url: str = URL) -> list[Post]:
    feed = feed_of(body, content_type, url)
    comments = talks_of_comments(feed.title, url)
    posts = (post_of(entry, entry.identity, url, comments=comments) for entry in feed.entries)
    return [post for post in posts if post]


def post_from(*parts: str, around: str = "{}", url: str = URL) -> Post:
    """The one post of an RSS feed whose item holds the parts as they are."""
    (post,) = posts_of(rss(around.format(f"<item>{''.join(parts)}</item>")), url=url)
    return post


def atom(*parts: str, head: str = "") -> str:
    names = 'xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"'
    return f"<feed {names}><title>Notes</title>{head}<entry>{''.join(parts)}</entry></feed>"
