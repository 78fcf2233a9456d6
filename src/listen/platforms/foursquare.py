"""Tips that people leave at places on Foursquare.

API     https://docs.foursquare.com/fsq-developers-places/reference/place-tips (a service key)
Limits  by plan, each call is counted; the newest 50 tips of a place; no authors, no stars
Cursor  ids and words of the tips seen
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
from listen.reviews import FIRST, Id, Minutes, Name, needs_key
from listen.source import Facts, Options, Platform, Source

_VERSION = "2025-06-17"
_FIELDS = Fields(id="fsq_tip_id|id", url="url", text="text", posted_at="created_at", lang="lang", likes="agree_count")


class FoursquareOptions(Options, frozen=True, kw_only=True):
    """`[platforms.foursquare]`. `places` maps ids to what the tips left there are about."""

    places: Mapping[Id, Name] = {}
    key: Secret | None = None
    every_minutes: Minutes = 240
    api: str = "https://places-api.foursquare.com"

    def __post_init__(self) -> None:
        needs_key(self.places, self.key, "places")


class Foursquare(Platform[FoursquareOptions]):
    """One source a place."""

    name = "foursquare"
    facts = Facts(
        about="tips left at the places you name on Foursquare",
        needs="key",
        streams=False,
        searches=(),
        deletions=False,
        proved="constructed",
        limits="the newest 50 tips of each place, without their authors; each call costs",
    )
    options: ClassVar[type[Options]] = FoursquareOptions

    def sources(self) -> Sequence[Source]:
        return [self._place(place, about) for place, about in self.chosen.places.items()]

    def _place(self, place: str, about: str) -> Source:
        tips = f"{self.chosen.api.rstrip('/')}/places/{quote(place, safe='')}/tips"
        asked = "sort=NEWEST&limit=50&fields=fsq_tip_id,created_at,text,lang,url,agree_count"
        return Mapped(
            Place(
                platform=self.name,
                name=place,
                url=f"{tips}?{asked}",
                token=self.chosen.key,
                headers={"X-Places-Api-Version": _VERSION},
            ),
            Shape(fields=_FIELDS, kind="review", about=about),
            Paging(),
            Pace(
                every=timedelta(minutes=self.chosen.every_minutes),
                order="arrival",  # "from most recently added to least recently added"
                first=FIRST,
                cut="Foursquare shows no more than the newest 50 tips",
            ),
            self.http,
            self.interest,
        )
