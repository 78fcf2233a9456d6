"""YouTube's search for videos, as often as a day's searches allow.

It shows titles and the beginnings of descriptions, so that videos are asked for by their ids. It is never complete, its
order by date is not quite one, and it learns of videos late: from time to time a round goes further back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from html import unescape

import msgspec

from listen.listing import Listing, Page, recalled
from listen.plain import wellformed
from listen.platforms.youtube.api import NAME, Api, is_video, read
from listen.post import Event, Post
from listen.when import claimed, now

_PAGE = 50  # the most that it gives at once
_DAY = timedelta(days=1)
_RESERVE = 1.25  # so that some searches are left for second pages
_LOOKS_BACK = timedelta(hours=3)
_SHORT, _LONG = timedelta(minutes=30), timedelta(hours=6) + _LOOKS_BACK  # what is found six hours late is not missed


class Place(msgspec.Struct, rename="camel"):
    video_id: str | None = None


class Snippet(msgspec.Struct, rename="camel"):
    published_at: str | None = None
    channel_id: str | None = None
    channel_title: str | None = None
    title: str = ""
    description: str = ""
    default_language: str | None = None
    default_audio_language: str | None = None


class Statistics(msgspec.Struct, frozen=True, rename="camel"):
    view_count: str | None = None
    like_count: str | None = None
    comment_count: str | None = None


_UNCOUNTED = Statistics()


class Found(msgspec.Struct):
    id: Place
    snippet: Snippet


class Video(msgspec.Struct):
    id: str
    snippet: Snippet
    statistics: Statistics = Statistics()


class Search(Listing):
    """One of several searches that share a day's."""

    order = "date"
    most_pages = 10

    def __init__(self, api: Api, query: str, of: int) -> None:
        self.name = f"search {query}"
        self.api = api
        self.query = query
        limit = api.searches.allowance.limit or 1
        self.every = max(timedelta(minutes=5), _DAY * _RESERVE * of / limit)
        self._after: datetime | None = None

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        seen = recalled(cursor)
        before = seen.heard_at
        self.overlap = _LONG if before is None or _period(before) != _period(now()) else _SHORT
        self._after = (min(before, now()) - self.overlap) if before else since or now() - self.first
        async for event in super().hear(cursor, since):
            yield event

    async def page(self, place: str | None) -> Page:
        params = {
            "part": "snippet", "type": "video", "q": self.query, "order": "date", "maxResults": str(_PAGE),
        }  # fmt: skip
        if self._after is not None:
            params["publishedAfter"] = self._after.strftime("%Y-%m-%dT%H:%M:%SZ")
        if place is not None:
            params["pageToken"] = place
        listed = await self.api.search(params)
        found = [one for raw in listed.items if (one := read(raw, Found)) and is_video(one.id.video_id)]
        whole = await self._videos([one.id.video_id for one in found])
        posts = [whole.get(one.id.video_id) or _post(one.id.video_id, one.snippet, self.api, cut=True) for one in found]
        is_full = len(listed.items) >= _PAGE
        cut = "YouTube's search shows no more of its results" if is_full and not listed.next_page_token else None
        return Page(posts, listed.next_page_token if found else None, cut=cut)

    async def check(self) -> str:
        """Spends no search."""
        await self.api.listed("/videos", {"part": "id", "chart": "mostPopular", "maxResults": "1"})
        used, limit = await self.api.searches.used(), self.api.searches.allowance.limit
        return f"the key works; {used} of today's {limit} searches are used, one goes out each {self.every}"

    async def _videos(self, ids: Sequence[str]) -> dict[str, Post]:
        """The videos in full, by their ids; one unit."""
        if not ids:
            return {}
        params = {"part": "snippet,statistics", "id": ",".join(ids), "maxResults": str(_PAGE)}
        listed = await self.api.listed("/videos", params)
        videos = [one for raw in listed.items if (one := read(raw, Video)) and is_video(one.id)]
        return {video.id: _post(video.id, video.snippet, self.api, video.statistics) for video in videos}


def _post(id_: str, snippet: Snippet, api: Api, counts: Statistics = _UNCOUNTED, *, cut: bool = False) -> Post:
    """The video; what a search tells of it is escaped like HTML (`cut`), a video's own words are not."""
    title, text = (unescape(part) if cut else part for part in (snippet.title, snippet.description))
    return Post(
        platform=NAME,
        id=id_,
        url=f"https://www.youtube.com/watch?v={id_}",
        author=wellformed(unescape(snippet.channel_title or "") if cut else snippet.channel_title or "") or None,
        author_id=snippet.channel_id,
        author_url=f"https://www.youtube.com/channel/{snippet.channel_id}" if snippet.channel_id else None,
        title=wellformed(title) or None,
        text=wellformed(text),
        posted_at=claimed(snippet.published_at),
        lang=snippet.default_audio_language or snippet.default_language or None,
        likes=_count(counts.like_count),
        views=_count(counts.view_count),
        replies=_count(counts.comment_count),
        instance=api.instance,
    )


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def _period(moment: datetime) -> int:
    return int(moment.timestamp() // _LOOKS_BACK.total_seconds())
