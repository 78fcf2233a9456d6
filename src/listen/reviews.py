"""Reviews of what the user named in the config: apps, places, firms. What all sources of reviews have in common.

A review is about its app or place whether or not its words say so: `Post.about` holds the name that stands in the
config beside the id, and the watchlist reads it like the words. A name that no topic can match is said by `check`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated

import msgspec

from listen.http import Secret
from listen.source import Interest

Name = Annotated[str, msgspec.Meta(max_length=200)]
Id = Annotated[str, msgspec.Meta(pattern=r"^[\w.:-]{1,300}$")]
Minutes = Annotated[int, msgspec.Meta(ge=15, le=10_080)]

LATE = timedelta(days=3)  # how long moderation may hold a review back that then appears with its old date
FIRST = timedelta(days=7)  # how far back the first round goes


def remark_on(about: str | None, interest: Interest) -> str:
    """What `check` has to say of a name that no topic can match; empty if one can."""
    if not about or interest.may_match(about):
        return ""
    return f"; no topic matches {about!r}, so that reviews count by their own words only"


def named(places: Sequence[str] | Mapping[str, str]) -> dict[str, str]:
    """Places by what their posts are about: empty where the config only lists them."""
    return dict(places) if isinstance(places, Mapping) else dict.fromkeys(places, "")


def stars(rating: object, best: float = 5) -> float | None:
    """One to five stars of a rating that goes up to `best`; None for everything else."""
    try:
        number = float(rating) * 5 / best if isinstance(rating, int | float | str) else 0.0
    except ValueError:
        return None
    return round(number, 2) if 0 < number <= 5 else None


def needs_key(named: Mapping[Id, Name], key: Secret | None, what: str) -> None:
    """Raises ValueError if something is to be heard without the key that it takes."""
    if named and key is None:
        raise ValueError(f'names {what} but has no key; write key = "env:NAME", a variable that holds it')
