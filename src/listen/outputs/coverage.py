"""The coverage ledger as CSV: what was heard of each source, and what was not. docs/csv.md describes the columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import tzinfo
from typing import TextIO

from listen.coverage import Stretch
from listen.outputs.cells import moment_cell
from listen.outputs.csv import style_named, text_cell
from listen.outputs.stream import writing

COLUMNS = ("platform", "source", "from", "to", "state", "why", "detail")

Line = tuple[str, str, Stretch]  # platform, source, and a stretch of its timeline


def write_coverage(
    stream: TextIO,
    lines: Iterable[Line],
    *,
    style: str = "plain",
    delimiter: str | None = None,
    zone: tzinfo | None = None,
) -> None:
    """A header, then a row for each stretch; `style`, `delimiter` and `zone` as for mentions.

    Raises OutputError, UsageError.
    """
    kind = style_named(style)
    rows = csv.writer(stream, delimiter=delimiter or kind.delimiter, lineterminator="\r\n")
    with writing(stream):
        stream.write(kind.mark)
        rows.writerow(COLUMNS)
        for platform, source, stretch in lines:
            times = [moment_cell(time, zone, bare=kind.guarded) for time in (stretch.since, stretch.until)]
            names, told = (platform, source), (stretch.kind, stretch.reason or "", stretch.detail)
            rows.writerow(
                [*(text_cell(cell, kind) for cell in names), *times, *(text_cell(cell, kind) for cell in told)]
            )
