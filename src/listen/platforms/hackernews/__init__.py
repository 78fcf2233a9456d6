"""Hacker News stories, comments, polls and jobs.

API     https://github.com/HackerNews/API (Firebase, no account); https://hn.algolia.com/api to catch up
Limits  none published; ten requests at once at most
Cursor  the highest item id delivered; ids have no holes, so nothing is missed
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, ClassVar

import msgspec

from listen.platforms.hackernews.items import Items
from listen.platforms.hackernews.search import Algolia
from listen.post import Deletion, Edit, Post
from listen.source import Facts, Options, Platform, Source


class HackerNewsOptions(Options, frozen=True, kw_only=True):
    """`[platforms.hackernews]`. Both addresses can be moved, to a mirror or a server of one's own."""

    api: str = "https://hacker-news.firebaseio.com/v0"
    algolia: str = "https://hn.algolia.com/api/v1"
    poll_seconds: Annotated[float, msgspec.Meta(ge=1)] = 30


class HackerNews(Platform[HackerNewsOptions]):
    """news.ycombinator.com: one source, all items."""

    name = "hackernews"
    facts = Facts(
        about="stories, comments, polls and jobs of Hacker News",
        needs=None,
        streams=False,
        searches=("tag", "word", "phrase"),
        deletions=True,
        proved="recorded",
        limits="every new item; edits and deletions while it watches; after hours of pause what Algolia's search finds",
        recheck=timedelta(days=7),
    )
    options: ClassVar[type[Options]] = HackerNewsOptions

    def sources(self) -> Sequence[Source]:
        return [self._items()]

    async def gone(self, posts: Sequence[Post]) -> Sequence[Deletion | Edit]:
        return await self._items().gone(posts)

    def _items(self) -> Items:
        algolia = Algolia(self.chosen.algolia.rstrip("/"), self.http)
        return Items(self.chosen.api.rstrip("/"), algolia, self.chosen.poll_seconds, self.interest, self.http)
