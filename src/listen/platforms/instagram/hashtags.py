"""Hashtags on all of Instagram, of which an account may ask for 30 different ones in 7 days.

Source: https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login/hashtag-search. To ask
for the same one again is free and does not begin its week anew. Both our own ledger, which stands in the cursor, and
Instagram's list, which knows of other programs, are looked at before a new one is asked for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from listen.errors import BadAnswer, Gone, OutOfQuota
from listen.graph import Ask, Bundle, Edge, Graph, Part, Standing
from listen.graph.bundle import marked
from listen.graph.media import MEDIA, media
from listen.http import QUOTA, Quota
from listen.post import Event, Gap, Notice
from listen.when import now

MOST = 30
WEEK = timedelta(days=7)
SHOWN = timedelta(hours=24)  # how far back `recent_media` goes
_NEEDS = ("instagram_basic", "Instagram Public Content Access")


class Hashtags(Bundle):
    """A part is one hashtag, without `#`. Its number is the same for all, so that it is asked for once."""

    name = "hashtags"

    def __init__(self, graph: Graph, account: str, tags: Sequence[str], every: timedelta) -> None:
        self.graph = graph
        self.account = account
        self.tags = tags
        self.every = every

    async def parts(self, standing: Standing) -> AsyncIterator[Part | Event]:
        moment = now()
        if standing.heard_at and moment - standing.heard_at > SHOWN:
            yield Gap(standing.heard_at, moment - SHOWN, "hashtags show the last 24 hours", "retention")
        standing.ledger = {tag: at for tag, at in standing.ledger.items() if _is_of_this_week(at, moment)}
        room = await self._room(standing)
        waiting = []
        for tag in self.tags:
            if tag not in standing.ledger:
                if room <= 0:
                    waiting.append(tag)
                    continue
                room -= 1
                standing.ledger[tag] = int(moment.timestamp())
                yield marked(standing)  # counted before it is asked for
            try:
                standing.ids[tag] = standing.ids.get(tag) or await self._number(tag)
            except Gone:
                yield Notice(f"nobody has used #{tag} on Instagram yet")
                continue
            except OutOfQuota:
                waiting.append(tag)
                continue
            yield Part(key=tag, listing=self._listing(tag, standing.ids[tag]))
        if waiting:
            yield _of_those(waiting)
        _tell(standing)

    async def check(self) -> str:
        """Looks at the week's list, and asks for hashtags only that are on it: others would use the week up."""
        recent = await self._recent()
        known = f"{len(recent)} of {MOST} hashtags of the week are used"
        if len(self.tags) > MOST:
            return f"{known}; your topics have {len(self.tags)}, so that {len(self.tags) - MOST} cannot be heard"
        tag = next((tag for tag in self.tags if tag in recent), None)
        if tag is None:
            return known
        return f"{known}; #{tag}: {await self._listing(tag, recent[tag]).check()}"

    async def _room(self, standing: Standing) -> int:
        """How many new hashtags may still be asked for."""
        if all(tag in standing.ledger for tag in self.tags):
            return 0
        recent = await self._recent()
        for tag in self.tags:  # asked for within these days, nobody says when: free, and counted from now
            if tag in recent and tag not in standing.ledger:
                standing.ids[tag] = recent[tag]
                standing.ledger[tag] = int(now().timestamp())
        return MOST - len(standing.ledger.keys() | recent.keys())

    async def _recent(self) -> dict[str, str]:
        """The numbers of the hashtags that Instagram has counted in these 7 days."""
        ask = Ask(
            name=self.name,
            path=f"{self.account}/recently_searched_hashtags",
            fields="id,name",
            limit=MOST,
            needs=_NEEDS,
        )
        edge, place = Edge(self.graph, ask, lambda _: ()), None
        found: dict[str, str] = {}
        for _ in range(3):
            things, place = await edge.things(place)
            found |= {str(thing.get("name") or thing.get("id")).casefold(): str(thing.get("id")) for thing in things}
            if place is None:
                break
        return found

    async def _number(self, tag: str) -> str:
        told = await self.graph.get("ig_hashtag_search", {"user_id": self.account, "q": tag}, _NEEDS)
        found = told.get("data")
        first = found[0] if isinstance(found, list) and found else None
        number = first.get("id") if isinstance(first, dict) else None
        if not isinstance(number, str) or not number.isdecimal():
            raise BadAnswer(f"Instagram has no number for #{tag}")
        return number

    def _listing(self, tag: str, number: str) -> Edge:
        ask = Ask(
            name=f"#{tag}",
            path=f"{number}/recent_media",
            params={"user_id": self.account},
            fields=MEDIA,
            needs=_NEEDS,
            order="loose",  # the newest first, but not strictly
            first=SHOWN,
        )
        return Edge(self.graph, ask, media)


def _is_of_this_week(at: int, moment: datetime) -> bool:
    return abs(moment.timestamp() - at) < WEEK.total_seconds()


def _tell(standing: Standing) -> None:
    """Show in `listen status` how much of the week is used."""
    oldest = min(standing.ledger.values(), default=None)
    ends = None if oldest is None else datetime.fromtimestamp(oldest, tz=UTC) + WEEK
    QUOTA.get()(Quota(used=len(standing.ledger), limit=MOST, resets_at=ends))


def _of_those(waiting: Sequence[str]) -> Notice:
    named = ", ".join(f"#{tag}" for tag in waiting[:5]) + (f" and {len(waiting) - 5} more" if len(waiting) > 5 else "")
    return Notice(f"Instagram allows {MOST} hashtags in 7 days; not heard: {named}")
