"""A query explained: how it was read, what each network is asked and what is decided here, what to beware of."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from listen.explaining.advice import warnings_about
from listen.query import Query, parse
from listen.query.asking import Asked, asked_of, explain

INSTAGRAM_TAGS = 30  # different hashtags that one account may search in seven days (ig_hashtag_search)


class Explanation(msgspec.Struct, frozen=True):
    """`platforms` holds every network that we know, whether it is on or not."""

    query: Query
    platforms: dict[str, Asked]
    warnings: tuple[str, ...]

    def record(self) -> dict[str, object]:
        """The facts as JSON shows them; the names of keys are an interface."""
        return {
            "query": str(self.query),
            "platforms": {
                name: {"asked": list(asked.searches), "decided_here": asked.decided_here, "notes": list(asked.notes)}
                for name, asked in self.platforms.items()
            },
            "warnings": list(self.warnings),
        }


def explained(written: str, others: Iterable[str] = ()) -> Explanation:
    """The query explained as typed, beside the queries of a config. Raises QueryError."""
    query = parse(written)
    warnings = (*warnings_about(query, written), *_too_many_tags([query, *map(parse, others)]))
    return Explanation(query, asked_of(query), warnings)


def _too_many_tags(queries: Iterable[Query]) -> list[str]:
    """Instagram is asked for hashtags one by one, and counts them."""
    tags = {tag for query in queries for search in explain(query, "instagram").requests for tag in search.tags}
    if len(tags) <= INSTAGRAM_TAGS:
        return []
    return [f"Instagram allows {INSTAGRAM_TAGS} hashtags a week, this config needs {len(tags)}"]
