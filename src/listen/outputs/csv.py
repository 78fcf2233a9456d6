"""Mentions as CSV for spreadsheets and scripts: RFC 4180, with cells that no spreadsheet runs as a formula.

docs/csv.md describes the columns, the styles, and how to undo the defusing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from difflib import get_close_matches
from functools import partial
from operator import attrgetter
from typing import TextIO

import msgspec

from listen.errors import UsageError
from listen.mention import FIELDS, LEFT, Change
from listen.outputs.cells import BETWEEN, CELL_LIMIT, MOMENTS, cut, defused, folded, moment_cell, number
from listen.outputs.columns import Columns, lines
from listen.outputs.output import StreamOutput, batches
from listen.outputs.safe import safe
from listen.outputs.stream import writing
from listen.plain import wellformed

CHANGE = "change"  # the column of exports that tell changes


class Style(msgspec.Struct, frozen=True):
    """How one kind of reader wants its CSV. `guarded` is for those that turn texts into numbers and dates.

    With `fold` a text has no line breaks; with `zone` times are of that zone.
    """

    delimiter: str = ","
    point: str = "."
    mark: str = ""
    cell_limit: int | None = None
    guarded: bool = False
    fold: bool = False
    zone: tzinfo | None = None


STYLES = {
    "plain": Style(),
    "excel": Style(mark="\ufeff", cell_limit=CELL_LIMIT, guarded=True),
    "excel-de": Style(delimiter=";", point=",", mark="\ufeff", cell_limit=CELL_LIMIT, guarded=True),
}

# Columns whose texts no spreadsheet takes for a value, or for a date only where we want it to: they need no guard.
_WORDS = frozenset({
    "id", "platform", "url", "kind", "author_url", "posted_at", "seen_at", "edited_at", "answered_at", "flag",
    "opportunity_kind", "urgency", "status", CHANGE,
})  # fmt: skip
_OF_ALL = LEFT | {CHANGE}  # columns that tell something of a withdrawn mention, too


class CsvOutput(StreamOutput):
    """Writes the header, then a row for each new or edited mention; a withdrawn one is not written.

    `stream` is UTF-8 and leaves line ends as they are (`newline=""`). `columns` are keys of `mention.record`, by
    default all. `delimiter` is one character, by default the style's. Without `header` the rows go on after
    earlier ones. With `fold` line breaks in texts become spaces; times are of `zone`, or UTC. With `changes` the last
    column, `change`, says what happened, and what was withdrawn has a row, too. Raises UsageError.
    """

    def __init__(  # noqa: PLR0913  each is an option that users have
        self,
        stream: TextIO,
        *,
        columns: Sequence[str] | None = None,
        delimiter: str | None = None,
        style: str = "plain",
        header: bool = True,
        fold: bool = False,
        zone: tzinfo | None = None,
        changes: bool = False,
    ) -> None:
        super().__init__(stream)
        self._changes = changes
        self._style = msgspec.structs.replace(style_named(style), fold=fold, zone=zone)
        self._columns = known_columns(columns, changes=changes)
        self._delimiter = _delimiter(delimiter, self._style)
        on_terminal = stream.isatty()
        words = self._drawing(msgspec.structs.replace(self._style, guarded=False), on_terminal=on_terminal)
        texts = self._drawing(self._style, on_terminal=on_terminal)
        self._drawn = [words if name in _WORDS else texts for name in self._columns]
        # With one place too many, as of a single one it would not tell a tuple.
        self._read = attrgetter(*(_place(name) for name in self._columns), "kind")
        if header:
            with writing(stream):
                stream.write(self._style.mark + lines([words.drawn([name]) for name in self._columns], self._delimiter))

    def show(self, change: Change) -> None:
        self.show_all((change,))

    def show_all(self, changes: Iterable[Change]) -> int:
        shown = 0
        for some in batches(changes):
            told = some if self._changes else [change for change in some if change.kind != "withdrawn"]
            if told:
                self._write_rows(told)
            shown += len(told)
        return shown

    def _write_rows(self, changes: Sequence[Change]) -> None:
        values = self._values(changes)
        drawn = [drawing.drawn(column) for drawing, column in zip(self._drawn, values, strict=True)]
        self.write(lines(drawn, self._delimiter))

    def _values(self, changes: Sequence[Change]) -> list[Sequence[object]]:
        """What stands in each column."""
        read: Iterable[Sequence[object]] = zip(*map(self._read, changes), strict=True)
        values = list(read)[:-1]
        if any(change.kind == "withdrawn" for change in changes):
            gone = [change.kind == "withdrawn" for change in changes]
            values = [
                column if name in _OF_ALL else [None if no else value for value, no in zip(column, gone, strict=True)]
                for name, column in zip(self._columns, values, strict=True)
            ]
        if self._style.zone is None:
            return values
        return [
            [self._moment(value) for value in column] if name in MOMENTS else column
            for name, column in zip(self._columns, values, strict=True)
        ]

    def _moment(self, value: object) -> str | None:
        return moment_cell(value, self._style.zone, bare=self._style.guarded) if isinstance(value, datetime) else None

    def _drawing(self, style: Style, *, on_terminal: bool) -> Columns:
        return Columns(
            partial(_cell, style=style, shown=safe if on_terminal else _wellformed),
            self._delimiter,
            longest=None if style.cell_limit is None else style.cell_limit // 2,
            careful=on_terminal or style.fold,
            guard=partial(defused, values=True) if style.guarded else None,
        )


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
    return _delimiter(delimiter, style_named(style)).join(known_columns(chosen, changes=changes))


def text_cell(text: str, style: Style) -> str:
    """A text as a cell: defused, without what UTF-8 cannot hold, and cut where the style wants it."""
    return _cell(text, style, _wellformed)


def _cell(value: object, style: Style, shown: Callable[[str], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        text = folded(shown(value)) if style.fold else shown(value)
        return cut(defused(text, values=style.guarded), style.cell_limit)
    if isinstance(value, list | tuple):
        return _cell(BETWEEN.join(value), style, shown)
    return number(value, style.point) if isinstance(value, float) else str(value)


def _wellformed(text: str) -> str:
    return text if text.isascii() and "\0" not in text else wellformed(text.replace("\0", ""))


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


def known_columns(chosen: Sequence[str] | None, *, changes: bool = False) -> tuple[str, ...]:
    """The chosen columns or all, and last `change` where changes are told. Raises UsageError for one there is not."""
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
