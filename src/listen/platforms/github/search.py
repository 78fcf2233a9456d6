"""GitHub's search: issues and pull requests by their words, and comments by those of the issues that hold them.

A search shows 1,000 results. Where there are more, the next one asks for what is not newer than the last of them.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from listen.errors import Gone, Unreachable
from listen.http.client import Params
from listen.listing import Listing, Page
from listen.platforms.github.api import PAGE, Api, Comment, Issue, post_of_comment, post_of_issue
from listen.post import Event, Mark, Post
from listen.when import claimed, now

LAST = 10  # pages of a hundred; the next one is 422
COMMENT_PAGES = 10  # of a hundred comments on one issue since the last round
_GROUPED = {"advanced_search": "true"}  # for parentheses, where they are not understood without it
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_PLACE = re.compile(r"https?://[^/]+/([\w.-]+/[\w.-]+)/(?:issues|pull)/(\d+)")


class Results(msgspec.Struct):
    """`incomplete_results` says that the search took GitHub too long."""

    total_count: int
    items: list[Issue]
    incomplete_results: bool = False


class Search(Listing):
    """One search for issues, or for pull requests, by one of their dates."""

    by: str

    def __init__(self, api: Api, search: str, kind: str, within: str) -> None:
        self.api = api
        self.words = f"({search}) in:{within} is:{kind}"

    async def results(self, place: str | None) -> tuple[list[Issue], str | None]:
        """The page at a place, as `2 2026-11-22T12:00:00Z` (a number, and how new its search may be), and the next."""
        number, _, until = (place or "1").partition(" ")
        words = f"{self.words} {self.by}:<={until}" if until else self.words
        asked: Params = {"q": words, "sort": self.by, "order": "desc", "per_page": PAGE, "page": number}
        results: Results = await self.api.asked("/search/issues", {**asked, **_GROUPED}, Results)
        if results.incomplete_results:
            raise Unreachable("GitHub broke its search off, which took too long")
        return results.items, self._next(results, int(number), until)

    def _next(self, results: Results, number: int, until: str) -> str | None:
        if len(results.items) < PAGE:
            return None
        if number < LAST:
            return f"{number + 1} {until}".strip()
        last = results.items[-1]
        return f"1 {last.created_at if self.by == 'created' else last.updated_at}"


class Searched(Search):
    """Issues or pull requests that say it themselves."""

    by = "created"

    def __init__(self, api: Api, search: str, kind: str) -> None:
        super().__init__(api, search, kind, "title,body")
        self.name = f"{kind}s {search}"

    async def page(self, place: str | None) -> Page:
        issues, older = await self.results(place)
        return Page([post_of_issue(issue) for issue in issues if self.api.counts(issue.user)], next=older)


class Commented(Search):
    """Comments on the issues or pull requests of which a comment says it, by their last change.

    Search finds the issue, not the comment: those since the last round are asked for, issue by issue. Repositories
    `besides` are heard whole elsewhere, where comments stand without the titles of their issues.
    """

    by = "updated"

    def __init__(self, api: Api, search: str, kind: str, besides: Sequence[str]) -> None:
        super().__init__(api, search, kind, "comments")
        self.besides = {repo.lower() for repo in besides}
        self.name = f"comments on {kind}s {search}"
        self._read: dict[str, str] = {}
        self._reading: dict[str, str] = {}

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        self._reading = {}
        async for event in super().hear(cursor, since):
            if isinstance(event, Mark):
                self._read = self._reading  # not before, as a walk that breaks is walked again
            yield event

    async def page(self, place: str | None) -> Page:
        issues, older = await self.results(place)
        floor = max(self.back_to or now() - timedelta(days=1), self.began or _EARLIEST)
        posts: list[Post] = []
        for issue in issues:
            updated = claimed(issue.updated_at)
            self._reading[issue.html_url] = issue.updated_at
            if updated and updated >= floor and self._read.get(issue.html_url) != issue.updated_at:
                posts += await self._comments(issue, floor)
        posts.sort(key=lambda post: post.posted_at or floor, reverse=True)
        dates = [moment for issue in issues if (moment := claimed(issue.updated_at))]
        return Page(posts, next=older, span=(min(dates), max(dates)) if dates else None)

    async def _comments(self, issue: Issue, since: datetime) -> list[Post]:
        """The comments since then; none where issue or repository have gone meanwhile."""
        found = _PLACE.match(issue.html_url)
        if found is None or not issue.comments or found[1].lower() in self.besides:
            return []
        path = f"/repos/{found[1]}/issues/{found[2]}/comments"
        moment = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        posts: list[Post] = []
        for number in range(1, COMMENT_PAGES + 1):
            params: dict[str, str | int] = {"since": moment, "per_page": PAGE, "page": number}
            try:
                comments: list[Comment] = await self.api.asked(path, params, list[Comment])
            except Gone:
                return posts
            posts += [post_of_comment(one, issue.title) for one in comments if self.api.counts(one.user)]
            if len(comments) < PAGE:
                break
        return posts
