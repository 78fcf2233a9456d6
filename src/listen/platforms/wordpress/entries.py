"""Posts and comments as the API has them (https://developer.wordpress.org/rest-api/reference/) as posts of ours.

Plug-ins change these answers; a field of an unexpected type is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from listen.feed.entry import hashtags_of, web_address
from listen.feed.words import title_of, words_of
from listen.plain import wellformed
from listen.post import Post

NAME = "wordpress"
Raw = dict[str, Any]
Kind = Literal["posts", "comments"]
FIELDS: Mapping[Kind, str] = {
    "posts": "id,guid,link,date_gmt,modified_gmt,title,content,_links,_embedded",
    "comments": "id,post,parent,author_name,author_url,date_gmt,content,link,_links,_embedded",
}
EMBEDDED: Mapping[Kind, str] = {"posts": "author,wp:term", "comments": "up"}
_COMMENT = re.compile(r"#comment-(\d+)$")


def post_of(raw: Raw, kind: Kind, key: str) -> Post | None:
    """One entry; None if it says nothing. `key` stands for the site in ids."""
    post = _article(raw, key) if kind == "posts" else _comment(raw, key)
    return post if post.title or post.text or post.hashtags or post.alt_texts else None


def comment_id(key: str, named: str | int) -> str:
    """What a comment is known as: guids of comments hold the guid of their post, which the API does not tell."""
    found = _COMMENT.search(str(named))
    return f"{key}#comment-{found[1] if found else named}"


def number_of(raw: Raw) -> int | None:
    number = raw.get("id")
    return number if type(number) is int and 0 <= number < 2**53 else None


def _article(raw: Raw, key: str) -> Post:
    words = words_of(_rendered(raw, "content"))
    author, link = _embedded(raw, "author"), web_address(_words(raw.get("link")))
    posted, changed = moment(raw.get("date_gmt")), moment(raw.get("modified_gmt"))
    return Post(
        platform=NAME,
        id=web_address(_rendered(raw, "guid")) or f"{key}#post-{raw.get('id')}",
        url=link,
        author=title_of(_words(author.get("name"))),
        author_url=web_address(_words(author.get("link"))),
        title=title_of(_rendered(raw, "title")),
        text=words.text,
        posted_at=posted,
        edited_at=changed if changed and posted and changed > posted else None,
        kind="article",
        instance=urlsplit(link).hostname if link else None,
        hashtags=hashtags_of(tuple(_terms(raw))),
        links=words.links,
        alt_texts=words.alt_texts,
    )


def _comment(raw: Raw, key: str) -> Post:
    words = words_of(_rendered(raw, "content"))
    link, answered = web_address(_words(raw.get("link"))), raw.get("parent")
    return Post(
        platform=NAME,
        id=comment_id(key, raw.get("id") or 0),
        url=link,
        author=title_of(_words(raw.get("author_name"))),
        author_url=web_address(_words(raw.get("author_url"))),
        title=title_of(_rendered(_embedded(raw, "up"), "title")),
        text=words.text,
        posted_at=moment(raw.get("date_gmt")),
        kind="comment",
        instance=urlsplit(link).hostname if link else None,
        links=words.links,
        alt_texts=words.alt_texts,
        parent=comment_id(key, answered) if isinstance(answered, int) and answered else (link or "").partition("#")[0],
    )


def moment(text: object) -> datetime | None:
    """`date_gmt` has no zone and is UTC; drafts have the year 0."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
        return None if found is None else found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _words(value: object) -> str | None:
    return wellformed(value) or None if isinstance(value, str) else None


def _rendered(raw: Raw, key: str) -> str | None:
    value = raw.get(key)
    return _words(value.get("rendered") if isinstance(value, dict) else value)


def _embedded(raw: Raw, rel: str) -> Raw:
    """The first thing that is embedded under that name; where it may not be shown, that is an error object."""
    embedded = raw.get("_embedded")
    found = embedded.get(rel) if isinstance(embedded, dict) else None
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, dict) else {}


def _terms(raw: Raw) -> list[str]:
    embedded = raw.get("_embedded")
    groups = embedded.get("wp:term") if isinstance(embedded, dict) else None
    terms = [term for group in groups if isinstance(group, list) for term in group] if isinstance(groups, list) else []
    names = (title_of(_words(term.get("name"))) for term in terms if isinstance(term, dict))
    return [name for name in names if name]
