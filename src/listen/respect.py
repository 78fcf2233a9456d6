"""What authors and the law may ask of us: which posts are not stored, and how long the others are kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec

from listen.post import Post, Wish

Wishes = Literal["respect", "strict", "ignore"]
WISHES: tuple[Wish, ...] = get_args(Wish)
DEFAULT = timedelta(days=730)

# Not asking to be found is the default of Mastodon's accounts, so that it is no wish unless the user takes it for one.
_STRICT: frozenset[Wish] = frozenset({"unindexable", "undiscoverable"})
_IN_BIO = re.compile(r"(?<![\w#])#no-?(bot|index)s?(?!\w)", re.IGNORECASE)


class Retention(msgspec.Struct, frozen=True):
    """How long mentions are kept after they were first seen; None is for ever.

    A mention is kept as long as the topic of its topics that is kept longest; a topic without a time of its own, and
    one that the config does not know any more, is kept for `keep`. `platforms` are upper bounds beside that.
    """

    keep: timedelta | None = DEFAULT
    topics: Mapping[str, timedelta | None] = {}
    platforms: Mapping[str, timedelta] = {}

    def of(self, platform: str, topics: Iterable[str]) -> timedelta | None:
        """How long a mention of these topics on that network is kept."""
        times = [self.topics.get(topic, self.keep) for topic in topics] or [self.keep]
        longest = None if None in times else max(time for time in times if time is not None)
        bound = self.platforms.get(platform)
        return bound if longest is None else longest if bound is None else min(longest, bound)

    @property
    def shortest(self) -> timedelta | None:
        """What is younger than that is kept in any case; None if everything is kept for ever."""
        times = [time for time in (self.keep, *self.topics.values(), *self.platforms.values()) if time is not None]
        return min(times, default=None)

    def is_over(self, platform: str, topics: Iterable[str], seen: datetime, now: datetime) -> bool:
        keep = self.of(platform, topics)
        return keep is not None and now - seen > keep


class Respect(msgspec.Struct, frozen=True):
    """What the config says: `respect` authors' wishes, be `strict` and want them to be asked for, or `ignore` them."""

    wishes: Wishes = "respect"
    retention: Retention = Retention()

    def withheld(self, post: Post) -> Wish | None:
        """The wish of its author because of which the post is not stored."""
        if self.wishes == "ignore":
            return None
        counting = (wish for wish in post.wishes if self.wishes == "strict" or wish not in _STRICT)
        return next(counting, None)


def asked_in(bio: str) -> tuple[Wish, ...]:
    """What somebody says of themselves: `#nobot`, `#nobots`, `#noindex`."""
    found = {match[1].lower() for match in _IN_BIO.finditer(bio)}
    return tuple(wish for wish, word in _WORDS if word in found)


_WORDS: tuple[tuple[Wish, str], ...] = (("nobot", "bot"), ("noindex", "index"))
