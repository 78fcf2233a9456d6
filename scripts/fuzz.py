"""Feeds the query language queries, patterns and texts that nobody would write, for ten minutes or as long as named.

Run from the project root: `make fuzz`, or `python -m scripts.fuzz SECONDS`. Ends with exit code 0 if nothing broke;
otherwise Hypothesis prints the smallest case that does.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, seed, settings

from listen.errors import QueryError
from listen.post import Post
from listen.query import Query, parse, parse_exclusion
from listen.query.asking import asked_of
from listen.watchlist import Topic, Watchlist
from tests.watchlist.odd import pattern_texts, patterns, queries, texts
from tests.watchlist.patterns import check_pattern

EXAMPLES = 2_000
SLOWEST = 5.0  # seconds that one case may take on a busy machine


def query_holds(query: str, text: str) -> None:
    """Reads or refuses the query, prints it, asks networks for it and matches with it, in bounded time."""
    begin = time.perf_counter()
    for read in (parse, parse_exclusion):
        tree = read_or_refused(read, query)
        if tree is not None and read is parse:
            asked_of(tree)
            matching_holds(query, text)
    assert time.perf_counter() - begin < SLOWEST


def read_or_refused(read: Callable[[str], Query], query: str) -> Query | None:
    """The tree, which can be printed and read again; None if the query is refused with a column inside it."""
    try:
        tree = read(query)
    except QueryError as refused:
        problem = refused
    else:
        assert read(str(tree)) == tree
        return tree
    assert 1 <= problem.column <= len(query) + 1
    assert "\n" not in str(problem)
    return None


def matching_holds(query: str, text: str) -> None:
    """Spans are cut out of the text, and the raw frame of a match may match."""
    watchlist = Watchlist([Topic(name="topic", query=query)])
    post = Post(platform="x", id="1", url=None, author="anna", text=text, posted_at=None, lang="de")
    for match in watchlist.matches(post):
        assert watchlist.may_match(json.dumps({"text": text}))
        assert all(text[span.start : span.end] == span.text != "" for span in match.spans)


def query_finds_itself(query: str, text: str) -> None:
    """The same with a text that the query may well match: itself."""
    query_holds(query, f"{text} {query}")


UNHURRIED = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
LAWS = (
    UNHURRIED(given(queries, texts)(query_holds)),
    UNHURRIED(given(queries, texts)(query_finds_itself)),
    UNHURRIED(given(patterns, pattern_texts)(check_pattern)),
    UNHURRIED(given(patterns, st.text(max_size=40))(check_pattern)),
)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    chance, cases = random.Random(), 0
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        for law in LAWS:
            seed(chance.getrandbits(64))(law)()
            cases += EXAMPLES
            if time.monotonic() > ends:
                break
    print(f"{cases:,} cases in {seconds:,.0f} s, nothing broke")


if __name__ == "__main__":
    main()
