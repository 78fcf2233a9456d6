"""Mentions as an Excel workbook: typed cells, a frozen header with filters, links that open; docs/csv.md describes it.

Rows go through a temporary file, so that memory does not grow with them (some 65,000 links aside).
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from listen.errors import OutputError
from listen.mention import Change
from listen.outputs.cells import BETWEEN, CELL_LIMIT, cut, moment_cell
from listen.outputs.csv import known_columns
from listen.outputs.output import StreamOutput
from listen.outputs.stream import writing
from listen.outputs.typed import missing, type_of, values
from listen.plain import wellformed

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

LINKS = 65_530  # that a sheet may have, says Excel
LINK_LIMIT = 2_079  # characters of an address
ROWS = 1_048_576  # of a sheet, the header among them
ZONE = "listen.tz"  # the property that says whose times these are; `listen import` reads it

_FIRST_DATE = datetime(1900, 3, 1)  # noqa: DTZ001  bare, as all dates of Excel; it takes 1900 for a leap year
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # that XML 1.0 cannot hold
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_WIDTHS = {"text": 60, "title": 40, "url": 40, "id": 24, "note": 40, "why": 40}


class XlsxOutput(StreamOutput):
    """Writes a row for each new or edited mention, and with `changes` what `CsvOutput` does; it is there when closed.

    `stream` is a file's; the workbook goes into its buffer. `columns` are keys of `mention.record`, by default all.
    Times are of `zone`, or UTC. What goes beyond a sheet's last row goes into another sheet.
    Rows wait in `scratch`, by default the system's folder for temporary files. Raises UsageError.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        columns: Sequence[str] | None = None,
        zone: tzinfo | None = None,
        rows: int = ROWS,
        links: int = LINKS,
        changes: bool = False,
        scratch: Path | None = None,
    ) -> None:
        super().__init__(stream)
        self._changes = changes
        self._columns = known_columns(columns, changes=changes)
        self._zone = zone or UTC
        self._limit, self._most_links = rows, links
        self._sink = _Sink(stream.buffer)
        with writing(stream):
            self._book, folder = _workbook(self._sink, self._zone, scratch)
        self._gone = weakref.finalize(self, _let_go, self._book, folder)  # whatever happens, and only once
        self._dates = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._head = self._book.add_format({"bold": True})
        self._sheets = 0
        self._begin_sheet()

    def show(self, change: Change) -> None:
        if change.kind == "withdrawn" and not self._changes:
            return
        told = values(change, self._columns)
        with writing(self.stream):
            if self._row == self._limit:
                self._end_sheet()
                self._begin_sheet()
            for place, (name, value) in enumerate(zip(self._columns, told, strict=True)):
                self._write(place, name, value)
            self._row += 1

    def flush(self) -> None:
        """Nothing is out before all of it is."""

    def close(self) -> None:
        from xlsxwriter.exceptions import XlsxFileError

        self._end_sheet()
        try:
            with writing(self.stream):
                self._book.close()
                if self._sink.trouble is not None:
                    raise self._sink.trouble
        except XlsxFileError as problem:  # what went wrong with the temporary files
            reason = getattr(problem.args[0], "strerror", None) or str(problem)
            raise OutputError(f"{self.stream.name}: cannot be written: {reason.lower()}") from problem
        finally:
            self._gone()
        super().flush()

    def _write(self, place: int, name: str, value: object) -> None:
        if isinstance(value, list):
            value = BETWEEN.join(value)
        if isinstance(value, datetime):
            self._write_moment(place, value)
        elif isinstance(value, str) and value:
            self._write_text(place, _text(value), link=name in {"url", "author_url"})
        elif isinstance(value, int | float) and abs(value) < float("inf"):  # which no NaN is, either
            self._sheet.write_number(self._row, place, value)

    def _write_moment(self, place: int, moment: datetime) -> None:
        shown = moment_cell(moment, self._zone, bare=True)
        local = None if shown.endswith("Z") else datetime.fromisoformat(shown)
        if local is None or local < _FIRST_DATE:  # Excel has no such dates
            self._sheet.write_string(self._row, place, shown)
        else:
            self._sheet.write_datetime(self._row, place, local, self._dates)

    def _write_text(self, place: int, text: str, *, link: bool) -> None:
        if link and self._links < self._most_links and len(text) <= LINK_LIMIT and _WEB.fullmatch(text):
            self._links += 1
            self._sheet.write_url(self._row, place, text, string=text)
        else:
            self._sheet.write_string(self._row, place, text)

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._row, self._links = 1, 0
        self._sheet: Worksheet = self._book.add_worksheet("mentions" + (f" {self._sheets}" if self._sheets > 1 else ""))
        self._sheet.freeze_panes(1, 0)
        for place, name in enumerate(self._columns):
            self._sheet.set_column(place, place, _WIDTHS.get(name, 19 if type_of(name) == "moment" else 12))
        for place, name in enumerate(self._columns):
            self._sheet.write_string(0, place, name, self._head)

    def _end_sheet(self) -> None:
        self._sheet.autofilter(0, 0, max(self._row - 1, 1), len(self._columns) - 1)


class _Sink:
    """A file whose first trouble is kept for later, and which takes everything after that and writes nothing.

    A ZipFile that is left half-written tries again when it is collected, and complains on stderr.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0
        self.trouble: OSError | None = None

    def write(self, piece: bytes) -> int:
        self._at += len(piece)
        self._try(lambda: self._file.write(piece))
        return len(piece)

    def seek(self, place: int) -> int:
        self._at = place
        self._try(lambda: self._file.seek(place))
        return place

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        self._try(self._file.flush)

    def _try(self, act: Callable[[], object]) -> None:
        if self.trouble is None:
            try:
                act()
            except OSError as problem:
                self.trouble = problem


def _workbook(sink: _Sink, zone: tzinfo, scratch: Path | None) -> tuple[Workbook, str]:
    """A workbook, and the folder of its temporary files."""
    try:
        from xlsxwriter import Workbook
    except ImportError as problem:
        raise missing("XlsxWriter", "xlsx") from problem
    folder = tempfile.mkdtemp(prefix="listen-", dir=scratch)
    options: dict[str, Any] = {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False}
    book = Workbook(sink, {**options, "strings_to_formulas": False, "use_zip64": True})
    book.set_custom_property(ZONE, str(zone))
    return book, folder


def _let_go(book: Workbook, folder: str) -> None:
    """Close the temporary files of the rows, on a full disk too, and remove them."""
    for sheet in book.worksheets():
        with contextlib.suppress(OSError):
            sheet.row_data_fh.close()
    shutil.rmtree(folder, ignore_errors=True)


def _text(text: str) -> str:
    """What a cell can hold of it. Line ends become LF, as XML makes of them in any case."""
    legal = _ILLEGAL.sub("", wellformed(text)).replace("\r\n", "\n").replace("\r", "\n")
    if legal.startswith("<r>"):  # XlsxWriter takes `<r>...</r>` for markup of its own, and writes it unescaped
        legal += " "
    return cut(legal, CELL_LIMIT)
