"""Facebook pages: posts on them, posts of visitors and posts that tag them, comments with replies, recommendations.

API     https://developers.facebook.com/docs/graph-api (v26.0; a page token); no search of public posts exists
Limits  per cent of an hour's calls in X-App-Usage and X-Business-Use-Case-Usage; 100 objects a page
Cursor  ids and words of what was seen at each edge, and when that was
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

import msgspec

from listen.graph import Access, Ask, Edge, Graph
from listen.graph.pages import POST, RATING, Page
from listen.http import Secret
from listen.login.meta import FACEBOOK_LOGIN
from listen.platforms.facebook.comments import Comments
from listen.reviews import Id, Name, named
from listen.source import Facts, Options, Platform, Source

What = Literal["feed", "visitor_posts", "tagged", "comments", "ratings"]
READ = ("pages_read_engagement", "pages_read_user_content")


class FacebookOptions(Options, frozen=True, kw_only=True):
    """`[platforms.facebook]`. `pages` maps ids of pages to what is said there is about, or lists them.

    `tokens` are those of single pages, `token` that of all others. Comments are read under posts of the last
    `comment_days` days.
    """

    pages: tuple[Id, ...] | Mapping[Id, Name] = ()
    token: Secret | None = None
    tokens: Mapping[Id, Secret] = {}
    app_secret: Secret | None = None
    hear: tuple[What, ...] = ("feed", "visitor_posts", "tagged", "comments", "ratings")
    comment_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 30
    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 10
    api: str = "https://graph.facebook.com/v26.0"

    def __post_init__(self) -> None:
        without = [page for page in named(self.pages) if self.token is None and page not in self.tokens]
        if without:
            raise ValueError(f'page {without[0]} has no token; write token = "env:NAME", or one for it among tokens')


class Facebook(Platform[FacebookOptions]):
    """A source for each thing to hear at each page."""

    name = "facebook"
    facts = Facts(
        about="posts, comments and recommendations at your own Facebook pages, and posts that tag them",
        needs="approval",
        streams=False,
        searches=(),
        deletions=False,
        proved="recorded",
        limits="only pages that your token may read; nothing else on Facebook can be searched",
    )
    options: ClassVar[type[Options]] = FacebookOptions
    login = FACEBOOK_LOGIN

    def sources(self) -> Sequence[Source]:
        pages = [Page(page, about or None) for page, about in named(self.chosen.pages).items()]
        return [self._source(page, what) for page in pages for what in dict.fromkeys(self.chosen.hear)]

    def _source(self, page: Page, what: What) -> Source:
        graph, every = self._graph(page.id), timedelta(minutes=self.chosen.every_minutes)
        if what == "comments":
            return Comments(graph, page, timedelta(days=self.chosen.comment_days), every)
        ask = Ask(
            name=f"{page.id} {what.replace('_', ' ')}",
            path=f"{page.id}/{what}",
            fields=RATING if what == "ratings" else POST,
            needs=READ,
            # A post may be tagged, and a recommendation reworded, long after its date.
            order="arrival" if what in ("tagged", "ratings") else "date",
            every=every,
        )
        return Edge(graph, ask, page.rating if what == "ratings" else page.post)

    def _graph(self, page: str) -> Graph:
        token = self.chosen.tokens.get(page) or self.chosen.token
        assert token is not None, "the options saw to it"
        return Graph(Access(base=self.chosen.api, token=token, app_secret=self.chosen.app_secret), self.http)
