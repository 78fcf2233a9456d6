"""What of a post is shown to the model, and where words that it quotes stand in the post.

Handles become `@user`, addresses `[link]`; the rest stays as written, up to a number of characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from listen.mention import Span

MOST = 4  # reasons of a verdict
LENGTH = 80  # characters of one reason
_QUOTE = 400  # characters of a quote that is looked for
# Bounded or possessive throughout, so that nothing is read twice.
_HIDDEN = re.compile(
    r"""
    (?P<link> (?:https?|ftp)://[^\s<>"]++ | \bwww\.[^\s<>"]++ | \b(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}/[^\s<>"]*+ )
  | (?P<user> (?<![\w.+-])[\w.+-]++[@＠](?:[\w-]{1,63}\.){1,4}[a-z]{2,24}    # an e-mail address
            | [@＠]\w++(?:[.-]\w++)*+(?:[@＠]\w++(?:[.-]\w++)*+)?            # @anna, @anna.example, @anna@example.org
            | (?<![\w/])/?u/[\w-]{3,}+ | \bdid:[a-z]{1,20}:[\w.:%-]++ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUOTING = " \t\r\n\"'„“”‚‘’»«…"

Place = tuple[int, int]  # characters of the excerpt, the end exclusive


class _Piece(NamedTuple):
    """So many characters of the excerpt, as they stand in the document."""

    at: int
    origin: int
    length: int


class Excerpt:
    """The document's characters from `start` on, at most `limit` of them, as the model may see them: `text`."""

    def __init__(self, document: str, start: int, limit: int) -> None:
        self._document = document
        self._pieces: list[_Piece] = []
        shown, at, written = _cut(document[start:], limit), 0, ""
        for found in _HIDDEN.finditer(shown):
            self._pieces.append(_Piece(len(written), start + at, found.start() - at))
            written += shown[at : found.start()] + ("[link]" if found["link"] else "@user")
            at = found.end()
        self._pieces.append(_Piece(len(written), start + at, len(shown) - at))
        self.text = written + shown[at:]

    def __bool__(self) -> bool:
        """Whether there is anything to judge: a letter of the author's own."""
        return any(
            character.isalnum()
            for piece in self._pieces
            for character in self._document[piece.origin : piece.origin + piece.length]
        )

    def places(self, quotes: Iterable[str]) -> tuple[Place, ...]:
        """Where the quotes stand, at most `MOST` and none within another; one that stands nowhere is left out."""
        found: list[Place] = []
        for quote in quotes:
            place = self._place(quote)
            if place is not None and all(place[1] <= start or end <= place[0] for start, end in found):
                found.append(place)
        return tuple(found[:MOST])

    def spans(self, places: Iterable[Place]) -> tuple[Span, ...]:
        """The places as spans of the document; one that is not whole in it is left out."""
        spans = (self._span(*place) for place in places)
        return tuple(span for span in spans if span is not None)

    def _place(self, quote: str) -> Place | None:
        words = quote.strip(_QUOTING).split()
        if not words or len(quote) > _QUOTE or (len(words[0]) < 3 and len(words) == 1 and words[0].isalnum()):
            return None
        pattern = r"\s+".join(map(re.escape, words))
        found = re.search(rf"(?<!\w){pattern}(?!\w)", self.text) or re.search(
            rf"(?<!\w){pattern}(?!\w)", self.text, re.IGNORECASE
        )
        return None if found is None else self._shortened(*found.span())

    def _shortened(self, start: int, end: int) -> Place:
        """A long quote ends with the last word that fits."""
        if end - start > LENGTH:
            cut = max(self.text.rfind(space, start, start + LENGTH + 1) for space in " \n\t")
            end = cut if cut > start else start + LENGTH
        return start, end

    def _span(self, start: int, end: int) -> Span | None:
        for piece in self._pieces:
            if piece.at <= start < end <= piece.at + piece.length:
                origin = piece.origin + start - piece.at
                return Span(origin, origin + end - start, self._document[origin : origin + end - start])
        return None


def _cut(text: str, limit: int) -> str:
    """At most so many characters, whole words if there is any space: half an address would not be known as one."""
    if len(text) <= limit:
        return text
    ends = re.search(r"\s\S*+\Z", text[:limit])
    return text[: ends.start() if ends and ends.start() else limit]
