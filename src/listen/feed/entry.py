"""One entry of a feed, whatever its format, and the post that it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urljoin, urlsplit

import msgspec

from listen.plain import Plain, wellformed
from listen.post import Kind, Post

_GLOBAL = re.compile(r"(?:https?://|tag:|urn:|at://|yt:video:)\S+")  # ids that mean the same entry in every feed
_LONGEST_ID = 500
_MOST_TAGS = 50
_NO_TAGS = frozenset({"uncategorized", "unkategorisiert", "allgemein"})  # what WordPress files posts under by itself
_COMMENTS_TITLE = re.compile(
    r"(?i)\s*(?:comments (?:on|for)|kommentare (?:zu|für|auf))\b|.*\b(?:new|newest|recent|latest|neue|neueste)"
    r" (?:comments|kommentare)\b"
)
_COMMENTS_ADDRESS = re.compile(r"(?i)/comments(?:/|\.rss|\.atom|$)|comments-(?:rss2|atom)|/kommentare/")
_COMMENT_TITLE = re.compile(r"(?i)\s*(?:comment on|kommentar zu)\s")
_COMMENT_LINK = re.compile(r"(?i)#comment-?\d|#c(?:\d|_\w)|[?&]showcomment=")
_BYLINE = re.compile(r"(?i)\s*(?:by|von):\s")  # all that WordPress gives as title in the feed of one post's comments


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry in plain words. `origin` names the paper that a news search found it in, `parent` what it answers.

    `rating` counts stars, one to five.
    """

    id: str | None = None
    link: str | None = None
    title: str | None = None
    body: Plain = Plain("")
    author: str | None = None
    author_url: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()
    lang: str | None = None
    parent: str | None = None
    origin: str | None = None
    origin_url: str | None = None
    rating: float | None = None
    views: int | None = None

    @property
    def identity(self) -> str:
        """What the feed calls it; a hash of its words if the feed gives neither id nor link."""
        return self.id or self.link or "words:" + digest(f"{self.title}\n{self.body.text}", 12)


Shaping = Callable[[Post, Entry], Post | None]  # what an entry's post is on its network; None if it is no post there


def as_it_is(post: Post, _: Entry) -> Post:
    return post


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of a feed. `rest` is how long it says that it will not change, `comments` where its comments are.

    It is not `whole` if it ends before its end.
    """

    format: str
    entries: tuple[Entry, ...]
    title: str | None = None
    next: str | None = None
    rest: timedelta | None = None
    comments: str | None = None
    wordpress: bool = False
    whole: bool = True
    cut_from: int | None = None  # how many entries there were before some were left out


def digest(text: str, size: int = 6) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=size).hexdigest()


def web_address(link: str | None, base: str = "") -> str | None:
    """The link as an absolute http(s) address; None for everything else, and for no link."""
    if not link:
        return None
    try:
        address = urljoin(base, wellformed("".join(link.split())))
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return address if is_web else None


def claimed_lang(code: object) -> str | None:
    """`de` of `de`, `de-DE` and `de_AT`."""
    primary = re.split(r"[-_]", code.strip(), maxsplit=1)[0].lower() if isinstance(code, str) else ""
    return primary if re.fullmatch(r"[a-z]{2,3}", primary) else None


def hashtags_of(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Categories that are one word; the others are no hashtags."""
    cleaned = (wellformed(tag).strip().lstrip("#") for tag in tags[:_MOST_TAGS])
    words = (tag for tag in cleaned if re.fullmatch(r"[^\s#<>&]{1,100}", tag))
    return tuple(dict.fromkeys(tag for tag in words if tag.lower() not in _NO_TAGS))


def talks_of_comments(title: str | None, address: str) -> bool:
    """Whether a feed of that title, at that address, holds comments."""
    return bool(_COMMENTS_TITLE.match(title or "") or _COMMENTS_ADDRESS.search(address))


def post_of(entry: Entry, identity: str, feed: str, *, comments: bool) -> Post | None:
    """The post, or None if there is not a word in it. `feed` names the feed in ids that mean something only there."""
    title, text = _undoubled(entry, _without_origin(entry))
    hashtags = hashtags_of(entry.tags)
    if not (title or text or hashtags or entry.body.alt_texts):
        return None
    kind = _kind(entry, comments)
    url = entry.link or web_address(entry.id)
    return Post(
        platform="feeds",
        id=canonical(identity, feed),
        url=url,
        author=entry.author or entry.origin,
        text=text,
        title=None if kind == "comment" and _BYLINE.match(title or "") else title,
        posted_at=entry.published or entry.updated,
        edited_at=entry.updated if entry.published and entry.updated != entry.published else None,
        kind=kind,
        instance=_host(entry.origin_url or url or feed),
        author_url=entry.author_url,
        lang=entry.lang,
        hashtags=hashtags,
        links=entry.body.links,
        alt_texts=entry.body.alt_texts,
        rating=entry.rating,
        views=entry.views,
        parent=entry.parent or (_commented(entry.id) if kind == "comment" else None),
    )


def canonical(identity: str, feed: str) -> str:
    """The entry's own id where that is an address or another URI, else together with the feed's name."""
    identity = " ".join(wellformed(identity).split())
    if len(identity) > _LONGEST_ID:
        identity = digest(identity, 16)
    return identity if _GLOBAL.fullmatch(identity) else f"{feed}#{identity}"


def _kind(entry: Entry, comments: bool) -> Kind:
    places = f"{entry.id} {entry.link}"
    if comments or entry.parent or _COMMENT_LINK.search(places) or _COMMENT_TITLE.match(entry.title or ""):
        return "comment"
    return "article"


def _commented(identity: str | None) -> str | None:
    """The guid of the article that WordPress' `https://blog.example/?p=31#comment-53` is said to."""
    article, mark, _ = (identity or "").partition("#comment-")
    return article or None if mark else None


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _without_origin(entry: Entry) -> str:
    """The text without the paper's name, which Google News puts at its end."""
    text = entry.body.text
    return text.removesuffix(entry.origin).rstrip() if entry.origin else text


def _undoubled(entry: Entry, text: str) -> tuple[str | None, str]:
    """Title and text, so that no word stands in both: a headline stays title, a cut beginning stays text."""
    title = entry.title
    if title is None:
        return None, text
    start = title.rstrip("….").rstrip()
    flat = " ".join(text.split())
    if flat == title:
        return title, ""
    if not start or not flat.startswith(start):
        return title, text
    if text.startswith(title + "\n"):
        return title, text[len(title) :].strip()
    is_beginning = start != title.rstrip() or len(title.split()) > 3
    return (None if is_beginning else title), text
