"""One round of one feed: ask for it, and tell what is new in it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec.structs import replace

from listen.errors import BadAnswer, Gone, Refused
from listen.feed.cursor import Track, digest_of
from listen.feed.entry import Entry, Feed, Shaping, as_it_is, post_of, talks_of_comments
from listen.feed.finding import Found, asked, offered, understood
from listen.http import Client
from listen.http.secret import bare, redacted
from listen.http.wire import host_of
from listen.post import Edit, Event, Gap, Notice, Post

FIRST = timedelta(days=7)  # how far back the first round goes
MOST_PAGES = 20
_LONGEST_REST = timedelta(days=1)


class Following:
    """`first` is the address the feed was first known by, `name` stands for it in ids and is no secret. One that
    `seeks` looks for the feed where a page was answered.

    After a round, `comments` is where the feed's comments are, if it says so.
    """

    def __init__(
        self, track: Track, first: str, name: str, http: Client, shaping: Shaping = as_it_is, *, seeks: bool = True
    ) -> None:
        self.seeks = seeks
        self.track = track
        self.first = first
        self.name = name
        self.http = http
        self.shaping = shaping
        self.comments: str | None = None

    async def events(self, since: datetime | None, now: datetime) -> AsyncIterator[Event]:
        """What is new since the last round, the lowest entry of the feed first. Raises PlatformError."""
        found = await self._found(now)
        if found is None:
            self.track.heard_at = now
            return
        for remark in self._remarks(found):
            yield Notice(remark)
        self.comments = (found.page.comments if found.page else None) or found.feed.comments
        if self.track.body != digest_of(found.answer.body):
            async for event in self._told(found, since, now):
                yield event
        self.track.notes(found.answer, _rest(found), now)
        if not found.feed.whole:
            self.track.forgets_version()  # the next answer may hold the rest of what has the same one

    async def _found(self, now: datetime) -> Found | None:
        """The feed where it was last, else where it was first, as what moved once may move again; None if unchanged."""
        track = self.track
        try:
            return await self._at(track.address or self.first, now)
        except (Gone, BadAnswer):
            if track.address is None:
                raise
        track.moves(None)
        return await self._at(self.first, now)

    async def _at(self, address: str, now: datetime) -> Found | None:
        answer = await asked(self.http, address, self.track.validators(now))
        if answer.status == 304:
            return None
        found = await understood(answer)
        if isinstance(found, Feed):
            return Found(address, answer, found)
        if not self.seeks or (self.track.heard_at and not self.track.page):
            # An error page, or a login: the feed that its site offers may be another than the one that was here.
            raise BadAnswer(f"{host_of(address)} shows a page where its feed was")
        return await offered(self.http, answer.url, found)

    def _remarks(self, found: Found) -> list[str]:
        """What the user should know about the feed's address; from now on it is read there."""
        track, remarks = self.track, []
        if found.page and found.place != track.address:
            remarks.append(f"{host_of(self.first)} is a page; following its feed {redacted(found.place)}")
            track.page = True
            track.moves(_storable(found.place))
        elif found.answer.moved and found.place != track.address:
            there, here = redacted(found.place), redacted(found.address)
            remarks.append(f"{here} has moved for good; following {there}")
            track.moves(_storable(found.place))
        if found.feed.cut_from and track.heard_at is None:
            shown = f"{found.feed.cut_from:,} entries at once"
            remarks.append(f"{host_of(found.place)} shows {shown}; hearing the first and the last of them")
        if not found.feed.whole:
            remarks.append(f"{host_of(found.place)} broke off in the middle of its feed; hearing what came of it")
        return remarks

    async def _told(self, found: Found, since: datetime | None, now: datetime) -> AsyncIterator[Event]:
        track, heard_at = self.track, self.track.heard_at
        entries, why = await self._pages(found)
        if why and heard_at:
            yield Gap(min(heard_at, now), now, why)  # the clock may have been set back since
        comments = talks_of_comments(found.feed.title, found.answer.url)
        for change, identity, entry in list(track.news(track.identities(entries)[::-1])):
            told = post_of(entry, identity, self.name, comments=comments)
            post = told and self.shaping(told, entry)
            if post and (heard_at or not _is_old(entry, since or now - FIRST)):
                post = self._public(post)
                yield post if change == "new" else Edit(post)

    def _public(self, post: Post) -> Post:
        """The post as anybody may see it: what a feed links to relatively has the user's own password in it."""
        if redacted(self.first) == self.first:
            return post

        def public(url: str | None) -> str | None:
            return None if url is None else redacted(bare(url))

        links = tuple(redacted(bare(link)) for link in post.links)
        return replace(
            post, id=redacted(bare(post.id)), url=public(post.url), author_url=public(post.author_url), links=links
        )

    async def _pages(self, found: Found) -> tuple[list[Entry], str | None]:
        """The entries, page after page until one is known, and if none is why there may be more between them."""
        entries, page, host = list(found.feed.entries), found.feed, host_of(found.place)
        for number in range(2, MOST_PAGES + 2):
            if not self.track.seen or not page.entries or self._knows_one(page.entries):
                return entries, None
            address = page.next or (_paged(found.answer.url, number) if found.feed.wordpress else None)
            if address is None:
                return entries, f"{host} shows only its newest entries, and all are new" if number == 2 else None
            if number > MOST_PAGES:
                break
            try:
                page = await self._further(address)
            except Gone:  # how WordPress answers past the last page
                return entries, None
            except (BadAnswer, Refused) as problem:
                return entries, f"{host} shows its newest entries, but not the page after: {problem}"
            if {entry.identity for entry in page.entries} <= {entry.identity for entry in entries}:
                return entries, f"{host} shows the same entries on every page"
            entries += page.entries
        return entries, f"{host} has more than {MOST_PAGES} pages of new entries"

    async def _further(self, address: str) -> Feed:
        found = await understood(await asked(self.http, address))
        if not isinstance(found, Feed):
            raise BadAnswer(f"{host_of(address)} shows a page where the feed's next page should be")
        return found

    def _knows_one(self, entries: Sequence[Entry]) -> bool:
        return any(self.track.knows(identity) for identity, _ in self.track.identities(entries))


def _storable(address: str) -> str | None:
    """Where to go the next time; None, so that it is found again, if that must not be stored."""
    return address if redacted(address) == address else None


def _is_old(entry: Entry, since: datetime) -> bool:
    """Whether it claims to be older; what has no date is new."""
    moment = entry.updated or entry.published
    return moment is not None and moment < since


def _paged(url: str, number: int) -> str:
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "paged"]
    return parts._replace(query=urlencode([*query, ("paged", number)])).geturl()


def _rest(found: Found) -> timedelta:
    """How long the feed, or the server, says that it stays as it is; a day at most."""
    age = re.search(r"max-age\s*=\s*\"?([0-9]{1,9})", found.answer.headers.get("cache-control", "").lower())
    return min(max(found.feed.rest or timedelta(0), timedelta(seconds=int(age[1]) if age else 0)), _LONGEST_REST)
