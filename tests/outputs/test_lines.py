"""Plain lines: one mention, one line, fields that scripts can rely on, and no colour where none is wanted."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.errors import OutputError
from listen.mention import Change, Mention
from listen.outputs.lines import TEXT_LIMIT, LinesOutput, coloured_line, line_of
from listen.outputs.words import address_of, author_of, clock, flag_of, reach_of
from listen.post import Post
from tests.outputs.made import NOW, Broken, mention


@pytest.fixture(autouse=True)
def berlin() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def new(said: Mention) -> Change:
    return Change("new", said)


def test_a_mention_is_time_platform_flag_author_text_and_address() -> None:
    said = mention("Mein Kindle\n\n  geht nicht mehr", urgency="high", followers=120)
    assert line_of(new(said)) == (
        "2026-11-21 13:02  bluesky  complaint/high  @anna.example (120)  Mein Kindle geht nicht mehr"
        "  https://social.example/@anna/1"
    )


@pytest.mark.parametrize(
    ("change", "flag"),
    [
        pytest.param(new(mention("x", "none")), "none/low", id="none"),
        pytest.param(new(mention("x", "opportunity", kind="buying")), "opportunity:buying/low", id="buying"),
        pytest.param(new(mention("x", "opportunity", urgency="medium")), "opportunity/medium", id="no kind"),
        pytest.param(Change("edited", mention("x")), "complaint/low/edited", id="edited"),
        pytest.param(Change("withdrawn", mention("x", "praise")), "praise/low/withdrawn", id="withdrawn"),
    ],
)
def test_the_flag_field_says_flag_urgency_and_fate(change: Change, flag: str) -> None:
    assert line_of(change).split("  ")[2] == flag


def test_what_is_unknown_is_a_dash() -> None:
    said = mention("", author=None, url=None, followers=None, platform="")
    assert line_of(new(said)) == "2026-11-21 13:02  -  complaint/low  somebody  -  -"


def test_a_long_post_is_cut() -> None:
    fields = line_of(new(mention("ä" * 1_000_000))).split("  ")
    assert len(fields[4]) == TEXT_LIMIT
    assert fields[4].endswith("ä…")


strangers = st.text(st.characters(), max_size=60)


@settings(max_examples=200, deadline=None)
@given(strangers, strangers, strangers, st.datetimes(timezones=st.just(UTC)))
def test_every_mention_is_exactly_one_line_of_six_fields(text: str, name: str, url: str, when: datetime) -> None:
    said = mention(text, author=name, url=url, platform=name, title=name, posted_at=when)
    line = line_of(new(said))
    assert len(line.splitlines()) == 1
    assert len(line.split("  ")) == 6
    assert not {char for char in line if unicodedata.category(char) in {"Cc", "Cs"}}
    assert line.encode()


@settings(max_examples=100, deadline=None)
@given(strangers)
def test_colour_changes_nothing_but_the_colour(text: str) -> None:
    change = new(mention(text + " Kindle kaputt", why=("kaputt",)))
    bare = coloured_line(change)
    for sequence in ("\x1b[1;31m", "\x1b[1m", "\x1b[2m", "\x1b[0m"):
        bare = bare.replace(sequence, "")
    assert bare == line_of(change)


def test_the_word_that_matched_is_bold_and_the_flag_coloured() -> None:
    line = coloured_line(new(mention("  My Kindle, my Kindle", matched=("Kindle",))))
    assert "My \x1b[1mKindle\x1b[0m, my Kindle" in line
    assert "\x1b[1;31mcomplaint/low\x1b[0m" in line


@pytest.mark.parametrize(("color", "coloured"), [(None, False), (False, False), (True, True)])
def test_a_pipe_gets_colour_only_when_asked_for(color: bool | None, coloured: bool) -> None:
    stream = io.StringIO()
    with LinesOutput(stream, color=color) as output:
        output.show(new(mention("Mein Kindle")))
    assert ("\x1b" in stream.getvalue()) is coloured
    assert stream.getvalue().count("\n") == 1


def test_an_encoding_without_emoji_gets_question_marks() -> None:
    raw = io.BytesIO()
    with LinesOutput(io.TextIOWrapper(raw, encoding="cp1252")) as output:
        output.show(new(mention("Größe 😡")))
        output.health([])
        assert "Größe ?" in raw.getvalue().decode("cp1252")


def test_a_full_disk_is_an_error_that_names_the_cause() -> None:
    output = LinesOutput(Broken(OSError(28, "No space left on device")))
    with pytest.raises(OutputError, match="cannot be written: no space left on device"):
        output.show(new(mention("Kindle")))


def test_a_closed_pipe_stays_a_closed_pipe() -> None:
    output = LinesOutput(Broken(BrokenPipeError()))
    with pytest.raises(BrokenPipeError):
        output.show(new(mention("Kindle")))


def test_plain_lines_need_no_rich() -> None:
    code = "import sys, listen.outputs.lines; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0


@pytest.mark.parametrize(
    ("followers", "words"),
    [(0, "0"), (999, "999"), (1000, "1k"), (1234, "1.2k"), (9_949, "9.9k"), (9_950, "10k"), (34_400, "34k"),
     (999_499, "999k"), (999_500, "1M"), (5_120_000, "5.1M"), (20_000_000, "20M")],
)  # fmt: skip
def test_reach_is_short(followers: int, words: str) -> None:
    assert reach_of(followers) == words


@pytest.mark.parametrize(
    ("author", "name", "words"),
    [
        ("anna.example", "Anna", "@anna.example"),
        ("@anna@social.example", None, "@anna@social.example"),
        ("Anna Müller", None, "Anna Müller"),
        (None, "Heise", "Heise"),
        ("", "", "somebody"),
        ("\x1b[31m\n", None, "somebody"),
        ("a" * 99, None, "@" + "a" * 59 + "…"),
    ],
)
def test_authors_are_named_as_people_know_them(author: str | None, name: str | None, words: str) -> None:
    post = Post(platform="p", id="1", url=None, author=author, author_name=name, text="", posted_at=None)
    assert author_of(post) == words


def test_an_address_is_one_word() -> None:
    post = mention("x", url="https://a.example/b c\n\x1b[31md\u202e").post
    assert address_of(post) == "https://a.example/b%20c%20d"


@pytest.mark.parametrize(
    ("posted", "shown"),
    [
        (datetime(2026, 11, 21, 11, 5, tzinfo=UTC), "12:05"),
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "00:30"),
        (datetime(2026, 11, 20, 22, 59, tzinfo=UTC), "2026-11-20 23:59"),
        (datetime(2036, 1, 1, tzinfo=UTC), "13:02"),
        (None, "13:02"),
    ],
    ids=["today", "today here", "yesterday", "from the future: when it was seen", "unknown: when it was seen"],
)
def test_the_clock_is_local_and_names_the_day_if_it_is_another(posted: datetime | None, shown: str) -> None:
    assert clock(mention("x", posted_at=posted), NOW) == shown


def test_the_first_year_of_the_calendar_has_four_digits() -> None:
    assert clock(mention("x", posted_at=datetime(1, 1, 1, tzinfo=UTC)), NOW).startswith("0001-01-01 ")


def test_nothing_is_flagged_in_no_word() -> None:
    assert flag_of(mention("x", "none").verdict) == ""
