"""Mentions as CSV for spreadsheets and scripts: RFC 4180, with cells that no spreadsheet runs as a formula.

docs/csv.md describes the columns, the styles, and how to undo the defusing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from math import isfinite
from operator import attrgetter
from typing import TextIO

import msgspec

from listen.errors import UsageError
from listen.mention import FIELDS, Change, record_of
from listen.outputs.columns import BETWEEN, Columns
from listen.outputs.output import StreamOutput, batches
from listen.outputs.safe import safe
from listen.outputs.stream import writing
from listen.plain import wellformed

CHANGE = "change"  # the column of exports that tell changes
CELL_LIMIT = 32_767  # UTF-16 units; Excel lets longer cells run over into the next rows

# What spreadsheets take for the beginning of a formula, also after blanks and invisible marks; full-width signs
# count, as East Asian input methods turn them into plain ones (OWASP, "CSV Injection").
_FORMULA = r"[\t\r]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]"
_RISKY = re.compile(f"'*(?:{_FORMULA})")


class Style(msgspec.Struct, frozen=True):
    """How one kind of reader wants its CSV."""

    delimiter: str = ","
    point: str = "."
    mark: str = ""
    cell_limit: int | None = None


STYLES = {
    "plain": Style(),
    "excel": Style(mark="\ufeff", cell_limit=CELL_LIMIT),
    "excel-de": Style(delimiter=";", point=",", mark="\ufeff", cell_limit=CELL_LIMIT),
}


class CsvOutput(StreamOutput):
    """Writes the header, then a row for each new or edited mention; a withdrawn one is not written.

    `stream` is UTF-8 and leaves line ends as they are (`newline=""`). `columns` are keys of `mention.record`, by
    default all. `delimiter` is one character, by default the style's. Without `header` the rows go on after
    earlier ones. With `changes` the last column, `change`, says what happened, and what was withdrawn has a row, too.
    Raises UsageError.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        columns: Sequence[str] | None = None,
        delimiter: str | None = None,
        style: str = "plain",
        header: bool = True,
        changes: bool = False,
    ) -> None:
        super().__init__(stream)
        self._changes = changes
        self._style = style_named(style)
        self._columns = _known_columns(columns, changes=changes)
        shown = safe if stream.isatty() else _wellformed
        limit = self._style.cell_limit
        self._drawing = Columns(
            lambda value: _cell(value, self._style, shown),
            _delimiter(delimiter, self._style),
            longest=None if limit is None else limit // 2,
            careful=stream.isatty(),
        )
        # With one place too many, as of a single one it would not tell a tuple.
        self._read = attrgetter(*(_place(name) for name in self._columns), "kind")
        if header:
            with writing(stream):
                stream.write(self._style.mark + self._drawing.lines([[name] for name in self._columns]))

    def show(self, change: Change) -> None:
        self.show_all((change,))

    def show_all(self, changes: Iterable[Change]) -> int:
        shown = 0
        for some in batches(changes):
            told = some if self._changes else [change for change in some if change.kind != "withdrawn"]
            lines = self._drawing.lines(self._values(told))
            with writing(self.stream):
                self.stream.write(lines)
            shown += len(told)
        return shown

    def _values(self, changes: Sequence[Change]) -> Sequence[Sequence[object]]:
        """What stands in each column."""
        if not changes:
            return [()] * len(self._columns)
        if any(change.kind == "withdrawn" for change in changes):
            records = [record_of(change) for change in changes]
            return [[told[name] for told in records] for name in self._columns]
        return list(zip(*map(self._read, changes), strict=True))[:-1]


def _place(column: str) -> str:
    """Where it stands in a change."""
    return "kind" if column == CHANGE else f"mention.{FIELDS[column]}"


def columns() -> tuple[str, ...]:
    """The names of all columns, in order."""
    return tuple(FIELDS)


def header_line(
    chosen: Sequence[str] | None = None, delimiter: str | None = None, style: str = "plain", *, changes: bool = False
) -> str:
    """The first line of such a file, without byte order mark and line end. Raises UsageError."""
    return _delimiter(delimiter, style_named(style)).join(_known_columns(chosen, changes=changes))


def defused(text: str) -> str:
    """The text as a cell that no spreadsheet runs: with an apostrophe before it if it begins like a formula."""
    return "'" + text if _RISKY.match(text) else text


def restored(cell: str) -> str:
    """What `defused` was given: `restored(defused(text)) == text`."""
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell, 1) else cell


def text_cell(text: str, style: Style) -> str:
    """A text as a cell: defused, without what UTF-8 cannot hold, and cut where the style wants it."""
    return _cell(text, style, _wellformed)


def _cell(value: object, style: Style, shown: Callable[[str], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _cut(defused(shown(value)), style.cell_limit)
    if isinstance(value, list | tuple):
        return _cell(BETWEEN.join(value), style, shown)
    if isinstance(value, float):
        return _short(value).replace(".", style.point) if isfinite(value) else ""
    return str(value)


def _short(number: float) -> str:
    """At most four decimals, and none that are 0: `0.91`, `5`."""
    return format(round(number, 4) + 0.0, ".10g")  # + 0.0 takes the sign from -0.0


def _wellformed(text: str) -> str:
    return text if text.isascii() and "\0" not in text else wellformed(text.replace("\0", ""))


def _cut(cell: str, limit: int | None) -> str:
    if limit is None or len(cell) <= limit // 2:
        return cell
    units = cell.encode("utf-16-le")
    if len(units) <= limit * 2:
        return cell
    return units[: limit * 2 - 2].decode("utf-16-le", errors="ignore") + "…"


def style_named(name: str) -> Style:
    """The style of that name; raises UsageError."""
    if name not in STYLES:
        raise UsageError(f"there is no kind of CSV {name!r}; there are {', '.join(STYLES)}")
    return STYLES[name]


def _delimiter(chosen: str | None, style: Style) -> str:
    if chosen is None:
        return style.delimiter
    if len(chosen) != 1 or chosen in '"\r\n\0' or "\ud800" <= chosen <= "\udfff":
        raise UsageError(f"--delimiter {chosen!r} is not one character that can stand between cells")
    return chosen


def _known_columns(chosen: Sequence[str] | None, *, changes: bool = False) -> tuple[str, ...]:
    """The chosen columns or all, and last `change` where changes are told. Raises UsageError."""
    known = (*columns(), CHANGE) if changes else columns()
    if chosen is None:
        return known
    for name in chosen:
        if name not in known:
            near = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
            advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"--columns: there is no column {name!r}; {advice}")
    if not chosen:
        raise UsageError(f"--columns names no column; there are {', '.join(known)}")
    return (*chosen, CHANGE) if changes and CHANGE not in chosen else tuple(chosen)
