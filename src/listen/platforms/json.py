"""Networks of your own: whatever answers JSON, described in the config instead of programmed.

API     what the config says: an address, where the posts are in its answer, and how its pages are asked for
Limits  what the config says (`every_minutes`, `requests_per_minute`), and what the server says in its answers
Cursor  ids and words of the posts seen, and when that was
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import quote, urlsplit

import msgspec

from listen.http import Secret
from listen.mapping.listing import Mapped, Pace, Place
from listen.mapping.paging import Paging
from listen.mapping.shape import Shape
from listen.query.asking import asked
from listen.query.dialects import JSON
from listen.source import Facts, Options, Platform, Source

_PLACEHOLDER = "{query}"


class Definition(Shape, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One `[[platforms.json.source]]`: an address, and how its answer is read (`Shape`) and walked (`Listing`).

    With `{query}` in it the address is a search, asked for the topics' words one by one; without, all is heard and
    decided here. `headers` go as they stand; `secret_headers` and `secret_parameters` hold keys, `token` a bearer's.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[\w.-]{1,60}$")]
    url: str
    paging: Paging = Paging()
    order: Literal["arrival", "date"] = "date"
    overlap_minutes: Annotated[int, msgspec.Meta(ge=0, le=43_200)] = 60
    first_days: Annotated[int, msgspec.Meta(ge=0, le=3_650)] = 1
    most_pages: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 20
    every_minutes: Annotated[float, msgspec.Meta(ge=0.1, le=10_080)] = 15
    token: Secret | None = None
    headers: Mapping[str, str] = {}
    secret_headers: Mapping[str, Secret] = {}
    secret_parameters: Mapping[str, Secret] = {}

    def __post_init__(self) -> None:
        super().__post_init__()
        parts = urlsplit(self.url.replace(_PLACEHOLDER, "q"))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"url: {self.url!r} is not an address of the web; write https://example.com/reviews.json")
        if "{" in self.url.replace(_PLACEHOLDER, ""):
            raise ValueError("url: knows only {query}; how further pages are asked for is said by 'paging'")

    @property
    def pace(self) -> Pace:
        alone = self.paging.by == "none"
        return Pace(
            every=timedelta(minutes=self.every_minutes),
            order=self.order,
            overlap=timedelta(minutes=self.overlap_minutes),
            first=timedelta(days=self.first_days),
            most_pages=self.most_pages,
            cut="there is one page only, and all posts on it are new" if alone else None,
        )


class JsonOptions(Options, frozen=True, kw_only=True):
    """`[platforms.json]`. Each `[[platforms.json.source]]` describes one place."""

    source: tuple[Definition, ...] = ()

    def __post_init__(self) -> None:
        names = [definition.name for definition in self.source]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two sources are called {name!r}; give each a name of its own")


class Json(Platform[JsonOptions]):
    """One source for each description, or for each of its searches."""

    name = "json"
    facts = Facts(
        about="whatever answers JSON: describe where its posts are, and it is listened to",
        needs="url",
        streams=False,
        searches=("word",),
        deletions=False,
        proved="constructed",
        limits="what the places show that you describe",
    )
    options: ClassVar[type[Options]] = JsonOptions

    def sources(self) -> Sequence[Source]:
        return [source for definition in self.chosen.source for source in self._sources(definition)]

    def _sources(self, definition: Definition) -> Iterator[Source]:
        if _PLACEHOLDER not in definition.url:
            yield self._source(definition, definition.name, definition.url)
            return
        for search in asked(self.interest.queries, JSON).searches:
            url = definition.url.replace(_PLACEHOLDER, quote(search, safe=""))
            yield self._source(definition, f"{definition.name}: {search}", url)

    def _source(self, definition: Definition, name: str, url: str) -> Source:
        headers: dict[str, Any] = {**definition.headers, **definition.secret_headers}
        place = Place(
            platform=self.name,
            name=name,
            url=url,
            scope=definition.name,
            instance=definition.name,
            token=definition.token,
            headers=headers,
            parameters=dict(definition.secret_parameters),
        )
        return Mapped(place, definition, definition.paging, definition.pace, self.http, self.interest)
