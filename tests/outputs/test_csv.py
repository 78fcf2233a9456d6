"""CSV that spreadsheets open, scripts read back, and nobody can smuggle a formula into."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import string
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from listen.coverage import REASONS
from listen.errors import OutputError, UsageError
from listen.mention import Change, Mention, record
from listen.outputs.cells import CELL_LIMIT, defused, restored
from listen.outputs.coverage import COLUMNS
from listen.outputs.csv import STYLES, CsvOutput, columns, header_line
from tests.store.invented import NOON, mention, post

DOCS = Path(__file__).parents[2] / "docs/csv.md"


@pytest.fixture(autouse=True)
def _cells_of_any_size() -> Iterator[None]:
    """Python's reader stops at 131,072 characters unless it is told otherwise."""
    before = csv.field_size_limit(100_000_000)
    yield
    csv.field_size_limit(before)


def written(*mentions: Mention, **options: Any) -> str:
    stream = io.StringIO(newline="")
    with CsvOutput(stream, **options) as output:
        for each in mentions:
            output.show(Change("new", each))
    return stream.getvalue()


def read(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def cell(said: Mention, column: str, **options: Any) -> str:
    text = written(said, columns=[column], header=False, **options)
    return read(text, ";" if options.get("style") == "excel-de" else ",")[0][0]


def test_the_columns_are_the_keys_of_a_mention() -> None:
    assert columns() == tuple(record(mention()))
    assert read(written()) == [list(columns())], "the header stands there when there are no mentions too"


def test_a_row_tells_what_the_record_tells() -> None:
    said = mention(
        post("7", "kaputt", hashtags=("kindle", "kaputt"), likes=0, rating=5.0, parent="41234567", title=None),
        topics=["kindle", "reader"],
    )
    header, row = read(written(said))
    told = dict(zip(header, row, strict=True))
    assert told["id"] == "bluesky:7"
    assert (told["hashtags"], told["topics"], told["why"]) == ("kindle | kaputt", "kindle | reader", "geht nicht mehr")
    assert (told["likes"], told["rating"], told["complaint"], told["sentiment"]) == ("0", "5", "0.91", "-0.6")
    assert (told["parent"], told["title"], told["views"], told["answered_at"]) == ("41234567", "", "", "")
    assert told["posted_at"] == "2026-11-21T12:00:00Z"


def test_lines_end_as_rfc_4180_says_and_only_what_needs_quotes_has_them() -> None:
    text = written(mention(text='sagt "nein",\nund geht'), columns=["id", "text"])
    assert text == 'id,text\r\nbluesky:1,"sagt ""nein"",\nund geht"\r\n'


def test_edits_are_written_again_and_withdrawals_are_not() -> None:
    stream = io.StringIO(newline="")
    output = CsvOutput(stream, columns=["id", "text"], header=False)
    for kind, text in [("new", "kaputt"), ("edited", "geht"), ("withdrawn", "geht")]:
        output.show(Change(kind, mention(text=text)))  # type: ignore[arg-type]
    assert stream.getvalue() == "bluesky:1,kaputt\r\nbluesky:1,geht\r\n"


STYLED = {
    "plain": "lang,complaint,likes\r\nde,0.91,3\r\n",
    "excel": "\ufefflang,complaint,likes\r\nde,0.91,3\r\n",
    "excel-de": "\ufefflang;complaint;likes\r\nde;0,91;3\r\n",
}


@pytest.mark.parametrize("style", STYLES)
def test_each_style_writes_what_its_reader_expects(style: str) -> None:
    assert written(mention(likes=3), columns=["lang", "complaint", "likes"], style=style) == STYLED[style]


def test_a_delimiter_of_ones_own_goes_before_the_styles() -> None:
    text = written(mention(text="a\tb"), columns=["lang", "complaint", "text"], style="excel-de", delimiter="\t")
    assert text == '\ufefflang\tcomplaint\ttext\r\nde\t0,91\t"a\tb"\r\n'


def test_rows_can_go_on_after_earlier_ones() -> None:
    assert written(mention(), columns=["lang"], style="excel", header=False) == "de\r\n"


@pytest.mark.parametrize("style", STYLES)
def test_the_header_line_is_what_stands_in_the_file(style: str) -> None:
    first = written(style=style, columns=["id", "text"]).removeprefix("\ufeff").split("\r\n")[0]
    assert header_line(["id", "text"], None, style) == first


FLOATS = [(0.91, "0.91"), (0.123456, "0.1235"), (5.0, "5"), (-0.0, "0"), (1e-9, "0"), (0.1 + 0.2, "0.3"),
          (float("nan"), ""), (float("inf"), ""), (None, ""), (1234567.5, "1234567.5")]  # fmt: skip


@pytest.mark.parametrize(("number", "shown"), FLOATS)
def test_numbers_are_short(number: float | None, shown: str) -> None:
    assert cell(mention(rating=number), "rating") == shown


@pytest.mark.parametrize("id_", ["41234567", "113512345678901234567890", "1e5", "007", "0x1F"])
@pytest.mark.parametrize("style", STYLES)
def test_ids_stay_as_they_are(id_: str, style: str) -> None:
    said = mention(id=id_, parent=id_)
    assert cell(said, "id", style=style) == f"bluesky:{id_}"
    assert cell(said, "parent", style=style) == (id_ if style == "plain" or id_ == "0x1F" else f"'{id_}")


RISKY = ["=1+1", "+49 30 1234", "-1", "@anna hilf", "\tx", "\rx", "=", " =1", "\n=1", "\xa0=1", "\u200b=1", "\ufeff=1",
         "＝1", "＋1", "－1", "＠SUM", "\u3000＝1", "'=1", "''@x",
         "=HYPERLINK(\"http://a.example\")", "=cmd|' /C calc'!A0"]  # fmt: skip
HARMLESS = ["", "x", "'", "''", "'x", "it's = 1", "1=1", "a@b", "#kindle", "„=1“", '"=1"', "1-2", " x", "\nx", "😀",
            "'\"="]  # fmt: skip


@pytest.mark.parametrize("text", RISKY)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert defused(text) == "'" + text
    assert restored(defused(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_needs_nothing_is_left_alone(text: str) -> None:
    assert defused(text) == text
    assert restored(text) == text


cells = st.one_of(st.text(), st.text("'=+-@\t\r\n ＝a\u200b"))


@settings(max_examples=200, deadline=None)
@given(cells)
@example("'" * 1000 + "=")
def test_defusing_can_always_be_undone_and_never_leaves_a_formula(text: str) -> None:
    assert restored(defused(text)) == text
    assert not defused(text).startswith(("\t", "\r"))
    assert not defused(text).strip(f"{string.whitespace}\xa0\u3000\u200b\ufeff").startswith(tuple("=+-@＝＋－＠"))


@settings(max_examples=200, deadline=None)
@given(text=cells, title=cells, name=cells, style=st.sampled_from(sorted(STYLES)), delimiter=st.sampled_from(",;\t|"))
def test_every_text_comes_back_through_the_file(text: str, title: str, name: str, style: str, delimiter: str) -> None:
    said = mention(text=text, title=title, author_name=name)
    names = ["title", "text", "author_name", "sentiment"]
    table = written(said, said, columns=names, style=style, delimiter=delimiter)
    header, *rows = read(table.removeprefix("\ufeff"), delimiter)
    assert header == names
    assert len(rows) == 2
    assert [restored(each) for each in rows[1][:3]] == [each.replace("\0", "") for each in (title, text, name)]
    assert rows[1][3] in {"-0.6", "-0,6"}, "numbers are not text and stay numbers"


@pytest.mark.parametrize(
    "column", ["text", "title", "author_name", "author", "note", "hashtags", "topics", "id", "parent"]
)
def test_every_column_with_words_of_strangers_is_defused(column: str) -> None:
    hostile = "=1+1"
    told: dict[str, Any] = {
        "title": hostile,
        "author_name": hostile,
        "author": hostile,
        "hashtags": (hostile, "x"),
        "parent": hostile,
    }
    said = mention(text=hostile, platform=hostile, topics=[hostile], **told)
    assert not cell(said, column).startswith("=")


def test_what_utf8_and_spreadsheets_cannot_hold_never_crashes() -> None:
    file = io.BytesIO()
    stream = io.TextIOWrapper(file, encoding="utf-8", newline="")
    with CsvOutput(stream, columns=["text"], header=False) as output:
        output.show(Change("new", mention(text="a\0=\ud83d\0b")))
        output.show(Change("new", mention(text="\0=1")))
    assert file.getvalue() == "a=\ufffdb\r\n'=1\r\n".encode()


def test_a_huge_cell_is_written_whole() -> None:
    text = 'ä,"\n' * 1_000_000
    assert cell(mention(text=text), "text") == text


@pytest.mark.parametrize("letter", ["x", "ä", "😀"])
def test_a_cell_is_cut_where_excel_would_let_it_run_over(letter: str) -> None:
    shown = cell(mention(text=letter * CELL_LIMIT * 2), "text", style="excel")
    assert CELL_LIMIT - 1 <= len(shown.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert shown.endswith(letter + "…")
    longest = letter * (CELL_LIMIT * 2 // len(letter.encode("utf-16-le")))
    assert cell(mention(text=longest), "text", style="excel") == longest


def test_dates_of_any_year_are_written() -> None:
    assert cell(mention(posted_at=datetime(1, 1, 1, tzinfo=NOON.tzinfo)), "posted_at") == "0001-01-01T00:00:00Z"


WRONG = [
    pytest.param({"columns": ["autor"]}, "--columns: there is no column 'autor'; did you mean 'author'?", id="a slip"),
    pytest.param({"columns": ["id", "Text"]}, "--columns: there is no column 'Text'; did you mean 'text'?", id="case"),
    pytest.param(
        {"columns": ["xyzzy"]}, "--columns: there is no column 'xyzzy'; there are id, platform,", id="no idea"
    ),
    pytest.param({"columns": []}, "--columns names no column; there are id,", id="no column"),
    pytest.param(
        {"style": "numbers"}, "there is no kind of CSV 'numbers'; there are plain, excel, excel-de", id="style"
    ),
    *(
        pytest.param({"delimiter": wrong}, f"--delimiter {wrong!r} is not one character", id=f"delimiter {wrong!a}")
        for wrong in ["", "ab", '"', "\n", "\r", "\0", "\udcff"]
    ),
]


@pytest.mark.parametrize(("options", "told"), WRONG)
def test_a_wrong_wish_is_refused_before_anything_is_written(options: dict[str, Any], told: str) -> None:
    stream = io.StringIO()
    with pytest.raises(UsageError) as raised:
        CsvOutput(stream, **options)
    assert str(raised.value).startswith(told)
    assert stream.getvalue() == ""


def test_a_terminal_gets_no_escape_sequences() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal(newline="")
    CsvOutput(stream, columns=["text"], header=False).show(Change("new", mention(text="a\x1b[31mb\u202ec")))
    assert stream.getvalue() == "abc\r\n"
    assert cell(mention(text="a\x1b[31mb"), "text") == "a\x1b[31mb", "a file keeps what was written"


def test_a_reader_of_a_pipe_does_not_wait_for_a_full_buffer() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader, os.fdopen(writing, "w", encoding="utf-8", newline="") as stream:
        output = CsvOutput(stream, columns=["lang"])
        output.show(Change("new", mention()))
        output.health([])
        assert reader.read(10) == b"lang\r\nde\r\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told() -> None:
    with contextlib.suppress(OSError), Path("/dev/full").open("w", encoding="utf-8") as stream:
        output = CsvOutput(stream)
        with pytest.raises(OutputError, match="/dev/full: cannot be written"):
            output.flush()


def test_a_closed_pipe_passes_through() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with contextlib.suppress(BrokenPipeError), os.fdopen(writing, "w", encoding="utf-8") as stream:
        output = CsvOutput(stream)
        with pytest.raises(BrokenPipeError):
            output.flush()


def test_the_docs_name_every_column_in_order_and_every_style() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `(\w+)` \|", text.split("## Columns")[1].split("## ")[0], re.MULTILINE)) == columns()
    assert re.findall(r"^\| `(\w[\w-]*)`", text.split("## Columns")[0], re.MULTILINE) == list(STYLES)


def test_the_docs_name_every_column_and_reason_of_the_coverage() -> None:
    columns_, reasons = (
        DOCS.read_text(encoding="utf-8").split("## Coverage")[1].split("## ")[0].split("| `why` | means |")
    )
    assert re.findall(r"`(\w+)`", "".join(re.findall(r"^\|([^|]*)\|", columns_, re.MULTILINE))) == list(COLUMNS)
    assert set(re.findall(r"^\| `([\w ]+)` \|", reasons, re.MULTILINE)) == set(REASONS)


def test_the_undoing_in_the_docs_gives_back_what_was_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [program] = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    texts = [*RISKY, *HARMLESS]
    stdin = io.StringIO(written(*(mention(text=text) for text in texts), columns=["text"], header=False), newline="")
    with contextlib.ExitStack() as stack:
        before, sys.stdin = sys.stdin, stdin
        stack.callback(setattr, sys, "stdin", before)
        exec(program, {})
    assert [row[0] if row else "" for row in read(capsys.readouterr().out)] == texts
