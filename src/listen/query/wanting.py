"""From a query to what one network can be asked for: the narrowest wish that loses no more than the network makes it.

NOT, NEAR, exact case and most fields are decided by the watchlist; here they fall away or widen. Where a network
finds only a part of what a term means, the other sides of an AND are asked for instead, if they are better.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from listen.query.dialect import Dialect
from listen.query.fold import fold
from listen.query.tree import And, Field, Near, Node, Not, Or, Tag, Title, canonical, none_of
from listen.query.wishes import Atom, Wish, all_of, any_of, is_sure, losses, weight
from listen.query.wording import Outcome, Wording

_UMLAUT_LETTERS = frozenset("aou")


class Wanting:
    """Reads one query for one dialect; `wording` knows what is left to the watchlist, `missed` what nobody finds."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._within = dialect.finds == "parts"
        self.wording = Wording(dialect)
        self.missed: dict[str, None] = {}

    def of(self, node: Node) -> Outcome:
        match node:
            case And(parts):
                return self._all(list(parts))
            case Or(parts):
                return self._any(list(parts))
            case Near(left, right, _):
                self.wording.leave(node)
                return self._all([left, right])
            case Not(part):
                return self._not(node, part)
            case Field():
                return self._field(node)
            case Title(term):
                self.wording.leave(node)
                return self.of(term)
            case _:
                return self.wording.of(node)

    def _any(self, parts: list[Node]) -> Outcome:
        outcomes = [(part, self.of(part)) for part in parts]
        if any(outcome == "all" for _, outcome in outcomes):
            return "all"
        wishes = [outcome for _, outcome in outcomes if not isinstance(outcome, str)]
        missed = [f"cannot be asked for {canonical(part)}" for part, outcome in outcomes if outcome == "unasked"]
        if wishes:
            return any_of(wishes, missed=missed, within_words=self._within)
        return "unasked" if missed else "none"

    def _all(self, parts: list[Node]) -> Outcome:
        asked = [piece for part in parts for piece in _pieces(part)]
        outcomes = [(part, self._limit(part) or self.of(part)) for part in asked]
        if any(outcome == "none" for _, outcome in outcomes):
            return "none"
        wishes = [(part, outcome) for part, outcome in outcomes if not isinstance(outcome, str)]
        terms = [(part, wish) for part, wish in wishes if not _limits(wish)]
        if not terms:
            return "unasked" if any(outcome == "unasked" for _, outcome in outcomes) else "all"
        sure = [(part, wish) for part, wish in terms if is_sure(wish)]
        chosen = sure or [max(terms, key=lambda term: (-len(set(losses(term[1]))), weight(term[1])))]
        for part, outcome in outcomes:
            if outcome == "unasked" or ((part, outcome) in terms and (part, outcome) not in chosen):
                self.wording.leave(part)
        limits = [wish for _, wish in wishes if _limits(wish)]
        return all_of([*(wish for _, wish in chosen), *limits], within_words=self._within)

    def _limit(self, node: Node) -> Atom | None:
        """A field, or what is ruled out, as the network asks for it beside words."""
        ruled_out = isinstance(node, Not)
        inner = node.part if isinstance(node, Not) else node
        if isinstance(inner, Field):
            text = self._field_text(inner)
            kind = f"kind:{inner.value}" if inner.name == "kind" else inner.name
        elif isinstance(inner, Tag) and ruled_out:
            text, kind = self._certain_tag(inner), "tag"
        else:
            return None
        if not text or (ruled_out and kind not in self._dialect.without) or "AND" not in self._dialect.joins:
            return None
        text = f"-{text}" if ruled_out else text
        return Atom(text, frozenset({text}), limiting=True, tag=text if kind == "tag" else "")

    def _certain_tag(self, tag: Tag) -> str:
        """A network that folds accents files #schon with #schön; only without a, o, u it is the one that we mean."""
        name = fold(tag.name)
        plain = name.isascii() and name.isalpha() and not (_UMLAUT_LETTERS & set(name))
        return (self._dialect.tag or "").format(name) if plain and not tag.prefix else ""

    def _not(self, node: Not, part: Node) -> Outcome:
        if isinstance(part, Field) and part.name == "platform":
            return "none" if self._is_here(part) else "all"
        self.wording.leave(node)
        return "all"

    def _field(self, field: Field) -> Outcome:
        if field.name == "platform":
            return "all" if self._is_here(field) else "none"
        if field.name == "spoof":
            self.missed["cannot be asked for words in disguise"] = None
        else:
            self.wording.leave(field)
        return "all"

    def _is_here(self, field: Field) -> bool:
        return field.value.casefold() == self._dialect.platform

    def _field_text(self, field: Field) -> str:
        dialect, value = self._dialect, field.value.casefold().replace("_", "-")
        if field.name == "lang" and dialect.lang and value in dialect.langs:
            return dialect.lang.format(value)
        if field.name == "author" and dialect.author:
            name = field.value.casefold().removeprefix("@")
            return dialect.author.format(name) if re.fullmatch(dialect.author_names, name) else ""
        return dialect.kinds.get(value, "") if field.name == "kind" else ""


def _pieces(part: Node) -> Sequence[Node]:
    """`NOT (a OR b)` rules out each of them; some of that a network may do."""
    if isinstance(part, Not) and isinstance(part.part, Or):
        return [none_of(side) for side in part.part.parts]
    return [part]


def _limits(wish: Wish) -> bool:
    return isinstance(wish, Atom) and wish.limiting
