"""The tokens of a query, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from listen.errors import QueryError

NAME = re.compile(r"\w+(?:[.-]\w+)*(?:@\w+(?:[.-]\w+)*)?")
TAG_NAME = re.compile(r"(?=.*[^\W_])[\w\u0900-\u0dff-]+")

# Word processors turn quotes into these, and a hyphen after a blank into a dash.
_OPENING = '"“„”«»'
_CLOSING = '"“”«»'
_QUOTE_END = re.compile(f"[{_CLOSING}]")
_EXACT_OPENING = "'‘‚"
_EXACT_END = re.compile(r"['’‘](?=[\s()]|$)")
_MINUS = "-–−"
_REGEX_END = re.compile(r"((?:[^/\\]|\\.)*+)/", re.DOTALL)
_BARE = re.compile(r"""[^\s()"“”„«»]+""")
_FIELD = re.compile(r"([A-Za-z]+):(?!//)")
_KEYWORDS = frozenset({"AND", "OR", "NOT"})


class Token(msgspec.Struct, frozen=True):
    """`kind` is a parenthesis, a keyword, word, phrase, exact, regex, field or end; `at` counts from 0.

    Of a field, `field` is its name and `quoted` the kind of the quoted value, "" if it stands bare.
    """

    kind: str
    text: str
    at: int
    field: str = ""
    quoted: str = ""


def tokens(query: str) -> Iterator[Token]:
    """All tokens, and one of kind `end`. Raises QueryError."""
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        token, at = _token(query, at)
        yield token
    yield Token("end", "", at)


def _token(query: str, at: int) -> tuple[Token, int]:
    first = query[at]
    if first in "()":
        return Token(first, first, at), at + 1
    if first in _OPENING or first in _EXACT_OPENING:
        return _quoted(query, at)
    if first == "/":
        return _regex(query, at)
    if first in _MINUS:
        if at + 1 == len(query) or query[at + 1].isspace():
            raise QueryError(query, at + 1, f"expected a word right after {first!r}, as in -tablet")
        return Token("NOT", first, at), at + 1
    return _bare(query, at)


def _quoted(query: str, at: int) -> tuple[Token, int]:
    kind, end = ("phrase", _QUOTE_END) if query[at] in _OPENING else ("exact", _EXACT_END)
    closing = end.search(query, at + 1)
    if closing is None:
        raise QueryError(query, at + 1, f"this {query[at]} is never closed")
    return Token(kind, query[at + 1 : closing.start()], at), closing.end()


def _regex(query: str, at: int) -> tuple[Token, int]:
    closing = _REGEX_END.match(query, at + 1)
    if closing is None:
        raise QueryError(query, at + 1, "this / is never closed; a / within a regular expression is written \\/")
    if closing.end() < len(query) and query[closing.end()] not in " \t\r\n)(":
        raise QueryError(query, closing.end() + 1, "expected a blank after /.../; a / within it is written \\/")
    return Token("regex", closing[1], at), closing.end()


def _bare(query: str, at: int) -> tuple[Token, int]:
    bare = _BARE.match(query, at)
    text = bare[0] if bare else query[at]
    if text in _KEYWORDS:
        return Token(text, text, at), at + len(text)
    if text == "NEAR" or text.startswith("NEAR/"):
        return Token("NEAR", text, at), at + len(text)
    field = _FIELD.match(text)
    if field is None:
        if re.match(r"https?://", text, re.IGNORECASE):
            raise QueryError(query, at + 1, "words in links are not looked at; use site:, as in site:amazon.de")
        return Token("word", text, at), at + len(text)
    return _field(query, at, field[1].lower(), at + field.end(), at + len(text))


def _field(query: str, at: int, name: str, value: int, end: int) -> tuple[Token, int]:
    if name == "title" and query.startswith("/", value):
        regex, end = _regex(query, value)
        return Token("field", regex.text, at, name, regex.kind), end
    if value < len(query) and query[value] in _OPENING + _EXACT_OPENING:
        quoted, end = _quoted(query, value)
        return Token("field", quoted.text, at, name, quoted.kind), end
    return Token("field", query[value:end], at, name), end
