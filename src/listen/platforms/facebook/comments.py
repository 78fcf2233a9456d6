"""Comments and replies under a page's posts: only those posts are read again under which something changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from listen.graph import Ask, Bundle, Edge, Graph, Part, Standing
from listen.graph.pages import COMMENT, Page
from listen.mapping.path import Path
from listen.post import Event, Post
from listen.when import claimed, now

_NEWEST = "comments.filter(stream).order(reverse_chronological).limit(1).summary(true){id}"
_COUNT, _LAST = Path("comments.summary.total_count"), Path("comments.data[0].id")
_MOST_PAGES = 10  # of posts, 50 each
_NEEDS = ("pages_read_user_content",)


class Comments(Bundle):
    """Those of one page; a part is one post. A new comment shows in the number of them, and in which is the newest."""

    def __init__(self, graph: Graph, page: Page, age: timedelta, every: timedelta) -> None:
        self.name = f"{page.id} comments"
        self.every = every
        self.page = page
        self.graph = graph
        self.age = age

    async def parts(self, standing: Standing) -> AsyncIterator[Part | Event]:  # noqa: ARG002  they need none of it
        asked = Ask(
            name=self.name, path=f"{self.page.id}/feed", fields=f"id,message,created_time,{_NEWEST}", needs=_NEEDS
        )
        posts, place, begin = Edge(self.graph, asked, lambda _: ()), None, now() - self.age
        for _ in range(_MOST_PAGES):
            things, place = await posts.things(place)
            for thing in things:
                if part := self._part(thing):
                    yield part
            written = [moment for thing in things if (moment := claimed(thing.get("created_time")))]
            if place is None or (written and max(written) < begin):
                return

    def _part(self, post: Mapping[str, Any]) -> Part | None:
        identity, count = post.get("id"), _COUNT.found(post)
        if not isinstance(identity, str) or not (count or _LAST.found(post)):
            return None
        ask = Ask(
            name=f"comments of {identity}",
            path=f"{identity}/comments",
            params={"filter": "stream", "order": "reverse_chronological"},
            fields=COMMENT,
            needs=_NEEDS,
            limit=100,
            most_seen=300,
        )

        def read(thing: Mapping[str, Any]) -> Sequence[Post]:
            return self.page.comment(thing, identity, str(post.get("message") or ""))

        return Part(key=identity, listing=Edge(self.graph, ask, read), sign=f"{count} {_LAST.found(post)}")
