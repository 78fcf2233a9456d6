"""One server, whichever of the three interfaces it speaks, and its newest posts or comments."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from time import monotonic
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from listen.errors import BadAnswer, Gone, PlatformError
from listen.http import Client
from listen.listing import Listing, Page
from listen.platforms.lemmy.view import post_of, read, withdrawn

PAGE = 50  # the most that it gives at once
LAST_PAGE = 100  # beyond which v3 does not go (LemmyNet/lemmy, pull request 6252)
FIRST = timedelta(hours=1)  # how far the first round looks back, over all that a server gets
SHALLOW = timedelta(minutes=5)  # how late a post may come and still be found at once
BELIEVED = 3_600.0  # seconds until a server is asked again what it speaks

Api = Literal["v4", "v3", "alpha"]
What = Literal["post", "comment"]
_APIS: tuple[Api, ...] = ("v4", "v3", "alpha")  # the newest first; alpha is PieFed's


class Wanted(msgspec.Struct, frozen=True):
    """What to list: posts or comments, of one community or of all, that a search finds or all of them."""

    what: What
    community: str | None = None
    search: str | None = None

    @property
    def name(self) -> str:
        parts = (f"{self.what}s", self.community, f"search {self.search}" if self.search else None)
        return " ".join(part for part in parts if part)


class Language(msgspec.Struct, frozen=True):
    id: int = 0
    code: str = "und"


class Site(msgspec.Struct, frozen=True):
    version: str = ""
    all_languages: list[Language] = []


class Known(msgspec.Struct, frozen=True):
    """The interface that a server speaks, its version, and its languages by their numbers."""

    api: Api
    version: str
    languages: dict[int, str] = {}

    @property
    def software(self) -> str:
        return f"{'PieFed' if self.api == 'alpha' else 'Lemmy'} {self.version}".strip()


class Answered(msgspec.Struct, frozen=True):
    """A page in any of the three shapes. PieFed and v3 write the next page as text or number."""

    items: list[msgspec.Raw] | None = None
    posts: list[msgspec.Raw] | None = None
    comments: list[msgspec.Raw] | None = None
    next_page: str | int | None = None

    def views(self, what: What) -> list[msgspec.Raw] | None:
        return self.items if self.items is not None else self.posts if what == "post" else self.comments


class Server:
    """One server, shared by its sources; `host` names it."""

    def __init__(self, base: str, http: Client) -> None:
        self.base = base
        self.host = urlsplit(base).netloc
        self.http = http
        self._lock = asyncio.Lock()
        self._known: tuple[float, Known] | None = None

    async def known(self) -> Known:
        """What the server speaks, asked once an hour. Raises PlatformError, Gone where it is none of the three."""
        async with self._lock:
            if self._known is None or monotonic() - self._known[0] > BELIEVED:
                self._known = (monotonic(), await self._introduced())
            return self._known[1]

    async def _introduced(self) -> Known:
        problem: PlatformError | None = None
        for api in _APIS:
            try:
                site: Site = (await self.http.get(f"{self.base}/api/{api}/site")).shaped(Site)
            except (Gone, BadAnswer) as told:
                problem = told if problem is None or isinstance(told, Gone) else problem
                continue
            if site.version:
                languages = {language.id: language.code for language in site.all_languages if language.code != "und"}
                return Known(api, site.version[:50], languages)
        raise problem or BadAnswer(f"{self.host} does not say that it is a Lemmy or PieFed server")


class Newest(Listing):
    """The newest posts, or comments, of one server. A page that moves down while one reads is read again: nothing is
    lost by that; one that moves up, as something was deleted, is made good by the next round's overlap."""

    def __init__(self, server: Server, wanted: Wanted, every: timedelta, overlap: timedelta) -> None:
        self.server = server
        self.wanted = wanted
        self.name = f"{server.host} {wanted.name}"
        self.every = every
        # A whole server's last hour has many pages: it is read again now and then only.
        self.overlap, self.deep, self.deep_every = min(overlap, SHALLOW), overlap, overlap / 4
        self.first = FIRST
        self.most_pages = LAST_PAGE

    async def page(self, place: str | None) -> Page:
        known, what = await self.server.known(), self.wanted.what
        path, params = self._asked(known.api)
        if place is not None:
            key, _, value = place.partition("=")
            params[key] = value
        answer = await self.server.http.get(f"{self.server.base}/api/{known.api}/{path}", params=params)
        answered: Answered = answer.shaped(Answered)
        pieces = answered.views(what)
        if pieces is None:
            raise BadAnswer(f"{self.server.host} answered something else than a list of {what}s")
        views = [view for piece in pieces if (view := read(piece, what))]
        if pieces and not views:
            raise BadAnswer(f"{self.server.host} answered {what}s of another shape")
        return Page(
            [post for view in views if (post := post_of(view, self.server.base, known.languages))],
            next=self._next(known.api, place, answered.next_page, more=bool(pieces)),
            deletions=[told for view in views if (told := withdrawn(view))],
            cut=f"shows no more than {LAST_PAGE} pages",
        )

    async def check(self) -> str:
        return f"{(await self.server.known()).software}, {await super().check()}"

    def _asked(self, api: Api) -> tuple[str, dict[str, str]]:
        """The path and parameters of the first page. v4 and PieFed search in the list itself; PieFed posts only."""
        params = {"type_": "All", "sort": "New", "limit": str(PAGE)}
        search, what = self.wanted.search, self.wanted.what
        if self.wanted.community:
            params["community_name"] = self.wanted.community
        if api == "v4":
            params |= {"type_": "all", "sort": "new"} | ({"search_term": search} if search else {})
        elif api == "alpha":
            params |= {"q": search} if search and what == "post" else {}
        elif search:
            params |= {"type_": f"{what.capitalize()}s", "listing_type": "All", "q": search}
            return "search", params
        return f"{what}/list", params

    def _next(self, api: Api, place: str | None, told: str | int | None, *, more: bool) -> str | None:
        """Where the next page is: what the server says, or on v3 where it says nothing, the next number."""
        if api == "v4":
            return f"page_cursor={told}" if told else None
        if api == "alpha":
            return f"page={told}" if told else None
        if told and self.wanted.search is None:
            return f"page_cursor={told}"
        if place is not None and place.startswith("page_cursor="):
            return None
        number = int((place or "page=1").removeprefix("page=")) + 1
        return f"page={number}" if more and number <= LAST_PAGE else None
