"""Instagram: your hashtags, posts that tag your account, and comments on your own posts.

API     https://developers.facebook.com/docs/instagram-platform (with Facebook Login; a professional account)
Limits  30 different hashtags in 7 days; hashtags show the last 24 hours; per cent of calls in headers
Cursor  ids and words of what was seen, and when each hashtag was first asked for
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

import msgspec

from listen.graph import Access, Ask, Edge, Graph
from listen.graph.media import MEDIA, media
from listen.http import Secret
from listen.login.meta import INSTAGRAM_LOGIN
from listen.platforms.instagram.comments import Comments
from listen.platforms.instagram.hashtags import Hashtags
from listen.query.asking import asked
from listen.query.dialects import INSTAGRAM
from listen.source import Facts, Options, Platform, Source

What = Literal["hashtags", "tags", "comments"]


class InstagramOptions(Options, frozen=True, kw_only=True):
    """`[platforms.instagram]`. `account` is the number of your professional account, not its @name.

    What is said under your own posts is `about` that name; "" leaves it to the words.
    """

    account: Annotated[str, msgspec.Meta(pattern=r"^\d{0,30}$")] = ""
    about: Annotated[str, msgspec.Meta(max_length=200)] = ""
    token: Secret | None = None
    app_secret: Secret | None = None
    hear: tuple[What, ...] = ("hashtags", "tags", "comments")
    every_minutes: Annotated[int, msgspec.Meta(ge=5, le=360)] = 15
    api: str = "https://graph.facebook.com/v26.0"

    def __post_init__(self) -> None:
        if self.account and self.token is None:
            raise ValueError('names an account but has no token; write token = "env:NAME", a variable that holds it')


class Instagram(Platform[InstagramOptions]):
    """One source for all hashtags, which share a week's 30; one for tags, one for comments."""

    name = "instagram"
    facts = Facts(
        about="public posts with your hashtags (without their authors), posts that tag you, comments on your own posts",
        needs="approval",
        streams=False,
        searches=("tag",),
        deletions=False,
        proved="recorded",
        limits="30 hashtags a week, the last 24 hours of each; mentions come by webhooks alone",
    )
    options: ClassVar[type[Options]] = InstagramOptions
    login = INSTAGRAM_LOGIN

    def sources(self) -> Sequence[Source]:
        if not self.chosen.account or self.chosen.token is None:
            return []
        access = Access(base=self.chosen.api, token=self.chosen.token, app_secret=self.chosen.app_secret)
        graph = Graph(access, self.http)
        found = [self._source(what, graph) for what in dict.fromkeys(self.chosen.hear)]
        return [source for source in found if source is not None]

    def _source(self, what: What, graph: Graph) -> Source | None:
        account, every = self.chosen.account, timedelta(minutes=self.chosen.every_minutes)
        if what == "hashtags":
            requests = asked(self.interest.queries, INSTAGRAM).requests
            tags = list(dict.fromkeys(tag.casefold() for request in requests for tag in request.tags))
            return Hashtags(graph, account, tags, every) if tags else None
        if what == "comments":
            return Comments(graph, account, self.chosen.about or None, every)
        ask = Ask(
            name="tags",
            path=f"{account}/tags",
            fields=f"{MEDIA},username",
            needs=("instagram_manage_comments",),
            order="arrival",  # a post may tag us long after its date
            every=every,
        )
        return Edge(graph, ask, media)
