"""How queries are read, printed, and refused."""

from __future__ import annotations

import pytest

from listen.errors import QueryError
from listen.watchlist import parse, parse_exclusion

CANONICAL = [
    ("kindle", "kindle"),
    ("  kindle   fire ", "kindle AND fire"),
    ("a AND b OR c", "(a AND b) OR c"),
    ("a OR b c", "a OR (b AND c)"),
    ("(a OR b) c", "(a OR b) AND c"),
    ("a (b (c d))", "a AND b AND c AND d"),
    ("a OR (b OR c)", "a OR b OR c"),
    ("a -b", "a AND NOT b"),
    ("a NOT (b c)", "a AND NOT (b AND c)"),
    ("a NOT NOT b", "a AND b"),
    ("-(a) b", "NOT a AND b"),
    ("a NEAR b", "a NEAR/10 b"),
    ("a NEAR/5 b c", "(a NEAR/5 b) AND c"),
    ("NOT a NEAR/5 b c", "NOT (a NEAR/5 b) AND c"),
    ("(a OR b) NEAR/3 #c", "(a OR b) NEAR/3 #c"),
    ("„Kindle Fire“ ‚SIM‘", "\"Kindle Fire\" AND 'SIM'"),
    ("#kindle* @anna k2* kindle~", "#kindle* AND @anna AND k2* AND kindle~"),
    ("a LANG:de", "a AND lang:de"),
    ('a author:"Anna B"', 'a AND author:"Anna B"'),
    ('title:"Neuer Kindle"', 'title:"Neuer Kindle"'),
    ("und oder nicht", "und AND oder AND nicht"),
    ("a and b or c not d", "a AND and AND b AND or AND c AND not AND d"),
    ("rock'n'roll", "rock'n'roll"),
    ("12:30", "12:30"),
]


@pytest.mark.parametrize(("query", "printed"), CANONICAL, ids=[row[0] for row in CANONICAL])
def test_a_query_prints_with_every_and_and_parenthesis(query: str, printed: str) -> None:
    assert str(parse(query)) == printed


@pytest.mark.parametrize("query", [row[0] for row in CANONICAL])
def test_what_is_printed_means_the_same(query: str) -> None:
    assert parse(str(parse(query))) == parse(query)


WRONG = [
    ("", 1, "the query is empty"),
    ("   ", 1, "the query is empty"),
    ('kindle "fire', 8, 'this " is never closed'),
    ("kindle 'Fire", 8, "this ' is never closed"),
    ("kindle (fire", 8, "this '(' is never closed"),
    ("(a (b c)", 1, "this '(' is never closed"),
    ("kindle fire)", 12, "this ')' closes nothing"),
    ("()", 2, "expected a word"),
    ("kindle OR", 10, "expected a word, a \"phrase\", a #hashtag or '(' after 'OR'"),
    ("kindle AND OR fire", 12, "found 'OR'"),
    ("OR kindle", 1, "found 'OR'"),
    ("kindle NOT", 11, "expected a word"),
    ("kindle - fire", 8, "expected a word right after '-'"),
    ("kindle /fi.e", 8, "this / is never closed"),
    ("/fi.e/i kindle", 7, "expected a blank after /.../"),
    ("kindle //", 8, "expected a regular expression between the two /"),
    ("kindle /fi(.e/", 11, "this '(' is never closed"),
    ("/fi.e)/", 2, "this ')' closes nothing"),
    ("/fi[.e/", 4, "this '[' is never closed"),
    ("/fire(?=tv)/", 6, "look-around is not supported"),
    ("/(a)\\1/", 5, "back-references are not supported"),
    ("title:/x**/", 9, "repeated twice"),
    ("/*x/", 2, "there is nothing to repeat"),
    ("/x{1001}/", 3, "1,000 times in all are the most"),
    ("/[z-a]/", 3, "there is no such range"),
    ("a /.{900}/", 4, "too large"),
    ("a /x*/", 4, "so it would match every post"),
    ("a /x\\C/", 5, "use '.'"),
    (f"/{'x' * 1_001}/", 2, "at most 1,000 characters"),
    ("/x/ " * 51, 201, "at most 50 regular expressions"),
    ("lang:de NOT /x/", 1, "names nothing to look for"),
    ("kindle spoof:off", 8, "expected spoof: with one of on"),
    ("kindle OR tolino spoof:on", 18, "belongs to a whole query, as in (kindle OR tolino) spoof:on"),
    ("spoof:on", 1, "belongs to a whole query"),
    ("kindle NOT spoof:on", 12, "belongs to a whole query"),
    ("kindle @x\u00b2", 8, "expected a name after '@'"),
    ("kindle #\u00b2", 8, "after '#'"),
    ("kindle NEAR/x fire", 8, "expected NEAR/n"),
    ("kindle NEAR/101 fire", 8, "expected NEAR/n"),
    ("kindle NEAR/5 lang:de", 15, "on either side of NEAR"),
    ("(a b) NEAR/5 c", 1, "on either side of NEAR"),
    ("a NEAR/5 b NEAR/5 c", 12, "a second NEAR"),
    ("kindle lnag:de", 8, "no field is called 'lnag', only lang:"),
    ("kindle lang:", 8, "expected a value"),
    ("kindle kind:tweet", 8, "expected kind: with one of post, reply"),
    ("kindle has:fun", 8, "expected has: with one of link, media"),
    ("kindle site:amazon.de/dp", 8, "expected a host alone"),
    ("https://amazon.de", 1, "use site:"),
    ("kindle #", 8, "after '#'"),
    ("kindle @", 8, "expected a name after '@'"),
    ("kin*dle", 1, "at the end of a word"),
    ("k*", 1, "at least two letters"),
    ("kindle &", 8, "write AND"),
    ("kindle || fire", 8, "write OR"),
    ('kindle "..."', 8, "no letter, digit or emoji"),
    ("NOT kindle", 1, "names nothing to look for"),
    ("lang:de", 1, "names nothing to look for"),
    ("lang:de -kindle", 1, "names nothing to look for"),
    ("kindle OR NOT fire", 11, "this side of the OR names nothing to look for"),
    ("kindle OR lang:de", 11, "this side of the OR names nothing to look for"),
    ("(" * 51 + "a" + ")" * 51, 51, "more than 50"),
    ("NOT " * 51 + "a", 201, "more than 50"),
    ("a " * 2_001, 4_001, "at most 2,000 terms"),
    ("a" * 10_001, 10_001, "at most 10,000 characters"),
]


@pytest.mark.parametrize(("query", "column", "problem"), WRONG, ids=[f"{row[0][:20]} {row[2][:30]}" for row in WRONG])
def test_a_wrong_query_is_refused_with_its_column(query: str, column: int, problem: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(query)
    assert refused.value.column == column
    assert problem in str(refused.value)


def test_the_bounds_themselves_are_allowed() -> None:
    assert parse("(" * 50 + "a" + ")" * 50) == parse("a")
    assert parse(" ".join(f"a{n % 100}" for n in range(2_000)))
    assert parse("a" * 10_000)


def test_an_exclusion_may_consist_of_fields_alone() -> None:
    assert str(parse_exclusion("lang:en OR kind:repost")) == "lang:en OR kind:repost"
