"""Reviews of firms on Trustpilot.

API     https://developers.trustpilot.com/business-units-api (a key of Trustpilot for Business, a paid account)
Limits  not published; 100 reviews a page
Cursor  ids and words of the reviews seen, and when that was
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar
from urllib.parse import quote

from listen.http import Secret
from listen.mapping.listing import Mapped, Pace, Place
from listen.mapping.paging import Paging
from listen.mapping.shape import Fields, Shape
from listen.reviews import FIRST, LATE, Id, Minutes, Name, needs_key
from listen.source import Facts, Options, Platform, Source

_FIELDS = Fields(
    id="id",
    url="https://www.trustpilot.com/reviews/{id}",
    author="consumer.displayName",
    author_id="consumer.id",
    text="text",
    title="title",
    posted_at="createdAt",
    edited_at="updatedAt",
    rating="stars",
    lang="language",
    likes="numberOfLikes",
)
_PAGING = Paging(by="page", parameter="page", start=1, size=100)


class TrustpilotOptions(Options, frozen=True, kw_only=True):
    """`[platforms.trustpilot]`. `firms` maps ids of business units to what their reviews are about."""

    firms: Mapping[Id, Name] = {}
    key: Secret | None = None
    every_minutes: Minutes = 60
    api: str = "https://api.trustpilot.com"

    def __post_init__(self) -> None:
        needs_key(self.firms, self.key, "firms")


class Trustpilot(Platform[TrustpilotOptions]):
    """One source a firm."""

    name = "trustpilot"
    facts = Facts(
        about="reviews of the firms you name on Trustpilot",
        needs="key",
        streams=False,
        searches=(),
        deletions=False,
        proved="constructed",
        limits="what the account behind the key may read",
    )
    options: ClassVar[type[Options]] = TrustpilotOptions

    def sources(self) -> Sequence[Source]:
        return [self._firm(firm, about) for firm, about in self.chosen.firms.items()]

    def _firm(self, firm: str, about: str) -> Source:
        reviews = f"{self.chosen.api.rstrip('/')}/v1/business-units/{quote(firm, safe='')}/reviews"
        return Mapped(
            Place(
                platform=self.name,
                name=firm,
                url=f"{reviews}?perPage=100&orderBy=createdat.desc",
                headers={"apikey": self.chosen.key} if self.chosen.key else {},
            ),
            Shape(posts="reviews", fields=_FIELDS, kind="review", about=about),
            _PAGING,
            Pace(
                every=timedelta(minutes=self.chosen.every_minutes),
                overlap=LATE,
                first=FIRST,
            ),
            self.http,
            self.interest,
        )
