"""What all of Tumblr files under one tag, by its API, which takes a key.

API     https://github.com/tumblr/docs/blob/master/api.md#tagged--get-posts-with-tag
Limits  1,000 requests an hour and 5,000 a day for a key, told in X-Ratelimit-Perhour-* and -Perday-*, seconds left
Cursor  ids and words of the posts seen

There is no page but "before this second": not before a post, so that of a second with more posts than a page holds
the rest cannot be had. Pages are not quite sorted, and may be empty though there are older posts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from listen.http import Client, Secret
from listen.listing import Listing, Page
from listen.platforms.tumblr.contents import moment_of, post_of
from listen.post import Event, Gap, Mark, Post
from listen.when import now

PAGE = 20  # the most at once
A_DAY = 4_000  # requests that all tags together may take without a burst; a key has 5,000
LEAST = timedelta(minutes=2)
STEP = timedelta(hours=6)  # back from an empty page; older posts may come nevertheless
UNSORTED = 4  # posts at the end of a page that are not taken for how far it goes back


class Answered(msgspec.Struct):
    response: list[dict[str, Any]]


def rest_of(tags: int) -> timedelta:
    """How long to rest between two rounds of one tag, so that the key's day is enough for all of them."""
    return max(LEAST, timedelta(days=1) * tags / A_DAY)


class Tagged(Listing):
    """The posts with one tag. `api` is where to ask."""

    order = "date"
    overlap = timedelta(hours=1)
    most_pages = 100

    def __init__(self, tag: str, key: Secret, api: str, every: timedelta, http: Client) -> None:
        self.name = f"#{tag}"
        self.tag = tag
        self.key = key
        self.url = f"{api.rstrip('/')}/tagged"
        self.every = every
        self.http = http
        self._dates: dict[str, int] = {}  # what the pages are ordered by, by ids
        self._crowded: dict[int, None] = {}  # seconds with more posts than can be had
        self._told: set[int] = set()

    def dated(self, post: Post) -> datetime | None:
        return moment_of(self._dates.get(post.id)) or post.posted_at

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        self._dates.clear()
        self._crowded.clear()
        async for event in super().hear(cursor, since):
            if isinstance(event, Mark):
                for second in sorted(set(self._crowded) - self._told):
                    begin = datetime.fromtimestamp(second, UTC)
                    why = f"Tumblr shows no more than {PAGE} posts of one second"
                    yield Gap(begin, begin + timedelta(seconds=1), why)
                self._told = set(self._crowded)
            yield event

    async def page(self, place: str | None) -> Page:
        """`place` is the second that the posts are older than."""
        told: dict[str, str | int] = {"tag": self.tag, "limit": PAGE, "npf": "true", "api_key": self.key.reveal()}
        if place:
            told["before"] = place
        answer = await self.http.get(self.url, params=told)
        read = [(_ordered_by(raw), post) for raw in answer.shaped(Answered).response if (post := post_of(raw))]
        for second, post in read:
            if second is not None:
                self._dates[post.id] = second
        read.sort(key=lambda one: one[0] or 0, reverse=True)
        # The last is what the walk looks at to see how far back it is; an outlier must not end it.
        firm = max(1, len(read) - UNSORTED) if len(read) >= PAGE else len(read)
        posts = [post for _, post in (*read[firm:], *read[:firm])]
        seconds = [second for second, _ in read if second is not None]
        return Page(posts, next=self._before(place, seconds, firm))

    def _before(self, place: str | None, seconds: list[int], firm: int) -> str | None:
        """The next place: what shares the last second is asked for again, unless that would lead nowhere."""
        if not seconds:
            return self._leap(place)
        last, oldest = seconds[min(firm, len(seconds)) - 1], seconds[-1]
        for before in (last + 1, oldest + 1):
            if place is None or before < int(place):
                return str(before)
        if len(seconds) >= PAGE:
            self._crowded[oldest] = None
        return str(oldest)

    def _leap(self, place: str | None) -> str | None:
        if place is None or self.back_to is None:
            return None
        before = int(place) - int(STEP.total_seconds())
        return str(before) if int(place) > self.back_to.timestamp() and before <= now().timestamp() else None


def _ordered_by(raw: dict[str, Any]) -> int | None:
    """In tags that editors feature, posts stand where they were featured."""
    for key in ("featured_timestamp", "timestamp"):
        second = raw.get(key)
        if type(second) is int and 0 < second < 2**40:
            return second
    return None
