"""Reddit posts and comments: of the subreddits that you name, and of a search; by its API with a key, else by feeds.

API     https://www.reddit.com/dev/api with a key, which is given on approval; without one
        https://www.reddit.com/r/NAME+NAME/new/.rss, .../comments/.rss, /search.rss (Atom)
Limits  API: 100 requests a minute, the newest 1,000 of a listing; feeds: about one request a minute since June 2026,
        whoever asks, and the newest 100 entries, 25 without limit=
Cursor  ids and words of what was seen in each listing or feed; of feeds, whose turn it is
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Annotated, ClassVar
from urllib.parse import urlencode

import msgspec

from listen.feed.entry import Entry
from listen.feed.source import FeedSource, Place
from listen.http import Secret
from listen.login.reddit import REDDIT_LOGIN
from listen.platforms.reddit.listings import Newest, Told, batched, said_in, things_named
from listen.platforms.reddit.session import Key, Session
from listen.platforms.reddit.turns import Turns
from listen.post import Deletion, Edit, Post
from listen.query.asking import asked
from listen.query.dialects import REDDIT
from listen.reviews import Name, named
from listen.source import Facts, Options, PerMinute, Platform, Source
from listen.visit import Offer, Visit

Subreddit = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_]{2,21}$")]
User = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{3,20}$")]
_SUBMITTED = re.compile(r"\s*\bsubmitted by\s+/?u/[\w\[\]-]{1,40}(?:\s+to\s+/?r/\w+)?\s*\[link\]\s*\[comments\]\s*$")
_ON = re.compile(r"^/?u/[\w\[\]-]{1,40} on ")  # how titles of comments begin


class RedditOptions(Options, frozen=True, kw_only=True):
    """`[platforms.reddit]`. `subreddits` are names, alone or with what their posts are about. `client_id`,
    `client_secret` and `user`, the account that they were given to, lead to the API. Without them feeds are read:
    `feed_token` and `feed_user` stand in the addresses at https://www.reddit.com/prefs/feeds/ of somebody who is
    logged in. `search` is on with a key, and off without one."""

    subreddits: tuple[Subreddit, ...] | Mapping[Subreddit, Name] = ()
    comments: bool = True
    search: bool | None = None
    client_id: Secret | None = None
    client_secret: Secret | None = None
    user: User | None = None
    feed_token: Secret | None = None
    feed_user: str | None = None
    url: str = "https://www.reddit.com"
    api: str = "https://oauth.reddit.com"
    requests_per_minute: PerMinute | None = None

    def __post_init__(self) -> None:
        if self.requests_per_minute is None:
            msgspec.structs.force_setattr(self, "requests_per_minute", 90 if self.client_id else 1)
        if (self.client_id is None) != (self.user is None) or (self.client_secret and not self.client_id):
            raise ValueError(
                "client_id, client_secret and user belong together; user is the account they were given to"
            )
        if (self.feed_token is None) != (self.feed_user is None):
            raise ValueError("feed_token and feed_user belong together; both stand in the addresses of your feeds")


class Reddit(Platform[RedditOptions]):
    """With a key a source for each listing; without one, one for all feeds, as they share one request a minute."""

    name = "reddit"
    facts = Facts(
        about="posts and comments of the subreddits you name on Reddit, and posts that its search finds",
        needs="url",
        streams=False,
        searches=("word", "phrase"),
        deletions=True,
        proved="recorded",
        limits="with an approved key the newest 1,000 of a listing; else feeds in turn, one a minute, and no deletions",
        recheck=timedelta(hours=24),
    )
    options: ClassVar[type[Options]] = RedditOptions
    login = REDDIT_LOGIN

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The community, if the address is one of reddit.com."""
        name = visit.named(r"(?:old\.)?reddit\.com/r/(\w{2,21})(?:/.*)?")
        return (
            [
                Offer(
                    platform=cls.name,
                    option="subreddits",
                    value=name,
                    about="posts and comments of a community",
                    comments="within",
                )
            ]
            if name
            else ()
        )

    def sources(self) -> Sequence[Source]:
        if session := self._session:
            return [Newest(name, told, session, self.interest, self._abouts()) for name, told in self._listings()]
        feeds = [self._feed(name, path, asked) for name, path, asked in self._wanted()]
        return [Turns(feeds)] if feeds else []

    async def gone(self, posts: Sequence[Post]) -> Sequence[Deletion | Edit]:
        """Which of the posts are not there any more, or say something else now; empty without a key, which that takes.

        Raises PlatformError.
        """
        session = self._session
        if session is None:
            return ()
        known = {post.id: post for post in posts}
        told = [thing for names in batched(list(known)) for thing in await things_named(session, names, self._abouts())]
        return [
            thing if isinstance(thing, Deletion) else Edit(thing)
            for thing in told
            if isinstance(thing, Deletion) or said_in(thing) != said_in(known[thing.id])
        ]

    @cached_property
    def _session(self) -> Session | None:
        """One for all, as they share the token; None without a key."""
        chosen = self.chosen
        if not (chosen.client_id and chosen.user):
            return None
        return Session(self.http, Key(chosen.client_id, chosen.client_secret, chosen.user), chosen.url, chosen.api)

    def _listings(self) -> list[tuple[str, Told]]:
        """Name, and what is asked of the API."""
        together, listings = "+".join(named(self.chosen.subreddits)), []
        if together:
            listings.append((f"r/{together}", Told(f"/r/{together}/new")))
        if together and self.chosen.comments:
            listings.append((f"comments of r/{together}", Told(f"/r/{together}/comments")))
        for search in asked(self.interest.queries, REDDIT).searches if self.chosen.search is not False else ():
            found = {"q": search, "sort": "new", "type": "link", "include_over_18": "on"}
            listings.append((f"search: {search}", Told("/search", found, search=True)))
        return listings

    def _wanted(self) -> list[tuple[str, str, dict[str, str]]]:
        """Name, path and parameters of each feed."""
        together, feeds = "+".join(named(self.chosen.subreddits)), []
        if together:
            feeds.append((f"r/{together}", f"/r/{together}/new/.rss", {"limit": "100"}))
        if together and self.chosen.comments:
            feeds.append((f"comments of r/{together}", f"/r/{together}/comments/.rss", {"limit": "100"}))
        for search in asked(self.interest.queries, REDDIT).searches if self.chosen.search else ():
            found = {"q": search, "sort": "new", "t": "week", "limit": "100"}
            feeds.append((f"search: {search}", "/search.rss", found))
        return feeds

    def _abouts(self) -> dict[str, str]:
        return {name.lower(): about for name, about in named(self.chosen.subreddits).items()}

    def _feed(self, name: str, path: str, told: dict[str, str]) -> FeedSource:
        chosen = self.chosen
        if chosen.feed_token and chosen.feed_user:
            told = {**told, "feed": chosen.feed_token.reveal(), "user": chosen.feed_user}
        place = Place(f"{chosen.url.rstrip('/')}{path}?{urlencode(told)}", name, "reddit", seeks=False)
        return FeedSource(place, self.http, Turns.every, comments=False, shaping=self._shaped)

    def _shaped(self, post: Post, entry: Entry) -> Post | None:
        """The post (t3_) or comment (t1_) that an entry is; a search also finds subreddits (t5_), which are neither."""
        if not entry.id or not re.fullmatch(r"t[13]_[a-z0-9]{1,20}", entry.id):
            return None
        community = (entry.tags or ("",))[0]
        author = (entry.author or "").removeprefix("/u/")
        title = entry.title or ""
        is_comment = entry.id.startswith("t1_")
        return msgspec.structs.replace(
            post,
            platform=self.name,
            id=entry.id,
            kind="comment" if is_comment else "post",
            author=author if author not in ("", "[deleted]") else None,
            title=(_ON.sub("", title) or None) if is_comment else post.title,
            text=entry.body.text if is_comment else _SUBMITTED.sub("", post.text),
            about=self._abouts().get(community.lower()) or None,
            hashtags=(),  # the feed files each post under its subreddit
            instance=f"reddit.com/r/{community}" if community else "reddit.com",
        )
