"""Listings that show the newest posts first, page after page, as most APIs have them; and how nothing is lost in them.

A listing orders its posts either by *arrival* (whatever comes, comes on top) or by the *date* that they claim (what
comes late is put in between), or *loosely* by arrival. By arrival, a walk ends at the first page whose last post is
known, loosely at the first whose posts are all known. By date, it reads as far back as the last round was heard, and
an overlap more, in which late posts are found. What is known is told by ids, never by dates: a post dated 2036 stays
on top and blinds nothing. A burst is paged through; where it has more pages than are read, or than the network shows,
that is a `Gap`.

Cursor  hashes of the ids and words of the newest posts seen, and when that was
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Literal

import msgspec

from listen.errors import PlatformError
from listen.post import Deletion, Edit, Event, Gap, Mark, Post
from listen.source import Source
from listen.when import now

MOST_SEEN = 5_000  # posts that are remembered of one listing, unless it says otherwise; some 130 kB


class Page(msgspec.Struct, frozen=True):
    """One answer, newest post first. `next` is the place of the next older page, None after the last one.

    `cut` says why there is nothing older to be had though there may be more ("shows no more than its newest 100").
    `rest` is how long the network wants not to be asked again. `span` is the oldest and the newest moment by which the
    page is ordered where its posts do not tell, as in a list of discussions by their last comment.
    """

    posts: Sequence[Post]
    next: str | None = None
    deletions: Sequence[Deletion] = ()
    cut: str | None = None
    rest: timedelta | None = None
    span: tuple[datetime, datetime] | None = None


class Seen(msgspec.Struct, kw_only=True):
    """What is remembered between two rounds. `posts` maps hashes of ids to hashes of words, the longest unseen first;
    `newest` is the newest date that a post claimed, unless that lay in the future, `since` where the first round began,
    `deep_at` when a round went deep."""

    heard_at: datetime | None = None
    newest: datetime | None = None
    since: datetime | None = None
    deep_at: datetime | None = None
    posts: dict[str, str] = {}

    def knows(self, post: Post) -> bool:
        return _digest(post.id) in self.posts

    def news(self, posts: Sequence[Post]) -> Iterator[Post | Edit]:
        """What is new or edited among the posts, the oldest first as they stand; from then on all are known."""
        for post in reversed(posts):
            known, words = _digest(post.id), _digest(f"{post.document}\n{post.rating}", 4)
            before = self.posts.pop(known, None)
            self.posts[known] = words
            if before is None:
                yield post
            elif before != words:
                yield Edit(post)

    def forgets(self, deletion: Deletion) -> None:
        """What was taken back is news if it is shown again."""
        if deletion.id is not None:
            self.posts.pop(_digest(deletion.id), None)

    def ends(self, moment: datetime, dates: Sequence[datetime], *, deep: bool, most: int = MOST_SEEN) -> None:
        """A walk that began at that moment has shown posts of these dates; so many of all are remembered at most."""
        for known in list(self.posts)[: max(0, len(self.posts) - most)]:
            del self.posts[known]
        dates = [date for date in dates if date <= moment]
        self.newest = max([*dates, *filter(None, [self.newest])], default=None)
        self.heard_at = moment
        self.deep_at = moment if deep else self.deep_at


class Listing(Source):
    """A source that is one listing; a platform says how a page of it is asked for.

    `overlap` is how late a post may come into a listing by date and still be found, `first` how far back the first
    round goes, `most_pages` how many pages one round reads. With `deep`, one round in each `deep_every` goes so far
    back instead: for posts that moderators let through late, under their old date.
    During a round `back_to` is how far back it reads, for networks that can be told so; None where that is not by date.
    `began` is how far back the first round went: what a place holds from before is not news.
    """

    order: Literal["arrival", "date", "loose"] = "date"
    overlap: timedelta = timedelta(hours=1)
    deep: timedelta | None = None
    deep_every: timedelta = timedelta(hours=1)
    first: timedelta = timedelta(days=1)
    most_pages: int = 50
    most_seen: int = MOST_SEEN
    back_to: datetime | None = None
    began: datetime | None = None

    @abstractmethod
    async def page(self, place: str | None) -> Page:
        """The page at that place, None for the newest. Raises PlatformError."""

    def dated(self, post: Post) -> datetime | None:
        """The date that the listing is ordered by, if it is ordered by date."""
        return post.posted_at

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        seen, moment = recalled(cursor), now()
        walk = Walk(self, seen, moment, since)
        self.back_to, self.began = walk.back_to, seen.since or walk.begin
        problem = await walk.goes()
        for post in list(seen.news(walk.posts)):
            if not (isinstance(post, Post) and walk.is_before_the_beginning(post)):
                yield post
        for deletion in walk.deletions:
            seen.forgets(deletion)
            yield deletion
        if problem:
            raise problem  # what came of the walk is told, and the next round reads all of it again
        if gap := walk.gap():
            yield gap
        seen.since = self.began
        seen.ends(moment, walk.dates, deep=walk.deep, most=self.most_seen)
        yield Mark(msgspec.json.encode(seen).decode(), again=walk.rest and max(walk.rest, self.every))

    async def check(self) -> str:
        page = await self.page(None)
        if not page.posts:
            return "answers; nothing there yet"
        dated = [post.posted_at for post in page.posts if post.posted_at]
        newest = f", the newest of {max(dated):%Y-%m-%d %H:%M} UTC" if dated else ""
        return f"{len(page.posts)} {'post' if len(page.posts) == 1 else 'posts'}{newest}"


class Walk:
    """One round over a listing: its pages from the newest on, until what was heard before."""

    def __init__(self, listing: Listing, seen: Seen, moment: datetime, since: datetime | None) -> None:
        self.listing = listing
        self.seen = seen
        self.moment = moment
        self.begin = (since or moment - listing.first) if seen.heard_at is None else None
        self.deep = listing.deep is not None and (
            seen.deep_at is None or abs(moment - seen.deep_at) >= listing.deep_every  # clocks are also set back
        )
        self.posts: list[Post] = []
        self.dates: list[datetime] = []
        self.deletions: list[Deletion] = []
        self.rest: timedelta | None = None
        self._cut: str | None = None
        self._met = False

    async def goes(self) -> PlatformError | None:
        """Read page after page; returns what broke the walk off, if something did."""
        place: str | None = None
        been: set[str | None] = set()
        try:
            for _ in range(self.listing.most_pages):
                been.add(place)
                page = await self.listing.page(place)
                self._met = any(map(self._is_from_before, page.posts))
                self.posts += page.posts
                self.dates += page.span or filter(None, map(self.listing.dated, page.posts))
                self.deletions += page.deletions
                self.rest = page.rest or self.rest
                place = page.next
                if self._is_enough(page):
                    return None
                if place is None or place in been:
                    self._cut = page.cut
                    return None
        except PlatformError as problem:
            return problem
        self._cut = f"more than {self.listing.most_pages} pages of new posts"
        return None

    @property
    def back_to(self) -> datetime | None:
        """Where the walk ends, if that is a date."""
        if self.begin is not None:
            return self.begin
        return self._floor() if self.listing.order == "date" else None

    def is_before_the_beginning(self, post: Post) -> bool:
        """Whether it claims to be older than what the first round wanted; what has no date is not.

        Asked where a walk may come to what no round has read.
        """
        goes_on = self.begin is None and (self.deep or self.listing.order == "loose")
        begin = self.seen.since if goes_on else self.begin
        return begin is not None and post.posted_at is not None and post.posted_at < begin

    def gap(self) -> Gap | None:
        """What lies between the oldest post of the walk and what was heard before, if it did not get that far."""
        heard_at = self.seen.heard_at
        if self._cut is None or heard_at is None or self._met:
            return None
        begin = min(heard_at, self.moment)
        oldest = min([*self.dates, self.moment])
        if self.listing.order == "date" and oldest < self._floor():
            return None  # it went deep, and farther than it would have had to
        return Gap(begin, max(oldest, begin), self._cut)

    def _is_from_before(self, post: Post) -> bool:
        """Whether it was seen in an earlier round; a post of the future, which stays on top, proves nothing."""
        date = self.listing.dated(post)
        return self.seen.knows(post) and not (date and date > self.moment)

    def _is_enough(self, page: Page) -> bool:
        if self.begin is None and self.listing.order == "arrival":
            return bool(page.posts) and self.seen.knows(page.posts[-1])
        if self.begin is None and self.listing.order == "loose":
            return bool(page.posts) and all(
                self.seen.knows(post) or self.is_before_the_beginning(post) for post in page.posts
            )
        last = self.listing.dated(page.posts[-1]) if page.posts else None
        date, end = page.span[0] if page.span else last, self.back_to
        return date is not None and end is not None and date < end

    def _floor(self) -> datetime:
        """How far back a listing by date is read; both clocks, ours and the network's, may have been moved."""
        heard = [moment for moment in (self.seen.heard_at, self.seen.newest) if moment]
        overlap = max(self.listing.overlap, self.listing.deep or timedelta(0)) if self.deep else self.listing.overlap
        return min([*heard, self.moment]) - overlap


def recalled(cursor: str | None) -> Seen:
    """What was stored as a cursor; nothing seen yet if it cannot be read any more."""
    try:
        return msgspec.json.decode(cursor, type=Seen) if cursor else Seen()
    except msgspec.DecodeError:
        return Seen()


def _digest(text: str, size: int = 6) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=size).hexdigest()
