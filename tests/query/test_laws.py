"""The law of pushing down: whatever the watchlist accepts and a network can see, one of its searches finds."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from listen.query import parse
from listen.query.asking import explain
from listen.query.dialects import DIALECTS
from listen.query.tree import Query, Word, all_of, anchored, any_of
from listen.watchlist import Topic, Watchlist
from tests.query.making import findable, nodes, posts_of
from tests.query.networks import NETWORKS
from tests.watchlist.making import post


def test_every_search_has_a_model() -> None:
    assert set(NETWORKS) == {key for key, dialect in DIALECTS.items() if not dialect.hears_all}


@pytest.mark.parametrize("key", sorted(NETWORKS))
@settings(max_examples=150, deadline=None)
@given(given_=st.data())
def test_what_the_watchlist_accepts_a_search_finds(key: str, given_: st.DataObject) -> None:
    node = given_.draw(nodes.filter(anchored))
    seen = given_.draw(posts_of(key, node))
    asked = explain(Query(node), key)
    found = [NETWORKS[key].finds(request, seen) for request in asked.requests]
    watchlist = Watchlist([Topic(name="topic", query=str(Query(node)))])
    told = "cannot be asked for this" in asked.notes  # as of `#or` on Discourse, where OR is an operator
    if watchlist.matches(seen) and findable(node, seen, key) and not told:
        assert any(found), (str(Query(node)), asked, seen)


@pytest.mark.parametrize("key", sorted(NETWORKS))
@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("kindle~ #amazon", "#Kindlehülle von #amazon"),
        ("kindle* #amazon", "#amazon #kindlefire"),
        ("kindle* fire*", "#fire #kindle fires kindles"),
        ("#kindle #fire", "#fire und #kindle"),
        ("#kindle NOT #schon", "#kindle #schön"),
        ("kindle NOT fire", "#kindle https://shop.example/fire"),
        ("kindle NOT platform:elsewhere", "#kindle"),
        ("kindle (amazon OR NOT fire)", "#kindle"),
        ("kindle (@nobody OR lang:de)", "#kindle"),
        ("mueller OR strasse", "#Müller"),
        ("mueller OR strasse", "in der #Straße"),
        ('"müller straße"', "#MuellerStrasse"),
        ("'Kindle'", "#Kindle"),
        ("kindle NEAR/0 fire", "#fire #kindle"),
        ("title:kindle OR kindle", "#kindle"),
        ("kindle OR (kindle fire)", "#kindle"),
        ("(kindle OR tolino) (fire OR vision) shop", "#tolino #vision #shop"),
        ("kindle author:anna lang:de", "#kindle"),
        ("kindle author:'anna'", "#kindle"),
        ("kindle lang:DE", "#kindle"),
        ("/k.n/ OR kindle", "#kindle"),
    ],
)
def test_what_is_easily_lost_is_found_everywhere(key: str, query: str, text: str) -> None:
    seen = post(text, author="anna", lang="de", platform=DIALECTS[key].platform)
    read = parse(query)
    assert Watchlist([Topic(name="topic", query=query)]).matches(seen)
    assert findable(read.root, seen, key)
    assert any(NETWORKS[key].finds(request, seen) for request in explain(read, key).requests)


@pytest.mark.parametrize("key", sorted(NETWORKS))
@pytest.mark.parametrize("length", [4, 25, 60])
def test_many_alternatives_are_split_within_the_limits_and_each_is_found(key: str, length: int) -> None:
    texts = [f"{letter}{'x' * length} müller" for letter in "abcdefghijklmnopqrstuvwxyz"]
    sides = [all_of([Word(text.split()[0]), Word("müller")]) for text in texts]
    asked = explain(Query(any_of(sides)), key)
    for text in texts:
        seen = post(f"#{text} #groß müller", hashtags=("müller",), platform=DIALECTS[key].platform)
        found = [NETWORKS[key].finds(request, seen) for request in asked.requests]
        assert any(found)


@pytest.mark.parametrize("key", sorted(NETWORKS))
def test_a_word_too_long_to_be_asked_for_is_named_or_asked(key: str) -> None:
    query = Query(any_of([Word("w" * 600), Word("kindle")]))
    asked = explain(query, key)
    longest = max(len(search) for search in asked.searches)
    room = DIALECTS[key].room
    assert longest <= room
    assert (longest >= 600) is not any(note.startswith("cannot be asked for www") for note in asked.notes)


@pytest.mark.parametrize("key", sorted(NETWORKS))
@settings(max_examples=40, deadline=None)
@given(given_=st.data())
def test_searches_are_always_the_same_and_each_is_asked_once(key: str, given_: st.DataObject) -> None:
    query = Query(given_.draw(nodes.filter(anchored)))
    asked = explain(query, key)
    assert asked == explain(query, key)
    assert len(set(asked.requests)) == len(asked.requests)
