"""Names of authors of matched posts, from the relay where their posts were heard; remembered for a day.

https://github.com/nostr-protocol/nips/blob/master/01.md (kind 0) and 24.md
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

import msgspec

from listen.http import Client
from listen.http.wire import host_of
from listen.plain import wellformed
from listen.platforms.nostr.signed import is_true
from listen.platforms.nostr.talk import Talk
from listen.post import Post

_KEPT = 10_000  # names
_DAY = 24 * 3600.0
_BATCH = 100  # authors in one request
_PATIENCE = 5.0  # seconds; a mention does not wait for longer


class _Profile(msgspec.Struct, frozen=True):
    name: str | None = None
    display_name: str | None = None


class Profiles:
    """The authors that were looked up, the latest last; None for those who have no name there."""

    def __init__(self, http: Client, url: str) -> None:
        self.http = http
        self.url = url
        self._known: dict[str, tuple[float, str | None]] = {}

    async def complete(self, posts: Sequence[Post]) -> list[Post]:
        """The posts with their authors' names. Raises PlatformError."""
        authors = dict.fromkeys(post.author_id for post in posts if post.author_id)
        unknown = [author for author in authors if monotonic() - self._known.get(author, (-_DAY, None))[0] >= _DAY]
        if unknown:
            async with self.http.websocket(self.url) as socket:
                talk = Talk(socket, host_of(self.url), _PATIENCE)
                for first in range(0, len(unknown), _BATCH):
                    await self._look_up(talk, unknown[first : first + _BATCH])
        return [self._named(post) for post in posts]

    async def _look_up(self, talk: Talk, authors: Sequence[str]) -> None:
        newest: dict[str, tuple[int, str | None]] = {}
        asked = await talk.ask({"kinds": [0], "authors": list(authors), "limit": len(authors)})
        while (message := await talk.answer()).kind not in ("EOSE", "CLOSED"):
            signed = message.signed
            if message.about == asked and signed and signed.kind == 0 and is_true(signed):
                newest[signed.pubkey] = max(
                    newest.get(signed.pubkey, (-1, None)), (signed.created_at, _name(signed.content))
                )
        for author in authors:
            self._known.pop(author, None)
            self._known[author] = (monotonic(), newest.get(author, (0, None))[1])
        while len(self._known) > _KEPT:
            del self._known[next(iter(self._known))]

    def _named(self, post: Post) -> Post:
        name = self._known.get(post.author_id or "", (0.0, None))[1]
        return msgspec.structs.replace(post, author_name=name) if name else post


def _name(content: str) -> str | None:
    try:
        profile = msgspec.json.decode(content, type=_Profile)
    except (ValueError, RecursionError):
        return None
    return next(
        (name for told in (profile.display_name, profile.name) if (name := wellformed(told or "").strip())), None
    )
