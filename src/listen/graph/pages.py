"""What Facebook's objects say, as posts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from listen.mapping.path import Path
from listen.mapping.shape import Fields, Shape
from listen.post import Post

POST = (
    "id,message,story,created_time,permalink_url,from{id,name},attachments{title,description},shares,"
    "comments.summary(true).limit(0),reactions.summary(true).limit(0)"
)
COMMENT = "id,message,created_time,permalink_url,from{id,name},like_count,comment_count,parent{id}"
RATING = "created_time,reviewer{id,name},rating,recommendation_type,review_text,open_graph_story{id}"

_COMMON = {"url": "permalink_url", "author": "from.name", "author_id": "from.id", "posted_at": "created_time"}
_POST = Shape(
    fields=Fields(
        id="id",
        text="message|attachments.data[0].description|attachments.data[0].title|story",
        likes="reactions.summary.total_count",
        replies="comments.summary.total_count",
        reposts="shares.count",
        **_COMMON,
    )
)
_COMMENT = Shape(
    kind="comment",
    fields=Fields(id="id", text="message", likes="like_count", replies="comment_count", parent="parent.id", **_COMMON),
)
_RATING = Shape(
    kind="review",
    fields=Fields(
        id="open_graph_story.id",
        text="review_text",
        author="reviewer.name",
        author_id="reviewer.id",
        posted_at="created_time",
        rating="rating",
    ),
)
_RECOMMENDS = {"positive": 5.0, "negative": 1.0}
_COMMENT_URL = re.compile(r"/posts/(\w+)/?\?comment_id=(\d+)(?:&reply_comment_id=(\d+))?")
_REVIEWER = Path("reviewer.id")
_SHOWN = 200  # characters of a post that its comments are said to be about


class Page(NamedTuple):
    """A page, and what is said there is about: a name, or None to leave it to the words."""

    id: str
    about: str | None

    def post(self, thing: Mapping[str, Any]) -> Sequence[Post]:
        """A post on the page, or one that tags it. What the page itself writes counts by its own words."""
        post = _POST.post(thing, "facebook")
        if post is None:
            return ()
        own = post.author_id == self.id
        return (msgspec.structs.replace(post, url=post.url or _address(post.id), about=None if own else self.about),)

    def comment(self, thing: Mapping[str, Any], under: str, words: str) -> Sequence[Post]:
        """A comment or reply under a post of that id and those words."""
        named = thing if thing.get("id") else {**thing, "id": comment_id(thing.get("permalink_url"))}
        post = _COMMENT.post(named, "facebook")
        if post is None:
            return ()
        own = post.author_id == self.id
        about = self.about or " ".join(words.split())[:_SHOWN] or None
        told = {"url": post.url or _address(post.id), "parent": post.parent or under, "about": None if own else about}
        return (msgspec.structs.replace(post, **told),)

    def rating(self, thing: Mapping[str, Any]) -> Sequence[Post]:
        """A recommendation, which is five stars or one, as Facebook counts it among older ratings; or such a rating."""
        identity = f"{self.id} {_REVIEWER.found(thing)} {thing.get('created_time')}"
        story = thing.get("open_graph_story") or {"id": f"rating:{sha256(identity.encode()).hexdigest()[:24]}"}
        post = _RATING.post({**thing, "open_graph_story": story}, "facebook")
        if post is None:
            return ()
        stars = post.rating or _RECOMMENDS.get(str(thing.get("recommendation_type")).lower())
        url = f"https://www.facebook.com/{self.id}/reviews"
        return (msgspec.structs.replace(post, rating=stars, url=url, about=self.about),)


def _address(identity: str) -> str:
    return f"https://www.facebook.com/{identity}"


def comment_id(url: object) -> str | None:
    """A comment's id by its address, for answers that leave it out: POST_COMMENT."""
    found = _COMMENT_URL.search(url) if isinstance(url, str) else None
    return f"{found[1]}_{found[3] or found[2]}" if found else None
