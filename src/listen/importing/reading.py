"""Files for import, row by row: JSONL (also frames of Jetstream), CSV of any separator and the usual encodings, XLSX.

Read as streams, so that memory does not grow with their size (a workbook takes some 130 bytes a row, and a kilobyte for
each of its links, of which a sheet has 65,530 at most). A row that cannot be read is handed on as `Unreadable`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import IO, Any

import msgspec

from listen.errors import RecordingError, UsageError
from listen.importing.cells import Habit, value_of
from listen.importing.columns import Column, columns_of, delimiter_of, header_cells, said_delimiter
from listen.importing.row import Row, rows_of
from listen.recorded import LINE_LIMIT, problem_of
from listen.recording import Lines, Unreadable, each, is_frame, of_frame

_LOOK = 1_000_000  # bytes by which the encoding is told
_CARE = ("status", "owner", "note", "answered_at")
_OUR_ID = re.compile(r"([a-z][\w-]*):(.+)", re.DOTALL)


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How files are written, as far as the user says; None is to be found out. `mapping` is ours to theirs."""

    mapping: Mapping[str, str] = {}
    delimiter: str | None = None
    encoding: str | None = None
    habit: Habit = Habit()


def read(path: str, manner: Manner) -> Iterator[Row | Unreadable]:
    """The rows of one file (`-` is stdin), in order.

    Raises RecordingError if it cannot be opened or read, UsageError if its columns are not those that were named.
    """
    try:
        with _opened(path) as file:
            start = file.peek(_LOOK)[:_LOOK]
            if start.startswith(b"PK\x03\x04"):
                yield from _of_workbook(file, path, manner)
                return
            if start.startswith(b"PAR1"):
                raise RecordingError(f"{path}: is Parquet, which is not read here; export CSV, JSONL or XLSX")
            encoding = manner.encoding or encoding_of(start)
            with io.TextIOWrapper(file, encoding=encoding, errors=FALLBACK, newline="") as stream:
                yield from _of_text(Lines(stream), path, manner)
    except OSError as problem:
        raise RecordingError(f"{path}: cannot be read: {(problem.strerror or str(problem)).lower()}") from problem


def _opened(path: str) -> io.BufferedReader:
    raw = io.FileIO(sys.stdin.fileno(), closefd=False) if path == "-" else io.FileIO(path)
    return io.BufferedReader(raw, _LOOK)


def encoding_of(start: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or else what Windows writes in Western Europe."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def known_encoding(name: str) -> str:
    """The name, if it is an encoding of texts. Raises UsageError."""
    try:
        b"a".decode(name)
    except (LookupError, UnicodeError) as problem:
        raise UsageError(f"--encoding: there is no {name!r}; write utf-8, cp1252, latin-1 or the like") from problem
    return name


def _mend(problem: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 far down in a file that seemed to be: as Windows would read them."""
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    piece = problem.object[problem.start : problem.end]
    return piece.decode("cp1252", "replace") if problem.encoding == "utf-8" else "\ufffd", problem.end


FALLBACK = "listen.cp1252"
codecs.register_error(FALLBACK, _mend)


def _of_text(lines: Lines, path: str, manner: Manner) -> Iterator[Row | Unreadable]:
    if len(lines.first) > LINE_LIMIT:
        raise RecordingError(f"{path}: is neither CSV nor JSONL")
    if lines.first.lstrip().startswith("{"):
        yield from each(lines, partial(_of_line, msgspec.json.Decoder(Row)))
    elif lines.first:
        yield from _of_csv(lines, path, manner)


def _of_line(decoder: msgspec.json.Decoder[Row], number: int, line: str) -> Iterator[Row | Unreadable]:
    try:
        row = decoder.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as problem:
        if is_frame(line):
            for event in of_frame(line):
                yield from rows_of(event)
        else:
            yield Unreadable(number, problem_of(problem))
        return
    if row.event == "delete":
        yield Unreadable(number, "takes a post back, which 'listen replay' reads")
    elif row.text is None and not row.is_withdrawn:
        yield Unreadable(number, "has no 'text'")
    else:
        yield row


def _of_csv(lines: Lines, path: str, manner: Manner) -> Iterator[Row | Unreadable]:
    csv.field_size_limit(LINE_LIMIT)
    header = next(lines)
    delimiter = manner.delimiter
    if told := said_delimiter(header):
        header, delimiter = next(lines, ""), delimiter or told
    delimiter = delimiter or delimiter_of(header, manner.mapping)
    columns = columns_of(header_cells(header, delimiter), manner.mapping, path)
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        begin = lines.number + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            yield Unreadable(begin, str(problem))
            continue
        if any(cells):
            yield row_of(begin, cells, columns, manner.habit)


def row_of(number: int, cells: Sequence[object], columns: Sequence[Column], habit: Habit) -> Row | Unreadable:
    """The row of these cells. Cells beyond the last column are left alone: spreadsheets leave some, empty or not."""
    told: dict[str, Any] = {}
    try:
        for column in columns:
            if column.place < len(cells):
                told[column.name] = value_of(column.name, cells[column.place], habit, ours=column.ours)
            elif column.name in _CARE:
                told[column.name] = None
        return msgspec.convert(_identified(told, columns), Row)
    except msgspec.ValidationError as problem:
        return Unreadable(number, problem_of(problem))
    except ValueError as problem:
        return Unreadable(number, f"is not a post: {problem}")


def _identified(told: dict[str, Any], columns: Sequence[Column]) -> dict[str, Any]:
    """Only what is told; the network that stands in an id of ours, if there is no column for it."""
    kept = {name: value for name, value in told.items() if value is not None or name in _CARE}
    if not (kept.get("text") or kept.get("title") or kept.get("id")):
        raise ValueError("it has neither text nor title")
    kept.setdefault("text", "")
    ours = any(column.name == "id" and column.ours for column in columns)
    if ours and "platform" not in told and (found := _OUR_ID.fullmatch(kept.get("id", ""))):
        kept |= {"platform": found[1], "id": found[2]}
    return kept


def _of_workbook(file: IO[bytes], path: str, manner: Manner) -> Iterator[Row | Unreadable]:
    from listen.importing.workbook import sheets

    if path == "-":
        raise RecordingError("stdin is a workbook, which cannot be read from a pipe; name the file")
    for sheet in sheets(file, path, manner.mapping, manner.habit):
        for number, cells in sheet.rows:
            yield row_of(number, cells, sheet.columns, sheet.habit)
