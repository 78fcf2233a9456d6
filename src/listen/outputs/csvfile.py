"""CSV files of ours that are gone on with: whether they have the same columns, and where their last whole row ends."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import IO, Self

from listen.errors import UsageError
from listen.outputs.cells import MOMENTS
from listen.outputs.csv import columns, header_line, known_columns, style_named

_LONGEST = 20_000_000  # bytes of a row; the longest posts have some megabytes
_LOOK = 100  # rows in which a time is looked for: of what was withdrawn none is told
_ID = re.compile(r"[\w-]+:")


def refuse_other_columns(
    path: Path,
    chosen: Sequence[str] | None = None,
    delimiter: str | None = None,
    style: str = "plain",
    *,
    changes: bool = False,
) -> None:
    """Raises UsageError unless the file begins with that header, or with what a crash left of it; OSError."""
    header = header_line(chosen, delimiter, style, changes=changes)
    mark = style_named(style).mark
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        first = stream.readline(len(mark + header) + 2)
    same = first.rstrip("\r\n") == mark + header
    if not same and (first.endswith("\n") or not (mark + header).startswith(first)):
        raise UsageError(
            f"{path} has other columns, or is for other readers; name another file, or the --columns, --for and "
            "--delimiter that it was made with"
        )


def refuse_other_times(path: Path, chosen: Sequence[str] | None, delimiter: str, zone: tzinfo | None) -> None:
    """Raises UsageError if the first time in the file is not written as in that zone (None: UTC); OSError.

    Times for spreadsheets do not tell their zone, only that they have one: those of two zones are not told apart.
    """
    places = [place for place, name in enumerate(known_columns(chosen)) if name in MOMENTS]
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        stream.readline()
        rows = islice(csv.reader(stream, delimiter=delimiter), _LOOK)
        times: Iterator[str] = (row[place] for row in rows for place in places if place < len(row) and row[place])
        with suppress(csv.Error, ValueError, OverflowError):  # what is damaged is told elsewhere
            first = next(times, None)
            if first is not None and not _is_of(first, zone):
                raise UsageError(
                    f"{path} has times of another zone ({first}); name another file, or the --tz that it was made with"
                )


def _is_of(cell: str, zone: tzinfo | None) -> bool:
    """Whether a time is written as in the zone. Raises ValueError for what is no time."""
    moment = datetime.fromisoformat(cell)
    offset = moment.utcoffset()
    return zone is not None if offset is None else offset == moment.astimezone(zone or UTC).utcoffset()


def complete_rows(file: IO[bytes], delimiter: str = ",") -> int:
    """How many bytes of the file are complete rows; walked from the beginning, as a line end in quotes ends none.

    Raises UsageError where more would be lost than the one row that a crash cut.
    """
    csv.field_size_limit(_LONGEST)
    lines = _Lines(file)
    end = 0
    with suppress(csv.Error):
        for _ in csv.reader(lines, delimiter=_one_byte(delimiter)):
            if not lines.over:
                end = lines.ended
    file.seek(end)
    rest = file.read(_LONGEST)
    if file.read(1) or any(map(_is_row, rest.decode("latin-1").splitlines()[1:])):
        raise UsageError(f"{file.name} is damaged after byte {end:,}; name another file, or mend the row there")
    return end


def is_whole_row(row: bytes, width: int, delimiter: str = ",") -> bool:
    """Whether a row without a line end has all its cells."""
    try:
        rows = list(csv.reader([row.decode("latin-1").rstrip("\r")], delimiter=_one_byte(delimiter), strict=True))
    except csv.Error:  # a quote that is never closed
        return False
    return len(rows) == 1 and len(rows[0]) == width


def _is_row(line: str) -> bool:
    """Whether the line is a row of ours by itself, swallowed by an earlier one whose quote was never closed."""
    with suppress(csv.Error):
        return bool(_ID.match(line)) and any(len(row) == len(columns()) for row in csv.reader([line]))
    return False


def _one_byte(delimiter: str) -> str:
    """The delimiter in what is read as latin-1; the last byte of one that is several."""
    return delimiter.encode()[-1:].decode("latin-1")


class _Lines:
    """Lines for a CSV reader. `ended` is where the last one ended, `over` whether there is no other whole one."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.ended, self.over = 0, False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._file.readline(_LONGEST)
        self.over = not line.endswith(b"\n")
        if not line:
            raise StopIteration
        self.ended += len(line)
        return line.decode("latin-1")  # a character for each byte; only quotes, commas and line ends count
