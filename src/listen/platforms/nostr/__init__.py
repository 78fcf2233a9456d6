"""Nostr: notes, comments and articles on relays.

API     https://github.com/nostr-protocol/nips, 01 (relays, no account), 09, 11, 50
Limits  each relay's own; one connection to each, and one for the names of authors of matched posts
Cursor  the newest `created_at` heard on a relay that was not in the future; an overlap finds what is dated back
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit, urlunsplit

from msgspec import Meta

from listen.errors import ConfigError
from listen.http.wire import host_of
from listen.platforms.nostr.filters import Wanted, search_filters, tag_filters
from listen.platforms.nostr.relay import Relay
from listen.platforms.nostr.signed import POSTS, WEB, Withdrawn
from listen.source import Facts, Options, Platform, Source

_SCHEMES = {"": "wss", "https": "wss", "wss": "wss", "http": "ws", "ws": "ws"}


class NostrOptions(Options, frozen=True, kw_only=True):
    """`[platforms.nostr]`. With `everything` all notes of the relays are heard and decided here."""

    relays: tuple[str, ...] = ("wss://nos.lol", "wss://relay.primal.net", "wss://relay.ditto.pub")
    tags: tuple[str, ...] = ()
    everything: bool = False
    search: bool = True
    overlap_minutes: Annotated[int, Meta(ge=0, le=1_440)] = 60
    web: str = WEB


class Nostr(Platform[NostrOptions]):
    """Several relays, as none has all notes; the same note on two of them is one."""

    name = "nostr"
    facts = Facts(
        about="Nostr relays: notes, comments and articles by hashtag, and by word where a relay can search",
        needs=None,
        streams=True,
        searches=("tag", "word (where a relay can)"),
        deletions=True,
        proved="server",
        limits="only what the relays asked have; no counts; signatures are checked with listen-mentions[nostr]",
    )
    options = NostrOptions

    def sources(self) -> Sequence[Source]:
        """A source for each relay. Raises ConfigError for a wrong address."""
        chosen, queries = self.chosen, self.interest.queries
        filters = ({"kinds": POSTS},) if chosen.everything else tag_filters(queries, chosen.tags)
        if not filters:
            return []
        wanted = Wanted(
            filters=filters,
            searches=search_filters(queries) if chosen.search and not chosen.everything else (),
            may_match=self.interest.may_match,
            overlap=timedelta(minutes=chosen.overlap_minutes),
            web=chosen.web.rstrip("/") + "/",
            everything=chosen.everything,
        )
        urls, withdrawn = list(dict.fromkeys(map(_address, chosen.relays))), Withdrawn()
        return [Relay(url, name, self.http, wanted, withdrawn) for url, name in zip(urls, _names(urls), strict=True)]


def _address(relay: str) -> str:
    """`nos.lol`, `wss://nos.lol` or `ws://127.0.0.1:6969` as the address to connect to. Raises ConfigError."""
    try:
        parts = urlsplit(relay if "://" in relay else f"//{relay}")
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _SCHEMES or not parts.hostname or port == 0:
        raise ConfigError(f"[platforms.nostr] relays: {relay!r} is no address; write 'wss://HOST'")
    return urlunsplit(parts._replace(scheme=_SCHEMES[parts.scheme], path=parts.path or "/", fragment=""))


def _names(urls: Sequence[str]) -> list[str]:
    """The hosts, as paths may hold what is secret; further relays of one host are counted."""
    hosts = list(map(host_of, urls))
    return [f"{host} {hosts[:n].count(host) + 1}" if host in hosts[:n] else host for n, host in enumerate(hosts)]
