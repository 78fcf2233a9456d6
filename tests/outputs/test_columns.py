"""Columns of many mentions are drawn as `csv.writer` draws them row by row."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from listen.mention import Change, hollow, record, timestamp
from listen.outputs.cells import BETWEEN, defused, moment_cell
from listen.outputs.columns import Columns, lines
from listen.outputs.csv import STYLES, CsvOutput, columns, text_cell
from listen.outputs.output import batches
from tests.store.invented import mention

ODD = ["", "=1", "a,b", 'a"b', "a\nb", "a\r", "\0", "\ud800", " @x", "'=", "ä", "＝", "1;2", "\u2009+", "x" * 17_000,
       "1.12.", "mon 3", "wahr", "'7"]  # fmt: skip
texts = st.one_of(st.sampled_from(ODD), st.text(max_size=6), st.text("abc,;\"\n\r\t =+-@'1.", max_size=5))
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])
values = st.one_of(
    st.none() | texts,
    st.none() | st.integers(-5, 10**12),
    st.none() | st.floats(width=32),
    st.none() | st.lists(texts, max_size=3).map(tuple),
    st.none() | st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=zones),
)
styles = st.sampled_from(sorted(STYLES))
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(values, min_size=width, max_size=width), min_size=1, max_size=5)
)
delimiters = st.sampled_from(",;|\t1.-:Zab ")


def cell(value: object, style: str) -> str:
    """One value as a cell, in the plainest way."""
    if isinstance(value, datetime):
        return timestamp(value) or ""
    if isinstance(value, tuple):
        value = BETWEEN.join(value)
    if isinstance(value, float):
        shown = format(round(value, 4) + 0.0, ".10g")
        return shown.replace(".", STYLES[style].point) if abs(value) < float("inf") else ""
    return "" if value is None else text_cell(value, STYLES[style]) if isinstance(value, str) else str(value)


def slowly(rows: list[list[object]], style: str, delimiter: str) -> str:
    drawn = io.StringIO()
    writer = csv.writer(drawn, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([[cell(value, style) for value in row] for row in rows])
    return drawn.getvalue()


def quickly(rows: list[list[object]], style: str, delimiter: str) -> str:
    limit = STYLES[style].cell_limit
    guard = partial(defused, values=True) if STYLES[style].guarded else None
    drawing = Columns(lambda value: cell(value, style), delimiter, longest=limit and limit // 2, guard=guard)
    return lines([drawing.drawn(column) for column in zip(*rows, strict=True)], delimiter)


@settings(max_examples=400, deadline=None)
@given(tables, styles, delimiters)
@example([["plain"], ["too"], [None]], "plain", ",")
@example([["a"], ["=b"]], "plain", ",")
@example([["a"], ["b\nc"]], "plain", ",")
@example([["a"], ["\ud800"]], "plain", ",")
@example([["x" * 40_000]], "excel", ",")
def test_the_lines_are_those_of_the_csv_writer(rows: list[list[object]], style: str, delimiter: str) -> None:
    assert quickly(rows, style, delimiter) == slowly(rows, style, delimiter)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_many_mentions_at_once_are_written_as_one_by_one(style: str) -> None:
    said = [mention(id=str(number), text=text, title=text or None, likes=number) for number, text in enumerate(ODD)]
    changes = [Change("new", each) for each in said] + [Change("withdrawn", hollow("bluesky", "9", ("a", "=b")))]
    at_once, singly = io.StringIO(newline=""), io.StringIO(newline="")
    assert CsvOutput(at_once, style=style, changes=True).show_all(changes) == len(changes)
    output = CsvOutput(singly, style=style, changes=True)
    for change in changes:
        output.show(change)
    assert at_once.getvalue() == singly.getvalue()
    rows = list(csv.DictReader(io.StringIO(at_once.getvalue().removeprefix("\ufeff"), newline=""),
                               delimiter=STYLES[style].delimiter))  # fmt: skip
    assert [row["change"] for row in rows] == ["new"] * len(said) + ["withdrawn"]
    assert {name for name, told in rows[-1].items() if told} == {"id", "platform", "topics", "change"}
    assert tuple(record(said[0])) == columns()


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=-3))], ids=["UTC", "zone"])
@pytest.mark.parametrize("fold", [False, True], ids=["keep", "fold"])
@pytest.mark.parametrize("style", sorted(STYLES))
def test_each_cell_is_what_it_would_be_alone(style: str, fold: bool, zone: tzinfo | None) -> None:
    manner = replace(STYLES[style], fold=fold)
    odd = [*ODD, "a\u2028b", " a\n", "plain", "Dezember", "#WERT!"]
    said = [mention(id=text, text=text, author=text, title=text or None, hashtags=(text, "7")) for text in odd]
    stream = io.StringIO(newline="")
    changes = [*(Change("new", each) for each in said), Change("withdrawn", hollow("bluesky", "9", ("3/4",)))]
    CsvOutput(stream, style=style, fold=fold, zone=zone, changes=True).show_all(changes)
    text = stream.getvalue().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=manner.delimiter, strict=True))
    for each, row in zip(said, rows, strict=False):
        told = {name: " | ".join(value) if isinstance(value, list) else value for name, value in record(each).items()}
        for name in ("author", "title", "text", "hashtags"):
            assert row[name] == text_cell(str(told[name] or ""), manner), name
        assert row["id"] == text_cell(each.id, replace(manner, guarded=False))
        assert row["seen_at"] == moment_cell(each.seen_at, zone, bare=manner.guarded)
        assert row["edited_at"] == ""
    assert (rows[-1]["topics"], rows[-1]["seen_at"]) == (text_cell("3/4", manner), "")


def test_a_batch_is_bounded_by_the_length_of_its_texts() -> None:
    long = [Change("new", mention(text="x" * 1_000_000))] * 7
    assert [len(batch) for batch in batches(long)] == [3, 3, 1]
    short = [Change("new", mention())] * 600
    assert max(len(batch) for batch in batches(short)) < 600
    assert [change for batch in batches(short) for change in batch] == short


def test_no_text_is_taken_for_plain_that_would_be_defused() -> None:
    letters = [chr(code) for code in range(0x11000) if not 0xD800 <= code < 0xE000]
    risky = [letter for letter in letters if defused(f"{letter}=") != f"{letter}=" or defused(letter) != letter]
    assert len(risky) > 40
    drawing = Columns(lambda value: "drawn", ",")
    assert {drawn for letter in risky for drawn in drawing.drawn([letter])} == {"drawn"}
