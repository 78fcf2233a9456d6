"""WordPress: the posts and comments of sites that you name, and the tags of WordPress.com.

API     https://developer.wordpress.org/rest-api/ (no account); a site that has closed it is heard by its feeds.
        WordPress.com's tags: https://public-api.wordpress.com/rest/v1.1/read/tags/TAG/posts
Limits  none published; each site is asked every ten minutes, for what is new since
Cursor  hashes of the posts seen, and when that was; dates are only how far back is read
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import msgspec

from listen.platforms.wordpress.entries import Kind
from listen.platforms.wordpress.site import REST, Site, address_of
from listen.platforms.wordpress.source import Scope, SiteSource
from listen.platforms.wordpress.tags import TagSource
from listen.query.asking import asked
from listen.query.dialects import WORDPRESS, WORDPRESS_TAGS
from listen.source import Facts, Options, Platform, Source
from listen.visit import Offer, Visit


class WordPressOptions(Options, frozen=True, kw_only=True):
    """`[platforms.wordpress]`. `search` asks the sites for the watchlist's words instead of reading all that is new;
    `tags` hears WordPress.com's. What moderators let through within `late_days` is found."""

    sites: tuple[str, ...] = ()
    comments: bool = True
    without_comments: tuple[str, ...] = ()
    search: bool = False
    tags: bool = False
    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 10
    late_days: Annotated[int, msgspec.Meta(ge=0, le=90)] = 7
    com: str = "https://public-api.wordpress.com"

    def __post_init__(self) -> None:
        for site in (*self.sites, *self.without_comments):
            if address_of(site) is None:
                raise ValueError(f"{site!r} is not an address of the web; write https://blog.example")


class WordPress(Platform[WordPressOptions]):
    """A source for a site's posts and one for its comments, or one for each search; and one for each tag."""

    name = "wordpress"
    facts = Facts(
        about="posts and comments of the WordPress sites you name, and posts by tag of WordPress.com",
        needs="url",
        streams=False,
        searches=("word (with search = true)", "tag (of WordPress.com, with tags = true)"),
        deletions=True,
        proved="server",
        limits="of late approvals those of a week; where a site has closed its API, what its feeds still show",
    )
    options = WordPressOptions

    def sources(self) -> Sequence[Source]:
        every = timedelta(minutes=self.chosen.every_minutes)
        tags = asked(self.interest.queries, WORDPRESS_TAGS).requests if self.chosen.tags else ()
        named = list(dict.fromkeys(tag for request in tags for tag in request.tags))
        com = self.chosen.com.rstrip("/")
        return [*self._of_sites(every), *(TagSource(com, tag, self.http, every) for tag in named)]

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The site, if it names an API of WordPress, or its host is WordPress.com."""
        api = visit.linked(REST)
        if api is None and not visit.host.endswith(".wordpress.com"):
            return ()
        about = "posts and comments of a WordPress site"
        return [Offer(platform=cls.name, option="sites", value=_home(api, visit), about=about, comments="within")]

    def _of_sites(self, every: timedelta) -> list[Source]:
        chosen, sources = self.chosen, list[Source]()
        silent = {address_of(site) for site in chosen.without_comments}
        searches: Sequence[str | None] = asked(self.interest.queries, WORDPRESS).searches if chosen.search else (None,)
        for address in dict.fromkeys(filter(None, map(address_of, chosen.sites))):
            site = Site(address, self.http, chosen.com.rstrip("/"))
            kinds: list[Kind] = ["posts", "comments"] if chosen.comments and address not in silent else ["posts"]
            sources += [
                SiteSource(site, Scope(kind, search, timedelta(days=chosen.late_days)), self.interest, every)
                for kind in kinds
                for search in searches
            ]
        return sources


def _home(api: str | None, visit: Visit) -> str:
    """Where the site begins: what stands before `/wp-json/` or `?rest_route=`; of WordPress.com its host."""
    if api is None or "/wp/v2/sites/" in api or api.startswith("https://public-api.wordpress.com/"):
        return visit.origin
    return api.partition("/wp-json")[0].partition("?rest_route=")[0].removesuffix("index.php").rstrip("/")
