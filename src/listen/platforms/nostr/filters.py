"""What relays are asked for: filters of NIP-01, and of NIP-50 where a relay can search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta

import msgspec

from listen.platforms.nostr.signed import POSTS
from listen.query import Query
from listen.query.asking import asked
from listen.query.dialects import NOSTR, NOSTR_SEARCH
from listen.query.spelling import words
from listen.query.tree import (
    And,
    At,
    Compound,
    Exact,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Regex,
    Tag,
    Title,
    Word,
)

Filter = Mapping[str, object]

MOST_TAGS = 100  # values in one filter; relays bound what they read of a request
MOST_SEARCHES = 10


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted of each relay, and how posts are shown: `web` is the site that their addresses lead to.

    `may_match` is that of `Interest`, `overlap` how far back what is stored is read again.
    """

    filters: tuple[Filter, ...]
    searches: tuple[Filter, ...]
    may_match: Callable[[str], bool]
    overlap: timedelta
    web: str
    everything: bool = False


def tag_filters(queries: Iterable[Query], own: Iterable[str] = ()) -> tuple[Filter, ...]:
    """The filters that find the hashtags of the queries, and those that the user names, in the spellings that occur."""
    queries = [*queries, *(Query(Tag(name.lstrip("#"))) for name in own)]
    tags = [tag for request in asked(queries, NOSTR).requests for tag in request.tags]
    spelt = list(dict.fromkeys(way for tag in tags for way in _spellings(tag, _written(queries))))
    firsts = range(0, len(spelt), MOST_TAGS)
    return tuple({"kinds": POSTS, "#t": spelt[first : first + MOST_TAGS]} for first in firsts)


def search_filters(queries: Iterable[Query]) -> tuple[Filter, ...]:
    searches = asked(queries, NOSTR_SEARCH).searches
    return tuple({"kinds": POSTS, "search": search} for search in searches[:MOST_SEARCHES])


def _spellings(tag: str, written: dict[str, list[str]]) -> list[str]:
    """`kindle`, `Kindle`, `KINDLE`, and as users write it: relays compare letter by letter.

    NIP-24 wants small letters, and not all programs care.
    """
    return [tag, tag.capitalize(), tag.upper(), *written.get(tag, ())]


def _written(queries: Iterable[Query]) -> dict[str, list[str]]:
    """The users' own spellings of their terms as one word, by that word in small letters."""
    found: dict[str, list[str]] = {}
    for query in queries:
        for text in _texts(query.root):
            joined = "".join(words(text))
            found.setdefault(joined.lower(), []).append(joined)
    return found


def _texts(node: Node) -> Iterator[str]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _texts(part)
        case Near(left, right, _):
            yield from _texts(left)
            yield from _texts(right)
        case Title(term):
            yield from _texts(term)
        case Tag(name, _):
            yield name
        case Word(text) | Phrase(text) | Exact(text) | Prefix(text) | Compound(text):
            yield text
        case Not() | Field() | At() | Regex():
            return
