"""PeerTube: comments below videos by each server's feed, and videos that its search finds.

API     https://docs.joinpeertube.org/api-rest-reference.html (search/videos; feeds/video-comments), no account
Limits  the servers' own; one feed and one request a search, each quarter of an hour, for each server
Cursor  of the feed its version and the entries seen, of a search the videos seen; dates decide nothing
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from listen.errors import BadAnswer
from listen.feed.entry import Entry
from listen.feed.source import FeedSource, Place
from listen.http import Client
from listen.listing import Listing, Page
from listen.plain import wellformed
from listen.post import Post
from listen.query.asking import asked
from listen.query.dialects import PEERTUBE_SEARCH
from listen.source import Facts, Options, Platform, Source
from listen.visit import Offer, Visit
from listen.when import utc

PAGE = 100  # the most that it gives at once
LAST = 9_000  # videos down to which search indexes page
MOST_SEARCHES = 10
_ADDRESS = r"^(https?://)?[^\s/@?#:]+(:[0-9]{1,5})?/?$"
Address = Annotated[str, msgspec.Meta(pattern=_ADDRESS)]


class PeerTubeOptions(Options, frozen=True, kw_only=True):
    """`[platforms.peertube]`. `servers` are heard for comments and searched for videos, an `index` is only searched."""

    servers: tuple[Address, ...] = ()
    index: Address | None = None
    comments: bool = True
    search: bool = True
    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 15


class Account(msgspec.Struct, rename="camel"):
    name: str = ""
    host: str = ""
    display_name: str | None = None
    url: str | None = None


class Language(msgspec.Struct):
    id: str | None = None


class Video(msgspec.Struct, rename="camel"):
    """One video as a search shows it; `description` is what older servers call the shortened one."""

    uuid: str
    name: str = ""
    url: str = ""
    truncated_description: str | None = None
    description: str | None = None
    published_at: str | None = None
    updated_at: str | None = None
    account: Account | None = None
    language: Language | None = None
    views: int | None = None
    likes: int | None = None


class Found(msgspec.Struct):
    total: int
    data: list[msgspec.Raw]


class PeerTube(Platform[PeerTubeOptions]):
    name = "peertube"
    facts = Facts(
        about="PeerTube servers: comments below their videos, and videos that they or a search index find",
        needs="url",
        streams=False,
        searches=("word",),
        deletions=False,
        proved="constructed",
        limits="the newest comments of a server's own feed, mostly 20; titles and the beginnings of descriptions",
    )
    options = PeerTubeOptions

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The server, if NodeInfo says that PeerTube runs there."""
        if await visit.software() != "peertube":
            return ()
        return [
            Offer(
                platform=cls.name,
                option="servers",
                value=visit.origin,
                about="comments below videos, and videos",
                comments="within",
            )
        ]

    def sources(self) -> Sequence[Source]:
        chosen, every = self.chosen, timedelta(minutes=self.chosen.every_minutes)
        bases = list(dict.fromkeys(map(_base, chosen.servers)))
        comments = [Comments(base, self.http, every) for base in bases] if chosen.comments else []
        searched = list(dict.fromkeys([*bases, *([_base(chosen.index)] if chosen.index else [])]))
        searches = asked(self.interest.queries, PEERTUBE_SEARCH).searches[:MOST_SEARCHES] if chosen.search else ()
        return [*comments, *(Videos(base, words, self.http, every) for base in searched for words in searches)]


class Comments(FeedSource):
    """The newest comments below all videos of one server, as its feed shows them."""

    def __init__(self, base: str, http: Client, every: timedelta) -> None:
        host, url = urlsplit(base).netloc, f"{base}/feeds/video-comments.xml"
        super().__init__(Place(url, f"{host} comments", url), http, every, comments=False, shaping=_comment)


class Videos(Listing):
    """The newest videos that one word finds on one server."""

    first = timedelta(days=7)
    overlap = timedelta(days=1)  # videos of other servers come with their own date

    def __init__(self, base: str, words: str, http: Client, every: timedelta) -> None:
        self.base = base
        self.host = urlsplit(base).netloc
        self.words = words
        self.http = http
        self.every = every
        self.name = f"{self.host} search {words}"

    async def page(self, place: str | None) -> Page:
        start = int(place or 0)
        params = {"search": self.words, "sort": "-publishedAt", "start": str(start), "count": str(PAGE)}
        found: Found = (await self.http.get(f"{self.base}/api/v1/search/videos", params=params)).shaped(Found)
        videos = [video for raw in found.data if (video := _read(raw))]
        if found.data and not videos:
            raise BadAnswer(f"{self.host} answered videos of another shape")
        more = len(found.data) == PAGE and start + PAGE < found.total
        return Page(
            [_post(video, self.host) for video in videos],
            next=str(start + PAGE) if more and start + PAGE <= LAST else None,
            cut=f"shows no more than {LAST + PAGE:,} videos of a search" if more else None,
        )


def _read(raw: msgspec.Raw) -> Video | None:
    try:
        video = msgspec.json.decode(raw, type=Video)
    except (ValueError, RecursionError):
        return None
    return video if video.uuid else None


def _post(video: Video, host: str) -> Post:
    account = video.account or Account()
    published, edited = _moment(video.published_at), _moment(video.updated_at)
    return Post(
        platform="peertube",
        id=wellformed(video.uuid),  # the same on every server
        url=_web(video.url),
        instance=host,
        author=wellformed(f"{account.name}@{account.host}") if account.name and account.host else None,
        author_name=wellformed(account.display_name or "").strip() or None,
        author_url=_web(account.url),
        title=wellformed(video.name).strip() or None,
        text=wellformed(video.truncated_description or video.description or ""),
        lang=(video.language and video.language.id) or None,
        posted_at=published,
        edited_at=edited if published and edited and edited > published else None,
        views=_count(video.views),
        likes=_count(video.likes),
    )


def _comment(post: Post, entry: Entry) -> Post:
    """An entry is titled `VIDEO - AUTHOR` (comment-feeds.ts)."""
    title = (post.title or "").removesuffix(f" - {entry.author}").strip() or None
    return msgspec.structs.replace(post, platform="peertube", kind="comment", title=title)


def _moment(text: str | None) -> datetime | None:
    try:
        return utc(datetime.fromisoformat(text or ""))
    except ValueError:
        return None


def _web(address: str | None) -> str | None:
    return wellformed(address) if address and address.startswith(("http://", "https://")) else None


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number < 2**63 else None


def _base(address: str) -> str:
    address = address.strip().rstrip("/").lower()
    return address if "://" in address else f"https://{address}"
