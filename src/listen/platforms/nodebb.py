"""Forums that run on NodeBB: every public post.

API     https://docs.nodebb.org/api/read/ (no account): /api/recent/posts/month, newest first, twenty a page
Limits  each forum's own
Cursor  hashes of the newest posts seen, by the date they were written
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from listen.forums import ForumOptions
from listen.http import Client
from listen.listing import Listing, Page
from listen.plain import plain
from listen.post import Deletion, Post
from listen.source import Facts, Platform, Source
from listen.visit import Offer, Visit
from listen.when import claimed

NAME = "nodebb"
EMPTY = 5  # pages that are looked through though guests may see nothing on them


class User(msgspec.Struct):
    username: str | None = None
    userslug: str | None = None
    displayname: str | None = None


class Topic(msgspec.Struct):
    title: str | None = None
    slug: str | None = None


class Told(msgspec.Struct):
    """A post. Those that came from the fediverse have addresses for numbers."""

    pid: int | str
    content: str | None = None
    timestamp: float | None = None
    user: User | None = None
    topic: Topic | None = None
    isMainPost: bool = False  # noqa: N815  NodeBB's name
    deleted: bool | int | None = False
    upvotes: int | None = None


class NodeBB(Platform[ForumOptions]):
    name = NAME
    facts = Facts(
        about="posts of the NodeBB forums you name",
        needs="url",
        streams=False,
        searches=(),
        deletions=False,
        proved="constructed",
        limits="every public post; edits among those of the last hour",
    )
    options = ForumOptions

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The forum, if NodeInfo says that it is one."""
        if await visit.software() != "nodebb":
            return ()
        return [
            Offer(
                platform=cls.name,
                option="forums",
                value=visit.origin,
                about="posts of a NodeBB forum",
                comments="within",
            )
        ]

    def sources(self) -> Sequence[Source]:
        every = timedelta(seconds=self.chosen.poll_seconds)
        bases = dict.fromkeys(forum.strip().rstrip("/") for forum in self.chosen.forums)
        return [Forum(base, every, self.http) for base in bases]


class Forum(Listing):
    """All of one forum. What guests may not see is left out, so that a short or an empty page need not be the last."""

    most_pages = 100

    def __init__(self, base: str, every: timedelta, http: Client) -> None:
        self.base = base
        self.name = base.partition("://")[2]
        self.every = every
        self.http = http

    async def page(self, place: str | None) -> Page:
        number = int(place or 1)
        answer = await self.http.get(f"{self.base}/api/recent/posts/month", params={"page": number})
        told: list[Told] = answer.shaped(list[Told])
        return Page(
            [self._post(post) for post in told if not post.deleted],
            next=str(number + 1) if told or number < EMPTY else None,
            deletions=[Deletion(platform=NAME, id=self._id(post), lasting=False) for post in told if post.deleted],
        )

    def _id(self, told: Told) -> str:
        is_address = isinstance(told.pid, str) and told.pid.startswith(("https://", "http://"))
        return str(told.pid) if is_address else f"{self.base}/post/{told.pid}"

    def _post(self, told: Told) -> Post:
        said, user, topic = plain(told.content or ""), told.user or User(), told.topic or Topic()
        return Post(
            platform=NAME,
            id=self._id(told),
            url=self._id(told),
            instance=self.name,
            author=plain(user.username or "").text or None,
            author_name=plain(user.displayname or "").text or None,
            author_url=f"{self.base}/user/{user.userslug}" if user.userslug else None,
            title=plain(topic.title or "").text or None,
            text=said.text,
            posted_at=claimed(told.timestamp / 1_000) if told.timestamp is not None else None,
            kind="post" if told.isMainPost else "comment",
            parent=None if told.isMainPost or not topic.slug else f"{self.base}/topic/{topic.slug}",
            links=said.links,
            alt_texts=said.alt_texts,
            likes=told.upvotes,
        )
