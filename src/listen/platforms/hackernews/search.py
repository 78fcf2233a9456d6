"""Algolia's search over Hacker News: what was posted while nobody listened.

Its cap is 1000 hits for one query whatever the page, so time is cut into windows that hold fewer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec

from listen.errors import PlatformError
from listen.http import Client
from listen.platforms.hackernews.item import Item
from listen.post import Gap
from listen.query.asking import asked
from listen.query.dialects import HACKERNEWS
from listen.source import Interest

CAP = 1_000
WINDOWS = 300  # requests for one term in one search
TERMS = 200  # terms that are searched one by one

_FIELDS = {"author": "by", "created_at_i": "time", "title": "title", "url": "url", "parent_id": "parent",
           "points": "score", "num_comments": "descendants"}  # fmt: skip


class Page(msgspec.Struct, rename={"total": "nbHits"}):
    """One answer, newest hit first; `message` says that the cap was reached."""

    hits: list[Item]
    total: int
    message: str | None = None

    @property
    def whole(self) -> bool:
        return self.message is None and self.total <= len(self.hits) < CAP


class Algolia:
    """The search at `api`."""

    def __init__(self, api: str, http: Client) -> None:
        self.api = api
        self.http = http

    async def found(self, interest: Interest, begin: datetime, end: datetime) -> AsyncIterator[tuple[int, Item] | Gap]:
        """Items of that time by id that hold one of the terms, oldest windows first; Gaps where the cap bites.

        Raises PlatformError, also where it cannot be asked for these terms.
        """
        queries = queries_of(interest)
        if not queries:
            raise PlatformError("Hacker News cannot be searched for what is listened to")
        for query in queries:
            windows = [(max(0, int(begin.timestamp())), int(end.timestamp()) + 1)]
            for _ in range(WINDOWS):
                if not windows:
                    break
                start, stop = windows.pop()
                page = await self._page(query, start, stop)
                middle = (start + stop) // 2
                if not page.whole and middle > start:
                    windows += [(middle, stop), (start, middle)]
                    continue
                if not page.whole:
                    yield _gap(start, stop, f"Algolia gives no more than {CAP} hits of {query}")
                for item in filter(None, map(_numbered, reversed(page.hits))):
                    yield item
            for start, stop in reversed(windows):
                yield _gap(start, stop, f"Algolia has too many hits of {query}")

    async def _page(self, query: str, start: int, stop: int) -> Page:
        params: dict[str, str | int] = {
            "query": query,
            "typoTolerance": "false",
            "advancedSyntax": "true",  # understands the quotes
            "attributesToHighlight": "",
            "hitsPerPage": CAP,
            "numericFilters": f"created_at_i>={start},created_at_i<{stop}",
        }
        page: Page = (await self.http.get(f"{self.api}/search_by_date", params=params)).shaped(Page)
        return page


def queries_of(interest: Interest) -> list[str]:
    """The searches that find what is wanted. Empty if there are too many to ask one by one."""
    searches = asked(interest.queries, HACKERNEWS).searches
    return sorted(searches) if len(searches) <= TERMS else []


def _numbered(hit: Item) -> tuple[int, Item] | None:
    """A hit as the item that it is, with its id."""
    number, tags = str(hit.get("objectID")), hit.get("_tags")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    kind = "comment" if isinstance(tags, list) and "comment" in tags else "story"
    text = hit.get("comment_text") or hit.get("story_text")
    return int(number), {new: hit.get(old) for old, new in _FIELDS.items()} | {"type": kind, "text": text}


def _gap(start: int, stop: int, why: str) -> Gap:
    return Gap(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(stop, UTC), why)
