"""Folding, and the way back to the text."""

from __future__ import annotations

import re
import time

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from listen.query.fold import Offsets, fold
from listen.watchlist.rawtext import quickly_folded

MARKS = (
    *"aOuäéİßﬁがカ😡…Σς① ",
    "\u0308",
    "\u0301",
    "\u3099",
    "\u200b",
    "\ufe0f",
    "\u1112",
    "\u1161",
    "\u11ab",
    "\u0345",
)
texts = st.text(max_size=30) | st.lists(st.sampled_from(MARKS), max_size=12).map("".join)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Käse ÖL Ü", "kaese oel ue"),
        ("a\u0308 A\u0308", "ae ae"),
        ("STRAẞE", "strasse"),
        ("naïve", "naive"),
        ("İIıi", "iiii"),
        ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
        ("ｶﾞ", "ガ"),
        ("カ\u3099", "ガ"),
        ("की", "की"),
        ("x\u00ad\u200b\u2060y", "xy"),
        ("Kindle™", "kindle "),
        ("\ud800", "\ufffd"),
    ],
)
def test_texts_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_folding_is_the_same_beside_other_text(left: str, right: str) -> None:
    assert fold(f"{left} {right}") == f"{fold(left)} {fold(right)}"


@settings(max_examples=200, deadline=None)
@given(texts)
def test_every_folded_character_leads_back_to_what_it_came_from(text: str) -> None:
    folded, offsets, last = fold(text), Offsets(text), 0
    for offset, character in enumerate(folded):
        start, end = offsets.span(offset, offset + 1)
        assert last <= start <= end <= len(text)
        assert character in fold(text[start:end])
        last = start


MARKED = re.compile(
    "[\u00ad\u034f\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0]"
)


def test_case_does_not_matter_in_any_alphabet() -> None:
    # U+0130 aside: its small form has two letters, the second of which falls away.
    for code in range(0x250):
        letter = chr(code)
        assert fold(letter.upper()) == fold(letter) or letter in "ŉǰſ"


@pytest.mark.parametrize("to_ascii", [False, True])
def test_the_quick_folding_differs_only_where_no_ascii_word_can_be(to_ascii: bool) -> None:
    for code in (*range(0x80, 0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE0200)):
        letter = chr(code)
        told = quickly_folded(f"k{letter}".encode(), to_ascii=to_ascii)
        if told is None:
            continue  # folded as a whole
        folded, quick = fold(letter), told.decode(errors="ignore")[1:]
        if MARKED.match(letter):
            assert quick == "", f"U+{code:04X}"
        elif to_ascii and not quick:
            assert not folded.isascii(), f"U+{code:04X}"  # spoiled, and no loss
        elif quick != folded:
            assert folded in "· !()?" or all(not one.isascii() and one.isalnum() for one in folded), f"U+{code:04X}"


@pytest.mark.parametrize("text", ["a" + "\u0301\u0323" * 100_000, "ä😡" * 100_000, "\u0308" * 200_000])
def test_folding_takes_linear_time(text: str) -> None:
    begin = time.perf_counter()
    fold(text)
    Offsets(text)
    assert time.perf_counter() - begin < 5
