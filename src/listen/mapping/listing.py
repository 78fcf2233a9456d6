"""A listing that is described rather than programmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

import msgspec

from listen.errors import BadAnswer
from listen.http import Client, Secret
from listen.http.wire import host_of
from listen.listing import Listing, Page
from listen.mapping.paging import Paging, with_parameters
from listen.mapping.shape import Shape
from listen.post import Post
from listen.reviews import remark_on
from listen.source import Interest

_SHOWN = 3  # posts that `check` tells
_LENGTH = 60  # characters of each


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked, and with which keys. `name` is the source's; `scope` and `instance` are those of `Shape.post`."""

    platform: str
    name: str
    url: str
    scope: str | None = None
    instance: str | None = None
    token: Secret | None = None
    headers: dict[str, str | Secret] = {}
    parameters: dict[str, Secret] = {}


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How a listing is walked: `every` so often, the rest as `Listing` has it.

    `cut` says why the network may have older posts that it does not show.
    """

    every: timedelta
    order: Literal["arrival", "date"] = "date"
    overlap: timedelta = Listing.overlap
    first: timedelta = Listing.first
    most_pages: int = Listing.most_pages
    cut: str | None = None


class Mapped(Listing):
    """The posts at one place."""

    def __init__(
        self, place: Place, shape: Shape, paging: Paging, pace: Pace, http: Client, interest: Interest
    ) -> None:
        self.name = place.name
        self.place = place
        self.shape = shape
        self.paging = paging
        self.cut = pace.cut
        self.every = pace.every
        self.order = pace.order
        self.overlap = pace.overlap
        self.first = pace.first
        self.most_pages = pace.most_pages
        self.http = http
        self.interest = interest

    async def page(self, place: str | None) -> Page:
        return (await self._asked(place))[0]

    async def check(self) -> str:
        """The first posts as they are read, and which fields none of them has."""
        page, things = await self._asked(None)
        if not page.posts:
            return "answers; nothing there yet"
        count = f"{len(page.posts)} {'post' if len(page.posts) == 1 else 'posts'}"
        shown = "; ".join(map(_shown, page.posts[:_SHOWN]))
        missing = [name for name, _ in self.shape.fields.told() if not any(self.shape.has(name, it) for it in things)]
        missed = f"; none has {', '.join(missing)}" if missing else ""
        return f"{count}: {shown}{missed}{remark_on(page.posts[0].about, self.interest)}"

    async def _asked(self, place: str | None) -> tuple[Page, Sequence[Any]]:
        asked = self.paging.address(self.place.url, place)
        if self.place.parameters:
            asked = with_parameters(asked, {name: key.reveal() for name, key in self.place.parameters.items()})
        answer = await self.http.get(asked, headers=self.place.headers, token=self.place.token)
        told = answer.json()
        things = self.shape.objects(told)
        if things is None:
            raise BadAnswer(f"{host_of(answer.url)} has no list at {self.shape.posts!r}{_there(told)}")
        posts = [post for thing in things if (post := self._post(thing))]
        if things and not posts:
            raise BadAnswer(f"{host_of(answer.url)} has no id at {self.shape.fields.id!r}{_there(things[0])}")
        following = self.paging.after(place, answer, told, len(things))
        return Page(posts, next=following, cut=None if following else self.cut), things

    def _post(self, thing: Any) -> Post | None:
        return self.shape.post(thing, self.place.platform, self.place.scope, self.place.instance)


def _there(told: Any) -> str:
    """What stands where something else was expected."""
    if isinstance(told, dict):
        return f"; there are {', '.join(map(repr, list(told)[:8]))}" if told else "; there is nothing"
    return "; there is a list" if isinstance(told, list) else "; there is a single value"


def _shown(post: Post) -> str:
    """One post in a few words, for `check`."""
    words = " ".join(post.document.split())
    words = words if len(words) <= _LENGTH else words[: _LENGTH - 1] + "…"
    when = f"{post.posted_at:%Y-%m-%d %H:%M}" if post.posted_at else None
    rated = None if post.rating is None else f"{post.rating:g}/5"
    return " ".join(filter(None, (when, post.author, rated, f"“{words}”")))
