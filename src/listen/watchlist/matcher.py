"""Decides a query about one post: whether it holds, and which words said so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from listen.query.tree import SPOOF, And, Exact, Field, Near, Node, Not, Or, Regex, Term, Title
from listen.watchlist.addresses import belongs_to, host_of, links
from listen.watchlist.authors import is_author
from listen.watchlist.finders import finder, spellings
from listen.watchlist.sight import Place, Sight


def holds(node: Node, sight: Sight) -> bool:
    """Whether the post matches."""
    return _places(node, sight) is not None


def spans(node: Node, sight: Sight) -> list[Place] | None:
    """The places of all words that made the post match, in order; None if it does not match."""
    places = _places(node, sight)
    return None if places is None else _outermost(places)


def _places(node: Node, sight: Sight) -> list[Place] | None:
    match node:
        case And(parts):
            return _all_places(parts, sight.unmasked() if SPOOF in parts else sight)
        case Or(parts):
            sides = [side for part in parts if (side := _places(part, sight)) is not None]
            return [place for side in sides for place in side] if sides else None
        case Not(part):
            return [] if _places(part, sight) is None else None
        case Field():
            return [] if _is_true(node, sight) else None
        case Near():
            return _near_places(node, sight) or None
        case Title(term):
            title = len(sight.post.title or "")
            return [place for place in _found(term, sight) if sight.written(place).end <= title] or None
        case _:
            return _found(node, sight) or None


def _found(term: Term, sight: Sight) -> list[Place]:
    places = list(finder(term)(sight))
    if sight.readings and not isinstance(term, Exact | Regex):
        plain = set(places)
        for reading in sight.readings:
            plain.update(place for spelled in spellings(term) for place in finder(spelled)(reading))
        return sorted(plain)
    return places


def _all_places(parts: Iterable[Node], sight: Sight) -> list[Place] | None:
    found: list[Place] = []
    for part in parts:
        places = _places(part, sight)
        if places is None:
            return None
        found += places
    return found


def _near_places(near: Near, sight: Sight) -> list[Place]:
    left, right = _places(near.left, sight), _places(near.right, sight)
    if not left or not right:
        return []
    left, right = sorted(left), sorted(right)
    return _close_to(left, right, near.distance, sight) + _close_to(right, left, near.distance, sight)


def _close_to(places: list[Place], others: list[Place], distance: int, sight: Sight) -> list[Place]:
    """Those places that have one of the others near enough, before or after, without sharing a character."""
    by_end = sorted(others, key=lambda other: other[1])
    ends = [end for _, end in by_end]
    close = []
    for start, end in places:
        after = bisect_left(others, (end, 0))
        before = bisect_left(ends, start + 1) - 1
        if (after < len(others) and sight.words_between(end, others[after][0]) <= distance) or (
            before >= 0 and sight.words_between(ends[before], start) <= distance
        ):
            close.append((start, end))
    return close


def _outermost(places: list[Place]) -> list[Place]:
    """Each place once, in order, without those that lie within another one."""
    kept: list[Place] = []
    for place in sorted(set(places), key=lambda place: (place[0], -place[1])):
        if not kept or place[1] > kept[-1][1]:
            kept.append(place)
    return kept


def _is_true(field: Field, sight: Sight) -> bool:
    post, value = sight.post, field.value.casefold()
    match field.name:
        case "lang":
            return _speaks(post.lang, value)
        case "platform":
            return post.platform.casefold() == value
        case "author":
            return is_author(post, value)
        case "kind":
            return post.kind == value
        case "site":
            site = host_of(value).removeprefix("www.")
            return any(belongs_to(host_of(link), site) for link in _links(sight))
        case "spoof":
            return True
        case "has":
            return bool(post.alt_texts) if value == "media" else any(True for _ in _links(sight))


def _links(sight: Sight) -> Iterable[str]:
    yield from sight.post.links
    yield from links(sight.document.casefold())  # Not the folded text: there `müller.de` is spelled otherwise.


def _speaks(lang: str | None, wanted: str) -> bool:
    """`de` also means `de-AT`; `de-AT` means only that."""
    claimed = (lang or "").casefold().replace("_", "-")
    wanted = wanted.replace("_", "-")
    return claimed == wanted or claimed.startswith(wanted + "-")
