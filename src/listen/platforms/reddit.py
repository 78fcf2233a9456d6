"""Reddit posts and comments by its feeds: of the subreddits that you name, and of a search.

API     https://www.reddit.com/r/NAME+NAME/new/.rss, .../comments/.rss, /search.rss (Atom); no key
Limits  about one request a minute since June 2026, whoever asks; the newest 100 entries of a feed, 25 without limit=
Cursor  ids and words of the entries seen in each feed, and whose turn it is
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, ClassVar
from urllib.parse import urlencode

import msgspec

from listen.errors import PlatformError
from listen.feed.cursor import recalled
from listen.feed.entry import Entry
from listen.feed.source import FeedSource, Place
from listen.http import Secret
from listen.post import Event, Mark, Post
from listen.query.asking import asked
from listen.query.dialects import REDDIT
from listen.reviews import Name, named
from listen.source import Facts, Options, PerMinute, Platform, Source

Subreddit = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_]{2,21}$")]
_SUBMITTED = re.compile(r"\s*\bsubmitted by\s+/?u/[\w\[\]-]{1,40}(?:\s+to\s+/?r/\w+)?\s*\[link\]\s*\[comments\]\s*$")
_ON = re.compile(r"^/?u/[\w\[\]-]{1,40} on ")  # how titles of comments begin


class RedditOptions(Options, frozen=True, kw_only=True):
    """`[platforms.reddit]`. `subreddits` are names, alone or with what their posts are about. `feed_token` and
    `feed_user` stand in the addresses at https://www.reddit.com/prefs/feeds/ of somebody who is logged in."""

    subreddits: tuple[Subreddit, ...] | Mapping[Subreddit, Name] = ()
    comments: bool = True
    search: bool = False
    feed_token: Secret | None = None
    feed_user: str | None = None
    url: str = "https://www.reddit.com"
    requests_per_minute: PerMinute | None = 1

    def __post_init__(self) -> None:
        if (self.feed_token is None) != (self.feed_user is None):
            raise ValueError("feed_token and feed_user belong together; both stand in the addresses of your feeds")


class Reddit(Platform[RedditOptions]):
    """One source for all feeds, as they share one request a minute."""

    name = "reddit"
    facts = Facts(
        about="posts and comments of the subreddits you name on Reddit, and posts that its search finds, by feeds",
        needs="url",
        streams=False,
        searches=("word", "phrase"),
        deletions=False,
        proved="constructed",
        limits="one request a minute, feeds in turn; the newest 100 entries of each; gaps in busy places",
    )
    options: ClassVar[type[Options]] = RedditOptions

    def sources(self) -> Sequence[Source]:
        feeds = [self._feed(name, path, asked) for name, path, asked in self._wanted()]
        return [Turns(feeds)] if feeds else []

    def _wanted(self) -> list[tuple[str, str, dict[str, str]]]:
        """Name, path and parameters of each feed."""
        chosen, feeds = self.chosen, []
        together = "+".join(named(chosen.subreddits))
        if together:
            feeds.append((f"r/{together}", f"/r/{together}/new/.rss", {"limit": "100"}))
        if together and chosen.comments:
            feeds.append((f"comments of r/{together}", f"/r/{together}/comments/.rss", {"limit": "100"}))
        for search in asked(self.interest.queries, REDDIT).searches if chosen.search else ():
            found = {"q": search, "sort": "new", "t": "week", "limit": "100"}
            feeds.append((f"search: {search}", "/search.rss", found))
        return feeds

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
        abouts = {name.lower(): about for name, about in named(self.chosen.subreddits).items()}
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
            about=abouts.get(community.lower()) or None,
            hashtags=(),  # the feed files each post under its subreddit
            instance=f"reddit.com/r/{community}" if community else "reddit.com",
        )


class Standing(msgspec.Struct):
    """The cursor: whose turn it is, and how far each feed was heard."""

    turn: int = 0
    feeds: dict[str, str] = {}


class Turns(Source):
    """Feeds that are asked in turn, one in each round."""

    name = "feeds"
    every = timedelta(minutes=1)

    def __init__(self, feeds: Sequence[FeedSource]) -> None:
        self.feeds = feeds

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        standing = _recalled(cursor)
        feed = self.feeds[standing.turn % len(self.feeds)]
        standing.turn = (standing.turn + 1) % len(self.feeds)
        standing.feeds = {one.name: standing.feeds[one.name] for one in self.feeds if one.name in standing.feeds}
        problem: PlatformError | None = None
        try:
            async for event in feed.hear(standing.feeds.get(feed.name), since):
                if isinstance(event, Mark):
                    standing.feeds[feed.name] = _without_address(event.cursor)
                else:
                    yield event
        except PlatformError as refused:
            problem = refused
        yield Mark(msgspec.json.encode(standing).decode())  # also after a failure: the others have their turn
        if problem:
            raise problem

    async def check(self) -> str:
        """One request, and how long a turn of all feeds takes."""
        said = await self.feeds[0].check()
        minutes = len(self.feeds)
        return f"{said}; {minutes} {'feed' if minutes == 1 else 'feeds'}, each asked every {minutes} min"


def _recalled(cursor: str | None) -> Standing:
    try:
        return msgspec.json.decode(cursor, type=Standing) if cursor else Standing()
    except msgspec.DecodeError:
        return Standing()


def _without_address(cursor: str) -> str:
    """The cursor without the address that a feed moved to: it holds the user's token."""
    stored = recalled(cursor)
    stored.main.address = None
    return stored.encoded()
