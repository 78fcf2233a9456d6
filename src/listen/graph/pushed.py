"""What Meta pushes to a webhook, as events of the networks that it is about.

Sources: https://developers.facebook.com/docs/graph-api/webhooks/reference/page, .../instagram, /docs/threads/webhooks.
Ids are those of the API, so that what is pushed and polled is one post.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from listen.graph.media import comment
from listen.graph.pages import Page
from listen.graph.threads import thread
from listen.post import Deletion, Edit, Event, Post

_POSTS = frozenset({"post", "status", "photo", "video", "share", "link", "album", "note", "event"})
_FIELDS = frozenset({"feed", "mention", "mentions", "ratings", "comments", "live_comments", "replies", "delete"})


class Change(msgspec.Struct, frozen=True):
    """One thing that happened at an account: `network` is facebook, instagram or threads. `at` is Meta's time of it."""

    network: str
    account: str
    field: str
    value: Mapping[str, Any]
    at: datetime | None


class Mentioned(msgspec.Struct, frozen=True):
    """Instagram names posts and comments that mention an account by number alone."""

    account: str
    media: str | None
    comment: str | None


def changes_in(push: Mapping[str, Any]) -> Iterator[Change]:
    """The changes of one push; none of what is not Meta's, or not about posts."""
    network = {"page": "facebook", "instagram": "instagram"}.get(str(push.get("object")))
    if network is None and isinstance(push.get("values"), dict):
        yield from _change("threads", push.get("target_id"), push["values"], push.get("time"))
    for entry in _listed(push.get("entry")) if network else ():
        for change in _listed(entry.get("changes")):
            yield from _change(str(network), entry.get("id"), change, entry.get("time"))


def _change(network: str, account: object, told: Mapping[str, Any], at: object) -> Iterator[Change]:
    field, value = told.get("field"), told.get("value")
    if isinstance(value, dict) and field in _FIELDS:
        yield Change(network, str(account), str(field), value, _moment(at))


def event_of(change: Change, about: str | None) -> Event | Mentioned | None:
    """What it tells, `about` being the name of what is said at that account; None if it is no post."""
    match change.network, change.field:
        case "threads", "delete":
            return _deletion("threads", change.value.get("id"))
        case "threads", _:
            return _first(thread(change.value))
        case "instagram", "mentions":
            return Mentioned(change.account, _id(change.value, "media_id"), _id(change.value, "comment_id"))
        case "instagram", _:
            return _instagram(change, about)
        case _:
            return _facebook(change, Page(change.account, about))


def _instagram(change: Change, about: str | None) -> Post | None:
    media = change.value.get("media")
    under = _id(media, "id") if isinstance(media, dict) else None
    post = comment(change.value, under or "", None, about)
    return (
        msgspec.structs.replace(post, posted_at=post.posted_at or change.at, parent=post.parent or None)
        if post
        else None
    )


def _facebook(change: Change, page: Page) -> Event | None:
    value, verb = change.value, str(change.value.get("verb"))
    is_comment = value.get("item") == "comment" or (change.field == "mention" and bool(value.get("comment_id")))
    is_post = value.get("item") in _POSTS or (change.field == "mention" and not is_comment)
    identity = _id(value, "comment_id") if is_comment else _id(value, "post_id")
    if change.field == "ratings" and value.get("item") == "rating":
        identity = _id(value, "open_graph_story_id")
    elif not (is_comment or is_post):
        return None  # likes and the like
    if identity is None or value.get("published") == 0:
        return None
    if verb in ("remove", "delete"):
        return _deletion("facebook", identity)
    if verb not in ("add", "edit", "edited"):
        return None  # hidden from others, not taken back
    post = _read(value, page, identity, is_comment=is_comment)
    return Edit(post) if post and verb != "add" else post


def _read(value: Mapping[str, Any], page: Page, identity: str, *, is_comment: bool) -> Post | None:
    """The change's value in the shape of the API's objects."""
    author = value.get("from") or {
        "id": value.get("sender_id") or value.get("reviewer_id"),
        "name": value.get("sender_name") or value.get("reviewer_name"),
    }
    under = value.get("post")
    address = under.get("permalink_url") if isinstance(under, dict) and not is_comment else None
    told = {**value, "id": identity, "from": author, "permalink_url": address or f"https://www.facebook.com/{identity}"}
    if value.get("item") == "rating":
        rated = {**told, "open_graph_story": {"id": identity}, "reviewer": author}
        return _first(page.rating(rated))
    if not is_comment:
        return _first(page.post(told))
    parent = _id(value, "parent_id")
    return _first(page.comment({**told, "parent": {"id": parent}} if parent else told, _id(value, "post_id") or "", ""))


def _deletion(platform: str, identity: object) -> Deletion | None:
    return Deletion(platform=platform, id=str(identity)) if identity else None


def _first(posts: Any) -> Post | None:
    return next(iter(posts), None)


def _id(value: Mapping[str, Any], name: str) -> str | None:
    found = value.get(name)
    return str(found) if isinstance(found, str | int) and found != "" else None


def _listed(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else None
    except (ValueError, OverflowError, OSError):
        return None
