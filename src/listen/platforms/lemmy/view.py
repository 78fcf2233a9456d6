"""Posts and comments as Lemmy v3, Lemmy v4 and PieFed show them, read by one shape with the words of all three.

Lemmy v3    name, body; content; published; creator.name and actor_id; numbers in `counts`
Lemmy v4    name, body; content; published_at; creator.name and ap_id; numbers in the post or comment
PieFed      title, body; body; published; creator.user_name and actor_id; numbers in `counts`
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from listen.plain import mended, wellformed
from listen.post import Deletion, Post
from listen.when import utc


class Numbers(msgspec.Struct):
    upvotes: int | None = None
    comments: int | None = None
    child_count: int | None = None


class Item(Numbers):
    """A post or a comment."""

    id: int = 0
    ap_id: str = ""
    name: str | None = None
    title: str | None = None
    body: str | None = None
    content: str | None = None
    url: str | None = None
    alt_text: str | None = None
    published: str | None = None
    published_at: str | None = None
    updated: str | None = None
    updated_at: str | None = None
    deleted: bool = False
    removed: bool = False
    path: str = ""
    language_id: int = 0


class Person(msgspec.Struct):
    name: str | None = None
    user_name: str | None = None
    display_name: str | None = None
    actor_id: str = ""
    ap_id: str = ""


class View(msgspec.Struct):
    """A post or a comment with what stands around it."""

    post: Item | None = None
    comment: Item | None = None
    creator: Person = msgspec.field(default_factory=Person)
    counts: Numbers | None = None

    @property
    def item(self) -> Item:
        return self.comment or self.post or Item()


def read(raw: msgspec.Raw, what: Literal["post", "comment"]) -> View | None:
    """The view in a piece of JSON; None if it is none, or not of that kind."""
    try:
        text = bytes(raw) if b"\\ud" not in bytes(raw).lower() else mended(bytes(raw)).encode()
        view = msgspec.json.decode(text, type=View)
    except (ValueError, RecursionError):
        return None
    fits = view.comment if what == "comment" else view.post
    return view if fits is not None and view.item.ap_id else None


def withdrawn(view: View) -> Deletion | None:
    """What its author has deleted, or a moderator removed; both can be taken back."""
    gone = view.item.deleted or view.item.removed
    return Deletion(platform="lemmy", id=wellformed(view.item.ap_id), lasting=False) if gone else None


def post_of(view: View, base: str, languages: Mapping[int, str]) -> Post | None:
    """The post; None for what is withdrawn. A comment has the title of the post that it stands below."""
    item, above = view.item, view.post if view.comment else None
    if item.deleted or item.removed:
        return None
    told, person = view.counts or item, view.creator
    home, name = person.actor_id or person.ap_id, person.name or person.user_name
    title = above or item
    return Post(
        platform="lemmy",
        id=wellformed(item.ap_id),
        url=_web(item.ap_id),
        instance=urlsplit(base).netloc,
        author=wellformed(f"{name}@{urlsplit(home).netloc}") if name and urlsplit(home).netloc else name,
        author_id=wellformed(home) or None,
        author_name=wellformed(person.display_name or "").strip() or None,
        author_url=_web(home),
        title=wellformed(title.name or title.title or "").strip() or None,
        text=wellformed((item.content if item.content is not None else item.body) or ""),
        links=tuple(filter(None, [_web(item.url)])) if above is None else (),
        alt_texts=(wellformed(item.alt_text),) if item.alt_text else (),
        lang=languages.get(item.language_id),
        kind="post" if above is None else "comment",
        parent=_parent(item, above, base) if above else None,
        posted_at=_moment(item.published or item.published_at),
        edited_at=_moment(item.updated or item.updated_at),
        likes=_count(told.upvotes),
        replies=_count(told.comments if above is None else told.child_count),
    )


def _parent(item: Item, above: Item, base: str) -> str | None:
    """The comment that is answered, by its page on this server, or the post. `path` is `0.24.27` for comment 27."""
    steps = item.path.split(".")
    return (
        f"{base}/comment/{steps[-2]}" if len(steps) > 2 and steps[-2].isdecimal() else wellformed(above.ap_id) or None
    )


def _moment(text: str | None) -> datetime | None:
    try:
        return utc(datetime.fromisoformat(text or ""))
    except ValueError:
        return None


def _web(address: str | None) -> str | None:
    return wellformed(address) if address and address.startswith(("http://", "https://")) else None


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number < 2**63 else None
