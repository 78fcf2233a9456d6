"""One site: where its API is, and asking it.

The API lies at `/wp-json/`, or elsewhere if the site's page says so (`Link: <...>; rel="https://api.w.org/"`), or
behind `?rest_route=` where the site has no speaking addresses.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from urllib.parse import parse_qsl, urlsplit

from listen.errors import BadAnswer, Gone, PlatformError, Refused
from listen.http import Answer, Client
from listen.http.secret import redacted
from listen.http.wire import host_of
from listen.platforms.wordpress.entries import Raw
from listen.visit import linked

REST = "https://api.w.org/"  # the rel of the API
_COM = ".wordpress.com"


def address_of(site: str) -> str | None:
    """`blog.example/` as `https://blog.example`; None if it is no address of the web."""
    scheme, mark, rest = site.strip().partition("://")
    if not mark:
        scheme, rest = "https", scheme
    rest = rest.rstrip("/")
    try:
        named = urlsplit(f"{scheme}://{rest}").hostname
    except ValueError:
        return None
    return f"{scheme.lower()}://{rest}" if named and scheme.lower() in ("http", "https") and " " not in rest else None


class Site:
    """`key` stands for the site in ids: its host, and the path below which it lies. `com` is WordPress.com's API."""

    def __init__(self, address: str, http: Client, com: str) -> None:
        self.address = address
        self.http = http
        self.com = com
        self.host = host_of(address)
        self.key = redacted(address).partition("://")[2]
        self.root: str | None = None
        self._looking = asyncio.Lock()

    async def asks(self, what: str, params: Mapping[str, str | int]) -> Answer:
        """What the API answers about `posts` or `comments`. Raises PlatformError."""
        async with self._looking:  # the site's sources start together, and one of them is enough to look
            if self.root is None:
                self.root = await self._found()
        return await self._asked(self.root, what, params)

    async def _found(self) -> str:
        """The first place where there is an API; raises what was wrong with the first of them if there is none."""
        problem: PlatformError | None = None
        async for root in self._places():
            try:
                (await self._asked(root, "posts", {"per_page": 1, "_fields": "id"})).shaped(list[Raw])
            except (Gone, BadAnswer) as trouble:
                problem = problem or trouble
                continue
            return root
        raise problem or BadAnswer(f"{self.host} shows no API of WordPress")

    async def _places(self) -> AsyncIterator[str]:
        if (urlsplit(self.address).hostname or "").endswith(_COM):
            yield f"{self.com}/wp/v2/sites/{self.key}/"
        yield f"{self.address}/wp-json/wp/v2/"
        try:
            page = await self.http.get(f"{self.address}/")
        except (Gone, BadAnswer, Refused):
            page = None
        named = page and linked(REST, page.body.decode("utf-8", "replace"), page.url, page.links())
        if named and named.rstrip("/") != f"{self.address}/wp-json":
            yield f"{named}{'' if named.endswith('/') else '/'}wp/v2/"
        yield f"{self.address}/?rest_route=/wp/v2/"

    async def _asked(self, root: str, what: str, params: Mapping[str, str | int]) -> Answer:
        url, _, query = f"{root}{what}".partition("?")  # httpx drops a query where it is given parameters
        return await self.http.get(url, params={**dict(parse_qsl(query)), **params})
