"""What is wanted of one network: alternatives and conjunctions of terms as it takes them, in any nesting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

_MOST_COMPARED = 300  # alternatives that are compared letter by letter, each with each


class Atom(msgspec.Struct, frozen=True):
    """One term in the network's own spelling. What holds it also holds each of `needs`.

    It is `sure` if it finds all that we would; otherwise `misses` says what it does not. A `limiting` atom (a
    language, what is ruled out) cannot be asked for alone.
    """

    text: str
    needs: frozenset[str]
    misses: str = ""
    limiting: bool = False
    tag: str = ""
    prefix: bool = False
    weight: int = 0

    @property
    def sure(self) -> bool:
        return not self.misses


class All(msgspec.Struct, frozen=True):
    parts: tuple[Wish, ...]


class Any(msgspec.Struct, frozen=True):
    """`missed` names alternatives that the network cannot be asked for."""

    parts: tuple[Wish, ...]
    missed: tuple[str, ...] = ()


Wish = Atom | All | Any


def sides(wish: Wish) -> tuple[Wish, ...]:
    """The alternatives, or the wish itself."""
    return wish.parts if isinstance(wish, Any) else (wish,)


def atoms(wish: Wish) -> Iterator[Atom]:
    if isinstance(wish, Atom):
        yield wish
    else:
        for part in wish.parts:
            yield from atoms(part)


def is_sure(wish: Wish) -> bool:
    """Whether the wish finds all that the query would."""
    if isinstance(wish, Atom):
        return wish.sure
    return not (isinstance(wish, Any) and wish.missed) and all(map(is_sure, wish.parts))


def losses(wish: Wish) -> Iterator[str]:
    """What the wish does not find, in words."""
    if isinstance(wish, Atom):
        yield from filter(None, (wish.misses,))
        return
    if isinstance(wish, Any):
        yield from wish.missed
    for part in wish.parts:
        yield from losses(part)


def any_of(wishes: Iterable[Wish], *, missed: Iterable[str] = (), within_words: bool = False) -> Wish:
    """Alternatives, without those that another one finds anyway."""
    flat: dict[Wish, None] = {}
    gone = list(missed)
    for wish in wishes:
        if isinstance(wish, Any):
            gone += wish.missed
        flat |= dict.fromkeys(wish.parts if isinstance(wish, Any) else (wish,))
    spare = _spare(list(flat), within_words=within_words)
    kept = [wish for wish in flat if wish not in spare]
    gone += [loss for wish in flat if wish in spare for loss in losses(wish)]
    return kept[0] if len(kept) == 1 and not gone else Any(tuple(kept), tuple(dict.fromkeys(gone)))


def all_of(wishes: Iterable[Wish], *, within_words: bool = False) -> Wish:
    """A conjunction, without what another part says anyway."""
    flat: dict[Wish, None] = {}
    for wish in wishes:
        flat |= dict.fromkeys(wish.parts if isinstance(wish, All) else (wish,))
    kept: list[Wish] = []
    for wish in flat:
        if any(implies(other, wish, within_words=within_words) for other in kept):
            continue
        kept = [other for other in kept if not implies(wish, other, within_words=within_words)]
        kept.append(wish)
    return kept[0] if len(kept) == 1 else All(tuple(kept))


def _spare(wishes: list[Wish], *, within_words: bool) -> set[Wish]:
    """Those of which another one finds all; of two that find the same, the later. Linear but for parts of words."""
    order = {wish: number for number, wish in enumerate(wishes)}
    by_need: dict[str, list[Wish]] = {}
    for wish in wishes:
        if wanted := _plainly(wish):
            by_need.setdefault(min(wanted), []).append(wish)

    def is_spare(wish: Wish) -> bool:
        compare = within_words and len(wishes) <= _MOST_COMPARED
        others = wishes if compare else [other for need in _needs(wish) for other in by_need.get(need, ())]
        return any(
            implies(wish, other, within_words=within_words)
            and (order[other] < order[wish] or not implies(other, wish, within_words=within_words))
            for other in others
            if other is not wish
        )

    return set(filter(is_spare, wishes))


def implies(one: Wish, other: Wish, *, within_words: bool) -> bool:
    """Whether whatever `one` finds, `other` finds too; False if that is not plain to see.

    An alternative that is not sure never makes another one superfluous, nor one that limits.
    """
    wanted = _plainly(other)
    held = _needs(one)
    if within_words:
        return wanted is not None and all(any(need in has for has in held) for need in wanted)
    return wanted is not None and wanted <= held


def weight(wish: Wish) -> int:
    """How narrow the wish is: the length of its longest word, or of the shortest alternative."""
    if isinstance(wish, Atom):
        return wish.weight
    weigh = max if isinstance(wish, All) else min
    return weigh(map(weight, wish.parts))


def _plainly(wish: Wish) -> frozenset[str] | None:
    """What a post needs for the wish to find it, if that is all it needs."""
    if isinstance(wish, Atom):
        return wish.needs
    if isinstance(wish, All) and all(isinstance(part, Atom) for part in wish.parts):
        return _needs(wish)
    return None


def _needs(wish: Wish) -> frozenset[str]:
    if isinstance(wish, Atom):
        return wish.needs
    if isinstance(wish, Any):
        return frozenset.intersection(*map(_needs, wish.parts)) if wish.parts else frozenset()
    return frozenset[str]().union(*map(_needs, wish.parts))
