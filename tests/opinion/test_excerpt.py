"""What the model is shown of a post, and where the words that it quotes stand in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listen.opinion.excerpt import LENGTH, MOST, Excerpt


def shown(text: str, limit: int = 2_000) -> str:
    return Excerpt(text, 0, limit).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hallo @anna, geht nicht", "Hallo @user, geht nicht"),
        ("@anna@troet.example hilf!", "@user hilf!"),
        ("Danke @ben.example.social.", "Danke @user."),
        ("＠anna und .@ben", "@user und .@user"),
        ("Mail an anna.b+x@shop.example bitte", "Mail an @user bitte"),
        ("frag u/kindle_fan oder /u/ben_1", "frag @user oder @user"),
        ("von did:plc:abc123 gehört", "von @user gehört"),
        ("lies https://a.example/@anna/1?x=y, ja", "lies [link] ja"),
        ("www.shop.example und shop.example/p/1", "[link] und [link]"),
        ("Mein #Kindle, 5.1.2 Update: 3/5", "Mein #Kindle, 5.1.2 Update: 3/5"),
        ("u/o Ende", "u/o Ende"),
    ],
    ids=["handle", "with a server", "of Bluesky", "wide and after a stop", "mail", "Reddit", "DID", "address",
         "without a scheme", "what is neither", "a shortening"],
)  # fmt: skip
def test_handles_and_addresses_are_not_shown(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_a_long_post_is_cut_between_words() -> None:
    text = "kaputt " * 15 + "anna@shop.example"
    assert shown(text, limit=len(text) - 8) == ("kaputt " * 15).strip()
    assert shown("x" * 300, limit=100) == "x" * 100
    assert shown("kurz", limit=100) == "kurz"


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("Der Akku ist tot.", "Akku ist tot", "Akku ist tot"),
        ("Der Akku\n ist tot.", "akku ist TOT", "Akku\n ist tot"),
        ("@anna der Akku ist tot", "Akku", "Akku"),
        ("Akkus sind teuer, der Akku ist tot", "Akku", "Akku"),
        ("Toll 😡😡", "😡😡", "😡😡"),
        ("Danke für nichts", '"Danke für nichts…"', "Danke für nichts"),
        ("Der Akku ist tot", "the battery is dead", None),
        ("Hallo @anna geht nicht", "@user geht nicht", None),
        ("Hallo @anna geht nicht", "Hallo @anna", None),
        ("Der Akku ist tot", "", None),
        ("in der Bahn", "in", None),
    ],
    ids=["as it stands", "other case and spaces", "behind a handle", "whole words", "emoji", "in quotes", "not there",
         "over a handle", "a handle that was never shown", "nothing", "two letters"],
)  # fmt: skip
def test_a_quotation_becomes_a_span_only_if_it_stands_in_the_post(text: str, quote: str, expected: str | None) -> None:
    excerpt = Excerpt(text, 0, 2_000)
    assert [span.text for span in excerpt.spans(excerpt.places([quote]))] == ([expected] if expected else [])


def test_spans_count_from_the_beginning_of_the_document() -> None:
    document = "Comment on x by @ben\n@anna schau https://a.example der Akku ist tot"
    excerpt = Excerpt(document, document.index("@anna"), 2_000)
    (span,) = excerpt.spans(excerpt.places(["Akku ist tot"]))
    assert document[span.start : span.end] == span.text == "Akku ist tot"
    assert "Comment" not in excerpt.text


def test_a_long_quotation_ends_with_a_word_and_one_within_another_is_left_out() -> None:
    text = "der Akku ist tot und " * 20
    excerpt = Excerpt(text, 0, 2_000)
    first, *others = excerpt.places([text[:293], "Akku ist", "nichts davon"])
    assert (first, others) == ((0, len("der Akku ist tot und " * 3 + "der Akku ist tot")), [])
    assert first[1] <= LENGTH


@pytest.mark.parametrize("text", ["", "   ", "@anna", "https://a.example", "!!! 😡", "@anna https://a.example ..."])
def test_where_nothing_was_said_nothing_is_asked(text: str) -> None:
    assert not Excerpt(text, 0, 100)


PIECES = st.sampled_from(
    ["@anna", "a@b.example", "https://x.example/y", "kaputt", " ", "\n", "u/ben_1", "ß", "😡", ".", "@", "ﬁ"]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=300)


@given(TEXTS, st.integers(0, 40), st.integers(100, 200), st.lists(TEXTS, max_size=6))
def test_whatever_is_quoted_every_span_is_of_the_post(text: str, start: int, limit: int, quotes: list[str]) -> None:
    excerpt = Excerpt(text, start, limit)
    places = excerpt.places([*quotes, excerpt.text[3:20]])
    spans = excerpt.spans(places)
    assert len(places) <= MOST
    assert all(text[span.start : span.end] == span.text and span.start >= start for span in spans)
    assert "@anna" not in excerpt.text
    assert "https:" not in excerpt.text.lower()
