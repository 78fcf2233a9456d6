"""A query tried on one text: whether it matches, and by which words."""

from __future__ import annotations

import msgspec

from listen.mention import Span
from listen.post import Post
from listen.watchlist import Topic, Watchlist


class Trial(msgspec.Struct, frozen=True):
    """Spans are offsets into the post's `document`; none if only fields said so, or nothing matched."""

    matches: bool
    spans: tuple[Span, ...]

    def record(self) -> dict[str, object]:
        """The facts as JSON shows them."""
        return {
            "matches": self.matches,
            "matched": list(dict.fromkeys(span.text for span in self.spans)),
            "spans": [[span.start, span.end] for span in self.spans],
        }


class Trying:
    """Tries one query on many posts."""

    def __init__(self, query: str) -> None:
        self._watchlist = Watchlist([Topic(name=query, query=query)])

    def tried(self, post: Post) -> Trial:
        matches = self._watchlist.matches(post)
        return Trial(bool(matches), matches[0].spans if matches else ())


def post_of(text: str) -> Post:
    """A post that says nothing but the text."""
    return Post(platform="file", id="", url=None, author=None, text=text, posted_at=None)


def marked(document: str, spans: tuple[Span, ...], before: str = "[", after: str = "]") -> str:
    """The text with the matched words between two signs."""
    parts, end = [], 0
    for span in spans:
        if span.start >= end:  # Words may share a few letters: `kindle* fire NEAR/3 *`.
            parts += [document[end : span.start], before, span.text, after]
            end = span.end
    return "".join([*parts, document[end:]])
