"""Cells of foreign tables become values, or say what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from listen.importing.cells import Habit, value_of

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")

TIMES = [
    ("2026-11-21T12:00:00Z", NOON),
    ("2026-11-21T13:00:00+01:00", NOON),
    ("2026-11-21 12:00:00", NOON),
    ("2026-11-21 12:00", NOON),
    ("21.11.2026 12:00", NOON),
    ("21.11.2026, 12:00:00", NOON),
    ("21.11.26 12:00", NOON),
    ("21. 11. 2026 um 12:00 Uhr", NOON),
    ("21.11.2026", NOON.replace(hour=0)),
    ("2026-11-21", NOON.replace(hour=0)),
    ("Sat, 21 Nov 2026 12:00:00 +0000", NOON),
    ("Sat, 21 Nov 2026 13:00:00 +0100", NOON),
    ("Sat Nov 21 12:00:00 +0000 2026", NOON),
    ("1795262400", NOON),
    ("1795262400000", NOON),
    (1795262400, NOON),
    (datetime(2026, 11, 21, 12), NOON),
    ("", None),
    (" - ", None),
    ("k.A.", None),
    ("0001-01-01T00:00:00+05:00", None),
]


@pytest.mark.parametrize(("cell", "moment"), TIMES)
def test_times_are_read_as_people_and_programs_write_them(cell: object, moment: datetime | None) -> None:
    assert value_of("posted_at", cell, Habit(), ours=False) == moment


@pytest.mark.parametrize("cell", ["2026-11-21 13:00:00", "21.11.2026 13:00", datetime(2026, 11, 21, 13)])
def test_times_that_name_no_zone_are_of_the_one_that_was_said(cell: object) -> None:
    assert value_of("posted_at", cell, Habit(BERLIN), ours=True) == NOON
    assert value_of("posted_at", "2026-11-21T12:00:00Z", Habit(BERLIN), ours=True) == NOON


def test_a_format_of_ones_own_goes_first_and_the_others_are_still_read() -> None:
    habit = Habit(dates="%m/%d/%Y %I:%M %p")
    assert value_of("posted_at", "11/21/2026 12:00 PM", habit, ours=False) == NOON
    assert value_of("posted_at", "2026-11-21T12:00:00Z", habit, ours=False) == NOON


NUMBERS = [
    ("likes", "5", 5), ("likes", "1.234", 1234), ("likes", "1,234,567", 1234567), ("likes", "1 234", 1234),
    ("likes", "5.0", 5), ("likes", "0", 0), ("likes", 5.0, 5), ("likes", "n/a", None), ("likes", "-", None),
    ("rating", "4,5", 4.5), ("rating", "4.5", 4.5), ("rating", 4, 4.0), ("sentiment", "-0.6", -0.6),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cell", "number"), NUMBERS)
def test_numbers_are_read_in_german_and_in_english(column: str, cell: object, number: float | None) -> None:
    assert value_of(column, cell, Habit(), ours=False) == number


LISTS = [
    ("hashtags", "a | b", True, ("a", "b")),
    ("hashtags", "'=a | b", True, ("=a", "b")),
    ("hashtags", "#a #b,c", False, ("a", "b", "c")),
    ("topics", "kindle; e-book reader", False, ("kindle", "e-book reader")),
    ("topics", "a;b", True, ("a;b",)),
]


@pytest.mark.parametrize(("column", "cell", "ours", "members"), LISTS)
def test_lists_are_taken_apart(column: str, cell: str, ours: bool, members: tuple[str, ...]) -> None:
    assert value_of(column, cell, Habit(), ours=ours) == members


def test_only_texts_of_ours_lose_the_apostrophe_that_we_gave_them() -> None:
    assert value_of("text", "'=1", Habit(), ours=True) == "=1"
    assert value_of("parent", "'007", Habit(), ours=True) == "007"
    assert value_of("text", "'=1", Habit(), ours=False) == "'=1"
    assert value_of("author", 41234567.0, Habit(), ours=False) == "41234567"


WRONG = [
    ("posted_at", "gestern", "posted_at: 'gestern' is no time that is known here; say how it is written with --dates"),
    ("posted_at", "11/12/2026", "posted_at: '11/12/2026' may begin with the day or the month; say --dates '%d/"),
    ("posted_at", "11/12/2026 1:00 PM", "posted_at: '11/12/2026 1:00 PM' may begin with the day or the month; "
                                        "say --dates '%d/%m/%Y %I:%M %p' or --dates '%m/%d/%Y %I:%M %p'"),
    ("posted_at", "32.11.2026", "posted_at: day is out of range for month"),
    ("likes", "viele", "likes: 'viele' is no whole number"),
    ("likes", "1.5", "likes: '1.5' is no whole number"),
    ("likes", "1.23.456", "likes: '1.23.456' is no whole number"),
    ("likes", True, "likes: 'True' is no whole number"),
    ("rating", "gut", "rating: 'gut' is no number"),
    ("status", "erledigt", "status: 'erledigt' is none of open, pending, answered, not-relevant, done"),
    ("flag", "bad", "flag: 'bad' is none of complaint, opportunity, praise, none"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cell", "told"), WRONG)
def test_a_cell_that_cannot_be_read_says_what_is_wrong(column: str, cell: object, told: str) -> None:
    with pytest.raises(ValueError, match=r"^\w+: ") as raised:
        value_of(column, cell, Habit(), ours=True)
    assert str(raised.value).startswith(told)


def test_none_is_a_flag_and_no_status() -> None:
    assert value_of("flag", "None", Habit(), ours=True) == "none"
    assert value_of("status", "none", Habit(), ours=True) is None


@given(st.sampled_from(["posted_at", "likes", "rating", "status", "hashtags", "text"]), st.text(max_size=40))
@example("posted_at", "9999-12-31T23:59:59-05:00")
@example("posted_at", "9999999999999")
@example("likes", "٣")
def test_any_cell_is_read_or_refused_in_words(column: str, cell: str) -> None:
    told = ""
    try:
        value_of(column, cell, Habit(BERLIN), ours=True)
    except ValueError as problem:
        told = str(problem)
    assert not told or told.startswith(f"{column}: ")
