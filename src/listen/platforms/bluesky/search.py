"""The search of Bluesky, to look back farther than the stream remembers; for one who has an account.

API     https://docs.bsky.app/docs/api/app-bsky-feed-search-posts
Limits  3,000 requests in five minutes; some 10,000 results of one search, then it is asked anew for what is older

Its index lags and has holes, and posts that claim an old date are filed under that; the stream has neither fault.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from listen.errors import PlatformError, Refused, Unacceptable
from listen.plain import wellformed
from listen.platforms.bluesky.record import POSTS, Label, post_of, wishes_of
from listen.platforms.bluesky.session import Session
from listen.post import Event, Gap, Post
from listen.query.asking import asked
from listen.query.dialects import BLUESKY_SEARCH
from listen.source import Interest
from listen.when import utc

METHOD = "app.bsky.feed.searchPosts"
PAGE = 100  # the most; one more is an error
CAP = 9_000  # results from which on the end of a search may be its cap
MOST_PAGES = 500  # of one search in one stretch of time
EMPTY = 5  # pages in a row without a post that are passed over
TERMS = 50  # searches for one stretch of time
TRIES = 3  # failures before a stretch is told as a gap
_MOMENT = timedelta(milliseconds=1)  # what `until` is precise to
_LATER = timedelta(minutes=2)  # over the end of a gap, as clocks differ


class Author(msgspec.Struct, rename="camel"):
    did: str
    handle: str = ""
    display_name: str | None = None
    labels: list[Label] | None = None


class View(msgspec.Struct, rename="camel"):
    """A post as the search shows it."""

    uri: str
    author: Author
    record: msgspec.Raw
    indexed_at: str = ""
    like_count: int | None = None
    repost_count: int | None = None
    reply_count: int | None = None
    labels: list[Label] | None = None


class Answered(msgspec.Struct):
    posts: list[msgspec.Raw]
    cursor: str | None = None


class Found(msgspec.Struct, frozen=True):
    """A post, and the moment that it is filed under."""

    post: Post
    filed_at: datetime


class Search:
    """`cap` is how many results a search shows at least before it may end too early."""

    def __init__(self, session: Session, interest: Interest, *, cap: int = CAP) -> None:
        self.session = session
        self.interest = interest
        self.cap = cap
        self._failures = 0

    async def filled(self, gap: Gap) -> Sequence[Event]:
        """What was posted in a gap, oldest first, and what of it stays a gap.

        Raises PlatformError where it is worth while to try again soon.
        """
        searches = asked(self.interest.queries, BLUESKY_SEARCH).searches
        if not searches or len(searches) > TERMS:
            why = f"{gap.why}; and Bluesky cannot be searched for what is listened to"
            return [Gap(gap.since, gap.until, why, gap.reason)]
        try:
            told = [one for query in searches async for one in self._found(query, gap)]
        except PlatformError as problem:
            self._failures += 1
            if self._failures < TRIES and not isinstance(problem, Refused):
                raise
            return [Gap(gap.since, gap.until, f"{gap.why}; {problem}", gap.reason)]
        self._failures = 0
        posts = {one.post.id: one for one in told if isinstance(one, Found)}
        left = sorted((one for one in told if isinstance(one, Gap)), key=lambda one: one.until)
        return [*(one.post for one in sorted(posts.values(), key=lambda one: one.filed_at)), *left[-1:]]

    async def _found(self, query: str, gap: Gap) -> AsyncIterator[Found | Gap]:
        async for one in Stretch(self.session, query, gap.since, gap.until + _LATER, self.cap).events():
            if isinstance(one, Gap) or self.interest.may_match(one.post.document):
                yield one

    async def check(self) -> str:
        """One request. Raises PlatformError."""
        (query, *_) = (*asked(self.interest.queries, BLUESKY_SEARCH).searches, "bluesky")
        await self.session.get(METHOD, {"q": query, "limit": 1})
        return f"searches as {self.session.account.handle}"


class Stretch:
    """One search over one stretch of time, from its end to its beginning."""

    def __init__(self, session: Session, query: str, begin: datetime, end: datetime, cap: int) -> None:
        self.session = session
        self.cap = cap
        self.query = query
        self.begin = begin
        self.end = end
        self.until = end
        self.cursor: str | None = None
        self.been: set[str] = set()
        self.shown = 0  # since the search was asked anew
        self.empty = 0
        self.oldest = end

    async def events(self) -> AsyncIterator[Found | Gap]:
        """What was found; a Gap for what could not be. Raises PlatformError."""
        for _ in range(MOST_PAGES):
            found, following = await self._page()
            for one in found:
                if self.begin <= one.filed_at < self.end:
                    yield one
            if found and all(one.filed_at < self.begin for one in found):
                return
            self.shown += len(found)
            self.empty = 0 if found else self.empty + 1
            self.oldest = min([self.oldest, *(one.filed_at for one in found)])
            if following and following not in self.been and self.empty < EMPTY:
                self.been.add(following)
                self.cursor = following
            elif following or self.shown >= self.cap:
                if not self._anew():
                    yield self._gap("shows no more posts of one moment" if self.shown else "shows empty pages")
                    return
            else:
                return
        yield self._gap(f"has more than {MOST_PAGES} pages")

    def _anew(self) -> bool:
        """Ask again, for what is older than all that was shown; False if that would be the same again."""
        until = self.oldest + _MOMENT
        if until >= self.until:
            return False
        self.until, self.cursor, self.shown, self.empty = until, None, 0, 0
        self.been.clear()
        return True

    def _gap(self, why: str) -> Gap:
        return Gap(
            self.begin, max(self.oldest, self.begin), f"the search of Bluesky {why} for {self.query}", "page limit"
        )

    async def _page(self) -> tuple[list[Found], str | None]:
        told: dict[str, str | int] = {"q": self.query, "sort": "latest", "limit": PAGE}
        told |= {"since": _written(self.begin), "until": _written(self.until)}
        if self.cursor:
            told["cursor"] = self.cursor
        try:
            answered: Answered = (await self.session.get(METHOD, told)).shaped(Answered)
        except Unacceptable:
            if self.cursor is None:
                raise
            return [], self.cursor  # deeper than it goes, which it says as an error
        found = [one for raw in answered.posts if (one := _found_in(raw))]
        return found, answered.cursor


def _found_in(raw: msgspec.Raw) -> Found | None:
    try:
        view = msgspec.json.decode(raw, type=View)
        did, rkey = view.author.did, view.uri.rpartition("/")[2]
        if view.uri != f"at://{did}/{POSTS}/{rkey}" or not rkey:
            return None
        post = post_of(did, rkey, view.record)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    filed_at = min(filter(None, (post.posted_at, _moment(view.indexed_at))), default=None)
    if filed_at is None:
        return None
    handle, author = wellformed(view.author.handle), view.author
    return Found(
        replace(
            post,
            author=did if handle in ("", "handle.invalid") else handle,
            author_name=wellformed(author.display_name or "").strip() or None,
            likes=view.like_count,
            reposts=view.repost_count,
            replies=view.reply_count,
            wishes=tuple(dict.fromkeys((*post.wishes, *wishes_of([*(author.labels or ()), *(view.labels or ())])))),
        ),
        filed_at,
    )


def _moment(written: str) -> datetime | None:
    try:
        return utc(datetime.fromisoformat(written))
    except ValueError:
        return None


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
