"""Comments and replies on the account's own posts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from listen.feed.entry import web_address
from listen.graph import Ask, Bundle, Edge, Graph, Part, Standing
from listen.graph.media import COMMENTS, comments
from listen.post import Event, Post
from listen.when import claimed, now

_NEEDS = ("instagram_manage_comments",)
_LATE = timedelta(days=30)  # a reply stands at its comment, however old; under what changed all of these are read
_YOUNG = timedelta(days=3)  # under posts of this age it is looked each hour, as a deletion hides a new comment
_SHOWN = 200  # characters of a caption that comments are said to be about


class Comments(Bundle):
    """A part is one post; how many comments it has tells whether to look."""

    name = "comments"

    def __init__(self, graph: Graph, account: str, about: str | None, every: timedelta) -> None:
        self.every = every
        self.graph = graph
        self.account = account
        self.about = about

    async def parts(self, standing: Standing) -> AsyncIterator[Part | Event]:  # noqa: ARG002  they need none of it
        fields = "id,caption,comments_count,permalink,timestamp"
        asked = Ask(name=self.name, path=f"{self.account}/media", fields=fields, needs=_NEEDS)
        things, _ = await Edge(self.graph, asked, lambda _: ()).things(None)
        for thing in things:
            if part := self._part(thing):
                yield part

    def _part(self, thing: Mapping[str, Any]) -> Part | None:
        identity, count = thing.get("id"), thing.get("comments_count")
        if not isinstance(identity, str) or not count:
            return None
        caption, permalink = str(thing.get("caption") or ""), thing.get("permalink")
        url = web_address(permalink) if isinstance(permalink, str) else None
        about = self.about or " ".join(caption.split())[:_SHOWN] or None
        ask = Ask(
            name=f"comments of {identity}",
            path=f"{identity}/comments",
            fields=COMMENTS,
            needs=_NEEDS,
            overlap=_LATE,
            most_seen=1_000,
        )

        def read(one: Mapping[str, Any]) -> Sequence[Post]:
            return comments(one, identity, url, about)

        posted = claimed(thing.get("timestamp"))
        young = posted is not None and now() - posted < _YOUNG
        sign = f"{count} {now():%d %H}" if young else str(count)
        return Part(key=identity, listing=Edge(self.graph, ask, read), sign=sign)
