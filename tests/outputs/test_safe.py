"""Text from strangers is harmless once it went through `safe`, and nothing else about it changes."""

from __future__ import annotations

import io
import re
import time
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from listen.mention import Change
from listen.outputs.row import block
from listen.outputs.safe import LIMIT, safe, safe_line, safe_marked
from tests.outputs.made import mention

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
OUR_SGR = re.compile(r"\x1b\[[0-9;]*m")
hostile = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x1b\x9b\x9d\x90\x9c\x07[]();?0123456789mHJK\\\r\n\t\0\x85\u2028\u202e\u2066\u200d\ufe0f"),
    ),
    max_size=80,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred\x1b[0m", "red", id="colour"),
        pytest.param("a\x1b[2J\x1b[Hb", "ab", id="screen wiped"),
        pytest.param("a\x1b[38;5;196mb", "ab", id="256 colours"),
        pytest.param("a\x1b[?1049hb", "ab", id="alternate screen"),
        pytest.param("\x1b]0;title\x07x", "x", id="title, ended by BEL"),
        pytest.param("\x1b]0;title\x1b\\x", "x", id="title, ended by ST"),
        pytest.param("\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\", "here", id="link"),
        pytest.param("\x1b]52;c;ZXZpbA==\x07x", "x", id="clipboard"),
        pytest.param("\x1bPq#0\x1b\\x", "x", id="DCS"),
        pytest.param("\x9b31mx", "x", id="8-bit CSI"),
        pytest.param("\x9d0;title\x9cx", "x", id="8-bit OSC"),
        pytest.param("\x1bcx", "x", id="reset"),
        pytest.param("\x1b(0x", "x", id="character set"),
        pytest.param("\x1b]0;all of this stays", "0;all of this stays", id="a string without end hides nothing"),
        pytest.param("\x1b[\x1b[31mx", "x", id="a sequence inside a sequence"),
        pytest.param("end\x1b", "end", id="lone ESC"),
        pytest.param("a\x08\x7fb", "ab", id="backspace and DEL"),
        pytest.param("good \u202eelbdaer\u202c", "good elbdaer", id="right-to-left override"),
        pytest.param("\u2066a\u2069\u200fb", "ab", id="isolates and marks"),
        pytest.param("pay\u200b\u2060\ufeffpal", "paypal", id="zero width"),
        pytest.param("a\U000e0041\U000e0042b", "ab", id="tags"),
        pytest.param("\ufff9a\ufffab\ufffb", "ab", id="interlinear"),
        pytest.param("a\r\nb\rc\u2028d\u2029e\x85f\x0bg", "a\nb\nc\nd\ne\nf\ng", id="line breaks"),
        pytest.param("a\tb", "a b", id="tab"),
        pytest.param("a\0\ud800b", "a\ufffd\ufffdb", id="NUL and lone surrogate"),
        pytest.param("e" + "\u0301" * 30, "e" + "\u0301" * 3, id="tower of accents"),
        pytest.param("[bold]not ours[/bold]", "[bold]not ours[/bold]", id="markup is only text"),
    ],
)
def test_what_could_harm_a_terminal_goes(text: str, shown: str) -> None:
    assert safe(text) == shown


@pytest.mark.parametrize(
    "text",
    ["Größe: süß", "👩‍👩‍👧 ❤️ 🇩🇪 👍🏽", "می‌خواهم", "日本語のテキスト", "क्षि", "שלום עולם", "Việt Nam", "a\nb", ""],
)
def test_scripts_and_emoji_survive(text: str) -> None:
    assert safe(text) == text


def test_a_megabyte_is_cut_with_dots() -> None:
    shown = safe("ä" * 1_000_000)
    assert len(shown) == LIMIT
    assert shown.endswith("ä…")


@pytest.mark.parametrize("evil", ["\x1b]", "\x1b[", "\x1b]aaaa", "\x90", "\u0301", "\x1b[1;1", "\x1b]\x1b\\"])
def test_no_text_takes_long(evil: str) -> None:
    began = time.perf_counter()
    safe_marked(evil * 50_000, [(0, 1)])
    assert time.perf_counter() - began < 2


@settings(max_examples=200, deadline=None)
@given(hostile)
def test_no_control_and_no_bidi_mark_is_left(text: str) -> None:
    shown = safe(text)
    assert {char for char in shown if unicodedata.category(char) in {"Cc", "Cs"}} <= {"\n"}
    assert not BIDI & set(shown)
    assert "\n" not in safe_line(text)
    assert safe(shown) == shown


@settings(max_examples=200, deadline=None)
@given(hostile, hostile, st.sampled_from(["Kindle", "#größe", "日本"]))
def test_marked_words_stay_marked(before: str, after: str, word: str) -> None:
    # Blanks around the word keep a sequence that begins in `before` from swallowing its first letter.
    text = before.replace("\x1b", "").translate(dict.fromkeys(range(128, 160))) + " " + word + " " + after
    start = text.rindex(word, 0, len(text) - len(after))
    shown, [(left, right)] = safe_marked(text, [(start, start + len(word))])
    assert shown[left:right] == word
    assert "\n" not in shown


def test_a_sequence_within_a_marked_word_goes_and_the_mark_stays() -> None:
    text = "the \x1b[1mKin\x1b[0mdle\u202e  \n is broken"
    spans = [(text.index("Kin"), text.index("dle") + 3), (text.index("broken"), len(text))]
    shown, places = safe_marked(text, spans)
    assert [shown[start:end] for start, end in places] == ["Kindle", "broken"]


@settings(max_examples=100, deadline=None)
@given(hostile, st.integers(-5, 100), st.integers(-5, 100))
def test_spans_from_elsewhere_never_leave_the_text(text: str, start: int, end: int) -> None:
    shown, [(left, right)] = safe_marked(text, [(start, end)])
    assert 0 <= left <= right <= len(shown)


@settings(max_examples=150, deadline=None)
@given(hostile, hostile, hostile)
def test_a_hostile_post_on_the_screen_brings_no_sequence_of_its_own(text: str, name: str, url: str) -> None:
    change = Change("new", mention(text, author=name, url="https://" + url, platform=name, title=name))
    screen = io.StringIO()
    console = Console(file=screen, width=60, force_terminal=True, color_system="standard", highlight=False)
    console.print(block(change, datetime.now(UTC), 60, console), soft_wrap=True)
    rest = OUR_SGR.sub("", screen.getvalue())
    assert {char for char in rest if unicodedata.category(char) == "Cc"} <= {"\n"}
    assert not BIDI & set(rest)
