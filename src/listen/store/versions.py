"""What a known mention becomes when its post is heard again. Pure.

The same post comes again all the time: an overlap, another server, another feed, an edit, or an old version after
the new one. Whatever the order of repetitions, the end is the same as if each had come once.
"""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from listen.care import rejudged
from listen.mention import Care, ChangeKind, Match, Mention, Verdict
from listen.plain import wellformed
from listen.post import Post

_COUNTERS = ("followers", "likes", "reposts", "replies", "views")
_NAMES = ("author", "author_name", "author_url")
_NEVER = datetime.min.replace(tzinfo=UTC)


def heard_again(known: Mention, heard: Mention, names: frozenset[str] = frozenset()) -> tuple[Mention, bool]:
    """The mention to keep, and whether it was edited. Care, a person's flag and the first `seen_at` stay in any case.

    `names` are the topics that were listened for; without any, it was all of them. What was not listened for is
    still thought to match, but its spans do not fit the new words.
    """
    if _edited_at(heard.post) < _edited_at(known.post):
        return known, False
    if _content(known.post) == _content(heard.post) or _same_version(known.post, heard.post):
        return _refreshed(known, heard), False
    post = replace(heard.post, **_known_better(known.post, heard.post))
    others = tuple(replace(match, spans=()) for match in _others(known, names))
    kept = replace(heard, post=post, matches=heard.matches + others, seen_at=known.seen_at)
    return rejudged(kept, known.care), True


def unmatched(known: Mention, edited_at: datetime | None, names: frozenset[str]) -> Mention | None:
    """The mention to keep when its post was edited and none of `names` wants it any more; None if nobody does.

    The words are still the old ones, and so are the spans: nobody has told the new ones.
    """
    if edited_at is not None and edited_at < _edited_at(known.post):
        return known
    others = _others(known, names)
    if not others:
        return None
    return known if others == known.matches else replace(known, matches=others)


def differences(known: Mention, kept: Mention) -> list[ChangeKind]:
    """In which ways the mention has changed; counts, names and scores do not matter."""
    told: tuple[tuple[ChangeKind, bool], ...] = (
        ("edited", _content(known.post) != _content(kept.post)),
        ("flagged", _flagged(known.verdict) != _flagged(kept.verdict)),
        ("marked", _cared_for(known.care) != _cared_for(kept.care)),
        ("matched", _topics(known.matches) != _topics(kept.matches)),
    )
    return [kind for kind, differs in told if differs]


def _flagged(verdict: Verdict) -> tuple[object, ...]:
    return (verdict.flag, verdict.opportunity_kind, verdict.urgency, verdict.lang)


def _cared_for(care: Care) -> tuple[object, ...]:
    return (care.status, care.owner, care.note, care.answered_at)


def _others(known: Mention, names: frozenset[str]) -> tuple[Match, ...]:
    """The matches of topics that were not listened for."""
    return tuple(match for match in known.matches if match.topic not in names) if names else ()


def _topics(matches: tuple[Match, ...]) -> frozenset[str]:
    return frozenset(wellformed(match.topic) for match in matches)


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
    fitting = known.post.document == heard.post.document
    matches = _united(known.matches, heard.matches, fitting)
    if not news and matches == known.matches:
        return known
    return replace(known, post=replace(known.post, **news), matches=matches)


def _united(known: tuple[Match, ...], heard: tuple[Match, ...], fitting: bool) -> tuple[Match, ...]:
    """The known matches, and those of topics that were not listened for before or have lost their spans.

    Spans of another rendering of the post are left out unless they are `fitting`.
    """
    told = {wellformed(match.topic): match if fitting else replace(match, spans=()) for match in heard}
    kept = tuple(match if match.spans else told.pop(match.topic, match) for match in known)
    topics = _topics(kept)
    return kept + tuple(match for topic, match in told.items() if topic not in topics)


def _known_better(known: Post, heard: Post) -> dict[str, object]:
    """What the edit does not tell and we know already."""
    return {
        name: value
        for name in _COUNTERS + _NAMES
        if getattr(heard, name) is None and (value := getattr(known, name)) is not None
    }
