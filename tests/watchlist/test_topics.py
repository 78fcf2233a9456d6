"""What a topic leaves out, what several topics give, and what networks are asked for."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from listen.errors import QueryError
from listen.mention import Match, Span
from listen.watchlist import Topic, Watchlist, parse
from tests.watchlist.making import post, watching


def test_a_match_carries_topic_words_and_role() -> None:
    watchlist = Watchlist([Topic(name="Lesegeräte", query="kindle", role="competitor")])
    assert watchlist.matches(post("Mein Kindle")) == (Match("Lesegeräte", (Span(5, 11, "Kindle"),), "competitor"),)


def test_topics_match_in_the_order_of_the_watchlist() -> None:
    watchlist = Watchlist([Topic(name=name, query=name) for name in ("tolino", "kobo", "kindle")])
    assert [match.topic for match in watchlist.matches(post("Kindle oder Tolino?"))] == ["tolino", "kindle"]


def test_a_watchlist_without_topics_wants_nothing() -> None:
    watchlist = Watchlist([])
    assert watchlist.matches(post("Kindle")) == ()
    assert not watchlist.may_match('{"text": "Kindle"}')
    assert watchlist.interest().queries == ()


def test_a_wrong_query_is_refused_when_the_watchlist_is_made() -> None:
    with pytest.raises(QueryError):
        watching("kindle OR")
    with pytest.raises(QueryError):
        watching("kindle", exclude="(")


def test_what_the_exclusion_matches_is_left_out() -> None:
    watchlist = watching("kindle", exclude='"kindle a fire" OR lang:fr')
    assert watchlist.matches(post("Kindle"))
    assert not watchlist.matches(post("kindle a fire"))
    assert not watchlist.matches(post("Kindle", lang="fr"))


def test_several_exclusions_leave_out_what_any_of_them_matches() -> None:
    watchlist = watching("kindle", exclude=("giveaway", "lang:fr", "amazon spoof:on"))
    assert watchlist.matches(post("Kindle"))
    assert not watchlist.matches(post("Kindle giveaway"))
    assert not watchlist.matches(post("Kindle", lang="fr"))
    assert not watchlist.matches(post("Kindle bei Аmazon"))


@pytest.mark.parametrize(
    ("excluded", "known", "left_out"),
    [
        ("anna", {}, True),
        ("@Anna", {}, True),
        ("@anna@example.social", {}, True),
        ("anna@example.org", {}, False),
        ("ann", {}, False),
        ("", {}, False),
        ("shop", {"author": "shop.bsky.social", "platform": "bluesky"}, True),
        ("shop.bsky.social", {"author": "shop.bsky.social", "platform": "bluesky"}, True),
        ("max", {"author": "max.muster@example.social"}, False),
        ("did:plc:abc", {"author": None, "author_id": "did:plc:abc"}, True),
        ("anna", {"author": None}, False),
    ],
)
def test_authors_are_left_out_however_their_handle_is_written(
    excluded: str, known: dict[str, object], left_out: bool
) -> None:
    watchlist = watching("kindle", exclude_authors=(excluded,))
    assert bool(watchlist.matches(post("Kindle", **known))) is not left_out


@pytest.mark.parametrize(("option", "kind"), [("ignore_reposts", "repost"), ("ignore_replies", "reply")])
def test_reposts_and_replies_can_be_left_out(option: str, kind: str) -> None:
    assert watching("kindle").matches(post("Kindle", kind=kind))
    assert not watching("kindle", **{option: True}).matches(post("Kindle", kind=kind))
    assert watching("kindle", **{option: True}).matches(post("Kindle", kind="quote"))


def test_the_same_query_of_two_topics_is_asked_for_once() -> None:
    watchlist = Watchlist([Topic(name=name, query="kindle") for name in "ab"])
    assert watchlist.interest().queries == (parse("kindle"),)


@pytest.mark.parametrize(
    ("query", "raw"),
    [
        ("käse", r'{"text": "K\u00e4se"}'),
        ("käse", r'{"text": "KA\u0308SE"}'),
        ("käse", '{"content": "<p>K&auml;se</p>"}'),
        ("käse", '{"content": "K&#228;se"}'),
        ("käse", r'{"content": "\u003cp\u003eK\u0026auml;se"}'),
        ("kindle", '{"content": "<b>Kin</b>dle"}'),
        ("kindle", '{"content": "Kin&shy;dle 3 < 5"}'),
        ("#kindle", '{"content": "<a>#<span>Kindle</span></a>"}'),
        ("#kindle", '{"tags": ["kindle"], "text": "neu"}'),
        ('"neuer Kindle"', r'{"text": "neuer\nKindle"}'),
        ("😡", r'{"text": "\ud83d\ude21"}'),
        ("AT&T", '{"content": "AT&amp;T"}'),
        ("24/7", r'{"text": "24\/7"}'),
        ("kindle", '{"text": "Ｋｉｎｄｌｅ"}'),
        ("kindle", '{"text": "新しいKindle！"}'),
        ("kindle", '{"text": "Kin\u200bdle"}'),
        ("москва", '{"text": "МОСКВА"}'),
        ("kindle", r'{"text": "\ud83d cut'),
    ],
)
def test_no_escape_and_no_markup_hides_a_word_in_a_raw_frame(query: str, raw: str) -> None:
    assert watching(query).may_match(raw)


@pytest.mark.parametrize(
    "text", ["nothing here", "schöne Grüße 😡", "新しい本！", "tom & jerry <3", "доброе утро", 'quote " \\']
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_raw_frame_without_the_words_is_passed_over(text: str, ascii_only: bool) -> None:
    assert not watching("kindle OR москва").may_match(json.dumps({"text": text}, ensure_ascii=ascii_only))


def test_one_watchlist_serves_many_threads() -> None:
    watchlist = Watchlist([Topic(name="a", query='kindle NEAR/3 "geht nicht"'), Topic(name="b", query="hülle~")])
    seen = post("Mein Kindle geht nicht, die Kindle-Hülle und die Hüllengröße auch nicht")
    alone = watchlist.matches(seen)
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(watchlist.matches, [seen] * 200)) == {alone}


HOSTILE = {
    "near": "kindle amazon " * 20_000,
    "hyphens": "a-" * 100_000 + "kindle",
    "ats": "kindle " + "@" * 100_000,
    "hearts": "kindle" + " ❤" * 100_000,
    "links": "www." * 50_000 + " kindle",
    "dots": "kindle " + "a." * 100_000,
    "tags": "#kindle" * 30_000,
    "long compound": "kindle" + "-kindle" * 30_000,
    "entities": "kindle" + "&amp" * 50_000 + "<" * 50_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_take_linear_time(text: str) -> None:
    watchlist = watching('kindle OR (kindle NEAR/5 amazon) OR "❤ ❤ ❤ x" OR #kindle* OR kindle~')
    begin = time.perf_counter()
    watchlist.matches(post(text))
    watchlist.may_match(json.dumps({"text": text}))
    assert time.perf_counter() - begin < 10
