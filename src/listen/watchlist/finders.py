"""How each kind of term is looked for in a folded text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from unicodedata import normalize

from listen.query.disguise import unmasked
from listen.query.fold import UNSEEN, Offsets, fold
from listen.query.letters import (
    LETTER,
    TAG_LETTER,
    free_after,
    free_before,
    is_letter,
    is_unspaced,
    phrase_pattern,
    pieces,
)
from listen.query.patterns import found
from listen.query.tree import At, Compound, Exact, Phrase, Prefix, Regex, Tag, Term, Word
from listen.watchlist.sight import Place, Sight

Finder = Callable[[Sight], Iterator[Place]]

_REST_OF_TAG = re.compile(f"{TAG_LETTER}*")
_REST_OF_COMPOUND = re.compile(f"(?:[-\u2010\u2011]{LETTER}+)*")
# `kindle~` finds "Kindles" and "Kindlehülle", not "kindled": what follows is an ending or long enough for a word.
_ENDINGS = frozenset({"", "s", "es", "n", "en", "ns", "e", "er", "ern"})
_SHORTEST_WORD = 3
_UNSEEN = re.compile(f"[{UNSEEN}]+")


@lru_cache(maxsize=4096)
def finder(term: Term) -> Finder:
    """Where a term stands, in order, as places of the folded text."""
    match term:
        case Word(text) | Phrase(text):
            return _phrase(text)
        case Exact(text):
            return _exact(text)
        case Prefix(text):
            return _prefix(text)
        case Compound(text):
            return _compound(text)
        case Tag(name, prefix):
            return _tag(name, prefix=prefix)
        case At(name):
            return _at(name)
        case Regex(text):
            return _regex(text)


def _starts(text: str) -> Finder:
    """Where the pieces of a text stand, with a free left side."""
    parts = pieces(fold(text))
    if len(parts) == 1:
        literal, width = parts[0], len(parts[0])
        return lambda sight: (
            (start, start + width) for start in sight.found(literal) if free_before(sight.folded, start)
        )
    pattern = phrase_pattern(parts)
    return lambda sight: (
        hit.span()
        for hit in _overlapping(pattern, sight.folded)
        if free_before(sight.folded, hit.start()) and not sight.is_hidden(hit.start())
    )


def _overlapping(pattern: re.Pattern[str], folded: str) -> Iterator[re.Match[str]]:
    hit = pattern.search(folded)
    while hit is not None:
        yield hit
        hit = pattern.search(folded, hit.start() + 1)


def _phrase(text: str) -> Finder:
    starts, parts = _starts(text), pieces(fold(text))
    joined = "".join(parts)
    tagged = _tag(joined) if len(parts) > 1 and all(map(is_letter, joined)) else None

    def find(sight: Sight) -> Iterator[Place]:
        yield from (place for place in starts(sight) if free_after(sight.folded, place[1]))
        if tagged is not None:
            yield from tagged(sight)

    return find


def _exact(text: str) -> Finder:
    starts, wanted = _starts(text), _as_written(_core(text))

    def find(sight: Sight) -> Iterator[Place]:
        for place in starts(sight):
            if free_after(sight.folded, place[1]) and _as_written(sight.written(place).text) == wanted:
                yield place

    return find


def _core(text: str) -> str:
    """The text without what stands before its first and after its last piece."""
    folded = fold(text)
    core = phrase_pattern(pieces(folded)).search(folded)
    if core is None:
        return text
    start, end = Offsets(text).span(*core.span())
    return text[start:end]


def _as_written(text: str) -> str:
    """Case and accents as they are, however they are encoded, and one blank for any space."""
    return " ".join(normalize("NFC", _UNSEEN.sub("", text)).split())


def _prefix(text: str) -> Finder:
    starts = _starts(text)
    return lambda sight: ((start, _word_end(sight.folded, end)) for start, end in starts(sight))


def _compound(text: str) -> Finder:
    starts = _starts(text)

    def find(sight: Sight) -> Iterator[Place]:
        told = 0  # A compound is told once, not again from its second part: "Kindle-Kindle-Hülle".
        for start, end in starts(sight):
            word_end = _word_end(sight.folded, end)
            whole = word_end - end >= _SHORTEST_WORD or sight.folded[end:word_end] in _ENDINGS
            if whole and start >= told:
                told = _end(_REST_OF_COMPOUND, sight.folded, word_end)
                yield start, told

    return find


def _word_end(folded: str, end: int) -> int:
    while end < len(folded) and not free_after(folded, end):
        end += 1
    return end


def _end(rest: re.Pattern[str], folded: str, at: int) -> int:
    found = rest.match(folded, at)
    return found.end() if found else at


def _tag(name: str, *, prefix: bool = False) -> Finder:
    literal = "#" + fold(name)

    def find(sight: Sight) -> Iterator[Place]:
        for start in sight.found(literal):
            end = start + len(literal)
            tag_end = _end(_REST_OF_TAG, sight.folded, end)
            if _opens(sight.folded, start) and (prefix or tag_end == end):
                yield start, tag_end

    return find


def _at(name: str) -> Finder:
    literal = "@" + fold(name)
    longer = re.compile(f"-?{TAG_LETTER}")

    def find(sight: Sight) -> Iterator[Place]:
        for start in sight.found(literal):
            end = start + len(literal)
            if _opens(sight.folded, start) and longer.match(sight.folded, end) is None:
                yield start, end

    return find


def _regex(pattern: str) -> Finder:
    def find(sight: Sight) -> Iterator[Place]:
        for start, end in found(pattern, sight.document):
            place = sight.place(start, end)
            if place is not None:
                yield place

    return find


@lru_cache(maxsize=4096)
def spellings(term: Term) -> tuple[Term, ...]:
    """How a term may have to be written to stand in a reading of a text that is in disguise."""
    if isinstance(term, Tag):
        return tuple(Tag(name, term.prefix) for name in unmasked(fold(term.name)))
    if isinstance(term, At):
        return tuple(At(name) for name in unmasked(fold(term.name)))
    return tuple(type(term)(text) for text in unmasked(fold(term.text)))


def _opens(folded: str, start: int) -> bool:
    """Whether `#` or `@` begins a token here: not in `C#`, `anna@host`, `/path/#part`."""
    before = folded[start - 1 : start]
    return not before or not (is_letter(before) or before in "_/") or is_unspaced(before)
