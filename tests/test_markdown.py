"""Markdown as its readers see it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from listen.markdown import unmarked


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("#kindle is no heading", "#kindle is no heading"),
        ("# Kindle\ndied", "Kindle\ndied"),
        ("my **Kindle** and ~~tolino~~ snake_case_word", "my Kindle and tolino snake_case_word"),
        ("a <!-- hidden\nkindle --> b", "a  b"),
        ("a <!-- never closed", "a"),
        ("> quoted\nsaid\n  > also quoted\n5 > 3", "said\n5 > 3"),
        ("`std::map<int>` and <b>bold</b>", "std::map<int> and bold"),
        ("```cpp\nif (a < b) **p = '&amp;';\n```\n> x\nend", "if (a < b) **p = '&amp;';\n\nend"),
        ("```\nnever closed <b>", "never closed <b>"),
        ("[Kindle](https://a.example/x \"title\") &amp; co", "Kindle & co"),
        ("[x] done [y]: none", "[x] done [y]: none"),
        ("one\r\n\r\n\r\n\r\ntwo  ", "one\n\ntwo"),
        ("", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_a_text_is_read(written: str | None, read: str) -> None:
    assert unmarked(written).text == read


def test_links_and_pictures_are_kept() -> None:
    said = unmarked(
        '![a screen](https://a.example/1.png) [x](https://b.example/) https://c.example/?q=1 <img alt="two">'
    )
    assert said.text == "x https://c.example/?q=1"
    assert said.links == ("https://b.example/", "https://c.example/?q=1")
    assert said.alt_texts == ("a screen", "two")


@given(some.text(alphabet="<>![]()`~#*_&-\n a", max_size=200))
def test_nothing_is_too_odd(text: str) -> None:
    assert isinstance(unmarked(text).text, str)


@pytest.mark.parametrize(
    "piece", ["<!--", "<a ", "![", "[a](", "```\n", "`a", "**", "> ", "<img alt=", "[a](http://x "]
)
def test_much_of_the_same_is_read_in_time(piece: str) -> None:
    unmarked(piece * (400_000 // len(piece)))  # the suite's time limit ends it if it is not linear
