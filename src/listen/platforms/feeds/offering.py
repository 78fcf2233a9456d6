"""What feeds can hear at an address: feeds that the page names, and those that are known by the network."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Literal
from urllib.parse import quote

import msgspec

from listen.errors import BadAnswer, PlatformError
from listen.feed.entry import Feed, talks_of_comments
from listen.feed.finding import Found, asked, offered, understood
from listen.feed.page import Page
from listen.http.secret import redacted
from listen.http.wire import host_of
from listen.visit import Offer, Visit


class Known(msgspec.Struct, frozen=True):
    """Feeds that a network has but does not name: at which host and path, or path alone, and where they are."""

    at: str
    feed: str
    about: str
    comments: Literal["none", "apart"] = "none"


_STACK = r"((?:stackoverflow|superuser|serverfault|askubuntu|[\w.-]+\.stackexchange)\.com)/questions/tagged/([\w.+#-]+)"
_REDDIT = r"(?:old\.)?reddit\.com/r/(\w+)"
_YOUTUBE = r"(?:m\.)?youtube\.com/channel/([\w-]+)"
_BY_ADDRESS = (
    Known(_YOUTUBE, "https://www.youtube.com/feeds/videos.xml?channel_id={0}", "videos of a channel"),
    Known(_REDDIT, "https://www.reddit.com/r/{0}/new/.rss", "posts of a community"),
    Known(_REDDIT, "https://www.reddit.com/r/{0}/comments/.rss", "comments of a community", "apart"),
    Known(r"lobste\.rs/t/([\w,.-]+)", "https://lobste.rs/t/{0}.rss", "stories with a tag"),
    Known(r"dev\.to/t/(\w+)", "https://dev.to/feed/tag/{0}", "articles with a tag"),
    Known(_STACK, "https://{0}/feeds/tag/{1}", "questions with a tag"),
)
_BY_SOFTWARE = {  # as NodeInfo, or the page's generator, names it
    "peertube": (
        Known("", "/feeds/videos.xml?sort=-publishedAt", "videos of a PeerTube server"),
        Known("", "/feeds/video-comments.xml?sort=-publishedAt", "comments of a PeerTube server", "apart"),
    ),
    "lemmy": (Known(r"c/(\w+)", "/feeds/c/{0}.xml?sort=New", "posts of a Lemmy community"),),
    "mastodon": (Known(r"@(\w+)$", "/@{0}.rss", "posts of one account"),),
    "discourse": (Known("", "/posts.rss", "all posts of a Discourse forum"),),
    "nodebb": (Known("", "/recent.rss", "topics of a NodeBB forum"),),
}


async def offers(visit: Visit) -> Sequence[Offer]:
    """Feeds at the address, tried; those that are known by their network's name are left to `listen check`."""
    told = [*_by_address(visit), *await _by_software(visit)]
    if visit.answer is None:
        return told
    try:
        found = await understood(visit.answer)
    except BadAnswer:
        return told
    if isinstance(found, Feed):
        place = visit.url if visit.answer.moved else visit.address
        own = _offer(Found(place, visit.answer, found))
        kept = "within" if found.comments else "none"  # what was asked for is no addition to something else
        return [msgspec.structs.replace(own, comments=kept, a_feed=False), *told]
    return [*told, *await _on_page(visit, found)]


def _by_address(visit: Visit) -> list[Offer]:
    return _known(_BY_ADDRESS, f"{visit.host}/{visit.path}", "")


async def _by_software(visit: Visit) -> list[Offer]:
    software = visit.generator().partition(" ")[0]
    if software not in _BY_SOFTWARE:
        software = await visit.software() or ""
    return _known(_BY_SOFTWARE.get(software, ()), visit.path, visit.origin)


def _known(table: Sequence[Known], place: str, origin: str) -> list[Offer]:
    matched = ((re.match(f"{known.at}(?:/|$)" if known.at else "", place, re.IGNORECASE), known) for known in table)
    return [
        Offer(
            platform="feeds",
            option="urls",
            value=origin + known.feed.format(*(quote(part) for part in found.groups())),
            about=known.about,
            comments=known.comments,
            a_feed=True,
        )
        for found, known in matched
        if found
    ]


async def _on_page(visit: Visit, page: Page) -> list[Offer]:
    """The feeds that the page names and that are there, or else the one that lies where feeds lie by custom."""
    tried = await asyncio.gather(*(_tried(visit, address) for address in page.offers))
    found = [feed for feed in tried if feed]
    if not found:
        try:
            found = [await offered(visit.http, visit.url, page)]
        except PlatformError:
            return []
    apart = page.comments if page.comments and not any(feed.feed.comments for feed in found) else None
    comments = await _tried(visit, apart) if apart else None
    return [_offer(feed) for feed in found] + ([_offer(comments, apart=True)] if comments else [])


async def _tried(visit: Visit, address: str) -> Found | None:
    try:
        answer = await asked(visit.http, address)
        feed = await understood(answer)
    except PlatformError:
        return None
    return Found(address, answer, feed) if isinstance(feed, Feed) else None


def _offer(found: Found, *, apart: bool = False) -> Offer:
    feed, count = found.feed, len(found.feed.entries)
    title = feed.title or host_of(redacted(found.place))
    apart = apart or talks_of_comments(feed.title, found.place)
    return Offer(
        platform="feeds",
        option="urls",
        value=found.place,
        about=f"{title}: {feed.format}, {count} {'entry' if count == 1 else 'entries'}",
        comments="apart" if apart else "within" if feed.comments else "none",
        a_feed=True,
    )
