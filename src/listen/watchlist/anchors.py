"""What to look for first: literals of which every matching post holds at least one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from listen.query.disguise import unmasked
from listen.query.fold import fold
from listen.query.letters import is_letter, is_unspaced, pieces
from listen.query.patterns import literals
from listen.query.tree import (
    SPOOF,
    And,
    At,
    Compound,
    Exact,
    Near,
    Node,
    Or,
    Phrase,
    Prefix,
    Regex,
    Tag,
    Term,
    Title,
    Word,
)


class Anchor(msgspec.Struct, frozen=True):
    """A literal of the folded text, and on which sides no letter or digit may follow directly."""

    literal: str
    free_before: bool
    free_after: bool


def anchors(node: Node) -> tuple[Anchor, ...]:
    """One of these literals stands in every post that matches, or in a reading of it if the query says spoof:on.

    Empty if no literal does, so that every post has to be looked at: `/[a-z]{9}/`.
    """
    found = dict.fromkeys(anchor for term in _leading(node) for anchor in _anchors(term))
    if isinstance(node, And) and SPOOF in node.parts:
        return tuple(dict.fromkeys(disguised for anchor in found for disguised in _disguised(anchor)))
    return tuple(found)


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
            return _leading(term)
        case Regex(text):
            return (node,) if literals(text) else ()
        case Word() | Phrase() | Exact() | Prefix() | Compound() | Tag() | At():
            return (node,)
        case _:
            return ()


def _narrowness(terms: Sequence[Term]) -> tuple[bool, int, int]:
    """A side with terms before one without; then the longest of the shortest; then the fewest."""
    return bool(terms), min((_length(term) for term in terms), default=0), -len(terms)


def _length(term: Term) -> int:
    return len(term.name) + 1 if isinstance(term, Tag | At) else len(term.text)


def _anchors(term: Term) -> tuple[Anchor, ...]:
    if isinstance(term, Regex):
        return tuple(Anchor(literal, free_before=False, free_after=False) for literal in literals(term.text))
    return (_anchor(term),)


def _disguised(anchor: Anchor) -> Iterator[Anchor]:
    for literal in unmasked(anchor.literal):
        yield Anchor(literal, anchor.free_before and _spaced(literal[0]), anchor.free_after and _spaced(literal[-1]))


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
    """The longest run without `#` and `@` at its front and without what JSON escapes: `/`, control signs."""
    runs = (run for part in parts for run in re.split(r"[/\x00-\x1f]", part.lstrip("#@")))
    return max(runs, key=len)


def _between(literal: str, *, before: bool, after: bool) -> Anchor:
    return Anchor(literal, before and _spaced(literal[0]), after and _spaced(literal[-1]))


def _spaced(character: str) -> bool:
    return is_letter(character) and not is_unspaced(character)
