"""A query as a tree, and its canonical print: `parse(str(query)) == query`.

Terms are what stands in a post: `Word`, `Phrase`, `Exact`, `Prefix`, `Compound`, `Tag`, `At`, and `Title`
around one of them. Fields ask about the post itself. `And`, `Or`, `Not` and `Near` join them. A new kind of
term is a struct here, a token of the parser, a finder and an anchor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

FieldName = Literal["lang", "platform", "author", "site", "kind", "has", "spoof"]

_BARE_VALUE = re.compile(r"""[^\s()"“”„«»'‘’‚/][^\s()"“”„«»]*""")


class Word(msgspec.Struct, frozen=True):
    """A word without quotes. `C++` and `Kindle-Hülle` are words too: they are looked for piece by piece."""

    text: str


class Phrase(msgspec.Struct, frozen=True):
    """`"Kindle Paperwhite"`: these words in this order, also as the hashtag `#KindlePaperwhite`."""

    text: str


class Exact(msgspec.Struct, frozen=True):
    """`'SIM'`: written exactly so, case and accents included."""

    text: str


class Prefix(msgspec.Struct, frozen=True):
    """`kindle*`: any word that begins so."""

    text: str


class Compound(msgspec.Struct, frozen=True):
    """`kindle~`: the word, its inflections, and German compounds that begin with it."""

    text: str


class Tag(msgspec.Struct, frozen=True):
    """`#kindle`, as a token of its own; with `prefix` any hashtag that begins so (`#kindle*`)."""

    name: str
    prefix: bool = False


class At(msgspec.Struct, frozen=True):
    """`@kindle`: a mention of that name, on whichever server."""

    name: str


class Regex(msgspec.Struct, frozen=True):
    r"""`/akku.{0,9}leer/`: a regular expression, as RE2 reads it; a `/` in it is written `\/`."""

    text: str


Term = Word | Phrase | Exact | Prefix | Compound | Tag | At | Regex


class Title(msgspec.Struct, frozen=True):
    """`title:kindle`: the term, but only where it stands in the title."""

    term: Term


class Field(msgspec.Struct, frozen=True):
    """`lang:de`: something that is known of the post beside its words."""

    name: FieldName
    value: str


class Near(msgspec.Struct, frozen=True):
    """`a NEAR/5 b`: both, in any order, with at most `distance` words between them."""

    left: Term | Or
    right: Term | Or
    distance: int


class And(msgspec.Struct, frozen=True):
    """All of two or more parts, none of which is an `And`; made by `all_of`."""

    parts: tuple[Node, ...]


class Or(msgspec.Struct, frozen=True):
    """Any of two or more parts, none of which is an `Or`; made by `any_of`."""

    parts: tuple[Node, ...]


class Not(msgspec.Struct, frozen=True):
    """Anything but `part`, which is no `Not`; made by `none_of`."""

    part: Node


Node = Word | Phrase | Exact | Prefix | Compound | Tag | At | Regex | Title | Field | Near | And | Or | Not
TERMS = (Word, Phrase, Exact, Prefix, Compound, Tag, At, Regex)
SPOOF = Field("spoof", "on")  # stands in the outermost `And` only: words of the query may be in disguise


class Query(msgspec.Struct, frozen=True):
    """A parsed query; `str` gives its canonical form."""

    root: Node

    def __str__(self) -> str:
        return canonical(self.root)


def all_of(parts: list[Node]) -> Node:
    """The conjunction of one or more parts."""
    flat = tuple(_flattened(And, parts))
    return flat[0] if len(flat) == 1 else And(flat)


def any_of(parts: list[Node]) -> Node:
    """The disjunction of one or more parts."""
    flat = tuple(_flattened(Or, parts))
    return flat[0] if len(flat) == 1 else Or(flat)


def none_of(part: Node) -> Node:
    """The negation of a part; two of them cancel out."""
    return part.part if isinstance(part, Not) else Not(part)


def alternatives(node: Node) -> tuple[Node, ...]:
    """The sides of an OR, or the node itself."""
    return node.parts if isinstance(node, Or) else (node,)


def anchored(node: Node) -> bool:
    """Whether every post that matches must hold some term of the query, so that there is something to look for."""
    match node:
        case And(parts):
            return any(anchored(part) for part in parts)
        case Or(parts):
            return all(anchored(part) for part in parts)
        case Not() | Field():
            return False
        case _:
            return True


def canonical(node: Node) -> str:
    """The node as a user would type it, with every AND and every parenthesis that keeps it clear."""
    match node:
        case And(parts):
            return " AND ".join(_inner(part) for part in parts)
        case Or(parts):
            return " OR ".join(_inner(part) for part in parts)
        case Not(part):
            return f"NOT {_inner(part)}"
        case Near(left, right, distance):
            return f"{_inner(left)} NEAR/{distance} {_inner(right)}"
        case Title(term):
            return f"title:{canonical(term)}"
        case Field(name, value):
            return f"{name}:{value}" if _BARE_VALUE.fullmatch(value) else f'{name}:"{value}"'
        case _:
            return _printed_term(node)


def _printed_term(term: Term) -> str:
    match term:
        case Word(text):
            return text
        case Phrase(text):
            return f'"{text}"'
        case Exact(text):
            return f"'{text}'"
        case Prefix(text):
            return f"{text}*"
        case Compound(text):
            return f"{text}~"
        case Tag(name, prefix):
            return f"#{name}*" if prefix else f"#{name}"
        case At(name):
            return f"@{name}"
        case Regex(text):
            return f"/{text}/"


def _inner(node: Node) -> str:
    return f"({canonical(node)})" if isinstance(node, And | Or | Near) else canonical(node)


def _flattened(kind: type[And | Or], parts: list[Node]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.parts
        else:
            yield part
