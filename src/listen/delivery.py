"""Mentions from the store into a file: whole or not at all, and marked as delivered only when it is on disk."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import msgspec

from listen.errors import OutputError, UsageError
from listen.mention import Change
from listen.outputs.csv import CsvOutput
from listen.outputs.jsonl import JsonlOutput
from listen.outputs.output import Output
from listen.selection import Selection
from listen.store import Store


class Delivery(msgspec.Struct, frozen=True):
    """What is delivered: a selection of mentions; with `name` only those which that export has not had yet."""

    selection: Selection
    name: str | None = None


class Form(msgspec.Struct, frozen=True):
    """How it is written: `csv` or `jsonl`, and for CSV its style, columns and delimiter."""

    kind: str = "csv"
    style: str = "plain"
    columns: tuple[str, ...] = ()
    delimiter: str | None = None


def deliver(store: Store, delivery: Delivery, form: Form, file: str | None, *, append: bool = False) -> int:
    """Write the delivery to `file` or stdout; returns how many mentions. Raises OutputError, UsageError.

    The export's mark moves last, so that a crash before delivers again rather than never.
    """
    path = Path(file) if file else None
    with _written(path, form, append=append) as (stream, continued):
        output = _output(stream, form, continued=continued)
        count, last = _pour(store, delivery, output)
        output.close()
    if delivery.name is not None and last:
        store.deliver(delivery.name, last)
    return count


def _pour(store: Store, delivery: Delivery, output: Output) -> tuple[int, int]:
    after = store.delivered(delivery.name) if delivery.name is not None else 0
    count, last = 0, 0
    for number, mention in store.mentions(delivery.selection, after=after):
        output.show(Change("new", mention))
        count, last = count + 1, number
    return count, last


def _output(stream: TextIO, form: Form, *, continued: bool) -> Output:
    if form.kind == "jsonl":
        return JsonlOutput(stream)
    return CsvOutput(
        stream, columns=form.columns or None, delimiter=form.delimiter, style=form.style, header=not continued
    )


@contextlib.contextmanager
def _written(path: Path | None, form: Form, *, append: bool) -> Iterator[tuple[TextIO, bool]]:
    """The stream to write into, and whether it goes on after earlier rows."""
    if path is None:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="", errors="replace")
        yield sys.stdout, False
        sys.stdout.flush()
        return
    try:
        if append and path.exists() and path.stat().st_size:
            _same_columns(path, form)
            yield from _appended(path)
        else:
            yield from _replaced(path)
    except OSError as problem:
        raise OutputError(f"{path}: cannot be written: {(problem.strerror or str(problem)).lower()}") from problem


def _appended(path: Path) -> Iterator[tuple[TextIO, bool]]:
    """Add to the file; if that fails half-way the file is cut back to what it was."""
    size = path.stat().st_size
    with path.open("a", encoding="utf-8", newline="") as stream:
        try:
            yield stream, True
            stream.flush()
            os.fsync(stream.fileno())
        except BaseException:
            stream.truncate(size)
            raise


def _replaced(path: Path) -> Iterator[tuple[TextIO, bool]]:
    """Write beside the file and rename over it; if that fails the old file stays as it was."""
    if path.is_char_device() or path.is_fifo():
        with path.open("w", encoding="utf-8", newline="") as stream:
            yield stream, False
        return
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with open(handle, "w", encoding="utf-8", newline="") as stream:  # noqa: PTH123  a descriptor, not a path
            yield stream, False
            stream.flush()
            os.fsync(stream.fileno())
        Path(beside).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _same_columns(path: Path, form: Form) -> None:
    if form.kind == "jsonl":
        return
    from listen.outputs.csv import header_line

    with path.open(encoding="utf-8-sig", newline="") as stream:
        first = stream.readline().rstrip("\r\n")
    if first != header_line(form.columns or None, form.delimiter, form.style):
        raise UsageError(f"{path} has other columns; name another file, or the --columns and --for it was made with")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
