"""Searches of Google News as feeds: which addresses ask for what the watchlist wants."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from listen.query import Query
from listen.query.asking import asked
from listen.query.dialects import NEWS

_COUNTRIES = {"en": "US", "da": "DK", "sv": "SE", "cs": "CZ", "el": "GR", "ja": "JP", "ko": "KR", "zh": "CN"}


def searches(base: str, queries: Sequence[Query], languages: Sequence[str]) -> list[tuple[str, str]]:
    """Name and address of each search, in each language and its country, of the last week."""
    return [
        (f"Google News ({language}): {search}", f"{base}?{_query(search, language)}")
        for language in dict.fromkeys(languages)
        for search in asked(queries, NEWS).searches
    ]


def _query(search: str, language: str) -> str:
    primary, _, named = language.partition("-")
    country = named.upper() or _COUNTRIES.get(primary, primary.upper())
    spoken = f"{primary}-{country}" if primary == "en" else primary
    edition = {"hl": spoken, "gl": country, "ceid": f"{country}:{primary}"}
    return urlencode({"q": f"{search} when:7d", **edition})
