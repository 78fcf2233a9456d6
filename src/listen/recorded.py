"""One recorded post as a line of JSON with a mention's keys: what `replay` reads and the platform `files` follows."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from listen.post import Deletion, Edit, Event, Kind, Post
from listen.when import utc

LINE_LIMIT = 10_000_000  # characters of one line; what is longer is reported and skipped


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a recording: a mention's keys, of which `text` alone is needed.

    `event` says what happened to the post, and so does `change` in exports of ours that tell changes; `after` is the
    time since the line before, in seconds (tapes).
    """

    text: str | None = None
    id: str | int | None = None
    platform: str | None = None
    instance: str | None = None
    url: str | None = None
    kind: Kind | None = "post"  # none of what is withdrawn
    author: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    followers: int | None = None
    posted_at: datetime | None = None
    edited_at: datetime | None = None
    lang: str | None = None
    title: str | None = None
    about: str | None = None
    hashtags: tuple[str, ...] | None = None
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    views: int | None = None
    rating: float | None = None
    parent: str | None = None
    event: str = "post"
    change: object = None  # others may mean anything by it
    after: float = 0.0
    did: str | None = None  # only Jetstream frames have one

    @property
    def is_withdrawn(self) -> bool:
        """Whether an export of ours says that the post is gone."""
        return self.change == "withdrawn"

    def post(self) -> Post:
        """The post of this line; without an id it gets one made from author, time and text. What is "" is unknown."""
        platform = self.platform or "file"
        return Post(
            platform=platform,
            id=self.identity(platform),
            url=self.url or None,
            author=self.author or None,
            text=self.text or "",
            posted_at=utc(self.posted_at),
            kind=self.kind or "post",
            instance=self.instance or None,
            author_name=self.author_name or None,
            author_url=self.author_url or None,
            followers=self.followers,
            title=self.title or None,
            about=self.about or None,
            lang=self.lang or None,
            hashtags=tuple(tag for told in self.hashtags or () if (tag := told.lstrip("#"))),
            likes=self.likes,
            reposts=self.reposts,
            replies=self.replies,
            views=self.views,
            rating=self.rating,
            parent=self.parent or None,
            edited_at=utc(self.edited_at),
        )

    def identity(self, platform: str) -> str:
        if self.id not in {None, ""}:
            return str(self.id).removeprefix(platform + ":")
        told = f"{self.author}\0{self.posted_at}\0{self.text}".encode(errors="surrogatepass")
        return hashlib.sha256(told).hexdigest()[:32]

    def happened(self) -> Event:
        """The event of this line."""
        if self.event == "delete" or self.is_withdrawn:
            platform = self.platform or "file"
            # An export does not say whether the author took it back or it was edited, and may come back.
            return Deletion(platform=platform, id=self.identity(platform), lasting=not self.is_withdrawn)
        return Edit(self.post()) if self.event == "edit" else self.post()


def problem_of(problem: Exception) -> str:
    """Why a line is no post: `is not a post: JSON is malformed ...`."""
    said = str(problem).replace("`", "").replace("$.", "")
    return f"is not a post: {said if said.startswith('JSON') else said[:1].lower() + said[1:]}"
