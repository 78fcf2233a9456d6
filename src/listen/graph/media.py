"""What Instagram's objects say, as posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from listen.mapping.shape import Fields, Shape
from listen.post import Post

MEDIA = "id,caption,media_type,permalink,timestamp,like_count,comments_count"
COMMENT = "id,text,username,timestamp,like_count"
COMMENTS = f"{COMMENT},replies{{{COMMENT}}}"

_MEDIA = Shape(
    fields=Fields(
        id="id",
        text="caption",
        url="permalink",
        author="username",  # hashtags do not tell it, and then it stays unknown
        posted_at="timestamp",
        likes="like_count",
        replies="comments_count",
    )
)
_COMMENT = Shape(
    kind="comment",
    fields=Fields(
        id="id", text="text", author="username|from.username", author_id="from.id", posted_at="timestamp",
        likes="like_count", parent="parent_id",
    ),
)  # fmt: skip


def media(thing: Mapping[str, Any]) -> Sequence[Post]:
    """A photo or video with its caption, which may be missing."""
    post = _MEDIA.post(thing, "instagram")
    return (_with_profile(post),) if post else ()


def comment(thing: Mapping[str, Any], under: str, url: str | None, about: str | None) -> Post | None:
    """A comment under a post, or a reply to one, of that id; the network gives it no address but the post's."""
    post = _COMMENT.post(thing, "instagram")
    if post is None:
        return None
    return _with_profile(msgspec.structs.replace(post, parent=post.parent or under, url=url, about=about))


def comments(thing: Mapping[str, Any], under: str, url: str | None, about: str | None) -> list[Post]:
    """A comment with its replies, newest first, as a listing has them."""
    answers = thing.get("replies")
    told = answers.get("data") if isinstance(answers, dict) else None
    replies = [one for one in (told if isinstance(told, list) else ()) if isinstance(one, dict)]
    posts = [comment(reply, str(thing.get("id")), url, about) for reply in replies]
    return [*filter(None, posts), *filter(None, [comment(thing, under, url, about)])]


def _with_profile(post: Post) -> Post:
    if post.author is None:
        return post
    return msgspec.structs.replace(post, author_url=f"https://www.instagram.com/{post.author}/")
