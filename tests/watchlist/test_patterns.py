"""Regular expressions: what they find, what they need, and that nobody can make them slow."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from listen.mention import Span
from listen.query import parse
from listen.query.patterns import literals, problem_of
from listen.watchlist import Topic, Watchlist
from tests.watchlist.making import post, watching, words
from tests.watchlist.odd import pattern_texts, patterns
from tests.watchlist.patterns import check_pattern

FOUND = [
    ("/kindle.?fire/", "mein Kindle-Fire brennt", ["Kindle-Fire"]),
    ("/kindle.?fire/", "mein Kindle  Fire", []),
    ("/kindle.?fire/", "KINDLEFIRE und kindle fire", ["KINDLEFIRE", "kindle fire"]),
    (r"/\bSIM\b/", "die sim-Karte", ["sim"]),
    (r"/(?-i)\bSIM\b/", "die sim-Karte", []),
    (r"/(?-i)\bSIM\b/", "die SIM-Karte", ["SIM"]),
    (r"/\d{1,3}(,\d\d)? ?€/", "nur 19,99 € statt 40€", ["19,99 €", "40€"]),
    (r"/amzn\.to\/\w+/", "hier: https://amzn.to/3xYz!", ["amzn.to/3xYz"]),
    ("/größe/", "GRÖẞE Größe groesse", ["GRÖẞE", "Größe"]),
    ("/straße|strasse/", "Straße, STRASSE", ["Straße", "STRASSE"]),
    ("/k[iı]ndle/", "kındle", ["kındle"]),
    ("/σοφός/", "ΣΟΦΌΣ", ["ΣΟΦΌΣ"]),
    ("/(😡|🤬){2,}/", "Ach 😡🤬😡!", ["😡🤬😡"]),
    ("/電子書?籍/", "新しい電子書籍と電子籍", ["電子書籍", "電子籍"]),
    ("/x/ lang:de", "x", []),
    ("NOT /kaputt|defekt/ kindle", "kindle defekt", []),
    ("NOT /kaputt|defekt/ kindle", "kindle ok", ["kindle"]),
    ("/akk?u/ NEAR/2 leer", "der Aku ist leer", ["Aku", "leer"]),
    ("/akk?u/ NEAR/2 leer", "der Aku ist seit gestern leer", []),
    ("title:/kindle$/", "kindle", []),
    ("/zeile$/", "erste Zeile\nzweite", []),
    ("/(?m)zeile$/", "erste Zeile\nzweite", ["Zeile"]),
    ("/a.b/", "a\nb", []),
    ("/kindle/ kindle", "kindle", ["kindle"]),
    (r"/\bkindle\b/", "kein rekindle", []),
]


@pytest.mark.parametrize(("query", "text", "found"), FOUND, ids=[f"{row[0]} in {row[1][:30]!r}" for row in FOUND])
def test_a_regular_expression_finds_what_stands_in_the_post_as_written(query: str, text: str, found: list[str]) -> None:
    assert words(query, text) == found


def test_spans_are_those_of_the_document_whatever_stands_before() -> None:
    seen = post("ﬁ ä̈ 😡\u200b ß: Kindle 4!", title="Größe")
    (match,) = watching(r"/kindle \d/").matches(seen)
    start = seen.document.index("Kindle")
    assert match.spans == (Span(start, start + 8, "Kindle 4"),)


def test_a_title_may_be_asked_for() -> None:
    assert watching("title:/^kindle/").matches(post("x", title="Kindle kaputt"))
    assert not watching("title:/kaputt/").matches(post("kaputt", title="Kindle"))


NEEDED = [
    ("kindle.?fire", ("kindle",)),
    ("(?:akkus|batterie).{0,9}leer", ("akkus", "batterie")),
    ("(foo|bar)?kaputt", ("kaputt",)),
    ("colou?r", ("colo",)),
    ("colou+r", ("colou",)),
    ("x{0,3}abc", ("abc",)),
    ("(?i:Größe)n", ("groesse",)),
    ("GRÖSSE", ("groesse",)),
    ("kindl[ea]", ("kindl",)),
    (r"\bam[ao]zon\.de\b", ("zon",)),
    (r"\d+ euro", ("euro",)),
    ("ab|cd", ("ab", "cd")),
    ("ab|.", ()),
    ("[a-z]+", ()),
    (r"\pL+x", ()),
    ("a.b.c", ()),
    (r"\Qa+b\E", ()),
    ("abcü", ("abc",)),
    ("(?P<word>kindle)s", ("kindle",)),
    ("(kindle){0}xyz", ("xyz",)),
    ("(kin(dle)+)", ("kin",)),
    ("[]abc]def", ("def",)),
    ("[[:alpha:]]def", ("def",)),
    ("москва", ()),
]


@pytest.mark.parametrize(("pattern", "needed"), NEEDED, ids=[row[0] for row in NEEDED])
def test_the_letters_that_every_match_must_have_are_known(pattern: str, needed: tuple[str, ...]) -> None:
    assert problem_of(pattern) is None
    assert literals(pattern) == needed


@settings(max_examples=200, deadline=None)
@given(patterns, pattern_texts | st.text(max_size=30))
def test_whatever_matches_holds_one_of_the_letters_it_needs(pattern: str, text: str) -> None:
    check_pattern(pattern, text)


@settings(max_examples=200, deadline=None)
@given(patterns, pattern_texts)
def test_a_raw_frame_that_an_expression_matches_may_match(pattern: str, text: str) -> None:
    assume("/" not in pattern.replace("\\/", "") and not pattern.endswith("\\") and problem_of(pattern) is None)
    watchlist = watching(f"/{pattern}/")
    if watchlist.matches(post(text)):
        for ascii_only in (True, False):
            assert watchlist.may_match(json.dumps({"text": text}, ensure_ascii=ascii_only))


@settings(max_examples=100, deadline=None)
@given(patterns)
def test_an_expression_is_printed_as_it_was_written(pattern: str) -> None:
    assume("/" not in pattern.replace("\\/", "") and not pattern.endswith("\\") and problem_of(pattern) is None)
    query = parse(f"kindle /{pattern}/")
    assert parse(str(query)) == query


def test_without_letters_that_must_stand_there_every_post_is_looked_at() -> None:
    watchlist = Watchlist([Topic(name="odd", query=r"/[a-f]{4,}\d/"), Topic(name="kindle", query="kindle")])
    assert watchlist.may_match('{"text": "anything"}')
    assert [match.topic for match in watchlist.matches(post("cafe1"))] == ["odd"]
    assert [match.topic for match in watchlist.matches(post("Kindle"))] == ["kindle"]
    assert not watching(r"kindle /[a-f]{4,}\d/").may_match('{"text": "anything"}')


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+b", "(a*)*b?c", "a(.*b)?", "(.*){9}x", "a{0,99}a{0,99}b"], ids=str
)
def test_no_expression_is_slow_on_any_text(pattern: str) -> None:
    watchlist = watching(f"/{pattern}/")
    begin = time.perf_counter()
    watchlist.matches(post("a" * 100_000))
    watchlist.matches(post("a" * 50_000 + "!"))
    assert time.perf_counter() - begin < 10
