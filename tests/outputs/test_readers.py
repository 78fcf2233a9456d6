"""What other programs read from our files is what was written: csv, pandas, DuckDB, openpyxl and Arrow."""

from __future__ import annotations

import csv
import io
import os
import string
import tempfile
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import openpyxl
import pandas
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from listen.errors import OutputError
from listen.mention import Change, Mention, record
from listen.outputs.cells import CELL_LIMIT, defused, folded, restored
from listen.outputs.csv import STYLES, CsvOutput, columns
from listen.outputs.output import Output
from listen.outputs.parquet import ParquetOutput
from listen.outputs.xlsx import XlsxOutput
from tests.store.invented import mention

NAMES = ["id", "author", "title", "text", "parent"]
SEEN = sorted(set(string.printable) - {"\0"}) + list("äöüß€„“😀\u200b\u2028\x85＝٣é−")
texts = st.one_of(
    st.text(SEEN, max_size=30),
    st.text("0123456789.,:/-+ eE%€'", max_size=12),
    st.text("'=+-@\t\r\n\"; ,x", max_size=12),
    st.sampled_from(["TRUE", "wahr", "#N/A", "3. Mai", "May 2020", "5 pm", "NA", "null", "NaN", "None", "''1e5"]),
)
rows = st.lists(st.tuples(texts, texts, texts, texts), min_size=1, max_size=4)
bounded = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def mentions_of(told: Sequence[tuple[str, ...]]) -> list[Mention]:
    return [
        mention(id=str(number), author=author, title=title, text=text, parent=parent)
        for number, (author, title, text, parent) in enumerate(told)
    ]


def shown(output: Output, mentions: Sequence[Mention]) -> None:
    for each in mentions:
        output.show(Change("new", each))
    output.close()


def cells_of(told: Sequence[tuple[str, ...]]) -> list[list[str]]:
    return [[f"bluesky:{number}", *row] for number, row in enumerate(told)]


def by_csv(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))[1:]


def by_pandas(text: str, delimiter: str) -> list[list[str]]:
    data = io.BytesIO(text.encode())
    table = pandas.read_csv(data, sep=delimiter, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return [list(row) for row in table.to_numpy()]


def by_duckdb(text: str, delimiter: str) -> list[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.csv"
        file.write_text(text, encoding="utf-8", newline="")
        read = (
            "SELECT * FROM read_csv(?, delim = ?, quote = '\"', escape = '\"', header = true, all_varchar = true, "
            "auto_detect = false, parallel = false, new_line = '\\r\\n', nullstr = '\\0', columns = "
            + str(dict.fromkeys(NAMES, "VARCHAR")) + ")"
        )  # fmt: skip
        return [list(row) for row in duckdb.execute(read, [str(file), delimiter]).fetchall()]


READERS = {"csv": by_csv, "pandas": by_pandas, "duckdb": by_duckdb}


@pytest.mark.parametrize("reader", READERS)
@bounded
@given(told=rows, style=st.sampled_from(sorted(STYLES)), fold=st.booleans())
@example(told=[("=1", "007", "a\r\nb\rc\n", '"'), ("", "'", "''1", "\r")], style="excel-de", fold=False)
def test_every_reader_gives_back_every_text(reader: str, told: list[tuple[str, ...]], style: str, fold: bool) -> None:
    stream = io.StringIO(newline="")
    shown(CsvOutput(stream, columns=NAMES, style=style, fold=fold), mentions_of(told))
    read = READERS[reader](stream.getvalue(), STYLES[style].delimiter)
    written = [[row[0], *(folded(cell) if fold else cell for cell in row[1:])] for row in cells_of(told)]
    assert [[restored(cell) for cell in row] for row in read] == written


@bounded
@given(texts, st.booleans())
@example("'" * 100_000 + "1", True)
@example("1" * 61, True)
def test_apostrophes_can_always_be_taken_away_again(text: str, values: bool) -> None:
    assert restored(defused(text, values=values)) == text


@bounded
@given(texts)
@example("  \r\n a \x85 b\u2028c\x0b")
def test_a_folded_text_has_no_line_breaks_and_all_words(text: str) -> None:
    assert len(folded(text).splitlines()) <= 1
    assert folded(text).split() == text.split()


def in_file(path: Path, kind: type[XlsxOutput | ParquetOutput], mentions: Sequence[Mention], **options: Any) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        shown(kind(stream, **options), mentions)
    return path


@bounded
@given(rows)
@example([("=1", "_x0041_", "a\x0bb\x1b[31m\ufffe", "<r><t>x</t></r>")])
@example([("http://a.example/", " x ", "\n", "'=1")])
def test_a_workbook_gives_back_every_text(told: list[tuple[str, ...]]) -> None:
    from openpyxl.utils.escape import unescape

    with tempfile.TemporaryDirectory() as folder:
        file = in_file(Path(folder) / "x.xlsx", XlsxOutput, mentions_of(told), columns=NAMES)
        sheet = openpyxl.load_workbook(file)["mentions"]
        read = [[unescape(cell.value or "") for cell in row] for row in sheet.iter_rows(min_row=2)]
        assert all(cell.data_type in {"s", "inlineStr", "n"} for row in sheet.iter_rows() for cell in row)
        assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    assert [[cell.rstrip() for cell in row] for row in read] == [
        [legal(cell).rstrip() for cell in row] for row in cells_of(told)
    ]


def legal(text: str) -> str:
    """What XML can hold of it, with its line ends."""
    kept = "".join(letter for letter in text if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff"))
    return kept.replace("\r\n", "\n").replace("\r", "\n")


@bounded
@given(rows)
def test_parquet_gives_back_every_text(told: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = in_file(Path(folder) / "x.parquet", ParquetOutput, mentions_of(told), columns=NAMES)
        found = duckdb.execute("SELECT * FROM read_parquet(?)", [str(file)]).fetchall()
    assert [list(row) for row in found] == cells_of(told)


FULL = mention(
    id="7", url="https://a.example/ä?x=1#y", author_url="javascript:alert(1)", likes=0, views=None, rating=4.5,
    posted_at=datetime(2026, 7, 1, 22, 30, 5, 250_000, tzinfo=UTC), hashtags=("kindle", "a | b"), topics=["kindle"],
    edited_at=datetime(1, 1, 1, tzinfo=UTC),
)  # fmt: skip


def test_a_workbook_has_typed_cells_a_frozen_header_filters_and_links(tmp_path: Path) -> None:
    file = in_file(tmp_path / "x.xlsx", XlsxOutput, [FULL, mention(id="8")], zone=ZoneInfo("Europe/Berlin"))
    book = openpyxl.load_workbook(file)
    sheet = book["mentions"]
    cells = dict(zip(columns(), sheet[2], strict=True))
    assert [cell.value for cell in sheet[1]] == list(columns())
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:{sheet.cell(3, len(columns())).coordinate}")
    assert cells["posted_at"].value == datetime(2026, 7, 2, 0, 30, 5)
    assert cells["posted_at"].is_date
    assert (cells["likes"].value, cells["rating"].value, cells["views"].value) == (0, 4.5, None)
    assert cells["edited_at"].value == "0001-01-01 00:53:28", "no date for Excel, which begins in 1900"
    assert cells["hashtags"].value == "kindle | a | b"
    assert cells["url"].hyperlink.target.startswith("https://a.example/")
    assert cells["url"].value == FULL.post.url
    assert (cells["author_url"].value, cells["author_url"].hyperlink) == ("javascript:alert(1)", None)
    assert {each.name: each.value for each in book.custom_doc_props.props} == {"listen.tz": "Europe/Berlin"}


def test_parquet_has_typed_columns_and_lists(tmp_path: Path) -> None:
    file = in_file(tmp_path / "x.parquet", ParquetOutput, [FULL], zone=ZoneInfo("Europe/Berlin"))
    table = pyarrow.parquet.read_table(file)
    assert table.column_names == list(columns())
    types = {field.name: str(field.type) for field in table.schema}
    assert types["posted_at"] == "timestamp[us, tz=Europe/Berlin]"
    assert (types["likes"], types["complaint"], types["text"]) == ("int64", "double", "string")
    [row] = table.to_pylist()
    assert row["posted_at"] == FULL.post.posted_at
    assert row["hashtags"] == ["kindle", "a | b"]
    told = record(FULL)
    assert {name: row[name] for name in told if not name.endswith("_at")} == {
        name: value for name, value in told.items() if not name.endswith("_at")
    }
    assert pandas.read_parquet(file)["likes"][0] == 0


@pytest.mark.parametrize("kind", [XlsxOutput, ParquetOutput])
def test_files_without_a_mention_have_all_columns(kind: type[XlsxOutput | ParquetOutput], tmp_path: Path) -> None:
    file = in_file(tmp_path / "x", kind, [])
    if kind is ParquetOutput:
        assert pyarrow.parquet.read_table(file).column_names == list(columns())
    else:
        with file.open("rb") as stream:
            assert [[cell.value for cell in row] for row in openpyxl.load_workbook(stream)["mentions"]] == [
                list(columns())
            ]


def test_what_goes_beyond_a_sheet_goes_into_another(tmp_path: Path) -> None:
    file = in_file(tmp_path / "x.xlsx", XlsxOutput, [mention(id=str(n)) for n in range(5)], columns=["id"], rows=3)
    book = openpyxl.load_workbook(file)
    assert {sheet.title: [cell.value for (cell,) in sheet.iter_rows()] for sheet in book} == {
        "mentions": ["id", "bluesky:0", "bluesky:1"],
        "mentions 2": ["id", "bluesky:2", "bluesky:3"],
        "mentions 3": ["id", "bluesky:4"],
    }


@pytest.mark.parametrize("letter", ["x", "ä", "😀"])
def test_a_cell_of_a_workbook_is_cut_where_excel_has_no_more_room(letter: str, tmp_path: Path) -> None:
    file = in_file(tmp_path / "x.xlsx", XlsxOutput, [mention(text=letter * 70_000)], columns=["text"])
    text = openpyxl.load_workbook(file)["mentions"]["A2"].value
    assert text.endswith(letter + "…")
    assert CELL_LIMIT - 1 <= len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT


def test_more_links_than_excel_allows_become_texts(tmp_path: Path) -> None:
    file = in_file(tmp_path / "x.xlsx", XlsxOutput, [mention(id=str(n)) for n in range(4)], columns=["url"], links=2)
    cells = [cell for (cell,) in openpyxl.load_workbook(file)["mentions"].iter_rows(min_row=2)]
    assert [cell.hyperlink is not None for cell in cells] == [True, True, False, False]
    assert [cell.value for cell in cells] == [f"https://example.org/{n}" for n in range(4)]


@pytest.mark.parametrize("kind", [XlsxOutput, ParquetOutput])
def test_memory_does_not_grow_with_the_mentions(kind: type[XlsxOutput | ParquetOutput], tmp_path: Path) -> None:
    def peak(number: int) -> int:
        said = [mention(id=str(n % 1_000), text="Mein Lesegerät geht nicht " * 60, url=None) for n in range(500)]
        tracemalloc.start()
        with (tmp_path / "x").open("w", encoding="utf-8", newline="") as stream:
            output = kind(stream, columns=["id", "text", "likes"])
            for _ in range(number // 500):
                for each in said:
                    output.show(Change("new", each))
            output.close()
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few = 2_000 if kind is XlsxOutput else 12_000  # which is more than one group of rows
    assert peak(few * 3) < 1.6 * peak(few) + 3_000_000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("kind", [XlsxOutput, ParquetOutput])
def test_a_full_disk_is_told_and_leaves_no_temporary_files(
    kind: type[XlsxOutput | ParquetOutput], tmp_path: Path
) -> None:
    output = partial(XlsxOutput, scratch=tmp_path) if kind is XlsxOutput else kind  # the other one has no such files
    stream = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115  closing it fails, too
    with pytest.raises(OutputError, match="/dev/full: cannot be written: no space left on device"):
        shown(output(stream), [FULL])
    with pytest.raises(OSError, match="No space left"):
        stream.close()
    assert os.listdir(tmp_path) == []  # noqa: PTH208
