"""Mentions as lines of CSV, many at a time and column by column, in a third of the time that it takes cell by cell.

Most columns hold nothing that needs care, and one look at all of their texts together says so. Whatever is not plain
goes through `cell`, so that the lines are those that `csv.writer` makes of such cells; a test compares them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from operator import attrgetter, itemgetter
from typing import Any

import msgspec

from listen.mention import timestamp
from listen.outputs.cells import BETWEEN

# What a text begins with that spreadsheets may take for a formula; blanks and invisible marks may stand before one.
_RISKY = frozenset(
    "'=+-@＝＋－＠\t\r\n\x0b\x0c\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
).union(map(chr, range(0x2000, 0x2010)))
_first = itemgetter(slice(1))
_zone = attrgetter("tzinfo")
_NOTHING = type(None)
_MOST = 50_000  # numbers whose texts are remembered


class Columns:
    """How the values of one kind of columns become cells: `cell` draws one text or number that needs care.

    Texts longer than `longest` need it, and with `careful` all do. `guard` is what `cell` does to a plain text, by
    default nothing.
    """

    def __init__(
        self,
        cell: Callable[[object], str],
        delimiter: str,
        *,
        longest: int | None = None,
        careful: bool = False,
        guard: Callable[[str], str] | None = None,
    ) -> None:
        self._cell = cell
        self._delimiter = delimiter
        self._longest = longest
        self._guard = guard
        self._careful = careful or delimiter in "0123456789+-.:TZ"  # which numbers and times may hold
        self._known = _Known(lambda number: self._quoted(cell(number)))
        self._ways: dict[type, Callable[[Any], list[str]]] = {
            str: self._texts, tuple: self._lists, list: self._lists, datetime: self._moments, int: self._whole,
            float: self._broken,
        }  # fmt: skip

    def drawn(self, values: Sequence[object]) -> list[str]:
        """A column of texts, numbers, aware times, tuples of texts, or None."""
        kinds = set(map(type, values))
        some = _NOTHING in kinds
        kinds.discard(_NOTHING)
        if not kinds:
            return [""] * len(values)
        draw = self._ways.get(kinds.pop(), self._mixed) if len(kinds) == 1 else self._mixed
        if not some:
            return draw(values)
        there = iter(draw([value for value in values if value is not None]))
        return ["" if value is None else next(there) for value in values]

    def _texts(self, texts: Sequence[str]) -> list[str]:
        if not self._are_plain(texts):
            return [self._quoted(self._cell(text)) for text in texts]
        return list(texts) if self._guard is None else list(map(self._guard, texts))

    def _are_plain(self, texts: Sequence[str]) -> bool:
        """Whether all of them can stand as they are."""
        if self._careful or not _RISKY.isdisjoint(map(_first, texts)):
            return False
        together = "\n".join(texts)
        return (
            '"' not in together
            and self._delimiter not in together
            and "\r" not in together
            and "\0" not in together
            and together.count("\n") == len(texts) - 1
            and (self._longest is None or max(map(len, texts)) <= self._longest)
            and _is_wellformed(together)
        )

    def _lists(self, lists: Sequence[tuple[str, ...]]) -> list[str]:
        return self._texts(list(map(BETWEEN.join, lists)))

    def _moments(self, moments: Sequence[datetime]) -> list[str]:
        if set(map(_zone, moments)) == {UTC} and not self._careful:
            return [text[:19] + "Z" for text in msgspec.to_builtins(moments)]
        return [self._quoted(timestamp(moment) or "") for moment in moments]

    def _whole(self, numbers: Sequence[int]) -> list[str]:
        return self._mixed(numbers) if self._careful else list(map(str, numbers))

    def _broken(self, numbers: Sequence[float]) -> list[str]:
        return list(map(self._known.__getitem__, numbers))

    def _mixed(self, values: Sequence[object]) -> list[str]:
        return [self._quoted(self._cell(value)) for value in values]

    def _quoted(self, cell: str) -> str:
        if '"' in cell:
            return '"' + cell.replace('"', '""') + '"'
        return f'"{cell}"' if self._delimiter in cell or "\n" in cell or "\r" in cell else cell


def lines(columns: Sequence[Sequence[str]], delimiter: str) -> str:
    """The lines of these columns of cells, which are equally long."""
    if not columns[0]:
        return ""
    if len(columns) == 1:  # an empty line would be none
        columns = [[cell or '""' for cell in columns[0]]]
    told = list(map(delimiter.join, zip(*columns, strict=True)))
    return "\r\n".join([*told, ""])


class _Known(dict[float, str]):
    """Numbers as cells. Scores have four decimals, so that the same ones come again and again."""

    def __init__(self, draw: Callable[[float], str]) -> None:
        self._draw = draw

    def __missing__(self, number: float) -> str:
        if len(self) > _MOST:
            self.clear()
        drawn = self[number] = self._draw(number)
        return drawn


def _is_wellformed(text: str) -> bool:
    """Whether UTF-8 can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True
