"""Which mentions somebody wants to see: the filters that mean the same in every command."""

from __future__ import annotations

from datetime import datetime

import msgspec

from listen.mention import Flag, Mention, Status, Urgency

_WEIGHT: dict[Urgency, int] = {"low": 0, "medium": 1, "high": 2}


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """An empty field selects everything. `since` (inclusive) and `until` (exclusive) are aware UTC.

    They are compared with `posted_at`; a post without one, or dated later than it was seen, counts by
    `seen_at`, so that a forged date neither hides a post nor keeps it in every selection.
    """

    since: datetime | None = None
    until: datetime | None = None
    only: tuple[Flag, ...] = ()
    platforms: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    min_urgency: Urgency = "low"
    statuses: tuple[Status, ...] = ()
    limit: int | None = None

    def accepts(self, mention: Mention) -> bool:
        """Whether the mention is selected; `limit` is for the caller to count."""
        verdict, moment = mention.verdict, moment_of(mention)
        return (
            (self.since is None or moment >= self.since)
            and (self.until is None or moment < self.until)
            and (not self.only or verdict.flag in self.only)
            and (not self.platforms or mention.post.platform in self.platforms)
            and (not self.topics or not set(self.topics).isdisjoint(mention.topics))
            and (not self.langs or verdict.lang in self.langs)
            and _WEIGHT[verdict.urgency] >= _WEIGHT[self.min_urgency]
            and (not self.statuses or mention.care.status in self.statuses)
        )


def moment_of(mention: Mention) -> datetime:
    """When the mention counts as posted: what the author claims, unless that is missing or in the future."""
    posted_at = mention.post.posted_at
    return mention.seen_at if posted_at is None else min(posted_at, mention.seen_at)
