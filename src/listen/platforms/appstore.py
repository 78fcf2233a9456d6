"""Reviews of apps in Apple's App Store.

API     https://itunes.apple.com/COUNTRY/rss/customerreviews/page=1/id=APP/sortby=mostrecent/xml (Atom, no account)
Limits  none published; the newest 500 of each country, 50 a page, made anew every few hours
Cursor  ids and words of the reviews seen, and when that was; reviews come late, as they are moderated
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, ClassVar

import msgspec

from listen.errors import BadAnswer
from listen.feed.entry import Entry, Feed
from listen.feed.finding import understood
from listen.http import Client
from listen.http.wire import host_of
from listen.listing import Listing, Page
from listen.post import Post
from listen.reviews import FIRST, LATE, Id, Minutes, Name, remark_on
from listen.source import Facts, Interest, Options, Platform, Source

PAGES = 10  # the eleventh is an error
_PAGE = 50
Country = Annotated[str, msgspec.Meta(pattern="^[a-z]{2}$")]


class AppStoreOptions(Options, frozen=True, kw_only=True):
    """`[platforms.appstore]`. `apps` maps the number in an app's address to what its reviews are about."""

    apps: Mapping[Id, Name] = {}
    countries: tuple[Country, ...] = ("us", "gb", "de", "at", "ch")
    every_minutes: Minutes = 60
    api: str = "https://itunes.apple.com"

    def __post_init__(self) -> None:
        for app in self.apps:
            if not re.fullmatch("[0-9]{1,15}", app):
                raise ValueError(f"apps: {app!r} is no app; write the number behind 'id' in its address, 302584613")


class AppStore(Platform[AppStoreOptions]):
    """One source for each app and country, as every country has a store, and reviews, of its own."""

    name = "appstore"
    facts = Facts(
        about="reviews of the apps you name in Apple's App Store, country by country",
        needs="url",
        streams=False,
        searches=(),
        deletions=False,
        proved="constructed",
        limits="the newest 500 reviews of each country; stars without words are not shown; no answers of developers",
    )
    options: ClassVar[type[Options]] = AppStoreOptions

    def sources(self) -> Sequence[Source]:
        countries = dict.fromkeys(self.chosen.countries)
        return [
            AppReviews(app, about, country, self.chosen, self.interest, self.http)
            for app, about in self.chosen.apps.items()
            for country in countries
        ]


class AppReviews(Listing):
    """The reviews of one app in one country.

    XML, since the JSON of the same address comes empty at random. Addresses are made here, not taken from the feed,
    where they lead to servers within Apple.
    """

    order = "date"
    overlap = LATE
    first = FIRST

    def __init__(
        self, app: str, about: str, country: str, chosen: AppStoreOptions, interest: Interest, http: Client
    ) -> None:
        self.name = f"{app} in {country.upper()}"
        self.about = about.strip() or None
        self.interest = interest
        self.http = http
        self.every = timedelta(minutes=chosen.every_minutes)
        self.country = country
        self.app = app
        self.reviews = f"{chosen.api.rstrip('/')}/{country}/rss/customerreviews"

    async def page(self, place: str | None) -> Page:
        number = int(place or 1)
        answer = await self.http.get(f"{self.reviews}/page={number}/id={self.app}/sortby=mostrecent/xml")
        feed = await understood(answer)
        if not isinstance(feed, Feed):
            raise BadAnswer(f"{host_of(answer.url)} shows a page where its reviews should be")
        more = bool(feed.entries) and (feed.next is not None or len(feed.entries) >= _PAGE)
        return Page(
            [self._post(entry, entry.id) for entry in feed.entries if entry.id and entry.rating is not None],
            next=str(number + 1) if more and number < PAGES else None,
            cut=f"the App Store shows no more than {PAGES} pages of reviews" if more else None,
        )

    async def check(self) -> str:
        return await super().check() + remark_on(self.about, self.interest)

    def _post(self, entry: Entry, review: str) -> Post:
        """No `lang`: the feed claims the language of the store, whoever wrote. Reviews have no address of their own."""
        author = re.search(r"/id([0-9]+)$", entry.author_url or "")
        return Post(
            platform=AppStore.name,
            id=review,
            url=f"https://apps.apple.com/{self.country}/app/id{self.app}",
            author=entry.author,
            author_id=author[1] if author else None,
            author_url=entry.author_url,
            text=entry.body.text,
            title=entry.title,
            about=self.about,
            posted_at=entry.updated,
            kind="review",
            instance=f"apps.apple.com/{self.country}",
            rating=entry.rating,
        )
