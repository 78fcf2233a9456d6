"""Mentions from the store into a file: whole or not at all, and remembered as delivered only when it is on disk."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import tzinfo
from pathlib import Path
from typing import TextIO

import msgspec

from listen.mention import Change, Mention
from listen.outputs.csv import CsvOutput
from listen.outputs.csvfile import refuse_other_columns
from listen.outputs.files import appended, replaced, stdout
from listen.outputs.jsonl import JsonlOutput
from listen.outputs.output import Output
from listen.outputs.parquet import ParquetOutput
from listen.outputs.stream import named
from listen.outputs.xlsx import XlsxOutput
from listen.selection import Selection
from listen.store import Store


class Delivery(msgspec.Struct, frozen=True):
    """What is delivered: a selection of mentions; with `name` only those which that export has not had yet.

    `veil` is what each becomes before it is written.
    """

    selection: Selection
    name: str | None = None
    veil: Callable[[Mention], Mention] | None = None


class Form(msgspec.Struct, frozen=True):
    """How it is written: `csv`, `jsonl`, `xlsx` or `parquet`. Columns and zone shape tables, the others CSV alone."""

    kind: str = "csv"
    style: str = "plain"
    columns: tuple[str, ...] = ()
    delimiter: str | None = None
    fold: bool = False
    zone: tzinfo | None = None


def deliver(store: Store, delivery: Delivery, form: Form, file: str | None, *, append: bool = False) -> int:
    """Write the delivery to `file` or stdout; returns how many mentions. Raises OutputError, UsageError.

    What was delivered is remembered last, so that a crash before delivers again rather than never.
    """
    with _written(Path(file) if file else None, form, append=append) as (stream, going_on):
        output = _output(stream, form, header=not going_on)
        numbers = list(_pour(store, delivery, output))
        output.close()
    if delivery.name is not None:
        store.deliver(delivery.name, numbers)
    return len(numbers)


def _pour(store: Store, delivery: Delivery, output: Output) -> Iterator[int]:
    for number, mention in store.mentions(delivery.selection, undelivered=delivery.name):
        output.show(Change("new", mention if delivery.veil is None else delivery.veil(mention)))
        yield number


def _output(stream: TextIO, form: Form, *, header: bool) -> Output:
    if form.kind == "jsonl":
        return JsonlOutput(stream)
    columns = form.columns or None
    if form.kind == "xlsx":
        return XlsxOutput(stream, columns=columns, zone=form.zone)
    if form.kind == "parquet":
        return ParquetOutput(stream, columns=columns, zone=form.zone)
    return CsvOutput(
        stream,
        columns=columns,
        delimiter=form.delimiter,
        style=form.style,
        header=header,
        fold=form.fold,
        zone=form.zone,
    )


@contextlib.contextmanager
def _written(path: Path | None, form: Form, *, append: bool) -> Iterator[tuple[TextIO, bool]]:
    """The stream to write into, and whether it goes on after earlier rows."""
    if path is None:
        yield stdout(), False
        return
    with named(path):
        going_on = append and path.is_file() and path.stat().st_size > 0
        if going_on and form.kind == "csv":
            refuse_other_columns(path, form.columns or None, form.delimiter, form.style)
    with appended(path) if going_on else replaced(path) as stream:
        yield stream, going_on
