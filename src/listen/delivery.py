"""Mentions from the store into a file: whole or not at all, and remembered as delivered only when it is on disk.

What a kill leaves behind, step by step: docs/cron.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import timedelta, tzinfo
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol, TextIO

import msgspec

from listen.mention import Change, Mention
from listen.outputs.adding import cut_back, is_object, mend_end, refuse_no_objects, tail_of
from listen.outputs.csv import CsvOutput, header_line, style_named
from listen.outputs.csvfile import complete_rows, is_whole_row, refuse_other_columns, refuse_other_times
from listen.outputs.files import appended, complete_lines, replaced, stdout
from listen.outputs.jsonl import JsonlOutput
from listen.outputs.output import Output
from listen.outputs.parquet import ParquetOutput
from listen.outputs.stream import named
from listen.outputs.turns import alone, beside
from listen.outputs.xlsx import XlsxOutput
from listen.selection import Selection
from listen.store import Extent, Store

PATIENCE = timedelta(minutes=1)  # with another run of the same export, or on the same file


class Delivery(msgspec.Struct, frozen=True):
    """What is delivered: a selection of mentions; with `name` only those which that export has not had yet.

    With `changes` also what has happened to those that it has had. `veil` is what each becomes before it is written.
    """

    selection: Selection
    name: str | None = None
    changes: bool = False
    veil: Callable[[Mention], Mention] | None = None


class Form(msgspec.Struct, frozen=True):
    """How it is written: `csv`, `jsonl`, `xlsx` or `parquet`. Columns and zone shape tables, the others CSV alone."""

    kind: str = "csv"
    style: str = "plain"
    columns: tuple[str, ...] = ()
    delimiter: str | None = None
    fold: bool = False
    zone: tzinfo | None = None


class Way(msgspec.Struct, frozen=True):
    """Where it goes: a file, or stdout if there is none; `append` adds to the file.

    With `fail_empty` nothing is written if there is nothing to deliver; `patience` is how long others are waited for.
    """

    file: Path | None = None
    append: bool = False
    fail_empty: bool = False
    patience: timedelta = PATIENCE


class _Pending(Protocol):
    def __iter__(self) -> Iterator[Change]: ...

    def remember(self, added: Extent | None = None) -> None: ...


def deliver(store: Store, delivery: Delivery, form: Form, way: Way) -> int:
    """Write what is to be delivered; returns how many rows. Raises OutputError, UsageError.

    What was delivered is remembered last, so that a crash before delivers again rather than never.
    """
    with ExitStack() as turn:
        for lock, what in _locks(store, delivery, way.file):
            turn.enter_context(alone(lock, what, way.patience))
        pending = turn.enter_context(_pending(store, delivery))
        changes = iter(pending)
        first = next(changes, None)
        if first is None and way.fail_empty:
            return 0
        everything = _veiled(chain(() if first is None else (first,), changes), delivery.veil)
        if way.file is not None and way.append and _can_be_added_to(way.file):
            written, added = _add(store, way.file, form, everything, told=delivery.changes)
        else:
            with nullcontext(stdout()) if way.file is None else replaced(way.file) as stream:
                written, added = _pour(everything, _output(stream, form, told=delivery.changes)), None
        pending.remember(added)
    return written


def _veiled(changes: Iterable[Change], veil: Callable[[Mention], Mention] | None) -> Iterable[Change]:
    """Each as it may be passed on; also what was withdrawn, so that it has the id under which it was delivered."""
    return changes if veil is None else (Change(change.kind, veil(change.mention)) for change in changes)


class _Everything:
    """Mentions for nobody by name: only the file that they were added to is remembered."""

    def __init__(self, store: Store, selection: Selection) -> None:
        self._store, self._selection = store, selection

    def __iter__(self) -> Iterator[Change]:
        return (Change("new", mention) for _, mention in self._store.mentions(self._selection))

    def remember(self, added: Extent | None = None) -> None:
        if added is not None:
            self._store.append(added)


def _pending(store: Store, delivery: Delivery) -> AbstractContextManager[_Pending]:
    if delivery.name is None:
        return nullcontext(_Everything(store, delivery.selection))
    return store.delivering(delivery.name, delivery.selection, changes=delivery.changes)


def _locks(store: Store, delivery: Delivery, file: Path | None) -> Iterator[tuple[Path, str]]:
    """One run at a time for each name, and one for each file, always in this order."""
    if delivery.name is not None and store.path != ":memory:":
        digest = hashlib.sha256(delivery.name.encode(errors="replace")).hexdigest()[:12]
        yield Path(f"{store.path}.{digest}.lock"), f"export {delivery.name!r}"
    if file is not None and _can_be_added_to(file):
        yield beside(file), str(file)


def _can_be_added_to(path: Path) -> bool:
    """Pipes and devices are written as they are."""
    return path.is_file() or not path.exists()


def _add(store: Store, path: Path, form: Form, changes: Iterable[Change], *, told: bool) -> tuple[int, Extent]:
    """Add to the end of the file, which begins with its header if it is not there; what it is like afterwards."""
    file = str(path.resolve())
    with named(path):
        if path.exists():
            _mend(path, store.appended(file), form, told=told)
        if not path.exists() or path.stat().st_size == 0:
            with replaced(path) as stream:
                _output(stream, form, told=told).close()
    with appended(path) as stream:
        written = _pour(changes, _output(stream, form, told=told, header=False))
        with named(path):
            # From here on a kill leaves more in the file than counts; the next run cuts it off.
            store.append(_extent(path, file, writing=True))
    with named(path):
        return written, _extent(path, file)


def _mend(path: Path, known: Extent | None, form: Form, *, told: bool) -> None:
    """Have the file end with a whole record of the same form. Raises UsageError if it cannot."""
    delimiter = form.delimiter or style_named(form.style).delimiter
    if known is not None and known.writing:
        cut_back(path, known.length, known.tail)
    if form.kind == "jsonl":
        refuse_no_objects(path)
    else:
        refuse_other_columns(path, form.columns or None, form.delimiter, form.style, changes=told)
        refuse_other_times(path, form.columns or None, delimiter, form.zone)
    if known is not None and _extent(path, known.file) == msgspec.structs.replace(known, writing=False):
        return
    if form.kind == "jsonl":
        mend_end(path, complete_lines, is_object)
        return
    width = header_line(form.columns or None, delimiter, form.style, changes=told).count(delimiter) + 1
    mend_end(path, partial(complete_rows, delimiter=delimiter), partial(is_whole_row, width=width, delimiter=delimiter))


def _extent(path: Path, file: str, *, writing: bool = False) -> Extent:
    length = path.stat().st_size
    return Extent(file, length, tail_of(path, length), writing)


def _pour(changes: Iterable[Change], output: Output) -> int:
    written = output.show_all(changes)
    output.close()  # a table that broke off is not to be finished
    return written


def _output(stream: TextIO, form: Form, *, told: bool, header: bool = True) -> Output:
    if form.kind == "jsonl":
        return JsonlOutput(stream, changes=told)
    columns = form.columns or None
    if form.kind == "xlsx":
        return XlsxOutput(stream, columns=columns, zone=form.zone, changes=told)
    if form.kind == "parquet":
        return ParquetOutput(stream, columns=columns, zone=form.zone, changes=told)
    return CsvOutput(
        stream,
        columns=columns,
        delimiter=form.delimiter,
        style=form.style,
        header=header,
        fold=form.fold,
        zone=form.zone,
        changes=told,
    )
