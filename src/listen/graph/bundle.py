"""Several listings as one source under one cursor: the comments of each post, a network's hashtags, its searches.

Their cursors stand together, beside a ledger of what a week allows, so that both are kept in one transaction.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import msgspec

from listen.errors import BadAnswer, Gone, OutOfQuota, PlatformError
from listen.listing import Listing
from listen.post import Event, Mark, Notice
from listen.source import Source
from listen.when import now


class Kept(msgspec.Struct, kw_only=True):
    """What is remembered of one part: its cursor, and the sign by which it was seen to have changed."""

    cursor: str
    sign: str | None = None


class Standing(msgspec.Struct, kw_only=True):
    """The cursor of all. `since` is where the first round began; `ledger` and `ids` are the network's own."""

    heard_at: datetime | None = None
    since: datetime | None = None
    parts: dict[str, Kept] = {}
    ledger: dict[str, int] = {}
    ids: dict[str, str] = {}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One listing. With a `sign` it is read only when that has changed."""

    key: str
    listing: Listing
    sign: str | None = None


class Bundle(Source):
    """A platform says which parts there are; those that come no more are forgotten."""

    first: timedelta = timedelta(days=1)

    @abstractmethod
    def parts(self, standing: Standing) -> AsyncIterator[Part | Event]:
        """The parts of one round, and what is to be told in between. Raises PlatformError."""

    def missing(self, part: Part) -> Notice | None:  # noqa: ARG002  for those who have something to say
        """What to say of a part that the network does not have."""
        return None

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        standing, moment = recalled(cursor), now()
        problem: PlatformError | None = None
        standing.since = standing.since or since or moment - self.first
        seen: set[str] = set()
        async for part in self.parts(standing):
            if not isinstance(part, Part):
                yield part
                continue
            seen.add(part.key)
            known = standing.parts.get(part.key)
            if known and part.sign is not None and part.sign == known.sign:
                continue
            try:
                async for event in part.listing.hear(known.cursor if known else None, standing.since):
                    if isinstance(event, Mark):
                        standing.parts[part.key] = Kept(cursor=event.cursor, sign=part.sign)
                        yield marked(standing)
                    else:
                        yield event
            except Gone:
                if notice := self.missing(part):
                    yield notice
            except (BadAnswer, OutOfQuota) as trouble:  # of this part; the others may do
                problem = problem or trouble
        if problem:
            raise problem
        standing.parts = {key: kept for key, kept in standing.parts.items() if key in seen}
        standing.heard_at = moment
        yield marked(standing)

    async def check(self) -> str:
        async for part in self.parts(Standing()):
            if isinstance(part, Part):
                return await part.listing.check()
        return "answers; nothing there yet"


def marked(standing: Standing) -> Mark:
    return Mark(msgspec.json.encode(standing).decode())


def recalled(cursor: str | None) -> Standing:
    """What was stored as a cursor; nothing yet if it cannot be read any more."""
    try:
        return msgspec.json.decode(cursor, type=Standing) if cursor else Standing()
    except msgspec.DecodeError:
        return Standing()
