"""Videos and comments of YouTube: channels and playlists by their feeds; with a key its search, and channels' comments.

API     https://www.youtube.com/feeds/videos.xml?channel_id=UC... (Atom, no account); with a key
        https://developers.google.com/youtube/v3/docs
Limits  feeds: the newest 15 videos; a key: 100 searches and 10,000 units a day, which begins at midnight in California
Cursor  ids and words of what was seen; of feeds also their ETag
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, ClassVar

from msgspec import Meta

from listen.feed.source import FeedSource, Place
from listen.http import Allowance, Secret
from listen.http.wire import host_of
from listen.login.google import YOUTUBE_LOGIN
from listen.platforms.youtube.api import Api
from listen.platforms.youtube.comments import Comments
from listen.platforms.youtube.feeds import shaping
from listen.platforms.youtube.search import Search
from listen.query.asking import asked
from listen.query.dialects import YOUTUBE
from listen.reviews import Name, named, needs_key
from listen.source import Facts, Options, Platform, Source
from listen.visit import Offer, Visit

Channel = Annotated[str, Meta(pattern=r"^(UC[\w-]{22}|(PL|UU|FL|OL)[\w-]{10,60})$")]
OwnChannel = Annotated[str, Meta(pattern=r"^UC[\w-]{22}$")]

_PACIFIC = "America/Los_Angeles"


class YouTubeOptions(Options, frozen=True, kw_only=True):
    """`[platforms.youtube]`. `channels` are ids of channels (UC...) and playlists (PL...), `comments` of channels whose
    comments are heard; alone, or with the name of what they are about."""

    counted: ClassVar[bool] = True

    channels: tuple[Channel, ...] | Mapping[Channel, Name] = ()
    every_minutes: Annotated[int, Meta(ge=5, le=1_440)] = 15
    url: str = "https://www.youtube.com"
    key: Secret | None = None
    search: bool = True
    comments: tuple[OwnChannel, ...] | Mapping[OwnChannel, Name] = ()
    comments_minutes: Annotated[int, Meta(ge=1, le=1_440)] = 5
    searches_per_day: Annotated[int, Meta(ge=1)] = 100
    units_per_day: Annotated[int, Meta(ge=1)] = 10_000
    api: str = "https://www.googleapis.com/youtube/v3"

    def __post_init__(self) -> None:
        needs_key(dict(named(self.comments)), self.key, "comments")


class YouTube(Platform[YouTubeOptions]):
    """One source a channel or playlist; with a key one a search, and one for the comments of each channel."""

    name = "youtube"
    facts = Facts(
        about="new videos of the YouTube channels and playlists you name; with a key, search and comments of channels",
        needs="url",
        streams=False,
        searches=("words",),
        deletions=False,
        proved="recorded",
        limits="the newest 15 videos of a feed; search and comments take a key: 100 searches a day, never complete",
        keep=timedelta(days=30),
        keep_by_key=True,
    )
    options: ClassVar[type[Options]] = YouTubeOptions
    login = YOUTUBE_LOGIN

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The channel, if the address names its id; a handle is not one."""
        name = visit.named(r"(?:m\.)?youtube\.com/channel/(UC[\w-]{22})(?:/.*)?")
        return (
            [Offer(platform=cls.name, option="channels", value=name, about="new videos of a channel")] if name else ()
        )

    def sources(self) -> Sequence[Source]:
        feeds = [self._feed(channel, about) for channel, about in named(self.chosen.channels).items()]
        return [*feeds, *self._of_the_key()]

    def _feed(self, channel: str, about: str) -> Source:
        kind = "channel_id" if channel.startswith("UC") else "playlist_id"
        url = f"{self.chosen.url.rstrip('/')}/feeds/videos.xml?{kind}={channel}"
        every = timedelta(minutes=self.chosen.every_minutes)
        place = Place(url, channel, channel, seeks=False)
        return FeedSource(place, self.http, every, comments=False, shaping=shaping(about, url))

    def _of_the_key(self) -> list[Source]:
        chosen = self.chosen
        if chosen.key is None:
            return []
        api = Api(
            chosen.api.rstrip("/"),
            chosen.key,
            self.http,
            searches=self.http.spending(_daily("searches", chosen.searches_per_day, spread=True)),
            units=self.http.spending(_daily("units", chosen.units_per_day)),
            instance=host_of(chosen.url),
        )
        queries = asked(self.interest.queries, YOUTUBE).searches if chosen.search else ()
        every = timedelta(minutes=chosen.comments_minutes)
        return [
            *(Search(api, query, of=len(queries)) for query in queries),
            *(Comments(api, channel, about, every) for channel, about in named(chosen.comments).items()),
        ]


def _daily(what: str, limit: int, *, spread: bool = False) -> Allowance:
    said = f"{what}_per_day = {limit}"
    return Allowance(account=what, unit=what, limit=limit, said=said, zone=_PACIFIC, spread=spread)
