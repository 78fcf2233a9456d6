"""What a known mention becomes when its post is heard again. Pure.

The same post comes again all the time: an overlap, another server, another feed, an edit, or an old version after
the new one. Whatever the order of repetitions, the end is the same as if each had come once.
"""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from listen.mention import Match, Mention
from listen.post import Post

_COUNTERS = ("followers", "likes", "reposts", "replies", "views")
_NAMES = ("author", "author_name", "author_url")
_NEVER = datetime.min.replace(tzinfo=UTC)


def heard_again(known: Mention, heard: Mention) -> tuple[Mention, bool]:
    """The mention to keep, and whether it was edited. Care and the first `seen_at` stay in any case."""
    if _edited_at(heard.post) < _edited_at(known.post):
        return known, False
    if _content(known.post) == _content(heard.post) or _same_version(known.post, heard.post):
        return _refreshed(known, heard), False
    post = replace(heard.post, **_known_better(known.post, heard.post))
    return replace(heard, post=post, seen_at=known.seen_at, care=known.care), True


def _content(post: Post) -> tuple[object, ...]:
    """What an author writes. Servers spell hashtags differently, and in another order."""
    tags = frozenset(tag.lower() for tag in post.hashtags)
    return (post.title or None, post.content_warning or None, post.text, post.alt_texts, tags)


def _same_version(known: Post, heard: Post) -> bool:
    """Whether two servers show the same version, each in its own manner (another HTML, a shorter feed)."""
    return known.instance != heard.instance and known.edited_at == heard.edited_at


def _edited_at(post: Post) -> datetime:
    return post.edited_at or _NEVER


def _refreshed(known: Mention, heard: Mention) -> Mention:
    news: dict[str, object] = {
        name: value
        for name in _COUNTERS
        if (value := getattr(heard.post, name)) is not None and value != getattr(known.post, name)
    }
    for name in _NAMES:
        if getattr(known.post, name) is None and (value := getattr(heard.post, name)) is not None:
            news[name] = value
    if _edited_at(heard.post) > _edited_at(known.post):
        news["edited_at"] = heard.post.edited_at
    matches = _united(known.matches, heard.matches)
    if not news and matches is known.matches:
        return known
    return replace(known, post=replace(known.post, **news), matches=matches)


def _united(known: tuple[Match, ...], heard: tuple[Match, ...]) -> tuple[Match, ...]:
    """The known matches, and those of topics that were not listened for before."""
    topics = {match.topic for match in known}
    new = tuple(match for match in heard if match.topic not in topics)
    return known + new if new else known


def _known_better(known: Post, heard: Post) -> dict[str, object]:
    """What the edit does not tell and we know already."""
    return {
        name: value
        for name in _COUNTERS + _NAMES
        if getattr(heard, name) is None and (value := getattr(known, name)) is not None
    }
