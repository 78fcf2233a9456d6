"""Mentions as Parquet: typed columns, lists as lists; docs/csv.md describes it.

Memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, TextIO

from listen.mention import Change
from listen.outputs.csv import known_columns
from listen.outputs.output import StreamOutput
from listen.outputs.stream import writing
from listen.outputs.typed import missing, type_of, values
from listen.plain import wellformed

if TYPE_CHECKING:
    from pyarrow import Schema

GROUP = 10_000  # rows that are written at a time
_WEIGHT = 20_000_000  # characters of texts that are held at most before that


class ParquetOutput(StreamOutput):
    """Writes a row for each new or edited mention, and with `changes` what `CsvOutput` does; it is there when closed.

    `stream` is a file's; the table goes into its buffer. `columns` are keys of `mention.record`, by default all.
    Times are moments, whatever `zone` they are shown in. Raises UsageError.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        columns: Sequence[str] | None = None,
        zone: tzinfo | None = None,
        changes: bool = False,
    ) -> None:
        super().__init__(stream)
        self._changes = changes
        self._columns = known_columns(columns, changes=changes)
        self._schema = _schema(self._columns, str(zone or "UTC"))
        from pyarrow.parquet import ParquetWriter

        with writing(stream):
            self._table = ParquetWriter(stream.buffer, self._schema)
        self._rows: list[list[object]] = []
        self._weight = 0

    def show(self, change: Change) -> None:
        if change.kind == "withdrawn" and not self._changes:
            return
        row = [_legal(value) for value in values(change, self._columns)]
        self._rows.append(row)
        self._weight += sum(len(value) for value in row if isinstance(value, str))
        if len(self._rows) >= GROUP or self._weight >= _WEIGHT:
            self._write()

    def flush(self) -> None:
        """Nothing is out before a group of rows is full."""

    def close(self) -> None:
        self._write()
        with writing(self.stream):
            self._table.close()
        super().flush()

    def _write(self) -> None:
        from pyarrow import Table, array

        if not self._rows:
            return
        columns = zip(*self._rows, strict=True)
        filled = [array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        with writing(self.stream):
            self._table.write_table(Table.from_arrays(filled, schema=self._schema))
        self._rows, self._weight = [], 0


def _schema(columns: Sequence[str], zone: str) -> Schema:
    try:
        import pyarrow
    except ImportError as problem:
        raise missing("pyarrow", "parquet") from problem
    types: dict[str, Any] = {
        "text": pyarrow.string(),
        "whole": pyarrow.int64(),
        "number": pyarrow.float64(),
        "moment": pyarrow.timestamp("us", tz=zone),
        "list": pyarrow.list_(pyarrow.string()),
    }
    return pyarrow.schema([(name, types[type_of(name)]) for name in columns])


def _legal(value: object) -> object:
    """The value without half characters, which UTF-8 cannot hold."""
    if isinstance(value, str):
        return wellformed(value)
    return [wellformed(text) for text in value] if isinstance(value, list) else value
