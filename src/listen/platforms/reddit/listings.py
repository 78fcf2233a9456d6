"""The API's listings: what is new in subreddits, and what its search finds; and whether what was heard is still there.

A listing is read from its newest 100 on, page after page by `after`, down to what was heard before. Never by
`before`: it answers nothing for ever once the post that it names is deleted.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec

from listen.listing import Listing, Page
from listen.platforms.reddit.session import Session
from listen.platforms.reddit.things import NAME, thing_of
from listen.post import Deletion, Edit, Event, Mark, Post
from listen.source import Interest
from listen.when import now

PAGE = 100  # the most at once
SHOWN = 1_000  # the most that a listing shows, page after page
FOUND = 240  # a search may end from here on though there is more; some 250 to 1,000 are reported
KEPT = 300  # wanted posts that are looked after, the newest ones
LOOKED_AFTER = timedelta(hours=1)
_TIMES = {"hour": 1, "day": 24, "week": 24 * 7, "month": 24 * 30, "year": 24 * 365}


class Thing(msgspec.Struct):
    data: dict[str, Any]


class Things(msgspec.Struct):
    children: list[Thing]
    after: str | None = None


class Listed(msgspec.Struct):
    """https://www.reddit.com/dev/api#listings"""

    data: Things


class Memory(msgspec.Struct):
    """The cursor: of the walk, the wanted posts that were heard last, and when they were looked after.

    `kept` maps their full names to what they said, as a hash. Those that were `missing` then, without a word, may be
    there again the next time.
    """

    walk: str | None = None
    kept: dict[str, int] = {}
    missing: list[str] = []
    looked_at: datetime | None = None


class Told(msgspec.Struct, frozen=True):
    """What a listing is asked for. A `search` may end earlier."""

    path: str
    params: dict[str, str] = {}
    search: bool = False


class Newest(Listing):
    """One listing. By date: what moderators let through late stands where it was written, and is found in an hour."""

    order = "date"
    overlap = timedelta(minutes=15)
    deep = timedelta(hours=12)
    most_pages = SHOWN // PAGE + 2

    def __init__(self, name: str, told: Told, session: Session, interest: Interest, abouts: Mapping[str, str]) -> None:
        self.name = name
        self.told = told
        self.session = session
        self.interest = interest
        self.abouts = abouts
        self._gone: dict[str, None] = {}  # deletions that were told

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        memory = _recalled(cursor)
        async for event in super().hear(memory.walk, since):
            if isinstance(event, Mark):
                memory.walk = event.cursor
                continue
            self._notes(memory, event)
            yield event
        yield _mark(memory)  # the walk is done, whatever becomes of what follows
        for event in await self._looked_after(memory):
            yield event
        yield _mark(memory)

    async def page(self, place: str | None) -> Page:
        """`place` is the last name before the page, and how many came before it."""
        after, _, count = (place or "").partition(" ")
        told: dict[str, str | int] = {**self.told.params, "limit": PAGE}
        if self.told.search:
            told["t"] = self._time()
        if after:
            told |= {"after": after, "count": int(count)}
        answer = await self.session.get(self.told.path, told)
        found: Things = answer.shaped(Listed).data
        shown = int(count or 0) + len(found.children)
        things = [thing_of(child.data, self.abouts) for child in found.children]
        gone = [thing for thing in things if isinstance(thing, Deletion) and self._is_news(thing)]
        return Page(
            [thing for thing in things if isinstance(thing, Post)],
            next=f"{found.after} {shown}" if found.after and found.children else None,
            deletions=gone,
            cut=self._cut(shown, ended=bool(after) and not found.children),
        )

    def _cut(self, shown: int, *, ended: bool) -> str | None:
        """Why there may be more than was shown."""
        if ended:
            return "Reddit's listing broke off"  # what it should go on after may be deleted
        if shown >= (FOUND if self.told.search else SHOWN - PAGE):
            return f"Reddit shows no more than its newest {shown:,}"
        return None

    def _time(self) -> str:
        """The shortest of the times that Reddit searches which holds all that this round reads."""
        if self.back_to is None:
            return "week"
        hours = (now() - self.back_to) / timedelta(hours=1)
        return next((name for name, most in _TIMES.items() if hours < most), "all")

    def _is_news(self, gone: Deletion) -> bool:
        if gone.id is None or gone.id in self._gone:
            return False
        self._gone[gone.id] = None
        while len(self._gone) > SHOWN:
            del self._gone[next(iter(self._gone))]
        return True

    def _notes(self, memory: Memory, event: Event) -> None:
        """Remember what is wanted, and forget what is gone."""
        if isinstance(event, Deletion) and event.id:
            memory.kept.pop(event.id, None)
        post = event.post if isinstance(event, Edit) else event
        if isinstance(post, Post) and self.interest.may_match(post.document):
            memory.kept.pop(post.id, None)
            memory.kept[post.id] = _hash(post)

    async def _looked_after(self, memory: Memory) -> list[Event]:
        """What has become of the wanted posts: once an hour all that are kept are asked for, 100 at a time."""
        memory.kept = dict(list(memory.kept.items())[-KEPT:])
        if memory.looked_at is not None and abs(now() - memory.looked_at) < LOOKED_AFTER:
            return []
        names, events = list(memory.kept), list[Event]()
        for some in batched(names):
            events += await self._as_they_are(some, memory)
        for event in events:
            self._notes(memory, event)
        memory.missing = [name for name in memory.missing if name in memory.kept]
        memory.looked_at = now()
        return events

    async def _as_they_are(self, names: Sequence[str], memory: Memory) -> list[Event]:
        told = {thing.id: thing for thing in await things_named(self.session, names, self.abouts)}
        missing = {name for name in names if name not in told}
        events: list[Event] = []
        for name in names:
            thing = told.get(name)
            if isinstance(thing, Deletion):
                events.append(thing)
            elif thing is not None and _hash(thing) != memory.kept[name]:
                events.append(Edit(thing))
            elif name in missing & set(memory.missing):  # gone with its subreddit, perhaps
                events.append(Deletion(platform=NAME, id=name, lasting=False))
        memory.missing = [*(set(memory.missing) - set(names)), *missing]
        return events


async def things_named(session: Session, names: Sequence[str], abouts: Mapping[str, str]) -> list[Post | Deletion]:
    """What has become of up to 100 things; what Reddit says nothing about is left out. Raises PlatformError."""
    answer = await session.get("/api/info", {"id": ",".join(names)})
    things = [thing_of(child.data, abouts) for child in answer.shaped(Listed).data.children]
    return [thing for thing in things if thing is not None and thing.id in names]


def batched(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[start : start + PAGE] for start in range(0, len(names), PAGE)]


def said_in(post: Post) -> str:
    """What its author wrote; a comment's title is another's."""
    return post.text if post.kind == "comment" else post.words


def _hash(post: Post) -> int:
    return int.from_bytes(blake2b(said_in(post).encode("utf-8", "replace"), digest_size=4).digest())


def _mark(memory: Memory) -> Mark:
    return Mark(msgspec.json.encode(memory).decode())


def _recalled(cursor: str | None) -> Memory:
    try:
        return msgspec.json.decode(cursor, type=Memory) if cursor else Memory()
    except msgspec.DecodeError:
        return Memory()
