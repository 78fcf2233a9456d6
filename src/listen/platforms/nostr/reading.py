"""What one connection to a relay delivers: what is stored there, page by page, and what comes live.

Stored events are read newest first, in pages by `until`, from now to where the last connection got and an overlap
further. A page may end in the middle of a second; the next one begins with all of that second.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from listen.errors import BadAnswer
from listen.platforms.nostr.filters import Filter, Wanted
from listen.platforms.nostr.signed import ARTICLE, DELETION, POSTS, Signed, Withdrawn, is_true, post_of
from listen.platforms.nostr.talk import Message, Talk, refusal
from listen.post import Event, Gap, Mark, Notice
from listen.when import now

FIRST = timedelta(days=1)  # how far the first round looks back if nobody says otherwise
FIRST_PAGES = 5  # read at most of it then
PAGES = 50  # read back at most
PAGE = 500  # events; the most that many relays give at once
FLOOD = 20 * PAGE  # events in one answer: more than any relay may send
ROUND = 50  # relays that do not tell their limit have a round number: a page of so many, or a multiple, may be cut
REMEMBERED = 20_000  # events of one connection, so as not to tell them twice
FEW = 20  # finds of a search from which one can tell that it was ignored


class Limits(msgspec.Struct, frozen=True):
    max_limit: int | None = None


class About(msgspec.Struct, frozen=True):
    """What a relay says about itself (NIP-11), as far as it does."""

    software: str | None = None
    version: str | None = None
    supported_nips: list[int | str] | None = None
    limitation: Limits | None = None

    @property
    def name(self) -> str:
        """`strfry 1.0.4`"""
        software = (self.software or "").rstrip("/").rpartition("/")[2].removesuffix(".git")
        return " ".join(f"{software or 'a relay'} {self.version or ''}".split())[:100]

    @property
    def searches(self) -> bool:
        return 50 in (self.supported_nips or ())

    def may_cut(self, events: int) -> bool:
        """Whether an answer of so many events may be only the first of them."""
        told = self.limitation.max_limit if self.limitation else None
        if told and told > 0:
            return events >= min(told, PAGE)
        return events > 0 and events % ROUND == 0


class Reading:
    """`said` holds the notices that this relay has given rise to; each is told once."""

    def __init__(
        self, talk: Talk, wanted: Wanted, withdrawn: Withdrawn, about: About, cursor: str | None, said: set[str]
    ) -> None:
        self.talk = talk
        self.host = talk.host
        self.wanted = wanted
        self.withdrawn = withdrawn
        self.about = about
        self.searches = list(wanted.searches) if about.searches else []
        self._newest = _position(cursor)
        self._said = said
        self._seen: dict[str, None] = {}

    async def look(self, since: datetime | None) -> AsyncGenerator[Event, None]:
        """All that is stored since the last look; deletions first, as other relays may not have heard of them."""
        moment, known = int(now().timestamp()), self._newest
        begin = int((since or now() - FIRST).timestamp())
        floor = begin if known is None else max(0, min(known, moment) - int(self.wanted.overlap.total_seconds()))
        if known is not None:
            async for event in self._walked({"kinds": [DELETION]}, floor, PAGES, told=True):
                yield event
        told = known is not None or since is not None
        for wanted in self.wanted.filters:
            async for event in self._walked(wanted, floor, PAGES if told else FIRST_PAGES, told=told):
                yield event
        for wanted in tuple(self.searches):
            async for event in self._searched(wanted, floor, told=told):
                yield event
        if known is None:
            self._reached(begin)
        yield self.mark()

    async def stored(
        self, wanted: Filter, page: list[Signed], *, name: str | None = None
    ) -> AsyncGenerator[Event, None]:
        """One answer, which goes into `page` too, oldest first; what comes live meanwhile goes before it.

        A subscription with a `name` stays open. Raises PlatformError, also if the relay does not want to answer.
        """
        asked = await self.talk.ask(wanted, name)
        raws: list[tuple[Signed, str]] = []
        while (message := await self.talk.answer()).kind != "EOSE" or message.about != asked:
            ours = message.about == asked
            if ours and message.kind == "CLOSED":
                raise refusal(self.host, message.said)
            if ours and message.signed is not None:
                raws.append((message.signed, message.raw))
            else:
                for event in self.told(message):
                    yield event
            if len(raws) > FLOOD:
                raise BadAnswer(f"{self.host} sends more events than it was asked for")
        if name is None:
            await self.talk.end(asked)
        raws.sort(key=lambda told: told[0].created_at)
        for signed, raw in raws:
            page.append(signed)
            for event in self._of(signed, raw):
                yield event

    def told(self, message: Message) -> Iterator[Event]:
        """What a message means that nobody waits for; raises PlatformError if a live subscription is closed."""
        if message.kind == "CLOSED" and message.about.startswith("live"):
            raise refusal(self.host, message.said)
        if message.kind == "odd":
            yield from self._once(f"{self.host} sent messages that cannot be read; they are left out")
        if message.signed is not None:
            yield from self._of(message.signed, message.raw)

    def mark(self) -> Mark:
        return Mark(str(self._newest or 0))

    async def _walked(self, wanted: Filter, floor: int, most: int, *, told: bool) -> AsyncGenerator[Event, None]:
        """The stored events of a filter from now down to `floor`; a Gap, if it is to be `told`, where pages run out."""
        until: int | None = None
        seen: set[str] = set()
        for _ in range(most):
            page: list[Signed] = []
            async for event in self.stored({**wanted, **_span(floor, until), "limit": PAGE}, page):
                yield event
            if not page:
                return
            oldest, ids = page[0].created_at, {signed.id for signed in page}
            if until is not None and oldest > until:
                return  # a relay that does not know `until` would give this page for ever
            if ids <= seen:  # all of that second, or as much of it as the relay gives
                if told and self.about.may_cut(len(page)):
                    yield self._gap(oldest, oldest + 1, "more posts in one second than it shows")
                oldest -= 1
            seen |= ids
            until = oldest
            if until < floor:
                return
        if told:
            yield self._gap(floor, until or floor, "more posts than are read back at once")

    async def _searched(self, wanted: Filter, floor: int, *, told: bool) -> AsyncGenerator[Event, None]:
        """What a search finds since then: best first, not newest first, so that it cannot be paged through."""
        page: list[Signed] = []
        try:
            async for event in self.stored({**wanted, **_span(floor, None), "limit": PAGE}, page):
                yield event
        except BadAnswer as problem:
            for notice in self._gives_up(f"does not search, though it says so ({problem})"):
                yield notice
            return
        if len(page) >= FEW and not any(self.wanted.may_match(_text(signed)) for signed in page):
            for notice in self._gives_up("ignores what is searched for, though it says that it searches"):
                yield notice
        elif told and self.about.may_cut(len(page)):
            yield self._gap(floor, int(now().timestamp()), "found more posts than it shows of a search")

    def _gives_up(self, why: str) -> tuple[Notice, ...]:
        self.searches.clear()
        return self._once(f"{self.host} {why}; only hashtags are heard there")

    def _of(self, signed: Signed, raw: str) -> Iterator[Event]:
        self._reached(signed.created_at)
        if signed.id in self._seen:  # in another page, or live
            return
        # An edit is read at any rate: it may take away what was wanted.
        worth = signed.kind in (DELETION, ARTICLE) or (signed.kind in POSTS and self.wanted.may_match(raw))
        if not worth or signed.is_over or self.withdrawn.covers(signed):
            return
        if not is_true(signed):
            yield from self._once(f"{self.host} sent events that are not what their ids or signatures say")
            return
        self._seen[signed.id] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        if signed.kind == DELETION:
            yield from self.withdrawn.news(signed)
        else:
            yield post_of(signed, self.host, self.wanted.web)

    def _reached(self, created_at: int) -> None:
        """Move the cursor; a forged date cannot put it into the future."""
        if 0 <= created_at <= now().timestamp():
            self._newest = max(self._newest or 0, created_at)

    def _gap(self, since: int, until: int, why: str) -> Gap:
        latest = int(now().timestamp())
        begin, end = (datetime.fromtimestamp(min(moment, latest), UTC) for moment in (since, max(since, until)))
        return Gap(begin, end, f"{self.host} has {why}")

    def _once(self, text: str) -> tuple[Notice, ...]:
        if text in self._said:
            return ()
        self._said.add(text)
        return (Notice(text),)


def _position(cursor: str | None) -> int | None:
    """The cursor, unless it is broken."""
    return int(cursor) if cursor and cursor.isascii() and cursor.isdecimal() and len(cursor) < 12 else None


def _span(floor: int, until: int | None) -> dict[str, object]:
    return {"since": floor} if until is None else {"since": floor, "until": until}


def _text(signed: Signed) -> str:
    return msgspec.json.encode(signed).decode("utf-8", "replace")
