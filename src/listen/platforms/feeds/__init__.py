"""Blogs, news, forums and their comments by their feeds: RSS, Atom and JSON Feed.

API     https://www.rssboard.org/rss-specification, RFC 4287, RFC 5005 (paging), https://www.jsonfeed.org
Limits  the servers' own; each feed is asked for only if it has changed, and not before it says that it may have
Cursor  address, ETag, and the ids and words of the entries seen; dates are forged or missing, and not used
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import msgspec

from listen.feed.source import FeedSource, Place, place_of
from listen.platforms.feeds.news import searches
from listen.platforms.feeds.offering import offers
from listen.source import Facts, Options, Platform, Source
from listen.visit import Offer, Visit

Language = Annotated[str, msgspec.Meta(pattern="^[a-z]{2}(-[A-Z]{2})?$")]


class FeedOptions(Options, frozen=True, kw_only=True):
    """`[platforms.feeds]`. `urls` are addresses of feeds, or of pages that offer one; `comments` follows the comments
    of WordPress, Blogger and Disqus too, but not of those in `without_comments`; `news` searches Google News for the
    watchlist's terms."""

    urls: tuple[str, ...] = ()
    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 15
    comments: bool = True
    without_comments: tuple[str, ...] = ()
    news: bool = False
    news_languages: tuple[Language, ...] = ("de", "en")
    news_url: str = "https://news.google.com/rss/search"

    def __post_init__(self) -> None:
        for url in (*self.urls, *self.without_comments):
            if not _is_address(url):
                raise ValueError(f"{url!r} is not an address of the web; write https://example.com/feed/")


class Feeds(Platform[FeedOptions]):
    """One source a feed, whatever its format."""

    name = "feeds"
    facts = Facts(
        about="feeds of blogs, news and forums (RSS, Atom, JSON Feed), their comments, Google Alerts and News",
        needs="url",
        streams=False,
        searches=(),
        deletions=False,
        proved="server",
        limits="what the feeds you name still show, mostly the newest 10 to 100 entries; some hold summaries only",
    )
    options = FeedOptions

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The feeds that the address names, or that its network is known to have."""
        return await offers(visit)

    def sources(self) -> Sequence[Source]:
        """A source for each address, and with `news` for each language and dozen of terms."""
        chosen, every = self.chosen, timedelta(minutes=self.chosen.every_minutes)
        addresses = list(dict.fromkeys(_address(url) for url in chosen.urls))
        commented = set(addresses) - set(map(_address, chosen.without_comments)) if chosen.comments else set()
        feeds = [
            FeedSource(place_of(url), self.http, every, comments=url in commented, others=addresses)
            for url in addresses
        ]
        asked = searches(chosen.news_url, self.interest.queries, chosen.news_languages) if chosen.news else []
        news = [FeedSource(Place(url, name, chosen.news_url), self.http, every, comments=False) for name, url in asked]
        return [*feeds, *news]


def _is_address(url: str) -> bool:
    scheme, mark, rest = url.strip().partition("://")
    return bool(rest if mark else scheme) and (not mark or scheme.lower() in ("http", "https", "feed"))


def _address(url: str) -> str:
    """`example.com` and `feed://example.com` as addresses that can be asked."""
    scheme, mark, rest = url.strip().partition("://")
    if not mark:
        return f"https://{scheme}"
    return f"https://{rest}" if scheme.lower() == "feed" else url.strip()
