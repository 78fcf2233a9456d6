"""From a wish to searches that the network's grammar and limits allow; what does not fit is left out of an AND."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from listen.query.dialect import Dialect
from listen.query.fold import fold
from listen.query.spelling import words
from listen.query.wishes import All, Any, Atom, Wish, any_of, is_sure, sides, weight

_MOST_SPELLINGS = 4  # of one word, each a search
_OPEN = 4  # searches that are still filled up; more would make long watchlists slow
_TELLING = 4  # letters that a word needs for a search that does not find everything


class Search(msgspec.Struct, frozen=True):
    """One search: as people read it, as parameters of the request, and the hashtags of which a post has one."""

    text: str
    params: tuple[tuple[str, str], ...]
    tags: tuple[str, ...] = ()


def shaped(wish: Wish, dialect: Dialect) -> tuple[list[Search], list[Wish]]:
    """The searches, and the same as wishes."""
    shaper = _Shaper(dialect)
    kept = shaper.searches(wish)
    return [shaper.written(part) for part in kept], kept


class _Shaper:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._groups = "( )" in dialect.joins
        self._together = "AND" in dialect.joins

    def searches(self, wish: Wish) -> list[Wish]:
        found = self._spared(self._alternatives(wish))
        if "OR" not in self._dialect.joins:
            return found
        if not self._groups and len(found) > 1:
            self._together = False  # Conjunctions cannot stand in an OR there; one term of each can.
            found = self._spared(self._alternatives(wish))
        return self._packed(found)

    def _spared(self, found: list[Wish]) -> list[Wish]:
        return list(sides(any_of(found, within_words=self._dialect.finds == "parts")))

    def written(self, wish: Wish) -> Search:
        dialect = self._dialect
        if dialect.finds == "tags":
            return self._tag_search(wish)
        text = self._text(wish)
        return Search(text, ((dialect.parameter, text),))

    def _alternatives(self, wish: Wish) -> list[Wish]:
        """Wishes that each fit into a search, and together find all of it."""
        if self._groups and self._fits(wish):
            return [wish]
        match wish:
            case Atom():
                return [wish]
            case Any(parts):
                return [one for part in parts for one in self._alternatives(part)]
            case All(parts):
                return self._grouped(parts) if self._groups else self._conjunctions(parts)

    def _grouped(self, parts: Sequence[Wish]) -> list[Wish]:
        """The narrowest part, with as many of the others as there is room for."""
        leading = max(_terms(parts), key=_narrowness)
        others = sorted((part for part in parts if part is not leading), key=lambda part: len(self._text(part)))
        found: list[Wish] = []
        for one in self._alternatives(leading):
            together: Wish = one
            for other in others:
                wider = All((*(together.parts if isinstance(together, All) else (together,)), other))
                together = wider if self._fits(wider) else together
            found.append(together)
        return found

    def _conjunctions(self, parts: Sequence[Wish]) -> list[Wish]:
        """All that is one word, with its spellings, and only if that says too little a part with alternatives."""
        limits = [part for part in parts if _limits(part)]
        alternatives = [self._alternatives(part) for part in _terms(parts)]
        if not self._together:
            return max(alternatives, key=_narrowness_of)
        singles = [some[0] for some in alternatives if len(some) == 1]
        spelt = [some for some in alternatives if 1 < len(some) <= _MOST_SPELLINGS and _meanings(some) == 1]
        base = max(spelt, key=_narrowness_of, default=None)
        if base is None and max(map(weight, singles), default=0) < _TELLING:
            base = max((some for some in alternatives if len(some) > 1), key=_fewest_telling, default=None)
        if base is None:
            base, singles = [singles[0]], singles[1:]
        return [self._joined(one, [*singles, *limits]) for one in base]

    def _joined(self, one: Wish, others: Iterable[Wish]) -> Wish:
        together: Wish = one
        for other in others:
            wider = All((*_flat(together), *_flat(other)))
            together = wider if self._fits(wider) and sum(atom.prefix for atom in _flat(wider)) < 2 else together
        return together

    def _packed(self, found: list[Wish]) -> list[Wish]:
        """As many alternatives in one search as fit."""
        groups: list[list[Wish]] = []
        for one in found:
            alone = not self._groups and not isinstance(one, Atom)
            place = next((group for group in groups[-_OPEN:] if not alone and self._fits_with(group, one)), None)
            if place is None:
                groups.append([one])
            else:
                place.append(one)
        return [group[0] if len(group) == 1 else Any(tuple(group)) for group in groups]

    def _fits_with(self, group: list[Wish], one: Wish) -> bool:
        if not self._groups and not isinstance(group[0], Atom):
            return False
        alternatives = tuple(part for wish in (*group, one) for part in sides(wish))
        return len(alternatives) <= self._dialect.most_alternatives and self._fits(Any(alternatives))

    def _fits(self, wish: Wish) -> bool:
        dialect, text = self._dialect, self._text(wish)
        return (
            len(text) <= dialect.room and _words(wish) <= dialect.most_words and self._signs(wish) <= dialect.most_signs
        )

    def _signs(self, wish: Wish) -> int:
        """How many AND, OR and NOT the search takes; for hashtags how many must all be there."""
        if isinstance(wish, Atom):
            return int(wish.limiting and wish.text.startswith("-"))
        if self._dialect.finds == "tags" and isinstance(wish, Any):
            return 0
        return len(wish.parts) - 1 + sum(map(self._signs, wish.parts))

    def _text(self, wish: Wish, *, inside: bool = False) -> str:
        match wish:
            case Atom(text):
                return text
            case All(parts):
                # A prefix is only one at the end.
                ordered = sorted(parts, key=lambda part: isinstance(part, Atom) and part.prefix)
                text = " ".join(self._text(part, inside=True) for part in ordered)
            case Any(parts):
                text = self._dialect.either.join(self._text(part, inside=True) for part in parts)
        return f"({text})" if inside and self._groups and len(wish.parts) > 1 else text

    def _tag_search(self, wish: Wish) -> Search:
        dialect = self._dialect
        if "AND" not in dialect.joins:
            tags = tuple(atom.tag for atom in _flat(wish))
            text = dialect.either.join(tags) if dialect.either == ";" else self._text(wish)
            return Search(text, ((dialect.parameter, dialect.either.join(tags)),), tags)
        positive = [atom for atom in _flat(wish) if not atom.limiting]
        first, *others = positive
        relation = "any[]" if isinstance(wish, Any) else "all[]"
        ruled_out = [atom.tag.removeprefix("-#") for atom in _flat(wish) if atom.limiting]
        params = [
            (dialect.parameter, first.tag),
            *((relation, atom.tag) for atom in others),
            *(("none[]", tag) for tag in ruled_out),
        ]
        tags = tuple(atom.tag for atom in positive) if relation == "any[]" else (first.tag,)
        return Search(self._text(wish), tuple(params), tags)


def _flat(wish: Wish) -> list[Atom]:
    return [wish] if isinstance(wish, Atom) else [atom for part in wish.parts for atom in _flat(part)]


def _limits(wish: Wish) -> bool:
    return isinstance(wish, Atom) and wish.limiting


def _terms(parts: Sequence[Wish]) -> list[Wish]:
    return [part for part in parts if not _limits(part)]


def _narrowness(wish: Wish) -> tuple[bool, int, int]:
    return is_sure(wish), weight(wish), -_meanings(_flat(wish))


def _narrowness_of(some: Sequence[Wish]) -> tuple[bool, int, int]:
    return all(map(is_sure, some)), min(map(weight, some)), -_meanings(some)


def _fewest_telling(some: Sequence[Wish]) -> tuple[bool, int]:
    return min(map(weight, some)) >= _TELLING, -len(some)


def _meanings(some: Iterable[Wish]) -> int:
    """How many alternatives there are, where other spellings and the hashtag of the same words do not count."""
    return len({"".join(words(fold(" ".join(atom.text for atom in _flat(one))))) for one in some})


def _words(wish: Wish) -> int:
    return sum(len(atom.text.split()) for atom in _flat(wish))
