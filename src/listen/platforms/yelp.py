"""Reviews of businesses on Yelp: the beginnings of the newest few.

API     https://docs.developer.yelp.com/reference/v3_business_reviews (a key; a paid plan after a trial)
Limits  by plan: calls a day, and how many reviews of a business are shown; 160 characters of each
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
    url="url",
    author="user.name",
    author_id="user.id",
    author_url="user.profile_url",
    text="text",
    posted_at="time_created",
    rating="rating",
)


class YelpOptions(Options, frozen=True, kw_only=True):
    """`[platforms.yelp]`. `businesses` maps ids or aliases to what their reviews are about."""

    businesses: Mapping[Id, Name] = {}
    key: Secret | None = None
    every_minutes: Minutes = 240
    api: str = "https://api.yelp.com"

    def __post_init__(self) -> None:
        needs_key(self.businesses, self.key, "businesses")


class Yelp(Platform[YelpOptions]):
    """One source a business."""

    name = "yelp"
    facts = Facts(
        about="the beginnings of the newest reviews of the businesses you name on Yelp",
        needs="key",
        streams=False,
        searches=(),
        deletions=False,
        proved="constructed",
        limits="three reviews of each business, more on larger plans, 160 characters of each; read the terms",
    )
    options: ClassVar[type[Options]] = YelpOptions

    def sources(self) -> Sequence[Source]:
        return [self._business(business, about) for business, about in self.chosen.businesses.items()]

    def _business(self, business: str, about: str) -> Source:
        reviews = f"{self.chosen.api.rstrip('/')}/v3/businesses/{quote(business, safe='')}/reviews"
        return Mapped(
            Place(platform=self.name, name=business, url=f"{reviews}?sort_by=newest", token=self.chosen.key),
            # "The time that the review was created in PST", says the documentation.
            Shape(posts="reviews", fields=_FIELDS, kind="review", about=about, time_zone="-08:00"),
            Paging(),
            Pace(
                every=timedelta(minutes=self.chosen.every_minutes),
                order="arrival",
                overlap=LATE,
                first=FIRST,
                cut="Yelp shows only its newest reviews, and all are new",
            ),
            self.http,
            self.interest,
        )
