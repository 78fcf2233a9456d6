"""Reads a query as people type it; the grammar stands in docs/queries.md."""

from __future__ import annotations

from difflib import get_close_matches
from typing import get_args

from listen.errors import QueryError
from listen.post import Kind
from listen.query.fold import fold
from listen.query.letters import is_letter, is_unspaced, pieces
from listen.query.patterns import problem_of
from listen.query.tokens import NAME, TAG_NAME, Token, tokens
from listen.query.tree import (
    SPOOF,
    TERMS,
    And,
    At,
    Compound,
    Exact,
    Field,
    Near,
    Node,
    Or,
    Phrase,
    Prefix,
    Query,
    Regex,
    Tag,
    Term,
    Title,
    Word,
    all_of,
    anchored,
    any_of,
    none_of,
)

LONGEST = 10_000  # characters of a query
DEEPEST = 50  # parentheses and NOTs within one another
MOST_TERMS = 2_000
MOST_REGEXES = 50
WIDEST = 100  # words between the sides of a NEAR

_WANTED = "expected a word, a \"phrase\", a #hashtag or '('"
_FIELDS = ("lang", "platform", "author", "site", "title", "kind", "has", "spoof")
_KINDS: tuple[str, ...] = get_args(Kind)
_ALLOWED = {"kind": _KINDS, "has": ("link", "media"), "spoof": ("on",)}


def parse(query: str) -> Query:
    """The query as a tree. Raises QueryError, also if there is nothing to look for (only NOT, only fields)."""
    parser = _Parser(query)
    root = parser.whole()
    if not anchored(root):
        raise parser.unanchored(root)
    return Query(root)


def parse_exclusion(query: str) -> Query:
    """Like `parse`, for what a topic leaves out: fields alone (`lang:en`) are enough here."""
    return Query(_Parser(query).whole())


class _Parser:
    """Recursive descent: or > and > not > near > primary."""

    def __init__(self, query: str) -> None:
        self._query = query
        if len(query) > LONGEST:
            raise self._wrong(LONGEST, f"a query has at most {LONGEST:,} characters, this one has {len(query):,}")
        self._tokens = list(tokens(query))
        self._at = 0
        self._depth = 0
        self._terms = 0
        self._regexes = 0
        self._spoof: int | None = None  # where the field spoof:on stands
        self._columns: dict[int, int] = {}  # of the sides of an OR, by id; the tree keeps them alive

    def whole(self) -> Node:
        if self._next.kind == "end":
            raise self._wrong(0, f"{_WANTED}; the query is empty")
        node = self._or()
        if self._next.kind == ")":
            raise self._wrong(self._next.at, "this ')' closes nothing")
        if self._spoof is not None and not (isinstance(node, And) and SPOOF in node.parts):
            raise self._wrong(self._spoof, "spoof:on belongs to a whole query, as in (kindle OR tolino) spoof:on")
        return node

    def unanchored(self, root: Node) -> QueryError:
        side = _unanchored_side(root)
        problem = 'names nothing to look for; add a word, a "phrase" or a #hashtag that posts have to contain'
        if side is None:
            return self._wrong(0, f"the query {problem}")
        return self._wrong(self._columns.get(id(side), 0), f"this side of the OR {problem}")

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _or(self) -> Node:
        parts = [self._and()]
        while self._next.kind == "OR":
            self._take()
            parts.append(self._and())
        return any_of(parts)

    def _and(self) -> Node:
        first = self._next.at
        parts = [self._not()]
        while self._next.kind not in {"OR", ")", "end"}:
            if self._next.kind == "AND":
                self._take()
            parts.append(self._not())
        node = all_of(parts)
        self._columns[id(node)] = first
        return node

    def _not(self) -> Node:
        if self._next.kind != "NOT":
            return self._near()
        self._deeper(self._take())
        node = none_of(self._not())
        self._depth -= 1
        return node

    def _near(self) -> Node:
        first = self._next.at
        left = self._primary()
        if self._next.kind != "NEAR":
            return left
        token = self._take()
        distance = self._distance(token)
        second = self._next.at
        right = self._primary()
        if self._next.kind == "NEAR":
            raise self._wrong(self._next.at, "a second NEAR; write (a NEAR/5 b) AND (b NEAR/5 c)")
        return Near(self._nearby(left, first), self._nearby(right, second), distance)

    def _distance(self, token: Token) -> int:
        digits = token.text.removeprefix("NEAR").removeprefix("/")
        if not token.text.startswith("NEAR/"):
            return 10
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 3 and int(digits) <= WIDEST):
            raise self._wrong(token.at, f"expected NEAR/n with n from 0 to {WIDEST}, as in NEAR/5")
        return int(digits)

    def _nearby(self, node: Node, at: int) -> Term | Or:
        if isinstance(node, TERMS):
            return node
        if isinstance(node, Or) and all(isinstance(part, TERMS) for part in node.parts):
            return node
        raise self._wrong(at, 'expected a word, a "phrase", a #hashtag or (a OR b) on either side of NEAR')

    def _primary(self) -> Node:
        token = self._take()
        match token.kind:
            case "(":
                self._deeper(token)
                node = self._or()
                if self._take().kind != ")":
                    raise self._wrong(token.at, "this '(' is never closed")
                self._depth -= 1
                return node
            case "word" | "phrase" | "exact" | "regex":
                return self._term(token)
            case "field":
                return self._field(token)
            case "end":
                raise self._wrong(token.at, _WANTED + self._after())
            case _:
                raise self._wrong(token.at, f"{_WANTED}, found {token.text!r}")

    def _after(self) -> str:
        return f" after {self._tokens[self._at - 2].text!r}" if self._at > 1 else ""

    def _deeper(self, token: Token) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._wrong(token.at, f"more than {DEEPEST} parentheses and NOTs within one another")

    def _term(self, token: Token) -> Term:
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise self._wrong(token.at, f"a query has at most {MOST_TERMS:,} terms; make two topics of it")
        if token.kind == "word":
            return self._word(token)
        if token.kind == "regex":
            return self._regex(token)
        self._says_something(token, token.text)
        return Phrase(token.text) if token.kind == "phrase" else Exact(token.text)

    def _word(self, token: Token) -> Term:
        text = token.text
        if text[0] == "#":
            return self._tag(token)
        if text[0] == "@":
            if not (NAME.fullmatch(text[1:]) and NAME.fullmatch(fold(text[1:]))):  # "@x²" is no name
                raise self._wrong(token.at, "expected a name after '@', as in @kindle or @kindle@example.social")
            return At(text[1:])
        ending = text[-1] if text[-1] in "*~" else ""
        stem = text.removesuffix(ending)
        if "*" in stem or "~" in stem:
            raise self._wrong(token.at, "'*' and '~' stand at the end of a word only, or in quotes")
        self._says_something(token, stem)
        if not ending:
            return Word(text)
        self._can_be_continued(token, stem)
        return Prefix(stem) if ending == "*" else Compound(stem)

    def _regex(self, token: Token) -> Regex:
        self._regexes += 1
        if self._regexes > MOST_REGEXES:
            raise self._wrong(token.at, f"a query has at most {MOST_REGEXES} regular expressions")
        begin = self._query.index("/", token.at) + 1
        if not token.text:
            raise self._wrong(token.at, "expected a regular expression between the two /")
        problem = problem_of(token.text)
        if problem is not None:
            raise self._wrong(begin + problem[0], problem[1])
        return Regex(token.text)

    def _tag(self, token: Token) -> Tag:
        name = token.text[1:].removesuffix("*")
        if not (TAG_NAME.fullmatch(name) and TAG_NAME.fullmatch(fold(name))):
            raise self._wrong(token.at, "expected letters, digits, '_' or '-' after '#', as in #kindle")
        return Tag(name, token.text.endswith("*"))

    def _says_something(self, token: Token, text: str) -> None:
        if pieces(fold(text)):
            return
        hint = {"&": "AND", "&&": "AND", "|": "OR", "||": "OR", "!": "NOT"}.get(text)
        advice = f"; for 'and', 'or', 'not' write {hint}" if hint else ""
        raise self._wrong(token.at, f"there is no letter, digit or emoji in {text!r}{advice}")

    def _can_be_continued(self, token: Token, stem: str) -> None:
        last = pieces(fold(stem))[-1]
        if not (fold(stem).endswith(last) and is_letter(last[-1])) or (len(last) < 2 and not is_unspaced(last)):
            raise self._wrong(token.at, f"expected at least two letters before {token.text[-1]!r}, as in kindle*")

    def _field(self, token: Token) -> Node:
        name, value = token.field, token.text
        if name not in _FIELDS:
            nearest = get_close_matches(name, _FIELDS, 1) or _FIELDS
            meant = ", ".join(f"{field}:" for field in nearest)
            raise self._wrong(token.at, f"no field is called {name!r}, only {meant}; for the words use quotes")
        if not value.strip():
            raise self._wrong(token.at, f"expected a value right after {name!r} and the colon, as in lang:de")
        self._terms += 1
        if name == "spoof":
            self._spoof = token.at
        if name == "title":
            return Title(self._titled(token))
        return Field(name, self._value(token, name, value.strip()))  # type: ignore[arg-type]

    def _titled(self, token: Token) -> Term:
        kind = token.quoted or "word"
        return self._term(Token(kind, token.text, token.at, "", ""))

    def _value(self, token: Token, name: str, value: str) -> str:
        allowed = _ALLOWED.get(name)
        if allowed and value not in allowed:
            raise self._wrong(token.at, f"expected {name}: with one of {', '.join(allowed)}; found {value!r}")
        if name == "site" and any(sign in value for sign in "/ ?#"):
            raise self._wrong(token.at, "expected a host alone after site:, as in site:amazon.de")
        return value

    def _wrong(self, at: int, problem: str) -> QueryError:
        return QueryError(self._query, at + 1, problem)


def _unanchored_side(node: Node) -> Node | None:
    """The side of an OR that spoils the query, if the others could be looked for."""
    if not isinstance(node, Or) or not any(anchored(part) for part in node.parts):
        return None
    return next(part for part in node.parts if not anchored(part))
