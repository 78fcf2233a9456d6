"""Names and followers of authors, 25 in one request, remembered for a day.

API     app.bsky.actor.getProfiles at public.api.bsky.app (no account)
Limits  none published ("generous"); only authors of matched posts are asked for
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec

from listen.http import Client
from listen.plain import wellformed
from listen.platforms.bluesky.record import Label, wishes_of
from listen.post import Post, Wish
from listen.respect import asked_in

BATCH = 25  # the most that getProfiles takes
KEPT = 10_000  # profiles
DAY = 24 * 3600.0
UNKNOWN = "handle.invalid"  # what the network shows for a handle that does not lead back to its account


class Profile(msgspec.Struct, rename="camel"):
    did: str
    handle: str = UNKNOWN
    display_name: str | None = None
    followers_count: int | None = None
    description: str | None = None
    labels: list[Label] | None = None


class Answered(msgspec.Struct):
    profiles: list[Profile]


class Profiles:
    """The authors that were looked up, the latest last."""

    def __init__(self, http: Client, api: str) -> None:
        self.http = http
        self.url = api.rstrip("/") + "/xrpc/app.bsky.actor.getProfiles"
        self._known: dict[str, tuple[float, Profile]] = {}

    def forget(self, did: str) -> None:
        """The author changed their handle, or is gone."""
        self._known.pop(did, None)

    async def complete(self, posts: Sequence[Post]) -> list[Post]:
        """The posts with handle, name and followers where the network knows them. Raises PlatformError."""
        dids = dict.fromkeys(post.author_id for post in posts if post.author_id)
        await self._look_up([did for did in dids if not self._is_fresh(did)])
        return [self._completed(post) for post in posts]

    def _is_fresh(self, did: str) -> bool:
        return did in self._known and time.monotonic() - self._known[did][0] < DAY

    async def _look_up(self, dids: Sequence[str]) -> None:
        for start in range(0, len(dids), BATCH):
            answer = await self.http.get(self.url, params={"actors": dids[start : start + BATCH]})
            for profile in answer.shaped(Answered).profiles:
                self.forget(profile.did)
                self._known[profile.did] = (time.monotonic(), profile)
        while len(self._known) > KEPT:
            del self._known[next(iter(self._known))]

    def _completed(self, post: Post) -> Post:
        known = self._known.get(post.author_id or "")
        if known is None:
            return post
        profile = known[1]
        return msgspec.structs.replace(
            post,
            author=post.author if profile.handle in ("", UNKNOWN) else wellformed(profile.handle),
            author_name=wellformed(profile.display_name or "").strip() or None,
            followers=profile.followers_count,
            wishes=tuple(dict.fromkeys((*post.wishes, *_wishes(profile)))),
        )


def _wishes(profile: Profile) -> tuple[Wish, ...]:
    return (*wishes_of(profile.labels or ()), *asked_in(profile.description or ""))
