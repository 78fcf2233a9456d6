"""Bluesky: every public post, reply and quote of the network, as it is written.

API     Jetstream, https://github.com/bluesky-social/jetstream (no account); profiles from the public AppView
Limits  none published; one connection, and one request for each 25 authors of matched posts
Cursor  `time_us`, the stream's own clock, good on every host; servers replay the last 36 hours
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import msgspec

from listen.errors import ConfigError
from listen.platforms.bluesky.frames import events_of
from listen.platforms.bluesky.jetstream import Jetstream
from listen.platforms.bluesky.login import BlueskyLogin
from listen.platforms.bluesky.packing import Compression, packing
from listen.platforms.bluesky.profiles import Profiles
from listen.source import Facts, Options, Platform, Source

__all__ = ["Bluesky", "BlueskyOptions", "events_of"]

HOSTS = tuple(f"wss://jetstream{n}.us-{coast}.bsky.network/subscribe" for coast in ("east", "west") for n in (1, 2))


class BlueskyOptions(Options, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[platforms.bluesky]`. `jetstream` is one address or several, the next is taken when one fails;
    `replay_minutes` is how far back the first start hears (36 hours at most)."""

    jetstream: str | tuple[str, ...] = HOSTS
    api: str = "https://public.api.bsky.app"
    compression: Compression = "deflate"
    zstd_dictionary: str | None = None
    replay_minutes: Annotated[int, msgspec.Meta(ge=0, le=36 * 60)] = 10


class Bluesky(Platform[BlueskyOptions]):
    name = "bluesky"
    facts = Facts(
        about="Bluesky (AT Protocol): every public post, reply and quote",
        needs=None,
        streams=True,
        searches=(),
        deletions=True,
        proved="recorded",
        limits="hears live and the last 36 hours, not the time before; no counts of likes and reposts",
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
            )
        ]
