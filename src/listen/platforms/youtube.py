"""New videos of the YouTube channels and playlists that you name, by their feeds.

API     https://www.youtube.com/feeds/videos.xml?channel_id=UC... (Atom, no account)
Limits  the newest 15 videos of each; none published for asking
Cursor  ids and words of the videos seen, and the feed's ETag
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

import msgspec

from listen.feed.entry import Entry, Shaping
from listen.feed.source import FeedSource, Place
from listen.http.wire import host_of
from listen.post import Post
from listen.reviews import Name, named
from listen.source import Facts, Options, Platform, Source

Channel = Annotated[str, msgspec.Meta(pattern=r"^(UC[\w-]{22}|(PL|UU|FL|OL)[\w-]{10,60})$")]


class YouTubeOptions(Options, frozen=True, kw_only=True):
    """`[platforms.youtube]`. `channels` are ids of channels (UC...) and playlists (PL...), alone or with the name of
    what their videos are about."""

    channels: tuple[Channel, ...] | Mapping[Channel, Name] = ()
    every_minutes: Annotated[int, msgspec.Meta(ge=5, le=1_440)] = 15
    url: str = "https://www.youtube.com"


class YouTube(Platform[YouTubeOptions]):
    """One source a channel or playlist."""

    name = "youtube"
    facts = Facts(
        about="titles and descriptions of new videos of the YouTube channels and playlists you name",
        needs="url",
        streams=False,
        searches=(),
        deletions=False,
        proved="recorded",
        limits="the newest 15 videos of each; no comments and no search, which take a key",
    )
    options: ClassVar[type[Options]] = YouTubeOptions

    def sources(self) -> Sequence[Source]:
        return [self._feed(channel, about) for channel, about in named(self.chosen.channels).items()]

    def _feed(self, channel: str, about: str) -> Source:
        kind = "channel_id" if channel.startswith("UC") else "playlist_id"
        url = f"{self.chosen.url.rstrip('/')}/feeds/videos.xml?{kind}={channel}"
        every = timedelta(minutes=self.chosen.every_minutes)
        place = Place(url, channel, channel, seeks=False)
        return FeedSource(place, self.http, every, comments=False, shaping=_shaping(about, url))


def _shaping(about: str, url: str) -> Shaping:
    def shaped(post: Post, entry: Entry) -> Post | None:
        """The video that an entry is; what has no id of a video is none."""
        video = (entry.id or "").removeprefix("yt:video:")
        if not re.fullmatch(r"[\w-]{6,20}", video):
            return None
        by = urlsplit(entry.author_url or "").path.removeprefix("/channel/")
        return msgspec.structs.replace(
            post,
            platform=YouTube.name,
            id=video,
            kind="post",
            about=about or None,
            author_id=by if by.startswith("UC") else None,
            instance=host_of(url),
        )

    return shaped
