"""What a network's own search understands: one `Dialect` a search, declared once, read by `listen.query.asking`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Sign = Literal["AND", "OR", "( )"]


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """One search of one network; what the documentation leaves open counts as not understood.

    `platform` is its name in the config, `way` tells several searches of one network apart. `limits` is said to the
    user wherever the search is explained.
    """

    platform: str
    way: str = ""
    limits: tuple[str, ...] = ()
    hears_all: bool = False  # nothing is asked: the network is heard whole

    # What a term finds: whole words, words within words, or hashtags alone.
    finds: Literal["words", "parts", "tags"] = "words"
    phrases: bool = True
    prefixes: bool = False  # `kindle` without quotes finds whatever begins so, as the last word of a search
    emoji: bool = False
    folds_accents: bool = False  # `cafe` finds café; `ä` counts as `a`, never as `ae`
    tag: str | None = None  # how a hashtag is asked for ("#{}"); None: as the word it is
    tags_apart: bool = False  # a word does not find the hashtag of that name
    tag_joins: tuple[str, ...] = ("",)  # what stands between the words of a phrase that is a tag
    tag_signs: str = ""  # signs that a tag may hold beside letters, digits and `_`
    digits_tag: bool = False  # `#2026` is a hashtag
    name: str | None = None  # how a mention is asked for ("@{}"); None: as the word it is
    langs: frozenset[str] = frozenset()
    lang: str | None = None  # "lang:{}"
    author: str | None = None  # "from:{}"
    author_names: str = ""  # the names that it takes, as a pattern
    kinds: Mapping[str, str] = {}
    without: frozenset[str] = frozenset()  # what `-` rules out exactly as we do: "lang", "tag", "kind:repost"

    # How terms are joined, and how much of it fits into one search.
    joins: frozenset[Sign] = frozenset()
    either: str = " OR "
    quotes_all: bool = False
    fewest_letters: int = 1
    most_characters: int = 2_000
    most_words: int = 1_000
    most_signs: int = 1_000
    most_alternatives: int = 1_000
    reserved: int = 0  # characters that the platform adds: dates, sites, kinds
    searches_a_day: int | None = None
    parameter: str = "q"

    @property
    def key(self) -> str:
        """The name under which `listen query` shows it: `mastodon`, `mastodon search`."""
        return f"{self.platform} {self.way}".strip()

    @property
    def room(self) -> int:
        """Characters of a search that are left for the words."""
        return self.most_characters - self.reserved
