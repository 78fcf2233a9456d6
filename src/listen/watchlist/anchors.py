"""What to look for first: literals and search terms of which every matching post holds at least one."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from listen.source import Term as SearchTerm
from listen.watchlist.fold import fold
from listen.watchlist.letters import is_letter, is_unspaced, pieces
from listen.watchlist.query import And, At, Compound, Exact, Near, Node, Or, Phrase, Prefix, Tag, Term, Title, Word


class Anchor(msgspec.Struct, frozen=True):
    """A literal of the folded text, and on which sides no letter or digit may follow directly."""

    literal: str
    free_before: bool
    free_after: bool


def anchors(node: Node) -> tuple[Anchor, ...]:
    """One of these literals stands in every post that matches; empty only if the node is not anchored."""
    return tuple(dict.fromkeys(_anchor(term) for term in _leading(node)))


def search_terms(node: Node) -> tuple[SearchTerm, ...]:
    """The same as terms that a network can be asked for."""
    return tuple(dict.fromkeys(asked for term in _leading(node) for asked in _asked(term)))


def _leading(node: Node) -> tuple[Term, ...]:
    """The terms of which one stands in every match: all sides of an OR, the narrowest side of an AND."""
    match node:
        case And(parts):
            return max((_leading(part) for part in parts), key=_narrowness)
        case Near(left, right, _):
            return max((_leading(left), _leading(right)), key=_narrowness)
        case Or(parts):
            sides = [_leading(part) for part in parts]
            return tuple(term for side in sides for term in side) if all(sides) else ()
        case Title(term):
            return (term,)
        case Word() | Phrase() | Exact() | Prefix() | Compound() | Tag() | At():
            return (node,)
        case _:
            return ()


def _narrowness(terms: Sequence[Term]) -> tuple[bool, int, int]:
    """A side with terms before one without; then the longest of the shortest; then the fewest."""
    return bool(terms), min((_length(term) for term in terms), default=0), -len(terms)


def _length(term: Term) -> int:
    return len(term.name) + 1 if isinstance(term, Tag | At) else len(term.text)


def _anchor(term: Term) -> Anchor:
    match term:
        case Tag(name, prefix):
            # Without `#`: networks tell hashtags without it, and HTML may put markup in between.
            return _between(fold(name), before=True, after=not prefix)
        case At(name):
            return _between(_longest([fold(part) for part in name.split("@")]), before=True, after=True)
        case Prefix(text) | Compound(text):
            parts = pieces(fold(text))
            return _between(_longest(parts), before=len(parts) == 1, after=False)
        case _:
            parts = pieces(fold(term.text))
            whole = len(parts) == 1  # The pieces of a phrase may also stand together, as a hashtag.
            return _between(_longest(parts), before=whole, after=whole)


def _longest(parts: Sequence[str]) -> str:
    """The longest run without `#` and `@` at its front and without `/`, which JSON may escape."""
    runs = (run for part in parts for run in re.split("/", part.lstrip("#@")))
    return max(runs, key=len)


def _between(literal: str, *, before: bool, after: bool) -> Anchor:
    return Anchor(literal, before and _spaced(literal[0]), after and _spaced(literal[-1]))


def _spaced(character: str) -> bool:
    return is_letter(character) and not is_unspaced(character)


def _asked(term: Term) -> tuple[SearchTerm, ...]:
    match term:
        case Tag(name):
            return (SearchTerm("tag", name),)
        case At(name):
            return (SearchTerm("word", f"@{name}"),)
        case Word(text) | Phrase(text) | Exact(text):
            return _asked_words(text, joined=not isinstance(term, Exact))
        case Prefix(text) | Compound(text):
            return (SearchTerm("word", text),)


def _asked_words(text: str, *, joined: bool) -> tuple[SearchTerm, ...]:
    """A phrase also stands as one hashtag: "Kindle Paperwhite" as #KindlePaperwhite."""
    if len(pieces(fold(text))) == 1:
        return (SearchTerm("word", text),)
    phrase = SearchTerm("phrase", text)
    tag = "".join(letter for letter in text if is_letter(letter))
    return (phrase, SearchTerm("tag", tag)) if joined and tag else (phrase,)
