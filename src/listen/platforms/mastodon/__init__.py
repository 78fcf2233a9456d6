"""Mastodon, and every server that speaks its API: GoToSocial, Pleroma, Akkoma, Takahē, Pixelfed, Friendica.

API     https://docs.joinmastodon.org/methods/timelines/ and streaming/ (hashtags; streams need a user's token)
Limits  300 requests in 5 min, and 300 that turn pages in 15 min, for each address or token; 15 hashtags a server
Cursor  the highest id seen; `min_id` pages on from it, and an overlap finds what federated late
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from msgspec import Meta, field

from listen.errors import ConfigError
from listen.http import Client, Secret
from listen.platforms.mastodon.login import MastodonLogin
from listen.platforms.mastodon.pace import Pace
from listen.platforms.mastodon.search import SearchSource
from listen.platforms.mastodon.server import SERVERS, Server
from listen.platforms.mastodon.timeline import TagSource
from listen.query import Query
from listen.query.asking import asked
from listen.query.dialects import MASTODON, MASTODON_SEARCH
from listen.query.tree import Phrase, Tag, alternatives
from listen.source import Facts, Interest, Options, Platform, Source
from listen.visit import Offer, Visit

MOST_TAGS = 15  # on one server: one page a minute each stays below its limit of 20 pages a minute
MOST_SEARCHES = 10
SOFTWARE = ("mastodon", "hometown", "gotosocial", "pleroma", "akkoma", "pixelfed", "takahe", "friendica")
_ADDRESS = r"^(https?://)?[^\s/@?#:]+(:[0-9]{1,5})?/?$"


class MastodonOptions(Options, frozen=True, kw_only=True):
    """`[platforms.mastodon]`. `token` is for the first of `servers`, `tokens` for the hosts it names."""

    servers: tuple[Annotated[str, Meta(pattern=_ADDRESS)], ...] = SERVERS
    token: Secret | None = None
    tokens: dict[str, Secret] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    poll_seconds: Annotated[int, Meta(ge=5, le=86_400)] = 60
    overlap_minutes: Annotated[int, Meta(ge=0, le=1_440)] = 60
    search: bool = True


class Mastodon(Platform[MastodonOptions]):
    """Hashtags on several servers, as none of them knows all posts; the same post on two of them is one."""

    name = "mastodon"
    facts = Facts(
        about="Mastodon and servers with its API: hashtags, and with a user's token streams and search",
        needs=None,
        streams=True,
        searches=("tag", "word (with a token)", "phrase (with a token)"),
        deletions=True,
        proved="recorded",
        limits="only posts that the servers asked know of; 15 hashtags a server; some show them to members only",
    )
    options = MastodonOptions
    login = MastodonLogin()

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The server, if NodeInfo names software that speaks Mastodon's API."""
        software = await visit.software()
        if software not in SOFTWARE:
            return ()
        server = visit.origin.removeprefix("https://")
        return [Offer(platform=cls.name, option="servers", value=server, about=f"hashtags on a {software} server")]

    def __init__(self, chosen: MastodonOptions, interest: Interest, http: Client) -> None:
        super().__init__(chosen, interest, http)
        self.servers = _servers(chosen, http)

    def sources(self) -> Sequence[Source]:
        pace = Pace(timedelta(seconds=self.chosen.poll_seconds), timedelta(minutes=self.chosen.overlap_minutes))
        tags, searches = self.tags(), self._searches()
        sources: list[Source] = []
        for server in self.servers:
            server.remark = _too_many(tags, server.host)
            sources += [TagSource(server, tag, pace, self.interest.may_match) for tag in tags[:MOST_TAGS]]
            if server.token and self.chosen.search:
                sources += [SearchSource(server, words, pace) for words in searches[:MOST_SEARCHES]]
        return sources

    def tags(self) -> list[str]:
        """All hashtags that are wanted, the user's own first; of those that must all be there, one."""
        own = [Query(Phrase(tag)) for tag in self.chosen.tags]
        requests = [*asked(own, MASTODON).requests, *asked(self.interest.queries, MASTODON).requests]
        return list(dict.fromkeys(tag for request in requests for tag in request.tags))

    def _searches(self) -> list[str]:
        """What else is wanted than hashtags, in the terms of the full-text search."""
        sides = [side for query in self.interest.queries for side in alternatives(query.root)]
        return list(asked([Query(side) for side in sides if not isinstance(side, Tag)], MASTODON_SEARCH).searches)


def _servers(chosen: MastodonOptions, http: Client) -> list[Server]:
    """The servers with their tokens, each once; raises ConfigError for a token of none of them."""
    bases = list(dict.fromkeys(_base(address) for address in chosen.servers))
    tokens = {_base(address).split("://")[1]: token for address, token in chosen.tokens.items()}
    hosts = [base.split("://")[1] for base in bases]
    for host in tokens:
        if host not in hosts:
            raise ConfigError(f"[platforms.mastodon] has a token for {host!r}, which is not one of its servers")
    if chosen.token and hosts:
        tokens.setdefault(hosts[0], chosen.token)
    return [Server(base, http, tokens.get(host)) for base, host in zip(bases, hosts, strict=True)]


def _too_many(tags: Sequence[str], host: str) -> str | None:
    if len(tags) <= MOST_TAGS:
        return None
    return f"{host} is asked for {MOST_TAGS} of {len(tags)} hashtags; `tags` of [platforms.mastodon] go first"


def _base(address: str) -> str:
    address = address.strip().rstrip("/").lower()
    return address if "://" in address else f"https://{address}"
