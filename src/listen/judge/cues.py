"""Cue tables, compiled: which phrases of a table stand in a text, and where.

A table is a tuple of `(kind, weight, phrases)`; one phrase a line, short
ones side by side with `;` between, written as people write them:

    kaputt                      the word, in any case, `ä` also as `ae` or `a`
    enttäusch*                  any word that begins so
    (geht|läuft) nicht [mehr]   one of several; in square brackets also none
    warte .. seit <n> wochen    `..` up to three words between, `<n>` a number, `<@>` a name
    -- a remark

All phrases of a language become one tree of words, so the time to find them grows with the text alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache, partial
from typing import Any, Literal, NamedTuple

from listen.judge.words import Words, fold, spellings

Kind = Literal["complaint", "praise", "question", "buying", "switching", "matter", "damp", "relief",
               "negator", "strong", "contrast", "danger", "insult", "waiting", "self", "opener"]  # fmt: skip
Table = tuple[tuple[Kind, float, str], ...]
Choices = tuple[tuple[str, ...], ...]
Phrase = tuple[Choices, ...]
GAP = 3  # words that `..` may leap over

_REMARK = re.compile(r"--[^\n]*")
_PHRASE = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|[^;\n])+")  # a line may break within brackets
_PIECE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|([^\s()\[\]]+)")
_WORD = re.compile(r"\.\.|<[n@]>|[@#]?\w+\*?|\*")
# Without its dots this umlaut would be another, very common word.
_NEEDS_DOTS = ("schön", "höher", "wäre", "würde", "hätte", "möchte", "könnte", "müll", "lüge", "nächst")


class Cue(NamedTuple):
    kind: Kind
    weight: float


class Found(NamedTuple):
    """A cue over the words `first` to `last` (inclusive)."""

    cue: Cue
    first: int
    last: int


class Cues:
    """Compiled tables. A node maps a word to the nodes it leads to, and `""` to the cues that end there."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self.root: dict[str, list[Any]] = {}
        self.words: set[str] = set()
        for kind, weight, lines in (entry for table in tables for entry in table):
            for phrase in _phrases(lines):
                self._plant(phrase, Cue(kind, weight))
        lengths = sorted({len(word) - 1 for word in self.words if word[-1] == "*" and len(word) > 1})
        self.symbols = lru_cache(maxsize=10_000)(partial(_symbols, self.words, lengths))
        self.opened = lru_cache(maxsize=10_000)(self._opened)

    def find(self, words: Words) -> list[Found]:
        """The longest cues, none overlapping another except over the very same words, in the order of the text."""
        symbols = [self.symbols(key) for key in words.keys]
        found: set[Found] = set()
        for first, key in enumerate(words.keys):
            if opened := self.opened(key):
                found.update(self._from(first, opened, symbols, words))
        owner: dict[int, tuple[int, int]] = {}
        kept: dict[tuple[int, int, Kind], Found] = {}
        for hit in sorted(found, key=lambda hit: (hit.first - hit.last, -hit.cue.weight, hit.first, hit.cue.kind)):
            reach = (hit.first, hit.last)
            if all(owner.get(at, reach) == reach for at in range(hit.first, hit.last + 1)):
                owner.update(dict.fromkeys(range(hit.first, hit.last + 1), reach))
                kept.setdefault((*reach, hit.cue.kind), hit)
        return sorted(kept.values(), key=lambda hit: hit.first)

    def _opened(self, key: str) -> tuple[dict[str, list[Any]], ...]:
        """The nodes that a phrase may go on from which begins with this word; most words begin none."""
        return tuple(led for symbol in self.symbols(key) for led in self.root.get(symbol, ()))

    def _from(
        self, first: int, opened: tuple[dict[str, list[Any]], ...], symbols: list[tuple[str, ...]], words: Words
    ) -> Iterator[Found]:
        """The cues that begin with the word `first`."""
        end = bisect_right(words.sentence, words.sentence[first])
        ways: list[tuple[dict[str, list[Any]], int]] = [(node, first + 1) for node in opened]
        while ways:
            node, at = ways.pop()
            if "" in node:
                yield from (Found(cue, first, at - 1) for cue in node[""])
            if at >= end:
                continue
            for symbol in symbols[at]:
                if symbol in node:
                    ways += [(led, at + 1) for led in node[symbol]]
            if ".." in node:
                ways += [(led, at + skipped) for led in node[".."] for skipped in range(min(GAP + 1, end - at))]

    def _plant(self, phrase: Phrase, cue: Cue) -> None:
        """Build the phrase from its end to its beginning, so that all choices of a piece share what follows."""
        node: dict[str, list[Any]] = {"": [cue]}
        for choices in reversed(phrase):
            before: dict[str, list[Any]] = {}
            for choice in choices:
                self.words.update(choice)
                _join(before, node if not choice else _chain(choice, node))
            node = before
        node.pop("", None)  # a phrase of optional words alone says nothing
        for after in node.pop("..", ()):  # nor has it to leap before it has begun
            _join(node, after)
        _join(self.root, node)


def _chain(words: tuple[str, ...], end: dict[str, list[Any]]) -> dict[str, list[Any]]:
    for word in reversed(words):
        end = {word: [end]}
    return end


def _join(node: dict[str, list[Any]], other: dict[str, list[Any]]) -> None:
    for word, led in other.items():
        node.setdefault(word, []).extend(led)


def _symbols(known: set[str], lengths: list[int], key: str) -> tuple[str, ...]:
    """The words of a table that a word of a text stands for, beginnings (`enttäusch*`) included."""
    fitting: dict[str, None] = {}
    for spelling in spellings(key):
        beginnings = (spelling[:length] + "*" for length in lengths if length <= len(spelling))
        fitting |= dict.fromkeys(word for word in (spelling, *beginnings) if word in known)
    return tuple(fitting)


@cache
def cues(lang: str | None) -> Cues:
    """The compiled tables for a language; both for an unknown one, for a foreign one emoji alone."""
    from listen.judge import faces

    tables: list[Table] = [faces.TABLE]
    if lang in {"de", None}:
        from listen.judge import german

        tables += german.TABLES
    if lang in {"en", None}:
        from listen.judge import english

        tables += english.TABLES
    return Cues(tables)


def _phrases(lines: str) -> Iterator[Phrase]:
    for phrase in map(str.strip, _PHRASE.findall(_REMARK.sub("", lines))):
        if phrase and (phrase[0] in ":=<" or not any(letter.isalpha() for letter in phrase)):
            yield (((fold(phrase),),),)  # a face; its brackets are its own
        elif phrase:
            yield tuple(_choices(*piece) for piece in _PIECE.findall(phrase))


def _choices(choice: str, option: str, word: str) -> Choices:
    """The ways to read a piece: `()` where it may be missing; umlauts with their dots and without."""
    ways = choice.split("|") if choice else option.split("|") if option else [word]
    read = dict.fromkeys(tuple(_WORD.findall(spelt)) for way in ways for spelt in _dotted(way))
    known = tuple(words for words in read if words)  # a sign alone (`€`) is no word
    return (*known, ()) if option else known


def _dotted(way: str) -> tuple[str, ...]:
    if way.isascii():
        return (fold(way),)
    if any(word in way for word in _NEEDS_DOTS):
        return (fold(way),)
    return (fold(way), fold(way.translate(_BARE)))


_BARE = str.maketrans("äöü", "aou")
