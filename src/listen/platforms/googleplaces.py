"""Reviews of places on Google Maps: five of each, those that Google finds relevant.

API     https://developers.google.com/maps/documentation/places/web-service/place-details (Places API (New), a key)
Limits  five reviews of a place "sorted by relevance", with no other order and no second page; each call costs
Cursor  ids and words of the reviews seen
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar
from urllib.parse import quote

from listen.errors import Refused, Unacceptable
from listen.http import Secret
from listen.listing import Page
from listen.mapping.listing import Mapped, Pace, Place
from listen.mapping.paging import Paging
from listen.mapping.shape import Fields, Shape
from listen.reviews import FIRST, Id, Minutes, Name, needs_key
from listen.source import Facts, Options, Platform, Source

_ASKED = "id,reviews"  # nothing that costs more
_FIELDS = Fields(
    id="name",
    url="googleMapsUri",
    author="authorAttribution.displayName",
    author_url="authorAttribution.uri",
    text="originalText.text|text.text",  # `text` may be a translation
    posted_at="publishTime",
    rating="rating",
    lang="originalText.languageCode|text.languageCode",
)


class GooglePlacesOptions(Options, frozen=True, kw_only=True):
    """`[platforms.googleplaces]`. `places` maps place ids to what their reviews are about."""

    places: Mapping[Id, Name] = {}
    key: Secret | None = None
    every_minutes: Minutes = 720
    api: str = "https://places.googleapis.com"

    def __post_init__(self) -> None:
        needs_key(self.places, self.key, "places")


class GooglePlaces(Platform[GooglePlacesOptions]):
    """One source a place."""

    name = "googleplaces"
    facts = Facts(
        about="five reviews of each of the places you name on Google Maps",
        needs="key",
        streams=False,
        searches=(),
        deletions=False,
        proved="constructed",
        limits="five reviews of a place, never all; each call costs; read Google's terms on keeping them",
    )
    options: ClassVar[type[Options]] = GooglePlacesOptions

    def sources(self) -> Sequence[Source]:
        return [PlaceReviews(place, about, self) for place, about in self.chosen.places.items()]


class PlaceReviews(Mapped):
    """The reviews of one place."""

    def __init__(self, place: str, about: str, platform: GooglePlaces) -> None:
        chosen = platform.chosen
        keys = {"X-Goog-Api-Key": chosen.key} if chosen.key else {}
        super().__init__(
            Place(
                platform=platform.name,
                name=place,
                url=f"{chosen.api.rstrip('/')}/v1/places/{quote(place, safe='')}",
                headers={"X-Goog-FieldMask": _ASKED, **keys},
            ),
            Shape(posts="reviews", fields=_FIELDS, kind="review", about=about, may_lack_posts=True),
            Paging(),
            Pace(
                every=timedelta(minutes=chosen.every_minutes),
                order="arrival",
                first=FIRST,
                cut="Google shows five reviews of a place, and all are new",
            ),
            platform.http,
            platform.interest,
        )

    async def page(self, place: str | None) -> Page:
        try:
            return await super().page(place)
        except Unacceptable as problem:
            if "API key" in str(problem):  # 400 where others say 401
                raise Refused(str(problem)) from problem
            raise
