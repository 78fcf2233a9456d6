"""Mentions as CSV for spreadsheets and scripts: RFC 4180, with cells that no spreadsheet runs as a formula.

docs/csv.md describes the columns, the styles, and how to undo the defusing.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from typing import TextIO

import msgspec

from listen.errors import UsageError
from listen.mention import Change, Mention, Verdict, record
from listen.outputs.cells import BETWEEN, CELL_LIMIT, cut, defused, folded, moment_cell, moments, number
from listen.outputs.output import StreamOutput
from listen.outputs.safe import safe
from listen.outputs.stream import writing
from listen.plain import wellformed
from listen.post import Post


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
    "opportunity_kind", "urgency", "status",
})  # fmt: skip


class CsvOutput(StreamOutput):
    """Writes the header, then a row for each new or edited mention; a withdrawn one is not written.

    `stream` is UTF-8 and leaves line ends as they are (`newline=""`). `columns` are keys of `mention.record`, by
    default all. `delimiter` is one character, by default the style's. Without `header` the rows go on after
    earlier ones. With `fold` line breaks in texts become spaces; times are of `zone`, or UTC. Raises UsageError.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        columns: Sequence[str] | None = None,
        delimiter: str | None = None,
        style: str = "plain",
        header: bool = True,
        fold: bool = False,
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(stream)
        self._style = msgspec.structs.replace(style_named(style), fold=fold, zone=zone)
        self._columns = known_columns(columns)
        words = msgspec.structs.replace(self._style, guarded=False)
        self._cells = [(name, words if name in _WORDS else self._style) for name in self._columns]
        self._rows = csv.writer(stream, delimiter=_delimiter(delimiter, self._style), lineterminator="\r\n")
        self._shown = safe if stream.isatty() else _wellformed
        if header:
            with writing(stream):
                stream.write(self._style.mark)
                self._rows.writerow(self._columns)

    def show(self, change: Change) -> None:
        if change.kind == "withdrawn":
            return
        told, zone = record(change.mention), self._style.zone
        if zone is not None:
            for name, moment in moments(change.mention).items():
                told[name] = moment_cell(moment, zone, bare=self._style.guarded)
        row = [_cell(told[name], style, self._shown) for name, style in self._cells]
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


def header_line(chosen: Sequence[str] | None = None, delimiter: str | None = None, style: str = "plain") -> str:
    """The first line of such a file, without byte order mark and line end. Raises UsageError."""
    return _delimiter(delimiter, style_named(style)).join(known_columns(chosen))


def text_cell(text: str, style: Style) -> str:
    """A text as a cell: defused, without what UTF-8 cannot hold, and cut where the style wants it."""
    return _cell(text, style, _wellformed)


def _cell(value: object, style: Style, shown: Callable[[str], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        text = folded(shown(value)) if style.fold else shown(value)
        return cut(defused(text, values=style.guarded), style.cell_limit)
    if isinstance(value, list):
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


def known_columns(chosen: Sequence[str] | None) -> tuple[str, ...]:
    """The chosen columns, or all. Raises UsageError for one that there is not."""
    known = columns()
    if chosen is None:
        return known
    for name in chosen:
        if name not in known:
            near = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
            advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"--columns: there is no column {name!r}; {advice}")
    if not chosen:
        raise UsageError(f"--columns names no column; there are {', '.join(known)}")
    return tuple(chosen)
