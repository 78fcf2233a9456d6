"""Lemmy and PieFed: posts and comments of all communities that a server knows.

API     https://github.com/LemmyNet/lemmy-js-client (v3 up to 0.19, v4 from 1.0); PieFed's OpenAPI description (alpha)
Limits  each server's own, by address; two requests each two minutes for each server
Cursor  what a walk over the newest posts, or comments, has seen; what another server sends late keeps its own date
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from listen.platforms.lemmy.server import Newest, Server, Wanted
from listen.query.asking import asked
from listen.query.dialects import LEMMY_SEARCH
from listen.source import Facts, Options, Platform, Source
from listen.visit import Offer, Visit

MOST_SEARCHES = 5
_ADDRESS = r"^(https?://)?[^\s/@?#:]+(:[0-9]{1,5})?/?$"


class LemmyOptions(Options, frozen=True, kw_only=True):
    """`[platforms.lemmy]`. `communities` ("technology@lemmy.world") bounds what is heard; with `search` the servers are
    searched for each term, instead of hearing all that they get."""

    servers: tuple[Annotated[str, Meta(pattern=_ADDRESS)], ...] = ()
    communities: tuple[str, ...] = ()
    search: bool = False
    comments: bool = True
    poll_seconds: Annotated[int, Meta(ge=15, le=86_400)] = 120
    overlap_minutes: Annotated[int, Meta(ge=0, le=1_440)] = 60


class Lemmy(Platform[LemmyOptions]):
    """On each server one source for the posts and one for the comments; the same post on two of them is one."""

    name = "lemmy"
    facts = Facts(
        about="Lemmy and PieFed servers: every post and comment that they know, or what their search finds",
        needs="url",
        streams=False,
        searches=("word (if wanted)",),
        deletions=True,
        proved="constructed",
        limits="only what the servers asked know of; deletions and edits of the last hour",
    )
    options = LemmyOptions

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The server, if NodeInfo says that Lemmy or PieFed runs there."""
        if await visit.software() not in {"lemmy", "piefed"}:
            return ()
        return [
            Offer(
                platform=cls.name,
                option="servers",
                value=visit.origin,
                about="posts and comments that the server knows",
                comments="within",
            )
        ]

    def sources(self) -> Sequence[Source]:
        chosen = self.chosen
        searches: Sequence[str | None] = (None,)
        if chosen.search:
            searches = asked(self.interest.queries, LEMMY_SEARCH).searches[:MOST_SEARCHES]
        every, overlap = timedelta(seconds=chosen.poll_seconds), timedelta(minutes=chosen.overlap_minutes)
        wanted = [
            Wanted(what, community, search)
            for community in chosen.communities or (None,)
            for search in searches
            for what in (("post", "comment") if chosen.comments else ("post",))
        ]
        servers = [Server(base, self.http) for base in dict.fromkeys(map(_base, chosen.servers))]
        return [Newest(server, one, every, overlap) for server in servers for one in wanted]


def _base(address: str) -> str:
    address = address.strip().rstrip("/").lower()
    return address if "://" in address else f"https://{address}"
