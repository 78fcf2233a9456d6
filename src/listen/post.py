"""A public post of any network, and the events in which posts reach us.

A platform yields events: a `Post`, an `Edit`, a `Deletion`, and a `Mark` ("all up to this cursor has been
delivered"). `CaughtUp`, `Gap` and `Notice` tell how complete that was.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Literal

import msgspec

_WRITTEN_TAGS = re.compile(r"(?<![\w/])#(\w+)")  # Whole: #kindle does not stand in "#kindlefire".

Kind = Literal["post", "reply", "repost", "quote", "comment", "review", "article"]
Wish = Literal["no-unauthenticated", "noindex", "nobot", "unindexable", "undiscoverable"]


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said in public. Identity is `(platform, id)`; unknown is None, never 0 or "".

    `id` is the network's canonical id (an at-URI, an ActivityPub uri, an item number), the same wherever
    the post is seen. `posted_at` is aware UTC and only what the author claims: years 0001 and 2036
    happen, so it is never a watermark. `text` and `title` are plain text. `hashtags` come without `#`,
    as written. `by_bot` is what the account says of itself. `ref` is the id that this one server (`instance`) uses
    when it speaks of the post later. `about` names what it was written under, where that is its subject: the app or
    place of a review, the video of a comment. `wishes` is what the author has said about being
    found: `listen.respect`.
    """

    platform: str
    id: str
    url: str | None
    author: str | None
    text: str
    posted_at: datetime | None
    kind: Kind = "post"
    instance: str | None = None
    ref: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    by_bot: bool = False
    followers: int | None = None
    title: str | None = None
    content_warning: str | None = None
    about: str | None = None
    lang: str | None = None
    hashtags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    alt_texts: tuple[str, ...] = ()
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    views: int | None = None
    rating: float | None = None
    parent: str | None = None
    edited_at: datetime | None = None
    wishes: tuple[Wish, ...] = ()

    @property
    def heading(self) -> str:
        """Title and content warning with their line breaks: what stands before the text in `document`."""
        return "".join(part + "\n" for part in (self.title, self.content_warning) if part)

    @property
    def document(self) -> str:
        """All words of the post, as matched; spans everywhere are offsets into it.

        `words`, and on a line of its own what it is `about`: last, so that the offsets are those of `words`.
        """
        return f"{self.words}\n{self.about}" if self.about else self.words

    @property
    def words(self) -> str:
        """What is judged: `heading`, then `text`, then alt texts and hashtags that do not stand in it, a line each."""
        if not (self.title or self.content_warning or self.alt_texts or self.hashtags):
            return self.text
        written = set(_WRITTEN_TAGS.findall(self.text.lower()))
        tags = (f"#{tag}" for tag in self.hashtags if tag.lower() not in written)
        return self.heading + "\n".join((self.text, *self.alt_texts, *tags))


class Edit(msgspec.Struct, frozen=True):
    """The post as it is now; an older version may or may not have been seen."""

    post: Post


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """A post, or with `author_id` alone all posts of an author, was taken back.

    Named by canonical `id`, or by the `ref` of one `instance`, whichever the network tells; with `author_id` too, the
    post goes only if it is that author's, for networks where anybody may ask for anything. `lasting` is False
    where the network may show it again: the mention goes, but no tombstone stays.
    """

    platform: str
    id: str | None = None
    instance: str | None = None
    ref: str | None = None
    author_id: str | None = None
    lasting: bool = True


class Mark(msgspec.Struct, frozen=True):
    """Everything up to `cursor` has been delivered. The store keeps it with what came before it.

    `again` asks the engine to come back after that time instead of the source's own `every`.
    """

    cursor: str
    again: timedelta | None = None


class CaughtUp(msgspec.Struct, frozen=True):
    """A stream has delivered what it still had, and is live from here on."""


Reason = Literal[
    "down", "rate limited", "quota", "refused", "page limit", "retention", "closed", "stopped", "killed", "late",
    "asleep", "store",
]  # fmt: skip


class Gap(msgspec.Struct, frozen=True):
    """Posts between `since` and `until` may have been missed, and cannot be had from here any more.

    `why` is what the source has to say about it, `reason` the kind of trouble that it is.
    """

    since: datetime
    until: datetime
    why: str
    reason: Reason = "page limit"


class Notice(msgspec.Struct, frozen=True):
    """Something the user should know about a source, said once: `chaos.social shows tags to members only`.

    A `deaf` source has nothing to hear for that reason, though it answers; it says so in each round.
    """

    text: str
    deaf: bool = False


Event = Post | Edit | Deletion | Mark | CaughtUp | Gap | Notice
