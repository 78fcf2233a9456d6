"""The rows of an Excel workbook, sheet by sheet, one at a time."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import msgspec

from listen.errors import RecordingError
from listen.importing.cells import Habit
from listen.importing.columns import columns_of
from listen.outputs.cells import defused
from listen.outputs.typed import missing
from listen.outputs.xlsx import ZONE
from listen.when import zone_named

if TYPE_CHECKING:
    from openpyxl import Workbook

_HALF = timedelta(milliseconds=500)


class Sheet(msgspec.Struct, frozen=True):
    """A sheet with a header: the cells of its rows with their numbers, and how they are to be read."""

    columns: Sequence[Any]
    habit: Habit
    rows: Iterator[tuple[int, list[object]]]


def sheets(file: IO[bytes], path: str, mapping: Mapping[str, str], habit: Habit) -> Iterator[Sheet]:
    """The sheets that have anything in them. Raises RecordingError, UsageError."""
    book = _book(file, path)
    zone = next((str(each.value) for each in book.custom_doc_props.props if each.name == ZONE), None)
    if zone is not None and habit.zone is None:
        habit = msgspec.structs.replace(habit, zone=_zone(zone))
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs write them wrong
            rows = sheet.iter_rows(values_only=True)
            header = next(rows, ())
            if any(header):
                columns = columns_of([str(name or "") for name in header], mapping, path)
                yield Sheet(columns, habit, _numbered(rows, ours=zone is not None))
    except (zipfile.BadZipFile, ParseError, KeyError, ValueError) as problem:
        raise RecordingError(f"{path}: is a damaged workbook; save it anew") from problem
    finally:
        book.close()


def _book(file: IO[bytes], path: str) -> Workbook:
    try:
        from openpyxl import load_workbook
    except ImportError as problem:
        raise missing("openpyxl", "xlsx") from problem
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are nothing to us
            return load_workbook(file, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError) as problem:
        raise RecordingError(f"{path}: is a damaged workbook, or none; save it anew as XLSX") from problem


def _zone(name: str) -> Any:
    try:
        return zone_named(name)
    except ValueError:  # a zone that this machine does not know
        return None


def _numbered(rows: Iterator[tuple[object, ...]], *, ours: bool) -> Iterator[tuple[int, list[object]]]:
    for number, row in enumerate(rows, 2):
        if any(cell is not None for cell in row):
            yield number, [_cell(cell, ours=ours) for cell in row]


def _cell(cell: object, *, ours: bool) -> object:
    """Texts as CSV would have them: those of our own workbooks were never defused."""
    if isinstance(cell, str):
        from openpyxl.utils.escape import unescape

        text = unescape(cell)
        return defused(text[:-1] if text.startswith("<r>") else text) if ours else text
    if isinstance(cell, datetime):
        return (cell + _HALF).replace(microsecond=0)  # Excel counts in fractions of days
    return cell
