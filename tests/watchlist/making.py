"""Posts and watchlists for the tests of this folder."""

from __future__ import annotations

from typing import Any

import msgspec

from listen.post import Post
from listen.watchlist import Topic, Watchlist


def post(text: str, **known: Any) -> Post:
    """A post of somebody, somewhere."""
    return msgspec.structs.replace(
        Post(platform="mastodon", id="1", url=None, author="anna@example.social", text=text, posted_at=None), **known
    )


def watching(query: str, **options: Any) -> Watchlist:
    """A watchlist of one topic."""
    return Watchlist([Topic(name="topic", query=query, **options)])


def words(query: str, wanted: Post | str) -> list[str]:
    """The words that matched, as written."""
    seen = post(wanted) if isinstance(wanted, str) else wanted
    return [span.text for match in watching(query).matches(seen) for span in match.spans]
