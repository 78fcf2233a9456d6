"""What the columns of typed tables (XLSX, Parquet) hold, and the values of a mention for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from listen.errors import UsageError
from listen.mention import Change, record_of
from listen.outputs.cells import MOMENTS, moments

ColumnType = Literal["text", "whole", "number", "moment", "list"]

_TYPES: dict[str, ColumnType] = {
    **dict.fromkeys(("followers", "likes", "reposts", "replies", "views"), "whole"),
    **dict.fromkeys(("rating", "complaint", "opportunity", "praise", "sentiment"), "number"),
    **dict.fromkeys(MOMENTS, "moment"),
    **dict.fromkeys(("hashtags", "topics", "matched", "why"), "list"),
}


def type_of(column: str) -> ColumnType:
    """What stands in the column of that name."""
    return _TYPES.get(column, "text")


def values(change: Change, columns: Sequence[str]) -> list[object]:
    """The mention's values for these columns: str, int, float, aware datetime, list of str, or None."""
    told = record_of(change)
    if change.kind != "withdrawn":  # of which no time is told
        told |= moments(change.mention)
    return [told[name] for name in columns]


def missing(package: str, extra: str) -> UsageError:
    """What a user is told whose installation lacks a package."""
    return UsageError(f"{extra} needs the package {package}; install it with: pip install 'listen-mentions[{extra}]'")
