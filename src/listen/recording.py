"""Recorded posts read back from files: JSONL with a mention's keys, Jetstream frames, our own CSV exports.

Files are read line by line; memory does not grow with their size. A line that cannot be read is handed on as
`Unreadable`, with its number and the reason, and the next one is read.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any, Self, TypeVar

import msgspec

from listen.errors import RecordingError
from listen.outputs.cells import restored
from listen.post import Event
from listen.recorded import LINE_LIMIT, Recorded, problem_of
from listen.source import Interest

T = TypeVar("T")

_PIECE = 100_000  # characters of such a line that are in memory at once
_EVERYTHING = Interest(queries=())


class Unreadable(msgspec.Struct, frozen=True):
    """A line that holds no post; numbers begin at 1."""

    line: int
    problem: str


class _Frame(msgspec.Struct, frozen=True):
    """What tells a frame of Jetstream: its author's DID, and its time in microseconds."""

    did: str
    time_us: int


def read(path: str) -> Iterator[Event | Unreadable]:
    """The events of one file (`-` is stdin), in order. Raises RecordingError if it cannot be opened or read."""
    try:
        with _opened(path) as stream:
            lines = Lines(stream)
            yield from _of_csv(lines) if _is_csv_header(lines.first) else _of_lines(lines)
    except OSError as problem:
        raise RecordingError(f"{path}: cannot be read: {(problem.strerror or str(problem)).lower()}") from problem


def _opened(path: str) -> IO[str]:
    if path == "-":
        return open(sys.stdin.fileno(), encoding="utf-8", errors="replace", newline="", closefd=False)
    return Path(path).open(encoding="utf-8", errors="replace", newline="")


class Lines:
    """The lines of a file, `number` is the last one's; one that is too long is skipped, and told by csv.Error.

    That is the error which a CSV reader recovers from, too. `first` is the line that comes first.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.number = 0
        self.first = self._ahead = stream.readline(LINE_LIMIT + 1).removeprefix("\ufeff")

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line, self._ahead = self._ahead or self._stream.readline(LINE_LIMIT + 1), ""
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) <= LINE_LIMIT or line[-1] in "\r\n":
            return line
        while line and line[-1] not in "\r\n":
            line = self._stream.readline(_PIECE)
        raise csv.Error(f"is longer than {LINE_LIMIT:,} characters")


def each(lines: Lines, read: Callable[[int, str], Iterable[T]]) -> Iterator[T | Unreadable]:
    """What `read` makes of each line and its number. Blank lines are left out, one that is too long is unreadable."""
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except csv.Error as problem:
            yield Unreadable(lines.number, str(problem))
            continue
        if line.strip():
            yield from read(lines.number, line)


def _of_lines(lines: Lines) -> Iterator[Event | Unreadable]:
    return each(lines, partial(_of_line, msgspec.json.Decoder(Recorded)))


def _of_line(decoder: msgspec.json.Decoder[Recorded], number: int, line: str) -> Iterator[Event | Unreadable]:
    try:
        recorded = decoder.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as problem:
        if is_frame(line):
            yield from of_frame(line)
        else:
            yield Unreadable(number, problem_of(problem))
        return
    if recorded.text is not None or recorded.event == "delete" or recorded.is_withdrawn:
        yield recorded.happened()
    elif recorded.did is not None:
        yield from of_frame(line)
    else:
        yield Unreadable(number, "has no 'text'")


def is_frame(line: str) -> bool:
    """Whether the line is a frame of Jetstream, of whatever kind."""
    try:
        msgspec.json.decode(line, type=_Frame)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return False
    return True


def of_frame(line: str) -> Iterator[Event]:
    """What a frame of Jetstream says; those that are not about posts say nothing."""
    from listen.platforms.bluesky import events_of

    event = events_of(line, _EVERYTHING)
    if event is not None:
        yield event


def _is_csv_header(line: str) -> bool:
    if len(line) > LINE_LIMIT:
        return False
    columns = [name.strip().strip('"') for name in line.replace(";", ",").replace("\t", ",").split(",")]
    return "text" in columns and not line.lstrip().startswith("{")


def _of_csv(lines: Lines) -> Iterator[Event | Unreadable]:
    csv.field_size_limit(LINE_LIMIT)
    header = next(lines)
    delimiter = max(",;\t", key=header.count)
    names = next(csv.reader([header], delimiter=delimiter))
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            yield Unreadable(lines.number, str(problem))
            continue
        if row:
            yield _of_row(lines.number, dict(zip(names, row, strict=False)), delimiter)


def _of_row(number: int, row: dict[str, str], delimiter: str) -> Event | Unreadable:
    cells: dict[str, Any] = {name: restored(cell) for name, cell in row.items() if cell != ""}
    if "hashtags" in cells:
        cells["hashtags"] = cells["hashtags"].split(" | ")
    if "rating" in cells and delimiter == ";":
        cells["rating"] = cells["rating"].replace(",", ".")
    cells.setdefault("text", "")
    try:
        return msgspec.convert(cells, Recorded, strict=False).happened()
    except msgspec.ValidationError as problem:
        return Unreadable(number, problem_of(problem))
