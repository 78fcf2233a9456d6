"""What each network is asked for a query, and what is decided here: the fewest searches that lose no match."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from listen.query.dialect import Dialect
from listen.query.dialects import DIALECTS
from listen.query.shaping import Search, shaped
from listen.query.spelling import words
from listen.query.tree import Query, any_of
from listen.query.wanting import Wanting
from listen.query.wishes import Wish, atoms, losses

_MOST_TOLD = 5
_MOST_COMPARED = 200


class Asked(msgspec.Struct, frozen=True):
    """The searches of one network, as people and as programs write them (`requests`).

    `decided_here` says that they find more than the query means. `notes` tell what they leave to the watchlist, and
    what the network cannot find at all.
    """

    requests: tuple[Search, ...]
    decided_here: bool
    notes: tuple[str, ...] = ()

    @property
    def searches(self) -> tuple[str, ...]:
        return tuple(request.text for request in self.requests)


def asked_of(query: Query) -> dict[str, Asked]:
    """What every network that we know would be asked, by its name; a second way has the name after a blank."""
    return {key: asked(query, dialect) for key, dialect in DIALECTS.items()}


def explain(query: Query, platform: str) -> Asked:
    """What one network would be asked. Raises KeyError for a name that none has."""
    return asked(query, DIALECTS[platform])


def asked(queries: Query | Iterable[Query], dialect: Dialect) -> Asked:
    """The fewest searches that find all that these queries match and the network can find."""
    roots = [query.root for query in ((queries,) if isinstance(queries, Query) else queries)]
    if not roots:
        return Asked((), decided_here=False)
    if dialect.hears_all:
        return Asked((), decided_here=True, notes=dialect.limits)
    wanting = Wanting(dialect)
    outcome = wanting.of(any_of(roots))
    if isinstance(outcome, str):
        reason = "nothing on this network can match" if outcome == "none" else "cannot be asked for this"
        return Asked((), decided_here=outcome != "none", notes=(reason,))
    searches, kept = shaped(outcome, dialect)
    decided = [*wanting.wording.decided, *_dropped(outcome, kept)]
    notes = [*_told(decided), *wanting.missed, *losses(outcome), *_often(len(searches), dialect), *dialect.limits]
    return Asked(tuple(searches), wanting.wording.widened or bool(decided), tuple(_once(notes)))


def _dropped(wish: Wish, kept: Iterable[Wish]) -> list[str]:
    asked_for = {atom for part in kept for atom in atoms(part)}
    dropped = [atom.text.strip("#[]") for atom in dict.fromkeys(atoms(wish)) if atom not in asked_for]
    as_tags = {"".join(words(text)) for text in dropped if len(words(text)) > 1}
    return [text if " " in text else text.strip('"') for text in dropped if text.strip('"') not in as_tags]


def _told(decided: list[str]) -> list[str]:
    if not decided:
        return []
    decided = _once(decided)
    more = f" and {len(decided) - _MOST_TOLD} more" if len(decided) > _MOST_TOLD else ""
    return [f"decided here: {', '.join(decided[:_MOST_TOLD])}{more}"]


def _often(searches: int, dialect: Dialect) -> list[str]:
    if dialect.searches_a_day is None or not searches:
        return []
    each = dialect.searches_a_day // searches
    return [f"{dialect.searches_a_day:,} searches a day: each of these {each:,} times"]


def _once(sayings: Iterable[str]) -> list[str]:
    """Without those that others contain."""
    said: dict[str, str] = {saying.casefold(): saying for saying in reversed(list(sayings))}
    if len(said) > _MOST_COMPARED:
        return list(reversed(said.values()))
    return [saying for folded, saying in reversed(said.items()) if sum(folded in other for other in said) == 1]
