"""From an address to a feed: asking, reading, and looking around where a page was answered."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping

import msgspec

from listen.errors import BadAnswer, Gone, Refused
from listen.feed.entry import Feed
from listen.feed.page import Page, customary
from listen.feed.reading import read
from listen.http import Answer, Client
from listen.http.wire import host_of

_ACCEPT = {
    "Accept": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
}


class Found(msgspec.Struct, frozen=True):
    """A feed, the address it was asked for at, the answer that holds it, and the page that led to it."""

    address: str
    answer: Answer
    feed: Feed
    page: Page | None = None

    @property
    def place(self) -> str:
        """Where to ask the next time: only redirects for good are followed in advance."""
        return self.answer.url if self.answer.moved else self.address


async def asked(http: Client, address: str, validators: Mapping[str, str] | None = None) -> Answer:
    """What the address answers; with `validators` that may be 304. Raises PlatformError."""
    answer = await http.get(address, headers={**_ACCEPT, **(validators or {})})
    if answer.status == 304 and not validators:
        raise BadAnswer(f"{host_of(address)} says that nothing has changed, though it was not asked")
    return answer


async def understood(answer: Answer) -> Feed | Page:
    """In a thread, as large feeds take seconds and other sources are not to wait for them. Raises BadAnswer."""
    return await to_thread(read, answer.body, answer.url, answer.headers.get("content-type", ""))


async def find(http: Client, address: str, *, seeks: bool = True) -> Found:
    """The feed at the address, or if one `seeks` the one that the page there offers. Raises PlatformError."""
    answer = await asked(http, address)
    found = await understood(answer)
    if isinstance(found, Feed):
        return Found(address, answer, found)
    if not seeks:
        raise BadAnswer(f"{host_of(address)} shows a page where its feed should be")
    return await offered(http, answer.url, found)


async def offered(http: Client, url: str, page: Page) -> Found:
    """The first feed that the page at `url` names, or that lies where feeds lie by custom. Raises PlatformError."""
    for address in dict.fromkeys([*page.offers, *customary(url)]):
        try:
            answer = await asked(http, address)
            found = await understood(answer)
        except (Gone, BadAnswer, Refused):
            continue
        if isinstance(found, Feed):
            return Found(address, answer, found, page)
    raise BadAnswer(f"{host_of(url)} shows a page that offers no feed; give the address of the feed itself")
