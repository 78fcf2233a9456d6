"""Labelled texts from a CSV file: columns `text` and `label`, and if wanted `lang`, `role`, `rating`.

Commas, semicolons or tabs between the cells, UTF-8. A file is read text by text, so its size does not matter.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import IO, get_args

from listen.errors import TeachingError
from listen.judge.taught import Labelled
from listen.mention import Flag, Role

LINE_LIMIT = 10_000_000  # bytes of one line
FLAGS: tuple[Flag, ...] = get_args(Flag)
REST = "other"  # beside the flags, what files with two labels call everything else
_ROLES: tuple[Role, ...] = get_args(Role)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read(path: str, *, rest: bool = False) -> Iterator[Labelled]:
    """The labelled texts of a file (`-` is stdin), in order; with `rest` the label `other` counts as `none`.

    Raises TeachingError, with the line that is wrong.
    """
    name = "stdin" if path == "-" else Path(path).name
    try:
        with _opened(path) as file:
            yield from _labelled(_lines(file, name), name, rest=rest)
    except OSError as problem:
        raise TeachingError(f"{path}: cannot be read: {(problem.strerror or str(problem)).lower()}") from problem


def _opened(path: str) -> IO[bytes]:
    return open(sys.stdin.fileno(), "rb", closefd=False) if path == "-" else Path(path).open("rb")


def _lines(file: IO[bytes], name: str) -> Iterator[str]:
    number = 0
    while line := file.readline(LINE_LIMIT + 1):
        number += 1
        if number == 1 and line.startswith(_UTF_16):
            raise TeachingError(f"{name}: is UTF-16; save it as CSV in UTF-8")
        if len(line) > LINE_LIMIT:
            raise TeachingError(f"{name}: line {number} is longer than {LINE_LIMIT:,} bytes; is it a CSV file?")
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as problem:
            raise TeachingError(f"{name}: line {number} is not UTF-8; save the file as CSV in UTF-8") from problem


def _labelled(lines: Iterator[str], name: str, *, rest: bool) -> Iterator[Labelled]:
    header = next(lines, "")
    if not header.strip():
        raise TeachingError(f"{name}: is empty; its first line has to name the columns: text,label")
    delimiter = max(",;\t", key=header.count)
    columns = _columns(next(csv.reader([header], delimiter=delimiter)), name)
    csv.field_size_limit(LINE_LIMIT)
    rows = csv.reader(lines, delimiter=delimiter)
    found = False
    while True:
        begin = rows.line_num + 2  # the header is a line, too
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as problem:
            raise TeachingError(f"{name}: line {begin}: {problem}; is a quotation mark missing?") from problem
        if row:
            found = True
            yield _of_row(row, columns, f"{name}: line {begin}", rest=rest)
    if not found:
        raise TeachingError(f"{name}: holds no texts, only the names of the columns")


def _columns(header: Sequence[str], name: str) -> list[str]:
    """The names of the columns in small letters. Others than those that are known are left alone."""
    columns = [column.strip().lower() for column in header]
    for needed in ("text", "label"):
        if columns.count(needed) != 1:
            problem = "twice" if needed in columns else "not there"
            there = ", ".join(map(repr, header))
            raise TeachingError(f"{name}: line 1: the column {needed!r} is {problem}; the columns are {there}")
    return columns


def _of_row(row: Sequence[str], columns: Sequence[str], where: str, *, rest: bool) -> Labelled:
    if len(row) != len(columns):
        raise TeachingError(
            f"{where}: has {len(row)} cells and not {len(columns)}; put texts that hold a separator in quotation marks"
        )
    cells = dict(zip(columns, row, strict=True))
    return Labelled(
        text=cells["text"],
        label=_label(cells["label"], where, rest=rest),
        lang=cells.get("lang", "").strip().lower() or None,
        role=_role(cells.get("role", ""), where),
        rating=_rating(cells.get("rating", ""), where),
    )


def _label(cell: str, where: str, *, rest: bool) -> Flag:
    label = cell.strip().lower()
    if rest and label == REST:
        return "none"
    for flag in FLAGS:
        if label == flag:
            return flag
    near = get_close_matches(label, FLAGS, n=1)
    advice = f"did you mean {near[0]!r}?" if near else f"it may be {', '.join(FLAGS)}"
    if label == REST:
        advice = "call it 'none', or judge one flag against the rest with --binary"
    raise TeachingError(f"{where}: there is no label {cell[:40]!r}; {advice}")


def _role(cell: str, where: str) -> Role:
    named = cell.strip().lower()
    for role in _ROLES:
        if named == role:
            return role
    if named:
        raise TeachingError(f"{where}: there is no role {cell[:40]!r}; it may be {', '.join(_ROLES)}, or empty")
    return "own"


def _rating(cell: str, where: str) -> float | None:
    if not cell.strip():
        return None
    try:
        rating = float(cell.replace(",", "."))
    except ValueError:
        rating = 0.0
    if not 1 <= rating <= 5:
        raise TeachingError(f"{where}: the rating {cell[:40]!r} is not a number of stars from 1 to 5; leave it empty")
    return rating
