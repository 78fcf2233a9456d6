"""Bluesky: every public post, reply and quote of the network, as it is written.

API     Jetstream, https://github.com/bluesky-social/jetstream (no account); profiles from the public AppView;
        with an app password its search, for what Jetstream does not remember any more
Limits  none published; one connection, and one request for each 25 authors of matched posts
Cursor  `time_us`, the stream's own clock, good on every host; servers replay the last 36 hours
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import msgspec

from listen.errors import ConfigError
from listen.http import Secret
from listen.platforms.bluesky.frames import events_of
from listen.platforms.bluesky.jetstream import Jetstream
from listen.platforms.bluesky.login import BlueskyLogin
from listen.platforms.bluesky.packing import Compression, packing
from listen.platforms.bluesky.profiles import Profiles
from listen.platforms.bluesky.search import Search
from listen.platforms.bluesky.session import Account, Session
from listen.source import Facts, Options, Platform, Source

__all__ = ["Bluesky", "BlueskyOptions", "events_of"]

HOSTS = tuple(f"wss://jetstream{n}.us-{coast}.bsky.network/subscribe" for coast in ("east", "west") for n in (1, 2))


class BlueskyOptions(Options, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[platforms.bluesky]`. `jetstream` is one address or several, the next is taken when one fails;
    `replay_minutes` is how far back the first start hears (36 hours at most). With the `handle` of an account and an
    `app_password` what is older is searched for, at `pds`; `session` is the file that keeps the login."""

    jetstream: str | tuple[str, ...] = HOSTS
    api: str = "https://public.api.bsky.app"
    compression: Compression = "deflate"
    zstd_dictionary: str | None = None
    replay_minutes: Annotated[int, msgspec.Meta(ge=0, le=36 * 60)] = 10
    handle: str | None = None
    app_password: Secret | None = None
    pds: str = "https://bsky.social"
    session: str | None = None

    def __post_init__(self) -> None:
        if (self.handle is None) != (self.app_password is None):
            raise ValueError("handle and app_password belong together; bsky.app makes one in Settings, App passwords")


class Bluesky(Platform[BlueskyOptions]):
    name = "bluesky"
    facts = Facts(
        about="Bluesky (AT Protocol): every public post, reply and quote",
        needs=None,
        streams=True,
        searches=("word, phrase, tag (to look back, with an app password)",),
        deletions=True,
        proved="recorded",
        limits="hears live and the last 36 hours, without an app password not the time before; live without counts",
    )
    options = BlueskyOptions
    login = BlueskyLogin()

    def sources(self) -> Sequence[Source]:
        """The stream alone. Raises ConfigError for a wrong address and for zstd without its dictionary."""
        chosen = self.chosen
        hosts = (chosen.jetstream,) if isinstance(chosen.jetstream, str) else chosen.jetstream
        if not hosts:
            raise ConfigError("[platforms.bluesky] jetstream: names no host; leave it out for the public ones")
        return [
            Jetstream(
                hosts,
                self.interest,
                self.http,
                packing=packing(chosen.compression, chosen.zstd_dictionary),
                profiles=Profiles(self.http, chosen.api),
                replay=timedelta(minutes=chosen.replay_minutes),
                search=self._search(),
            )
        ]

    def _search(self) -> Search | None:
        chosen = self.chosen
        if chosen.handle is None or chosen.app_password is None:
            return None
        account = Account(chosen.pds, chosen.handle.lstrip("@"), chosen.app_password)
        path = Path(chosen.session).expanduser() if chosen.session else None
        return Search(Session(self.http, account, path), self.interest)
