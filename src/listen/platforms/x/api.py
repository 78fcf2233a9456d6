"""Requests to X's API, version 2: searches, counts and rules; what they cost is paid before they go out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from listen.errors import BadAnswer, Unacceptable
from listen.http import Answer, Client, Secret
from listen.platforms.x.costs import Costs
from listen.platforms.x.status import Status, User, status_of, users_of
from listen.when import now

MOST = 100  # posts of one search
SILENCE = 35.0  # seconds; the stream keeps itself awake with an empty line each 20
KEPT = timedelta(days=7)

# Why a post is not shown, and whether that lasts: who protects their posts may show them again.
_MISSING = {"resource-not-found": True, "not-authorized-for-resource": False}
_CLOCKS_DIFFER = timedelta(days=1)  # a `Date` that is farther off tells more about the server than about us
_FIELDS = "created_at,lang,public_metrics,entities,author_id"
# Documents and streams say "tweet", the specification of 2026-08-07 "post" for searches; older ones know no long posts.
_SPELLINGS = (
    ("tweet.fields", f"{_FIELDS},referenced_tweets,edit_history_tweet_ids,note_tweet"),
    ("post.fields", f"{_FIELDS},referenced_posts,edit_history_post_ids,note_post"),
    ("tweet.fields", f"{_FIELDS},referenced_tweets,edit_history_tweet_ids"),
)


class Rule(msgspec.Struct, frozen=True):
    id: str
    value: str
    tag: str | None = None


class _Problem(msgspec.Struct, frozen=True):
    """Why something is missing from an answer, or why a stream ends."""

    title: str = ""
    detail: str = ""
    message: str = ""
    type: str = ""
    resource_id: str = ""
    value: str = ""

    def __str__(self) -> str:
        return (self.detail or self.title or self.message)[:200]


class _Includes(msgspec.Struct, frozen=True):
    users: Sequence[msgspec.Raw] = ()


class _Meta(msgspec.Struct, frozen=True):
    newest_id: str | None = None
    next_token: str | None = None
    pagination_token: str | None = None
    total_tweet_count: int | None = None
    total_post_count: int | None = None


class _Found(msgspec.Struct, frozen=True):
    """An answer with posts, or one post of the stream. All of it may be missing: a search that finds nothing has no
    `data`, one that was only partly done has `errors` beside it."""

    data: msgspec.Raw = msgspec.Raw(b"null")
    includes: _Includes = _Includes()
    errors: Sequence[_Problem] = ()
    meta: _Meta | None = None


class _Rules(msgspec.Struct, frozen=True):
    data: Sequence[Rule] = ()
    meta: _Meta = _Meta()
    errors: Sequence[_Problem] = ()


class Page(msgspec.Struct, frozen=True):
    """Posts of a search, oldest first; `next` turns to those before. `unread` counts odd ones."""

    posts: Sequence[Status]
    users: Mapping[str, User]
    next: str | None = None
    unread: int = 0


class Named(msgspec.Struct, frozen=True):
    """Posts that were asked for by their ids, and those that X does not show: whether they are gone for good."""

    posts: Sequence[Status]
    missing: Mapping[str, bool]


class Api:
    """The API at `base`. `ahead` is by how much its clock is ahead of ours."""

    def __init__(self, base: str, token: Secret, http: Client, costs: Costs) -> None:
        self.base = base
        self.host = urlsplit(base).netloc
        self.token = token
        self.http = http
        self.costs = costs
        self.ahead = timedelta(0)
        self._spelling = _SPELLINGS[0]

    def now(self) -> datetime:
        """X's own time, as far as it told."""
        return now() + self.ahead

    async def search(self, query: str, place: Mapping[str, str]) -> Page:
        """Posts of the last 7 days that it finds, of the place that `since_id`, `until_id` ... tell.

        Raises OutOfQuota without having asked, if the money is not enough for the smallest page.
        """
        async with self.costs.page(MOST) as hold:
            told = {"query": query, "max_results": str(hold.granted), **place}
            answer = await self._spelled("/2/tweets/search/recent", told)
            page = self._page(answer)
            hold.spent = self.costs.of((post.id for post in page.posts), page.users)
        return page

    async def named(self, ids: Sequence[str]) -> Named:
        """These posts, 100 at most, without names. Raises OutOfQuota, without having asked, if there is no money."""
        async with self.costs.named(len(ids)) as hold:
            answer = await self._spelled("/2/tweets", {"ids": ",".join(ids)}, names=False)
            found: _Found = answer.shaped(_Found)
            posts = self._posts(found)[0]
            hold.spent = self.costs.of((post.id for post in posts), ())
        missing: dict[str, bool] = {}
        for problem in found.errors:
            id_, kind = problem.resource_id or problem.value, problem.type.rpartition("/")[2]
            if id_ in ids and kind in _MISSING:
                missing[id_] = _MISSING[kind]
        return Named(posts, missing)

    async def a_day(self, query: str) -> float:
        """How many posts of the last 7 days it finds, for a day. Costs as much as a post."""
        async with self.costs.request():
            told = {"query": query, "granularity": "day"}
            answer = await self.http.get(f"{self.base}/2/tweets/counts/recent", params=told, token=self.token)
            meta = answer.shaped(_Found).meta or _Meta()
            total = meta.total_tweet_count if meta.total_tweet_count is not None else meta.total_post_count
            if total is None:
                raise BadAnswer(f"{self.host} answered something else than a count of posts")
            return max(0, total) / KEPT.days

    async def rules(self) -> list[Rule]:
        """The rules of the app's stream, whoever made them."""
        rules: list[Rule] = []
        turned: dict[str, str] = {}
        for _ in range(10):  # 1,000 rules are one page
            answer = await self.http.get(self._rules, params=turned, token=self.token)
            told: _Rules = answer.shaped(_Rules)
            rules += told.data
            token = told.meta.next_token
            if not token or turned.get("pagination_token") == token:
                break
            turned = {"pagination_token": token}
        return rules

    async def change_rules(self, change: Mapping[str, Any]) -> list[str]:
        """Add rules, or take some away; returns what X has against it."""
        answer = await self.http.post(self._rules, change, token=self.token)
        return [str(problem) for problem in answer.shaped(_Rules).errors if problem.title != "DuplicateRule"]

    def stream(self) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The open stream, line by line."""
        url = f"{self.base}/2/tweets/search/stream"
        spelling = self._spelling if self._spelling[0] == "tweet.fields" else _SPELLINGS[0]
        return self.http.lines(url, params=self._wanted(spelling), token=self.token, silence=SILENCE)

    def came(self, line: bytes) -> Page | str | None:
        """The post in a line of the stream, or why it ends, or None for what is neither."""
        try:
            found = msgspec.json.decode(line, type=_Found)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        status = status_of(found.data)
        if status is not None:
            return Page([status], users_of(found.includes.users))
        return str(found.errors[0]) if found.errors else None

    @property
    def _rules(self) -> str:
        return f"{self.base}/2/tweets/search/stream/rules"

    async def _spelled(self, path: str, params: Mapping[str, str], *, names: bool = True) -> Answer:
        """The answer in the first spelling that this server takes. Raises what it says to the usual one."""
        try:
            return await self._got(path, params, self._spelling, names=names)
        except Unacceptable:
            for spelling in _SPELLINGS:
                if spelling != self._spelling:
                    with suppress(Unacceptable):
                        answer = await self._got(path, params, spelling, names=names)
                        self._spelling = spelling
                        return answer
            raise

    async def _got(self, path: str, params: Mapping[str, str], spelling: tuple[str, str], *, names: bool) -> Answer:
        told = {**params, **self._wanted(spelling, names=names)}
        answer = await self.http.get(self.base + path, params=told, token=self.token)
        self._looks_at_the_clock(answer.headers.get("date", ""))
        return answer

    def _wanted(self, spelling: tuple[str, str], *, names: bool = True) -> dict[str, str]:
        wanted = dict([spelling])
        if self.costs.authors and names:
            wanted |= {"expansions": "author_id", "user.fields": "username,name,public_metrics"}
        return wanted

    def _page(self, answer: Answer) -> Page:
        found: _Found = answer.shaped(_Found)
        posts, unread = self._posts(found)
        if found.meta is None and not posts and not unread:
            said = f", but: {found.errors[0]}" if found.errors else ""
            raise BadAnswer(f"{self.host} answered no posts and no count of them{said}")
        meta = found.meta or _Meta()
        turned = (meta.next_token or meta.pagination_token) if posts else None
        users = users_of(found.includes.users)
        return Page(sorted(posts, key=lambda post: int(post.id)), users, turned, unread)

    def _posts(self, found: _Found) -> tuple[list[Status], int]:
        """The posts of an answer, and how many of them cannot be read."""
        try:
            raws = msgspec.json.decode(found.data, type=list[msgspec.Raw] | None) or []
        except msgspec.DecodeError as problem:
            raise BadAnswer(f"{self.host} answered posts of another shape: {problem}") from problem
        posts = [status for raw in raws if (status := status_of(raw))]
        return posts, len(raws) - len(posts)

    def _looks_at_the_clock(self, date: str) -> None:
        try:
            there = parsedate_to_datetime(date).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return
        self.ahead = there - now() if abs(there - now()) < _CLOCKS_DIFFER else timedelta(0)
