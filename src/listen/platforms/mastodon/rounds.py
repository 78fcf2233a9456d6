"""One round of reading: pages forward and back, no status twice, and a mark after each page.

`min_id` gives the page right *above* an id, `since_id` would give the newest page and leave a hole below it.
https://docs.joinmastodon.org/methods/timelines/#tag
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime, timedelta

from listen.platforms.mastodon.ids import is_ahead, latest, moment_of, order, rewound
from listen.platforms.mastodon.server import Page, Server
from listen.platforms.mastodon.status import Status, heard, moment
from listen.post import Event, Gap, Mark
from listen.when import now

Ask = Callable[[dict[str, str]], Awaitable[Page]]

FIRST_REACH = timedelta(days=1)  # how far the first round looks back if nobody says otherwise
MOST_PAGES = 50  # that are read down to where the last round got
FIRST_PAGES = 5  # of 40 statuses: what the first round reads at most
AFTER_EMPTY_PAGES = 25  # the same after the place was once seen empty: a quiet tag may wake up with a storm
LATE = timedelta(hours=1)  # posts federate late, and clocks differ
EMPTY = "empty at "  # the cursor of a place without posts tells when it was looked at


class Round:
    """What one round has read so far, and the cursor from which the next one goes on."""

    def __init__(self, server: Server, domain: str, cursor: str | None) -> None:
        self.server = server
        self.domain = domain
        self.start = cursor
        self.climbs = True
        self.highest = _believable(cursor) if cursor and not cursor.startswith(EMPTY) else None
        self._seen: set[str] = set()

    @property
    def empty_at(self) -> datetime | None:
        """When the place was seen without any post, if the round goes on from there."""
        seen = moment(self.start.removeprefix(EMPTY)) if self.start and self.highest is None else None
        return seen if seen is None or seen <= now() else now() - FIRST_REACH  # by a clock that was wrong

    def events(self, page: Page) -> Iterator[Event]:
        """What a page brings that this round has not had yet, oldest first, and the mark after it."""
        if page.unread:
            yield from self.server.unreadable()
        for status in sorted(page.statuses, key=lambda status: order(status.id)):
            if status.id not in self._seen:
                self._seen.add(status.id)
                yield from self.event(status)
        yield self.mark()

    def event(self, status: Status, *, corrected: bool = False) -> Iterator[Event]:
        """The post or edit that a status brings, if it is public; the cursor moves in any case."""
        self.reached(status.id)
        event = heard(status, instance=self.server.host, domain=self.domain, corrected=corrected)
        if event is not None:
            yield event

    def reached(self, id_: str) -> None:
        """Move the cursor up to an id, unless a forged date has put it into the future."""
        if not is_ahead(id_, now()):
            self.highest = latest((id_, self.highest or ""))

    def mark(self) -> Mark:
        return Mark(self.highest or f"{EMPTY}{now().isoformat(timespec='seconds')}")


def _believable(cursor: str) -> str | None:
    """The cursor; or, if it lies in the future (our clock was, or is, wrong), the place shortly before now."""
    return rewound(cursor, LATE, now()) if is_ahead(cursor, now()) else cursor


async def forward(ask: Ask, round_: Round, start: str) -> AsyncIterator[Event]:
    """Everything above an id, oldest first, until a page is empty: a short page need not be the last."""
    while (page := await ask({"min_id": start})).statuses:
        for event in round_.events(page):
            yield event
        end = latest(status.id for status in page.statuses)
        if order(end) <= order(start):
            return  # a server that does not know `min_id` would give this page for ever
        start = end


async def down(ask: Ask, round_: Round, start: str) -> AsyncIterator[Event]:
    """The same for servers of which it is not known that `min_id` climbs: from the newest page down to the id."""
    pages, complete = await back(
        ask,
        turned=lambda pages: {"max_id": pages[-1].older or ""},
        enough=lambda page: any(order(status.id) <= order(start) for status in page.statuses),
        most=MOST_PAGES,
    )
    if not complete and (moment_ := moment_of(start)):
        yield gap(moment_, pages, round_)
    for event in told(pages, round_):
        yield event


async def first(ask: Ask, round_: Round, since: datetime | None) -> AsyncIterator[Event]:
    """The newest page and those before it, back to `since` or a day, oldest first."""
    empty_at = round_.empty_at
    until = empty_at - LATE if empty_at else since or now() - FIRST_REACH
    pages, complete = await back(
        ask,
        turned=lambda pages: {"max_id": pages[-1].older or ""},
        enough=lambda page: is_older(page, until),
        most=AFTER_EMPTY_PAGES if empty_at else FIRST_PAGES,
    )
    if not complete and (empty_at or since):
        yield gap(empty_at or until, pages, round_)
    for event in told(pages, round_):
        yield event


async def back(
    ask: Ask, *, turned: Callable[[list[Page]], dict[str, str]], enough: Callable[[Page], bool], most: int
) -> tuple[list[Page], bool]:
    """Pages, the newest first, until one is `enough`, empty or nothing new; and whether that came before `most`."""
    pages: list[Page] = []
    seen: set[str] = set()
    while len(pages) < most:
        page = await ask(turned(pages) if pages else {})
        ids = {status.id for status in page.statuses}
        if ids <= seen:
            return pages, True
        seen |= ids
        pages.append(page)
        if enough(page):
            return pages, True
    return pages, False


def told(pages: list[Page], round_: Round) -> Iterator[Event]:
    """The events of pages that were read back, oldest first, with a mark even if there are none."""
    for page in reversed(pages):
        yield from round_.events(page)
    if not pages:
        yield round_.mark()


def is_older(page: Page, than: datetime) -> bool:
    """Whether all of a page was posted before; one forged date among its posts decides nothing."""
    return all((posted := moment(status.created_at)) and posted < than for status in page.statuses)


def gap(since: datetime, pages: list[Page], round_: Round) -> Gap:
    """What lies between `since` and the last page read; its middle post says when that was, dates can be forged."""
    dates = sorted(posted for status in pages[-1].statuses if (posted := moment(status.created_at)))
    until = dates[len(dates) // 2] if dates else now()
    return Gap(since, max(since, until), f"{round_.server.host} had more posts than are read back at once")
