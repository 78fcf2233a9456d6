"""An item of Hacker News as a post."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from listen.plain import plain, wellformed
from listen.post import Post

NAME = "hackernews"
Item = dict[str, Any]  # https://github.com/HackerNews/API#items


def post_of(number: int, item: Item) -> Post:
    """One item as a post; a field of an unexpected type is unknown."""
    author, address = _words(item, "by"), _words(item, "url") or ""
    said = plain(_words(item, "text") or "")
    parent = _number(item, "parent")
    return Post(
        platform=NAME,
        id=str(number),
        url=f"https://news.ycombinator.com/item?id={number}",
        author=author,
        author_url=f"https://news.ycombinator.com/user?id={quote(author, safe='')}" if author else None,
        text=said.text,
        posted_at=moment_of(item),
        kind="comment" if item.get("type") == "comment" else "post",
        title=plain(_words(item, "title") or "").text or None,
        links=((address,) if address.startswith(("http://", "https://")) else ()) + said.links,
        likes=_number(item, "score"),
        replies=_number(item, "descendants"),
        parent=None if parent is None else str(parent),
    )


def moment_of(item: Item | None) -> datetime | None:
    """When the item says it was posted."""
    seconds = _number(item or {}, "time")
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _words(item: Item, key: str) -> str | None:
    value = item.get(key)
    return wellformed(value) or None if isinstance(value, str) else None


def _number(item: Item, key: str) -> int | None:
    value = item.get(key)
    return value if type(value) is int and abs(value) < 2**53 else None
