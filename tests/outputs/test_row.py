"""A mention as a block: it reads at a glance, marks its words, and fits every width."""

from __future__ import annotations

import io
import re
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from listen.mention import Change
from listen.outputs.row import LINES, block
from tests.outputs.made import ANGRY, NOW, mention


def drawn(change: Change, width: int = 80, *, color: Literal["standard"] | None = None, links: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, color_system=color, force_terminal=color is not None, no_color=False, highlight=False
    )
    console.print(block(change, NOW, width, console, links=links), soft_wrap=True)
    return stream.getvalue().removesuffix("\n")


def test_a_block_reads_at_a_glance() -> None:
    top, *rest = drawn(Change("new", ANGRY)).split("\n")
    assert re.fullmatch(r"▌\d\d:\d\d  bluesky     complaint ▲ high  @anna\.example 1\.2k followers", top)
    assert rest == [
        "▌       Mein Kindle geht nicht mehr an, der Support antwortet nicht.",
        "▌       why: geht nicht mehr · Support antwortet nicht",
        "▌       https://social.example/@anna/1",
    ]


def test_matched_words_and_reasons_are_marked_differently() -> None:
    colours = drawn(Change("new", ANGRY), color="standard")
    assert "\x1b[1;4mKindle\x1b[0m" in colours
    assert "\x1b[31mgeht nicht mehr\x1b[0m" in colours
    assert "\x1b[1;31mcomplaint ▲ high\x1b[0m" in colours


def test_a_mark_never_tears_an_emoji_apart() -> None:
    said = mention("Danke ❤\ufe0f und 👩\u200d🔧 hier", "praise", why=("❤", "👩"))
    colours = drawn(Change("new", said), color="standard")
    assert "\x1b[35m❤\ufe0f\x1b[0m" in colours
    assert "\x1b[35m👩\u200d🔧\x1b[0m" in colours


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("new", mention("x", "opportunity", kind="switching")), "opportunity: switching"),
        (Change("new", mention("x", "praise")), "praise"),
        (Change("edited", mention("x")), "edited"),
        (Change("new", mention("x", rating=2.0)), "★ 2/5"),
        (Change("new", mention("x", title="Neuer Reader")), "Neuer Reader"),
        (Change("new", mention("[bold]x[/bold] [link=y]")), "[bold]x[/bold] [link=y]"),
    ],
    ids=["kind", "praise", "edited", "rating", "title", "markup"],
)
def test_what_is_known_stands_there_in_words(change: Change, words: str) -> None:
    assert words in drawn(change)


def test_an_unflagged_mention_is_calm() -> None:
    calm = drawn(Change("new", mention("Ein Kindle.", "none", why=("Kindle",))))
    assert "▌" not in calm
    assert "why:" not in calm
    assert "none" not in calm


def test_a_withdrawn_mention_is_one_line() -> None:
    line = drawn(Change("withdrawn", mention("lang " * 100)))
    assert "withdrawn: @anna.example" in line
    assert "\n" not in line
    assert cell_len(line) <= 80


def test_a_long_text_is_cut_to_the_lines_where_the_marked_words_stand() -> None:
    text = "davor " * 2000 + "Kindle kaputt " + "danach " * 2000
    lines = drawn(Change("new", mention(text, why=("kaputt",)))).split("\n")[1:-2]
    assert len(lines) == LINES
    assert any("Kindle kaputt" in line for line in lines)
    assert lines[0].startswith("▌       … ")
    assert lines[-1].endswith(" …")


def test_an_address_is_never_broken() -> None:
    url = "https://social.example/" + "a" * 90
    assert drawn(Change("new", mention("x", url=url)), 40).split("\n")[-1] == url


@pytest.mark.parametrize(
    ("url", "linked"), [("https://a.example/1", True), ("javascript:alert(1)", False), ("file:///etc/passwd", False)]
)
def test_only_web_addresses_become_links(url: str, linked: bool) -> None:
    assert ("\x1b]8;" in drawn(Change("new", mention("x", url=url)), color="standard", links=True)) is linked


texts = st.one_of(
    st.text(st.characters(), max_size=300),
    st.text(st.sampled_from("ab ü日本語👩‍👩‍👧❤️😡\x1b[31m\u202e\t\n"), max_size=600),
    st.lists(st.text(st.characters(categories=["L", "So", "Mn"]), max_size=70), max_size=30).map(" ".join),
)


@settings(max_examples=200, deadline=None)
@given(texts, texts, st.integers(40, 200), st.sampled_from(["new", "edited", "withdrawn"]))
def test_no_line_is_wider_than_the_window(text: str, name: str, width: int, kind: str) -> None:
    said = mention("Kindle " + text, author=name, title=name[:80], why=(text[:9],), url=None)
    lines = drawn(Change(kind, said), width).split("\n")  # type: ignore[arg-type]
    assert max(cell_len(line) for line in lines) <= width
    assert len(lines) <= LINES + 6
