"""Forums that run on Flarum: every public post.

API     https://docs.flarum.org/rest-api (no account): /api/posts by date, fifty a page, as JSON:API
Limits  each forum's own
Cursor  hashes of the newest posts seen, by the date they were written
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from listen.forums import ForumOptions
from listen.http import Client
from listen.listing import Listing, Page
from listen.plain import plain, wellformed
from listen.post import Deletion, Post
from listen.source import Facts, Platform, Source
from listen.when import claimed

NAME = "flarum"
PAGE = 50


class Reference(msgspec.Struct):
    type: str
    id: str


class Relationship(msgspec.Struct):
    data: Reference | list[Reference] | None = None


class Resource(msgspec.Struct):
    """Anything of JSON:API: a post, a user, a discussion."""

    type: str
    id: str
    attributes: dict[str, Any] = {}
    relationships: dict[str, Relationship] = {}


class Links(msgspec.Struct):
    next: str | None = None


class Document(msgspec.Struct):
    data: list[Resource]
    included: list[Resource] = []
    links: Links = msgspec.field(default_factory=Links)


class Flarum(Platform[ForumOptions]):
    name = NAME
    facts = Facts(
        about="posts of the Flarum forums you name",
        needs="url",
        streams=False,
        searches=(),
        deletions=True,
        proved="constructed",
        limits="every public post; edits, and what is hidden, among those of the last hour",
    )
    options = ForumOptions

    def sources(self) -> Sequence[Source]:
        every = timedelta(seconds=self.chosen.poll_seconds)
        bases = dict.fromkeys(forum.strip().rstrip("/") for forum in self.chosen.forums)
        return [Forum(base, every, self.http) for base in bases]


class Forum(Listing):
    """All of one forum, without the lines that say who renamed or closed what."""

    def __init__(self, base: str, every: timedelta, http: Client) -> None:
        self.base = base
        self.name = base.partition("://")[2]
        self.every = every
        self.http = http

    async def page(self, place: str | None) -> Page:
        begin = int(place or 0)
        params: dict[str, str | int] = {
            "filter[type]": "comment",
            "sort": "-createdAt",
            "include": "user,discussion",
            "page[limit]": PAGE,
            "page[offset]": begin,
        }
        answer = await self.http.get(f"{self.base}/api/posts", params=params)
        told: Document = answer.shaped(Document)
        around = {(one.type, one.id): one.attributes for one in told.included}
        hidden = [post.id for post in told.data if post.attributes.get("isHidden")]
        return Page(
            [self._post(post, around) for post in told.data if post.id not in hidden],
            next=str(begin + len(told.data)) if told.links.next and told.data else None,
            deletions=[Deletion(platform=NAME, id=self._id(number), lasting=False) for number in hidden],
        )

    def _id(self, number: str) -> str:
        return f"{self.base}/api/posts/{number}"

    def _post(self, told: Resource, around: Mapping[tuple[str, str], Mapping[str, Any]]) -> Post:
        user = around.get(_related(told, "user"), {})
        place = _related(told, "discussion")
        said = plain(_text(told.attributes, "contentHtml"))
        number = told.attributes.get("number")
        discussion = f"{self.base}/d/{place[1]}" if place[1] else None
        return Post(
            platform=NAME,
            id=self._id(told.id),
            url=f"{discussion}/{number}" if discussion and isinstance(number, int) else discussion,
            instance=self.name,
            author=_text(user, "username") or None,
            author_name=_text(user, "displayName") or None,
            author_url=f"{self.base}/u/{_text(user, 'username')}" if _text(user, "username") else None,
            title=_text(around.get(place, {}), "title").strip() or None,
            text=said.text,
            posted_at=claimed(told.attributes.get("createdAt")),
            edited_at=claimed(told.attributes.get("editedAt")),
            kind="post" if number == 1 else "comment",
            parent=None if number == 1 else discussion,
            links=said.links,
            alt_texts=said.alt_texts,
        )


def _related(told: Resource, name: str) -> tuple[str, str]:
    """Type and id of what the post belongs to; empty texts if the forum does not say."""
    found = told.relationships.get(name, Relationship()).data
    return (found.type, found.id) if isinstance(found, Reference) else ("", "")


def _text(attributes: Mapping[str, Any], name: str) -> str:
    value = attributes.get(name)
    return wellformed(value) if isinstance(value, str) else ""
