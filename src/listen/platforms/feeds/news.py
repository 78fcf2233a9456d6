"""Searches of Google News as feeds: which addresses ask for what the watchlist wants."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from listen.source import Term

MOST_TERMS = 12  # of one search; Google reads 32 words of a query
_COUNTRIES = {"en": "US", "da": "DK", "sv": "SE", "cs": "CZ", "el": "GR", "ja": "JP", "ko": "KR", "zh": "CN"}


def searches(base: str, terms: Sequence[Term], languages: Sequence[str]) -> list[tuple[str, str]]:
    """Name and address of each search: all terms, in each language and its country, of the last week."""
    wanted = list(dict.fromkeys(_quoted(term) for term in terms if term.text.strip()))
    groups = [wanted[start : start + MOST_TERMS] for start in range(0, len(wanted), MOST_TERMS)]
    return [
        (f"Google News ({language}): {' OR '.join(group)}", f"{base}?{_query(group, language)}")
        for language in dict.fromkeys(languages)
        for group in groups
    ]


def _quoted(term: Term) -> str:
    """The term as Google takes it; it knows no hashtags, so their word is asked for and decided here."""
    words = " ".join(term.text.replace('"', " ").split()).lstrip("#")
    return f'"{words}"' if " " in words else words


def _query(group: list[str], language: str) -> str:
    primary, _, named = language.partition("-")
    country = named.upper() or _COUNTRIES.get(primary, primary.upper())
    spoken = f"{primary}-{country}" if primary == "en" else primary
    edition = {"hl": spoken, "gl": country, "ceid": f"{country}:{primary}"}
    return urlencode({"q": f"{' OR '.join(group)} when:7d", **edition})
