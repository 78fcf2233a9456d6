"""A look at an address that a user gave, and what networks offer to hear there: what `listen add` is made of.

Each platform recognises its own places (`Platform.offers`), so that a new one brings its recogniser along.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import msgspec

from listen.errors import PlatformError
from listen.http import Answer, Client
from listen.http.wire import host_of

_READ = 500_000  # characters of a page
_TAG = re.compile(r"(?i)<(link|meta)\s([^<>]{1,2000})>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z:-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a network would hear: `value` in the list `option` of `[platforms.NAME]`.

    `comments` says whether comments are heard with it ("within"; the option `without_comments` then leaves those of
    this value out), or are what it is all about ("apart"). What is only `a_feed` comes after a network's own way.
    """

    platform: str
    option: str
    value: str
    about: str
    comments: Literal["none", "within", "apart"] = "none"
    a_feed: bool = False


class Visit:
    """What an address answered; `problem` instead if that failed, as some networks are known by their address alone.

    `address` is what was asked, `url` where it led to. `links` are those of the `Link` header by their rel.
    """

    def __init__(self, url: str, http: Client, answer: Answer | None, problem: PlatformError | None = None) -> None:
        self.address = url
        self.url = answer.url if answer else url
        self.http = http
        self.answer = answer
        self.problem = problem
        parts = urlsplit(self.url)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.host = (parts.hostname or "").removeprefix("www.")
        self.path = parts.path.strip("/")
        self.text = answer.body[:_READ].decode("utf-8", "replace") if answer else ""
        self.links: Mapping[str, str] = answer.links() if answer else {}
        self._software: list[str | None] = []  # none or one
        self._asking = asyncio.Lock()

    def named(self, pattern: str) -> str | None:
        """What the group of the pattern holds of host and path, if all of them fits: `reddit.com/r/kindle`."""
        found = re.fullmatch(pattern, f"{self.host}/{self.path}", re.IGNORECASE)
        return found[1] if found else None

    def linked(self, rel: str) -> str | None:
        """Where the header or the head of the page links to under that rel."""
        return linked(rel, self.text, self.url, self.links)

    def generator(self) -> str:
        """What the page says it was made with, in lower case: `wordpress 6.8`, `discourse 3.5`."""
        named = (tag for kind, tag in _tags(self.text) if kind == "meta")
        return next((tag.get("content", "").lower() for tag in named if tag.get("name", "").lower() == "generator"), "")

    async def software(self) -> str | None:
        """What runs there as NodeInfo says it, in lower case: `mastodon`, `lemmy`, `peertube`. Asked once."""
        async with self._asking:
            if not self._software:
                self._software.append(await _software(self.origin, self.http))
        return self._software[0]


async def visited(address: str, http: Client) -> Visit:
    """A look at the address; never raises PlatformError."""
    try:
        return Visit(address, http, await http.get(address))
    except PlatformError as problem:
        return Visit(address, http, None, problem)


def linked(rel: str, text: str, url: str, links: Mapping[str, str]) -> str | None:
    """The web address that a page, or the `Link` header that came with it, gives under a rel."""
    named = (tag.get("href") for kind, tag in _tags(text) if kind == "link" and rel in tag.get("rel", "").split())
    found = links.get(rel) or next(filter(None, named), None)
    try:
        address = urljoin(url, found) if found else ""
        return address if urlsplit(address).scheme in ("http", "https") and host_of(address) else None
    except ValueError:
        return None


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for found in _TAG.finditer(text[:_READ]):
        attributes = _ATTRIBUTE.finditer(found[2])
        yield found[1].lower(), {name[1].lower(): unescape(name[2] or name[3] or name[4] or "") for name in attributes}


async def _software(origin: str, http: Client) -> str | None:
    """https://nodeinfo.diaspora.software: the newest of the documents that `/.well-known/nodeinfo` names."""
    try:
        named: Any = (await http.get(f"{origin}/.well-known/nodeinfo")).json()
        places = [link["href"] for link in named["links"] if "nodeinfo" in link["rel"]]
        told: Any = (await http.get(urljoin(origin, places[-1]))).json()
        return str(told["software"]["name"]).strip().lower()
    except (PlatformError, KeyError, IndexError, TypeError, ValueError):
        return None
