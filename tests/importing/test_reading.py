"""Files of any dialect come in row by row, and a line that cannot be read costs only itself."""

from __future__ import annotations

import io
import tempfile
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listen.errors import RecordingError, UsageError
from listen.importing import Manner, read
from listen.importing.cells import Habit
from listen.importing.columns import delimiter_of, mapping_from
from listen.importing.reading import encoding_of, known_encoding
from listen.importing.row import Row
from listen.mention import Care, Change, Mention, record
from listen.outputs.csv import CsvOutput
from listen.outputs.jsonl import JsonlOutput
from listen.outputs.output import Output
from listen.outputs.xlsx import XlsxOutput
from listen.recording import Unreadable
from tests.store.invented import NOON, mention

BERLIN = ZoneInfo("Europe/Berlin")
CARED = Care(status="answered", owner="@anna", note="=1 | 2\nzweite", answered_at=NOON)
DIALECTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "plain, Berlin": {"zone": BERLIN},
    "excel": {"style": "excel"},
    "excel, Berlin": {"style": "excel", "zone": BERLIN},
    "excel-de": {"style": "excel-de"},
    "excel-de, Berlin": {"style": "excel-de", "zone": BERLIN},
    "tabs": {"delimiter": "\t"},
    "bars": {"delimiter": "|"},
    "odd": {"delimiter": "^", "style": "excel-de"},
    "jsonl": {},
    "xlsx": {},
    "xlsx, Berlin": {"zone": BERLIN},
}
words = st.one_of(
    st.text("abä😀'\"=+-@;,|^\t\n 0123456789.:/€%"),
    st.sampled_from(["TRUE", "#N/A", "3/4", "_x0041_", "<r></r>", "'007"]),
)  # fmt: skip
told = st.text("abä😀'=+;, 0123456789/", min_size=1).filter(lambda word: word.strip() == word)


def written(path: Path, name: str, mentions: Sequence[Mention]) -> Path:
    kind = name.partition(",")[0]
    with path.open("w", encoding="utf-8", newline="") as stream:
        output: Output
        if kind == "jsonl":
            output = JsonlOutput(stream)
        else:
            output = (XlsxOutput if kind == "xlsx" else CsvOutput)(stream, **DIALECTS[name])
        for each in mentions:
            output.show(Change("new", each))
        output.close()
    return path


def facts(row: object, mention: Mention) -> dict[str, object]:
    """What a row says, as the record of the mention that it makes."""
    assert isinstance(row, Row), row
    document = row.post().document
    verdict = row.verdict(document)
    assert verdict is not None
    matches = row.matches(row.topics or (), {}, document)
    assert row.seen_at is not None
    back = Mention(post=row.post(), matches=matches, verdict=verdict, seen_at=row.seen_at, care=row.care)
    return record(back)


@pytest.mark.parametrize("name", DIALECTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=words, title=words, author=told, tag=told, parent=told, topic=told)
def test_an_export_of_ours_comes_back_in_every_dialect(
    name: str, text: str, title: str, author: str, tag: str, parent: str, topic: str
) -> None:
    said = mention(
        text=text, title=title or None, author=author, hashtags=(tag, "b"), parent=parent, likes=0, rating=4.5,
        topics=[topic, "kindle"], care=CARED, edited_at=NOON,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "x", name, [said])
        manner = Manner(habit=Habit(BERLIN if "Berlin" in name and "xlsx" not in name else None))
        [row] = read(str(path), manner)
    assert facts(row, said) == record(said)


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
TEXT = "id,text\r\n1,„Spaß“ für 5 € – größer…\r\n2,Ähre\r\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_encoding_is_found_out(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert [row.text for row in read(str(path), Manner()) if isinstance(row, Row)] == [
        "„Spaß“ für 5 € – größer…", "Ähre"]  # fmt: skip


def test_an_encoding_that_was_said_goes_first(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("id,text\n1,Spaß für 5 Größere\n".encode("cp850"))
    [row] = read(str(path), Manner(encoding="cp850"))
    assert isinstance(row, Row)
    assert row.text == "Spaß für 5 Größere"
    with pytest.raises(UsageError, match="--encoding: there is no 'utf-9'"):
        known_encoding("utf-9")
    with pytest.raises(UsageError, match="--encoding: there is no 'base64'"):
        known_encoding("base64")


def test_odd_bytes_far_down_in_a_file_are_read_as_windows_would(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"id,text\n" + b"1,plain\n" * 200_000 + "2,Größe\n".encode("cp1252"))
    *_, last = read(str(path), Manner())
    assert isinstance(last, Row)
    assert last.text == "Größe"
    assert encoding_of(b"a" * 10 + "ß".encode()[:1]) == "utf-8-sig", "what is cut in the middle of a letter is no fault"


SEPARATORS = [
    ("id,text,flag", ","),
    ("id;text;flag", ";"),
    ("id\ttext", "\t"),
    ("id^text^flag", "^"),
    ("id~text", "~"),
    ('"Date, time";Message;From', ";"),
    ("Message|From", "|"),
    ("text", ","),
    ("text,a-b-c-d-e-f", ","),
]


@pytest.mark.parametrize(("header", "delimiter"), SEPARATORS)
def test_the_separator_is_found_out(header: str, delimiter: str) -> None:
    assert delimiter_of(header, {}) == delimiter


def test_names_that_were_mapped_tell_the_separator() -> None:
    assert delimiter_of("Date, time;Message, or so;From", {"text": "Message, or so"}) == ";"


FOREIGN = """sep=;
Datum;Von;Nachricht;Likes;Status
21.11.2026 13:00;@otto;"Mein Kindle
ist ""kaputt""; ehrlich";1.234;published

22.11.2026 13:00;eva;gut;x;published
22.11.2026 13:00;eva;"";;
22.11.2026 13:00;eva;'=1;5;published;;
22.11.2026 13:00;eva;kurz
"""
MAP = ["text=Nachricht,author=Von", "posted_at=datum,likes=Likes,status="]


def test_a_foreign_table_is_read_by_a_map_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(FOREIGN, encoding="utf-8")
    rows = list(read(str(path), Manner(mapping=mapping_from(MAP), habit=Habit(BERLIN))))
    first, bad, empty, quoted, short = rows
    assert isinstance(first, Row)
    post = first.post()
    assert (post.text, post.author, post.likes, post.posted_at) == (
        'Mein Kindle\nist "kaputt"; ehrlich',
        "@otto",
        1234,
        NOON,
    )
    assert bad == Unreadable(6, "is not a post: likes: 'x' is no whole number")
    assert empty == Unreadable(7, "is not a post: it has neither text nor title")
    assert isinstance(quoted, Row)
    assert (quoted.text, quoted.care) == ("'=1", Care())
    assert isinstance(short, Row)


def test_a_map_can_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "tool.toml").write_text('text = "Message, full"\nauthor = "From"\n', encoding="utf-8")
    assert mapping_from([str(tmp_path / "tool.toml"), "author=Who"]) == {"text": "Message, full", "author": "Who"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["txt=Message"], "--map: we have no column 'txt'; did you mean 'text'?"),
        (["Message"], "--map 'Message' is no map; write text=Message,author=From, or name a .toml file"),
        (["none.toml"], "--map none.toml: cannot be read: no such file or directory"),
    ],
)
def test_a_wrong_map_is_refused(given: list[str], told: str) -> None:
    with pytest.raises(UsageError) as raised:
        mapping_from(given)
    assert str(raised.value).startswith(told)


@pytest.mark.parametrize(
    ("content", "mapping", "told"),
    [
        (
            "Date,Message\n",
            {},
            "x: has no column 'text'; say which it is with --map 'text=NAME'; there are Date, Message",
        ),
        ("Date,Message\n", {"text": "Mesage"}, "x: --map: there is no column 'Mesage'; did you mean 'Message'?"),
        ("nonsense\n", {}, "x: has no column 'text'"),
    ],
)
def test_a_table_without_a_text_is_refused_with_what_to_do(
    content: str, mapping: dict[str, str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        list(read("x", Manner(mapping=mapping)))
    assert str(raised.value).startswith(told)


BAD = [
    ('{"text": "a"}\n{\n\n{"author": "x"}\n{"id": "1", "event": "delete"}\n{"text": 5}\n{"text": "b"}\n', [2, 4, 5, 6]),
    ('id,text,flag\n1,a,none\n2,b,bad\n3,"c\nd",\n4,d,worse\n', [3, 6]),
]


@pytest.mark.parametrize(("content", "lines"), BAD, ids=["jsonl", "csv"])
def test_a_line_that_cannot_be_read_is_named_and_skipped(content: str, lines: list[int], tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(content, encoding="utf-8")
    rows = list(read(str(path), Manner()))
    assert [row.line for row in rows if isinstance(row, Unreadable)] == lines
    assert len([row for row in rows if isinstance(row, Row)]) == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PAR1...", "is Parquet, which is not read here; export CSV, JSONL or XLSX"),
        (b"PK\x03\x04 nonsense", "is a damaged workbook, or none; save it anew as XLSX"),
    ],
)
def test_a_file_of_another_kind_is_named(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=told):
        list(read(str(path), Manner()))


def test_files_that_are_not_there_and_empty_ones(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read: no such file or directory"):
        list(read(str(tmp_path / "none"), Manner()))
    (tmp_path / "empty").touch()
    assert list(read(str(tmp_path / "empty"), Manner())) == []


def test_a_workbook_of_anybody_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nachricht", "Likes", "Datum", "parent"])
    book.active.append(["kaputt", 5.0, NOON.replace(tzinfo=None), 41234567])
    book.active.append([None, None, None, None])
    book.active.append(["gut", "viele", None, None])
    book.create_sheet().append(["Nachricht"])
    book.worksheets[1].append(["'=zwei"])
    book.create_sheet()
    book.save(tmp_path / "x.xlsx")
    manner = Manner(mapping=mapping_from(["text=Nachricht,likes=Likes,posted_at=Datum"]), habit=Habit(BERLIN))
    with pytest.raises(UsageError, match="there is no column 'Likes'"):
        list(read(str(tmp_path / "x.xlsx"), manner))
    book.worksheets[1].append([])
    del book["Sheet1"]
    book.save(tmp_path / "x.xlsx")
    first, bad = read(str(tmp_path / "x.xlsx"), manner)
    assert isinstance(first, Row)
    assert (first.text, first.likes, first.parent) == ("kaputt", 5, "41234567")
    assert first.posted_at == NOON.replace(hour=11)
    assert bad == Unreadable(4, "is not a post: likes: 'viele' is no whole number")


@pytest.mark.parametrize("kind", ["plain", "jsonl", "xlsx"])
def test_memory_does_not_grow_with_the_file(kind: str, tmp_path: Path) -> None:
    def peak(number: int) -> int:
        said = mention(text="Mein Lesegerät geht nicht " * 60, url=None)
        path = written(tmp_path / "x", kind, [said] * number)
        tracemalloc.start()
        assert sum(isinstance(row, Row) for row in read(str(path), Manner())) == number
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(2_000) < 1.3 * peak(500) + 500_000


def test_an_id_of_ours_names_its_network_where_no_column_does(tmp_path: Path) -> None:
    stream = io.StringIO(newline="")
    output = CsvOutput(stream, columns=["id", "text"])
    output.show(Change("new", mention(id="at://did:plc:x/1")))
    path = tmp_path / "x.csv"
    path.write_text(stream.getvalue(), encoding="utf-8")
    [row] = read(str(path), Manner())
    assert isinstance(row, Row)
    assert (row.post().platform, row.post().id) == ("bluesky", "at://did:plc:x/1")
