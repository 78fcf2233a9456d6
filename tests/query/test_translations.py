"""What each network is asked, row by row; the rows stand in `translations.toml`."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from listen.query import parse
from listen.query.asking import Asked, asked, asked_of, explain
from listen.query.dialects import DIALECTS, MASTODON
from listen.query.tree import Word

ROWS = tomli.loads((Path(__file__).parent / "translations.toml").read_text(encoding="utf-8"))
CASES = [pytest.param(key, *row, id=f"{key}: {row[0][:40]}") for key, rows in ROWS.items() for row in rows]


@pytest.mark.parametrize(("key", "query", "searches", "notes"), CASES)
def test_a_network_is_asked_for_what_it_understands(
    key: str, query: str, searches: list[str], notes: list[str]
) -> None:
    found = explain(parse(query), key)
    assert _shown(found, key) == searches
    known = {*DIALECTS[key].limits, *(note for note in found.notes if "searches a day" in note)}
    assert [note for note in found.notes if note not in known] == notes
    assert not any("decided here" in note for note in notes) or found.decided_here


def _shown(found: Asked, key: str) -> list[str]:
    """Hashtags of Mastodon as parameters, everything else as people read it."""
    if key != "mastodon":
        return list(found.searches)
    return ["&".join(f"{name}={value}" for name, value in request.params) for request in found.requests]


def test_every_search_stands_in_the_table_at_least_eight_times() -> None:
    assert {key for key, dialect in DIALECTS.items() if not dialect.hears_all} == set(ROWS)
    assert min(map(len, ROWS.values())) >= 8


def test_all_networks_are_told_in_the_order_of_their_names() -> None:
    told = asked_of(parse("kindle"))
    assert list(told) == sorted(told)
    assert told["x"] == explain(parse("kindle"), "x")


@pytest.mark.parametrize("key", ["bluesky", "feeds", "lemmy", "peertube"])
def test_what_is_heard_whole_is_asked_for_nothing_and_decided_here(key: str) -> None:
    found = explain(parse("kindle"), key)
    assert found.searches == ()
    assert found.decided_here
    assert found.notes == DIALECTS[key].limits


def test_the_queries_of_all_topics_share_searches() -> None:
    found = asked([parse("kindle"), parse("tolino OR kindle")], MASTODON)
    assert found.searches == ("#kindle OR #tolino",)
    assert asked([], MASTODON).requests == ()


def test_the_searches_a_day_are_shared_out() -> None:
    assert "300 searches a day: each of these 150 times" in explain(parse("kindle OR tolino"), "stackexchange").notes


def test_a_name_that_no_network_has_is_refused() -> None:
    with pytest.raises(KeyError):
        explain(parse("kindle"), "myspace")


def test_a_query_made_by_a_program_is_asked_like_a_typed_one() -> None:
    query = parse("kindle")
    assert query.root == Word("kindle")
    assert {key: told.searches for key, told in asked_of(query).items() if told.searches}["x"] == ("kindle",)
