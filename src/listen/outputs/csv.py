"""Mentions as CSV for spreadsheets and scripts: RFC 4180, with cells that no spreadsheet runs as a formula.

docs/csv.md describes the columns, the styles, and how to undo the defusing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from math import isfinite
from typing import TextIO

import msgspec

from listen.errors import UsageError
from listen.mention import Change, Mention, Verdict, record, record_of
from listen.outputs.output import StreamOutput
from listen.outputs.safe import safe
from listen.outputs.stream import writing
from listen.plain import wellformed
from listen.post import Post

CHANGE = "change"  # the column of exports that tell changes
BETWEEN = " | "  # stands between the members of a list
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
        self._rows = csv.writer(stream, delimiter=_delimiter(delimiter, self._style), lineterminator="\r\n")
        self._shown = safe if stream.isatty() else _wellformed
        if header:
            with writing(stream):
                stream.write(self._style.mark)
                self._rows.writerow(self._columns)

    def show(self, change: Change) -> None:
        if change.kind == "withdrawn" and not self._changes:
            return
        told = record_of(change) if self._changes else record(change.mention)
        row = [_cell(told[name], self._style, self._shown) for name in self._columns]
        with writing(self.stream):
            self._rows.writerow(row)


def columns() -> tuple[str, ...]:
    """The names of all columns, in order."""
    post = Post(platform="", id="", url=None, author=None, text="", posted_at=None)
    verdict = Verdict(
        lang=None,
        flag="none",
        complaint=0.0,
        opportunity=0.0,
        praise=0.0,
        opportunity_kind=None,
        sentiment=0.0,
        urgency="low",
    )
    return tuple(record(Mention(post=post, matches=(), verdict=verdict, seen_at=datetime(1970, 1, 1, tzinfo=UTC))))


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
    if isinstance(value, list):
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
