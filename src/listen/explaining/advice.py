"""Warnings about a query: what it finds that its writer did not mean, and what networks cannot be asked for."""

from __future__ import annotations

from collections.abc import Iterator

from listen.explaining.common import shares_of
from listen.query import Query
from listen.query.fold import fold
from listen.query.letters import pieces
from listen.query.patterns import literals
from listen.query.tokens import tokens
from listen.query.tree import (
    SPOOF,
    TERMS,
    And,
    Exact,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Term,
    Title,
    Word,
    canonical,
)
from listen.watchlist.anchors import anchors

_GERMAN = {"UND": "AND", "ODER": "OR", "NICHT": "NOT"}


def warnings_about(query: Query, written: str) -> list[str]:
    """What to beware of; `written` is the query as typed, which alone shows its parentheses."""
    return [
        *misread_operators(query),
        *_common_words(query.root),
        *_uncovered_sides(query.root, written),
        *_restless_patterns(query.root),
        *_fields(query.root),
    ]


def misread_operators(query: Query) -> Iterator[str]:
    """German words for AND, OR and NOT in capitals: rarely are they meant to be found in a post."""
    for term in dict.fromkeys(node for node in _walk(query.root) if isinstance(node, Word)):
        if term.text in _GERMAN:
            yield f"`{term.text}` is looked for as a word; what joins is `{_GERMAN[term.text]}`"


def lonely(node: Node) -> Iterator[Term]:
    """The terms of which one alone is enough to make a post match, fields and NOTs aside."""
    match node:
        case Or(parts):
            for part in parts:
                yield from lonely(part)
        case And(parts):
            needed = [part for part in parts if not isinstance(part, Not | Field)]
            if len(needed) == 1:
                yield from lonely(needed[0])
        case Not() | Field() | Near() | Title():
            return
        case _:
            yield node


def _common_words(root: Node) -> Iterator[str]:
    for term in dict.fromkeys(lonely(root)):
        if not isinstance(term, Word | Phrase | Exact) or len(pieces(fold(term.text))) != 1:
            continue
        shares = shares_of(term.text)
        if shares:
            told = " and ".join(f"{share:.0f} % of {language} posts" for language, share in shares.items())
            yield f"`{canonical(term)}` alone matches {told}; ask for a second word beside it, or for a phrase"


def _uncovered_sides(root: Node, written: str) -> Iterator[str]:
    """`a OR b NOT c` reads as `a OR (b NOT c)`, and rarely is that what was meant."""
    if not _ends_in_bare_not(written):
        return
    for node in _walk(root):
        last = node.parts[-1] if isinstance(node, Or) else None
        if not isinstance(node, Or) or not isinstance(last, And):
            continue
        nots = " ".join(canonical(part) for part in last.parts if isinstance(part, Not))
        covered = [part for part in last.parts if not isinstance(part, Not)]
        if nots and covered:
            side = " ".join(_side(part) for part in covered)
            sides = " OR ".join(_side(part) for part in node.parts[:-1])
            yield f"`{nots}` applies to `{side}` only; for all of it write `({sides} OR {side}) {nots}`"


def _side(node: Node) -> str:
    return canonical(node) if isinstance(node, (*TERMS, Field, Title)) else f"({canonical(node)})"


def _ends_in_bare_not(written: str) -> bool:
    """Whether somewhere a NOT follows an OR with no parenthesis around the side that it stands in."""
    after_or = [False]
    for token in tokens(written):
        if token.kind == "(":
            after_or.append(False)
        elif token.kind == ")":
            after_or.pop()
        elif token.kind == "OR":
            after_or[-1] = True
        elif token.kind == "NOT" and after_or[-1]:
            return True
    return False


def _restless_patterns(root: Node) -> Iterator[str]:
    if not anchors(root):
        loose = next(node for node in _walk(root) if isinstance(node, Regex) and not literals(node.text))
        yield (
            f"`{canonical(loose)}` holds no letters that every match must have, so that every post is looked at; "
            "put a word beside it"
        )
    if any(isinstance(term, Regex) for term in lonely(root)):
        yield "networks cannot search for a regular expression: it is found on streams and in feeds, or beside a word"


def _fields(root: Node) -> Iterator[str]:
    fields = {(node.name, node.value) for node in _walk(root) if isinstance(node, Field)}
    if any(name == "lang" for name, _ in fields):
        yield "`lang:` goes by what a post claims; many claim nothing and are left out"
    if isinstance(root, And) and SPOOF in root.parts:
        yield "networks cannot search for words in disguise: `spoof:on` finds them on streams and in feeds"


def _walk(node: Node) -> Iterator[Node]:
    """The node and all within it."""
    yield node
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _walk(part)
        case Not(part) | Title(part):
            yield from _walk(part)
        case Near(left, right, _):
            yield from _walk(left)
            yield from _walk(right)
        case _:
            return
