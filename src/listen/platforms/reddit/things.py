"""Reddit's things (https://www.reddit.com/dev/api): posts (t3) and comments (t1) as posts of ours, or as gone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from listen.plain import plain, wellformed
from listen.post import Deletion, Post

NAME = "reddit"
HOME = "https://www.reddit.com"
Raw = dict[str, Any]
_FULLNAME = re.compile(r"t[13]_[a-z0-9]{1,20}")
_GONE = frozenset({"[deleted]", "[removed]", "[ Removed by Reddit ]"})
_BY_AUTHOR = frozenset({"deleted", "author"})
_NOBODY = frozenset({"", "[deleted]", "[removed]"})


def thing_of(raw: Raw, abouts: Mapping[str, str]) -> Post | Deletion | None:
    """What a thing is now; None for what is neither post nor comment. `abouts` are by subreddits in lower case."""
    name = raw.get("name")
    if not isinstance(name, str) or not _FULLNAME.fullmatch(name):
        return None
    body, removed = _words(raw, "body" if name.startswith("t1_") else "selftext"), _words(raw, "removed_by_category")
    if removed or (body and body.strip() in _GONE):
        # What moderators and filters took away may be let through again; what its author deleted may not.
        lasting = removed in _BY_AUTHOR or (removed is None and body is not None and body.strip() == "[deleted]")
        return Deletion(platform=NAME, id=name, lasting=lasting)
    return _post(raw, name, abouts)


def _post(raw: Raw, name: str, abouts: Mapping[str, str]) -> Post:
    is_comment = name.startswith("t1_")
    said = plain(_words(raw, "body_html" if is_comment else "selftext_html") or "")
    written = _words(raw, "body" if is_comment else "selftext") or ""
    author = _words(raw, "author") or ""
    community = _words(raw, "subreddit") or ""
    title = plain(_words(raw, "link_title" if is_comment else "title") or "").text
    parent = _words(raw, "parent_id" if is_comment else "crosspost_parent")
    link = None if is_comment or raw.get("is_self") else _words(raw, "url")
    return Post(
        platform=NAME,
        id=name,
        url=_address(raw),
        author=None if author in _NOBODY else author,
        author_id=_words(raw, "author_fullname"),
        author_url=None if author in _NOBODY else f"{HOME}/user/{quote(author, safe='')}",
        title=title or None,
        text=said.text or written,
        posted_at=_moment(raw.get("created_utc")),  # never `created`, which is off by hours in old posts
        edited_at=_moment(raw.get("edited")),
        kind="comment" if is_comment else "post",
        parent=parent,
        instance=f"reddit.com/r/{community}" if community else "reddit.com",
        about=abouts.get(community.lower()) or None,
        links=tuple(dict.fromkeys(filter(_is_web, (link or "", *said.links)))),
        alt_texts=said.alt_texts,
        likes=None if raw.get("score_hidden") or raw.get("hide_score") else _count(raw.get("score")),
        replies=_count(raw.get("num_comments")) if not is_comment else None,
    )


def _address(raw: Raw) -> str | None:
    """The address that a reader takes; searches add a question to it, and old comments have none of their own."""
    path = (_words(raw, "permalink") or "").partition("?")[0]
    link, number = (_words(raw, "link_id") or "").removeprefix("t3_"), str(raw.get("name"))[3:]
    if not path and link.isalnum() and link.isascii():
        path = f"/comments/{link}/_/{number}/"
    return HOME + quote(path, safe="/%~-._") if path.startswith(("/r/", "/user/", "/comments/")) else None


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://"))


def _words(raw: Raw, key: str) -> str | None:
    value = raw.get(key)
    return wellformed(value) or None if isinstance(value, str) else None


def _count(value: object) -> int | None:
    return value if type(value) is int and abs(value) < 2**53 else None


def _moment(value: object) -> datetime | None:
    """Seconds; `edited` is False where it never was, and True in posts of old without their time."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
