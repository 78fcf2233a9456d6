"""Posts of public Telegram channels, by the preview that Telegram shows of them on the web.

API     none for this without an account: https://t.me/s/CHANNEL is a page for people, read as it is
Limits  not published; 20 posts a page; a channel may switch its preview off
Cursor  ids and words of the posts seen; numbers of a channel only rise
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from html import unescape
from itertools import zip_longest
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

import msgspec

from listen.errors import BadAnswer, Gone
from listen.http import Client
from listen.http.wire import host_of
from listen.listing import Listing, Page
from listen.plain import plain
from listen.post import Post
from listen.reviews import Name, named
from listen.source import Facts, Options, Platform, Source
from listen.visit import Offer, Visit
from listen.when import claimed

Channel = Annotated[str, msgspec.Meta(pattern=r"^@?[A-Za-z][A-Za-z0-9_]{3,31}$")]
_MESSAGE = re.compile(
    r'<div class="tgme_widget_message ([^"]{0,500})"[^>]{0,2000}?\bdata-post="([A-Za-z0-9_]{4,32})/([0-9]{1,15})"'
)
_TEXT = re.compile(r'<div class="tgme_widget_message_text (?=[^"]{0,500}\bjs-message_text\b)[^"]{0,500}"[^>]{0,2000}>')
_DATE = re.compile(r'class="tgme_widget_message_date"[^>]{0,2000}>\s{0,100}<time[^>]{0,2000}?\bdatetime="([^"]{1,40})"')
_VIEWS = re.compile(r'class="tgme_widget_message_views">([0-9.]{1,9})([KM]?)<')
_OWNER = re.compile(r'class="tgme_widget_message_owner_name"[^>]{0,2000}>(.{1,500}?)</a>', re.DOTALL)
_SIGNED = re.compile(r'class="tgme_widget_message_from_author"[^>]{0,2000}>([^<]{1,200})<')
_REPLY = re.compile(
    r'class="tgme_widget_message_reply[^"]{0,500}"[^>]{0,2000}?\bhref="https://t\.me/([A-Za-z0-9_]{4,32}/[0-9]{1,15})'
)
_OLDER = re.compile(r'class="tme_messages_more[^"]{0,500}"[^>]{0,2000}?\bdata-before="([0-9]{1,15})"')
_DIV = re.compile(r"<(/?)div\b", re.IGNORECASE)


class TelegramOptions(Options, frozen=True, kw_only=True):
    """`[platforms.telegram]`. `channels` are names of public channels, alone or with what their posts are about."""

    channels: tuple[Channel, ...] | Mapping[Channel, Name] = ()
    poll_seconds: Annotated[int, msgspec.Meta(ge=60, le=86_400)] = 120
    url: str = "https://t.me"


class Telegram(Platform[TelegramOptions]):
    """One source a channel."""

    name = "telegram"
    facts = Facts(
        about="posts of the public Telegram channels you name, from their preview on the web",
        needs="url",
        streams=False,
        searches=(),
        deletions=False,
        proved="constructed",
        limits="channels that show a preview; no groups, no comments, no search; pages for people, which may change",
    )
    options: ClassVar[type[Options]] = TelegramOptions

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The channel, if the address is one of t.me."""
        name = visit.named(r"(?:t|telegram)\.me/(?:s/)?([A-Za-z][A-Za-z0-9_]{3,31})(?:/[0-9]+)?")
        return (
            [Offer(platform=cls.name, option="channels", value=name, about="posts of a public Telegram channel")]
            if name
            else ()
        )

    def sources(self) -> Sequence[Source]:
        channels = {channel.lstrip("@").lower(): about for channel, about in named(self.chosen.channels).items()}
        url, every = self.chosen.url.rstrip("/"), timedelta(seconds=self.chosen.poll_seconds)
        return [Preview(channel, about, url, self.http, every) for channel, about in channels.items()]


class Preview(Listing):
    """One channel, newest page first."""

    order = "arrival"

    def __init__(self, channel: str, about: str, url: str, http: Client, every: timedelta) -> None:
        self.name = f"@{channel}"
        self.channel = channel
        self.about = about or None
        self.url = url
        self.http = http
        self.every = every

    async def page(self, place: str | None) -> Page:
        address = f"{self.url}/s/{self.channel}"
        answer = await self.http.get(address, params={"before": place} if place else None)
        if "/s/" not in urlsplit(answer.url).path:
            raise Gone(f"{host_of(address)} shows no preview of {self.name}: it is no public channel, or wants none")
        html = answer.body.decode("utf-8", "replace")
        if "tgme_" not in html:
            raise BadAnswer(f"{host_of(address)} shows a page where the preview of {self.name} should be")
        older = _OLDER.search(html)
        posts = sorted(self._posts(html), key=_number, reverse=True)
        return Page(posts, next=older[1] if older else None)

    def _posts(self, html: str) -> Iterator[Post]:
        """The posts of a page; service messages and pictures without a word are none."""
        found = list(_MESSAGE.finditer(html))
        for message, following in zip_longest(found, found[1:]):
            part = html[message.end() : following.start() if following else len(html)]
            words = plain(_inside(part, _TEXT))
            if "service_message" not in message[1].split() and words.text:
                yield self._post(message[2], int(message[3]), part, words.text, words.links)

    def _post(self, channel: str, number: int, part: str, text: str, links: tuple[str, ...]) -> Post:
        date, views, owner, signed, reply = (
            pattern.search(part) for pattern in (_DATE, _VIEWS, _OWNER, _SIGNED, _REPLY)
        )
        names = [plain(found[1]).text for found in (owner, signed) if found]
        return Post(
            platform=Telegram.name,
            id=f"{channel.lower()}/{number}",
            url=f"https://t.me/{channel}/{number}",
            author=channel,
            author_id=channel.lower(),
            author_name=", ".join(filter(None, names)) or None,
            author_url=f"https://t.me/{channel}",
            text=text,
            about=self.about,
            links=links,
            posted_at=claimed(unescape(date[1])) if date else None,
            views=_count(views[1], views[2]) if views else None,
            parent=reply[1].lower() if reply else None,
        )


def _number(post: Post) -> int:
    return int(post.id.rpartition("/")[2])


def _inside(part: str, opening: re.Pattern[str]) -> str:
    """What stands in the element that begins so, up to its own end; empty if there is none."""
    begin = opening.search(part)
    if begin is None:
        return ""
    depth = 1
    for div in _DIV.finditer(part, begin.end()):
        depth += -1 if div[1] else 1
        if depth == 0:
            return part[begin.end() : div.start()]
    return part[begin.end() :]


def _count(number: str, unit: str) -> int | None:
    """1200 of `1.2K`."""
    try:
        return round(float(number) * {"": 1, "K": 1_000, "M": 1_000_000}[unit])
    except ValueError:
        return None
