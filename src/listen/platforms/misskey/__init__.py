"""Misskey and its kin (Sharkey, Firefish): notes by hashtag, or all that a server knows.

API     https://misskey-hub.net/docs/for-developers/api/ (streaming, notes/search-by-tag, global-timeline and search)
Limits  each server's own; one socket, and some pages of 100 notes each 15 minutes, for each server
Cursor  what a walk over the newest notes has seen; ids of notes of other servers tell their own date, not their arrival
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import msgspec

from listen.errors import ConfigError
from listen.http import Secret
from listen.platforms.misskey.server import Search, Server, Stream
from listen.query.asking import asked
from listen.query.dialects import MISSKEY, MISSKEY_SEARCH
from listen.source import Facts, Options, Platform, Source
from listen.visit import Offer, Visit

MOST_SEARCHES = 10
_ADDRESS = r"^(https?://)?[^\s/@?#:]+(:[0-9]{1,5})?/?$"
_KIN = frozenset({"misskey", "sharkey", "firefish", "iceshrimp", "foundkey", "cherrypick"})


class MisskeyOptions(Options, frozen=True, kw_only=True):
    """`[platforms.misskey]`. With `everything` all public notes that a server knows are heard and decided here;
    `tokens` are for the hosts they name, and for searching only."""

    servers: tuple[Annotated[str, msgspec.Meta(pattern=_ADDRESS)], ...] = ()
    tokens: dict[str, Secret] = msgspec.field(default_factory=dict)
    tags: tuple[str, ...] = ()
    everything: bool = False
    poll_minutes: Annotated[float, msgspec.Meta(ge=1, le=1_440)] = 15


class Misskey(Platform[MisskeyOptions]):
    """One source a server for all hashtags; with a token, one for each search too."""

    name = "misskey"
    facts = Facts(
        about="Misskey, Sharkey and Firefish servers: hashtags as they are used, and search with a token",
        needs="url",
        streams=True,
        searches=("tag", "word (with a token)"),
        deletions=True,
        proved="constructed",
        limits="only notes that the servers asked know of; deletions of the last 1,000 matched notes while it listens",
    )
    options = MisskeyOptions

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The server, if NodeInfo names software of Misskey's kin."""
        if await visit.software() not in _KIN:
            return ()
        return [Offer(platform=cls.name, option="servers", value=visit.origin, about="hashtags on the server")]

    def sources(self) -> Sequence[Source]:
        """Raises ConfigError for a token of none of the servers."""
        chosen, queries = self.chosen, self.interest.queries
        requests = asked(queries, MISSKEY).requests
        tags = dict.fromkeys(
            [*(tag.lstrip("#") for tag in chosen.tags), *(tag for one in requests for tag in one.tags)]
        )
        searches = asked(queries, MISSKEY_SEARCH).searches[:MOST_SEARCHES]
        bases = list(dict.fromkeys(map(_base, chosen.servers)))
        tokens = {_base(host): token for host, token in chosen.tokens.items()}
        if stray := tokens.keys() - bases:
            raise ConfigError(f"[platforms.misskey] has a token for {min(stray)!r}, which is not one of its servers")
        every, sources = timedelta(minutes=chosen.poll_minutes), list[Source]()
        for base in bases:
            server = Server(base, self.http, tokens.get(base))
            if tags or chosen.everything:
                sources.append(Stream(server, tuple(tags), self.interest, every, everything=chosen.everything))
            sources += [Search(server, words, every) for words in (searches if server.token else ())]
        return sources


def _base(address: str) -> str:
    address = address.strip().rstrip("/").lower()
    return address if "://" in address else f"https://{address}"
