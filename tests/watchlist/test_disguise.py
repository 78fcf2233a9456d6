"""Look-alike letters, found with spoof:on and not without."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.query.disguise import readings
from listen.query.fold import fold
from listen.watchlist import Topic, Watchlist
from tests.watchlist.making import post, watching, words

DISGUISED = [
    ("kindle", "Mein Kіndle ist hin", ["Kіndle"]),  # Cyrillic і
    ("kindle", "Кindle", ["Кindle"]),  # Cyrillic К
    ("kindle", "Κιndle", ["Κιndle"]),  # Greek Κ and ι
    ("kindle", "KindIe", ["KindIe"]),  # capital I
    ("kindle", "k1ndle und kind1e", ["k1ndle", "kind1e"]),
    ("kindle", "Kind|e", ["Kind|e"]),
    ("kindle", "ᴋɪɴᴅʟᴇ", ["ᴋɪɴᴅʟᴇ"]),
    ("amazon", "аmаzоn und Amaz0n", ["аmаzоn", "Amaz0n"]),
    ("amazon", "ａｍａｚｏｎ", ["ａｍａｚｏｎ"]),
    ("tolino", "ТОLІNО", ["ТОLІNО"]),
    ("sony", "ѕοոу", ["ѕοոу"]),  # Cyrillic, Greek, Armenian, Cyrillic
    ("#kindle", "#Kіndle", ["#Kіndle"]),
    ("@kindle", "@kіndle", ["@kіndle"]),
    ("kindle*", "Kіndles", ["Kіndles"]),
    ("kindle~", "Kіndle-Hülle", ["Kіndle-Hülle"]),
    ('"amazon prime"', "Amаzon Prіme", ["Amаzon Prіme"]),
    ("kindle NEAR/2 gratis", "grаtis: Kіndle", ["grаtis", "Kіndle"]),
    ("title:kindle", "Kіndle", []),
    ("'Kindle'", "Kіndle", []),
    ("/kindle/", "Kіndle", []),
    ("kindle NOT amazon", "Kіndle bei Amаzon", []),
    ("kindle", "Kindle und Kіndle", ["Kindle", "Kіndle"]),
    ("K1", "ein K1 und ein К1", ["K1", "К1"]),
    ("москва", "MOCKBA ist Москва", ["MOCKBA", "Москва"]),
    ("kindle", "Kіndler", []),
    ("kindle", "https://x.example/kіndle", []),
    ("all", "ail", []),
    ("ail", "all", []),
]


@pytest.mark.parametrize(("query", "text", "found"), DISGUISED, ids=[f"{row[0]} in {row[1]}" for row in DISGUISED])
def test_spoof_on_finds_words_in_disguise_as_they_are_written(query: str, text: str, found: list[str]) -> None:
    assert words(f"{query} spoof:on", text) == found


@pytest.mark.parametrize("text", ["Kіndle", "Кindle", "KindIe", "k1ndle", "ᴋɪɴᴅʟᴇ"])
def test_without_it_they_are_other_words(text: str) -> None:
    assert words("kindle", text) == []
    disguised = Watchlist([Topic(name="plain", query="kindle"), Topic(name="wary", query="kindle spoof:on")])
    assert [match.topic for match in disguised.matches(post(text))] == ["wary"]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("text", ["Kіndle", "KindIe", "kind1e", "<b>Kі</b>ndle", "K&#1110;ndle"])
def test_a_disguised_word_is_not_missed_in_a_raw_frame(text: str, ascii_only: bool) -> None:
    raw = json.dumps({"text": text}, ensure_ascii=ascii_only)
    assert watching("kindle spoof:on").may_match(raw)
    assert not watching("tolino spoof:on").may_match(raw)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_every_reading_has_the_places_of_the_folded_text(text: str) -> None:
    first, *others = readings(text)
    assert first == fold(text)
    assert all(len(reading) == len(first) for reading in others)


LETTERS = {"k": "kкКK", "i": "iіιІ1", "n": "nnոN", "d": "dԁD", "l": "lIӏ1", "e": "eеЕ"}


@settings(max_examples=200, deadline=None)
@given(st.tuples(*(st.sampled_from(LETTERS[letter]) for letter in "kindle")).map("".join))
def test_letters_of_several_scripts_are_seen_through(disguised: str) -> None:
    mixed = "1" in disguised[1] and disguised[4] != "l"  # One text is read in one way: 1 is either i or l.
    if not (mixed or (disguised[1] != "i" and "1" in disguised)) and "ո" not in disguised:
        assert words("kindle spoof:on", f"Mein {disguised}!") == [disguised]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30), st.sampled_from(["kindle", "#kindle", "kindle~", '"kindle fire"']))
def test_spoof_on_loses_nothing(text: str, query: str) -> None:
    seen = post(f"{text} Kindle Fire #kindle {text}")
    plain = watching(query).matches(seen)
    assert not plain or watching(f"{query} spoof:on").matches(seen)
