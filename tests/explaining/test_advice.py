"""What a query's writer is warned of, and what not."""

from __future__ import annotations

import pytest

from listen.explaining.advice import warnings_about
from listen.explaining.common import SHARES, shares_of
from listen.explaining.explanation import explained
from listen.query import parse

NOTHING = ""
WARNED = [
    ("kindle", NOTHING),
    ("is", "`is` alone matches 18 % of English posts"),
    ("kindle OR ist", "`ist` alone matches 14 % of German posts"),
    ("in", "`in` alone matches 14 % of German posts and 12 % of English posts"),
    ("für NOT kindle", "`für` alone matches 9 % of German posts"),
    ('"die" lang:de', '`"die"` alone matches 25 % of German posts'),
    ("(kindle OR the) -fire", "`the` alone matches 32 % of English posts"),
    ("kindle is", NOTHING),
    ("kindle UND tolino", "`UND` is looked for as a word; what joins is `AND`"),
    ("kindle OR (tolino ODER kobo)", "`ODER` is looked for as a word; what joins is `OR`"),
    ("kindle und tolino", NOTHING),
    ('"UND" kindle', NOTHING),
    ("kindle NEAR/3 is", NOTHING),
    ('"it is"', NOTHING),
    ("#die", NOTHING),
    ("NOT is kindle", NOTHING),
    ("a1 OR b1 NOT c1", "`NOT c1` applies to `b1` only; for all of it write `(a1 OR b1) NOT c1`"),
    ("a1 OR b1 -c1 -d1", "`NOT c1 NOT d1` applies to `b1` only; for all of it write `(a1 OR b1) NOT c1 NOT d1`"),
    ("a1 OR b1 c1 NOT d1", "`NOT d1` applies to `b1 c1` only; for all of it write `(a1 OR b1 c1) NOT d1`"),
    (
        "#x1 OR (y1 NEAR/5 z1) NOT c1",
        "`NOT c1` applies to `(y1 NEAR/5 z1)` only; for all of it write `(#x1 OR (y1 NEAR/5 z1)) NOT c1`",
    ),
    ("k1 (a1 OR b1 NOT c1)", "`NOT c1` applies to `b1` only"),
    ("a1 OR (b1 NOT c1)", NOTHING),
    ("(a1 OR b1) NOT c1", NOTHING),
    ("NOT c1 a1 OR b1", NOTHING),
    ("a1 NOT (b1 OR c1)", NOTHING),
    ("/[a-z]+9/", "`/[a-z]+9/` holds no letters that every match must have, so that every post is looked at"),
    ("kindle OR /[a-z]+9/", "so that every post is looked at"),
    ("kindle /[a-z]+9/", NOTHING),
    ("kindle NOT /[a-z]+9/", NOTHING),
    ("/kindle.?fire/", "networks cannot search for a regular expression"),
    ("kindle lang:de", "many claim nothing and are left out"),
    ("kindle spoof:on", "networks cannot search for words in disguise"),
]


@pytest.mark.parametrize(("query", "warning"), WARNED, ids=[row[0] for row in WARNED])
def test_a_warning_says_what_the_query_finds_that_was_not_meant(query: str, warning: str) -> None:
    warnings = warnings_about(parse(query), query)
    assert any(warning in one for one in warnings) if warning else warnings == []


@pytest.mark.parametrize("query", [row[0] for row in WARNED if "write `" in row[1]])
def test_what_a_warning_says_to_write_is_a_query_without_that_warning(query: str) -> None:
    (warning,) = warnings_about(parse(query), query)
    advice = warning.rpartition("write `")[2].removesuffix("`")
    assert warnings_about(parse(advice), advice) == []


def test_common_words_are_counted_however_they_are_written() -> None:
    assert shares_of("FÜR") == shares_of("fuer") != {}
    assert shares_of("kindle") == {}
    assert all(1 <= share < 50 for table in SHARES.values() for share in table.values())
    assert all(len(table) > 100 for table in SHARES.values())


def test_instagram_is_counted_over_the_whole_config() -> None:
    others = [" OR ".join(f"#tag{number}" for number in range(40))]
    assert "Instagram allows 30 hashtags a week, this config needs 41" in explained("#kindle", others).warnings
    assert not explained("#kindle", ["#tag1"]).warnings


def test_an_explanation_has_the_documented_keys() -> None:
    facts = explained("#kindle OR tolino kaputt").record()
    assert list(facts) == ["query", "platforms", "warnings"]
    assert facts["query"] == "#kindle OR (tolino AND kaputt)"
    platforms = facts["platforms"]
    assert isinstance(platforms, dict)
    assert {"bluesky", "mastodon", "hackernews", "feeds", "tumblr"} <= set(platforms)
    assert all(set(asked) == {"asked", "decided_here", "notes"} for asked in platforms.values())
    assert any("exact tags only" in note for note in platforms["tumblr"]["notes"])
