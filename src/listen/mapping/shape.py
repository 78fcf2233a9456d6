"""From one object of an answer to a post, by the paths of its fields."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, get_args
from urllib.parse import quote

import msgspec

from listen.feed.entry import claimed_lang, hashtags_of, web_address
from listen.mapping.path import Path
from listen.plain import LIMIT, plain, wellformed
from listen.post import Kind, Post
from listen.reviews import stars
from listen.when import claimed, zone_named

_MOST = 50  # hashtags
_KINDS = frozenset(get_args(Kind))


class Fields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the fields of a post stand in an object; those without a path stay unknown.

    `url` may be an address with `{id}` in it instead.
    """

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    author: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    posted_at: str | None = None
    edited_at: str | None = None
    kind: str | None = None
    rating: str | None = None
    about: str | None = None
    lang: str | None = None
    hashtags: str | None = None
    likes: str | None = None
    reposts: str | None = None
    replies: str | None = None
    views: str | None = None
    parent: str | None = None

    def __post_init__(self) -> None:
        for name, path in self.told():
            try:
                Path(path)
            except ValueError as problem:
                raise ValueError(f"{name}: {problem}") from None

    def told(self) -> Iterator[tuple[str, str]]:
        """Each field with a path, and the path; an address with `{id}` is none."""
        for name in self.__struct_fields__:
            path = getattr(self, name)
            if path is not None and not (name == "url" and "{id}" in path):
                yield name, path


class Shape(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """How posts look: `posts` is the path to their list. `kind` and `about` are those of posts that do not tell theirs.

    Times are read in every common form, or by `time_format` (as Python's strptime); those without a zone are of
    `time_zone`. Ratings go up to `best`. Texts are HTML if `html`. An answer without the list is an error, unless
    `may_lack_posts` says that it has no posts then.
    """

    fields: Fields
    posts: str = ""
    kind: Kind = "post"
    about: str | None = None
    html: bool = False
    may_lack_posts: bool = False
    best: Annotated[float, msgspec.Meta(gt=0)] = 5
    time_format: str | None = None
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        try:
            zone_named(self.time_zone)
        except ValueError as problem:
            raise ValueError(f"time_zone: {problem}") from None
        try:
            Path(self.posts)
        except ValueError as problem:
            raise ValueError(f"posts: {problem}") from None

    @cached_property
    def _paths(self) -> dict[str, Path]:
        return {name: Path(path) for name, path in self.fields.told()}

    def objects(self, answer: Any) -> list[Any] | None:
        """The objects that are posts; None where the path leads to no list."""
        found = Path(self.posts).found(answer)
        if found is None and self.may_lack_posts and isinstance(answer, dict):
            return []
        return found if isinstance(found, list) else None

    def has(self, name: str, thing: Any) -> bool:
        """Whether the object holds the field."""
        return name in self._paths and self._paths[name].found(thing) is not None

    def post(self, thing: Any, platform: str, scope: str | None = None, instance: str | None = None) -> Post | None:
        """The post that the object is, None if it has no id. Ids of one `scope` mean nothing in another."""
        identity = self._line(thing, "id")
        if identity is None:
            return None
        kind = self._line(thing, "kind")
        return Post(
            platform=platform,
            id=f"{scope}:{identity}" if scope else identity,
            url=self._url(thing, identity),
            author=self._line(thing, "author") or self._line(thing, "author_name"),
            author_id=self._line(thing, "author_id"),
            author_name=self._line(thing, "author_name"),
            author_url=web_address(self._line(thing, "author_url")),
            text=self._words(thing, "text") or "",
            title=" ".join((self._words(thing, "title") or "").split()) or None,
            about=self._line(thing, "about") or self.about or None,
            posted_at=self._moment(thing, "posted_at"),
            edited_at=self._moment(thing, "edited_at"),
            kind=kind if kind in _KINDS else self.kind,  # type: ignore[arg-type]  # it is one of them
            instance=instance,
            rating=stars(self._value(thing, "rating"), self.best),
            lang=claimed_lang(self._line(thing, "lang")),
            hashtags=self._hashtags(thing),
            likes=self._count(thing, "likes"),
            reposts=self._count(thing, "reposts"),
            replies=self._count(thing, "replies"),
            views=self._count(thing, "views"),
            parent=self._line(thing, "parent"),
        )

    def _value(self, thing: Any, name: str) -> Any:
        path = self._paths.get(name)
        return None if path is None else path.found(thing)

    def _line(self, thing: Any, name: str) -> str | None:
        """One line of text, or a number as text."""
        return " ".join(_text(self._value(thing, name)).split()) or None

    def _words(self, thing: Any, name: str) -> str | None:
        text = _text(self._value(thing, name))[:LIMIT]
        return (plain(text).text if self.html else wellformed(text).strip()) or None

    def _url(self, thing: Any, identity: str) -> str | None:
        written = self.fields.url
        if written and "{id}" in written:
            return web_address(written.replace("{id}", quote(identity, safe="")))
        return web_address(self._line(thing, "url"))

    def _moment(self, thing: Any, name: str) -> datetime | None:
        return claimed(self._value(thing, name), self.time_format, zone_named(self.time_zone))

    def _count(self, thing: Any, name: str) -> int | None:
        value = self._value(thing, name)
        known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
        return int(value) if known else None

    def _hashtags(self, thing: Any) -> tuple[str, ...]:
        value = self._value(thing, "hashtags")
        tags = value if isinstance(value, list) else _text(value).split()
        return hashtags_of(tuple(tag for tag in tags if isinstance(tag, str))[:_MOST])


def _text(value: Any) -> str:
    """Text of text, numbers, and lists of them; empty for everything else."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return "\n".join(filter(None, map(_text, value[:_MOST])))
    return wellformed(str(value)) if isinstance(value, str | int | float) else ""
