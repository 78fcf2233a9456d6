"""Cells of a table as values: numbers and times as people and programs write them. Pure."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import get_args

import msgspec

from listen.mention import Flag, OpportunityKind, Status, Urgency
from listen.outputs.cells import BETWEEN, restored
from listen.outputs.typed import type_of
from listen.post import Kind

_ALLOWED: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "flag": get_args(Flag),
    "opportunity_kind": get_args(OpportunityKind),
    "urgency": get_args(Urgency),
    "status": get_args(Status),
}
_NOTHING = {"", "-", "–", "—", "n/a", "na", "null", "none", "nan", "k.a.", "k. a."}  # for numbers and times
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:([.,'’\u00a0\u202f ])\d{3})(?:\1\d{3})*")
_WHOLE = re.compile(r"[+-]?\d+(?:[.,]0+)?")
_GERMAN = re.compile(
    r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?:,?\s+(?:um\s)?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s?Uhr)?)?"
)
_SLASHES = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}\b")
_EPOCH = re.compile(r"\d{10}|\d{13}")  # seconds or milliseconds since 1970
_TAGS = re.compile(r"[|,;\s]+")
_MEMBERS = re.compile(r"\s*[|;,]\s*")


class Habit(msgspec.Struct, frozen=True):
    """How a file writes times: the zone of those that name none (UTC), and the `strptime` format if it is unusual."""

    zone: tzinfo | None = None
    dates: str | None = None


def value_of(column: str, cell: object, habit: Habit, *, ours: bool) -> object:
    """The value of a cell for that column of ours; None if it is empty. Raises ValueError, which tells what is wrong.

    `ours` is a column that has our own name, so that its texts may have been defused.
    """
    if cell is None or cell == "":
        return None
    kind = type_of(column)
    try:
        if kind == "moment":
            return moment_of(cell, habit)
        if kind in {"whole", "number"}:
            return _number(cell, whole=kind == "whole")
        text = _text(cell)
        if kind == "list":
            return _members(column, restored(text) if ours else text, ours=ours)
        return _word(column, restored(text) if ours else text)
    except (ValueError, OverflowError) as problem:
        raise ValueError(f"{column}: {problem}") from problem


def moment_of(cell: object, habit: Habit) -> datetime | None:
    """The moment as aware UTC. Raises ValueError, OverflowError."""
    if isinstance(cell, datetime):
        return _in_zone(cell, habit.zone)
    text = _text(cell).strip()
    if text.lower() in _NOTHING:
        return None
    if habit.dates is not None:
        with suppress(ValueError):
            return _in_zone(datetime.strptime(text, habit.dates), habit.zone)  # noqa: DTZ007  it may have a zone
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    german = _GERMAN.fullmatch(text)
    if german:
        day, month, year, hour, minute, second = (int(part or 0) for part in german.groups())
        whole = year if len(german[3]) == 4 else 2000 + year
        return _in_zone(datetime(whole, month, day, hour, minute, second), habit.zone)  # noqa: DTZ001
    if _SLASHES.match(text):
        clock = ("", " %H:%M", " %H:%M:%S")[min(text.count(":"), 2)]
        clock = clock.replace("%H", "%I") + " %p" if text.upper().endswith("M") else clock
        ways = (f"--dates '{day}/%Y{clock}'" for day in ("%d/%m", "%m/%d"))
        raise ValueError(f"{text[:40]!r} may begin with the day or the month; say {' or '.join(ways)}")
    return _in_zone(_usual(text), habit.zone)


def _usual(text: str) -> datetime:
    """ISO 8601, or what mails and feeds write (RFC 5322)."""
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no time that is known here; say how it is written with --dates") from None


def _in_zone(moment: datetime, zone: tzinfo | None) -> datetime | None:
    """Aware UTC; None where that is out of the calendar."""
    try:
        return (moment.replace(tzinfo=zone or UTC) if moment.tzinfo is None else moment).astimezone(UTC)
    except OverflowError:  # 0001-01-01T00:00:00 in Berlin
        return None


def _number(cell: object, *, whole: bool) -> int | float | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if whole and cell != int(cell):
            raise ValueError(f"{cell} is no whole number")
        return int(cell) if whole else float(cell)
    text = _text(cell).strip()
    if text.lower() in _NOTHING:
        return None
    if whole:
        thousands = _THOUSANDS.fullmatch(text)
        if thousands:
            text = text.replace(thousands[1], "")
        if not _WHOLE.fullmatch(text):
            raise ValueError(f"{text[:40]!r} is no whole number")
        return int(re.split("[.,]", text)[0])
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no number") from None


def _members(column: str, text: str, *, ours: bool) -> tuple[str, ...]:
    if ours:
        return tuple(part for part in text.split(BETWEEN) if part)
    if column == "hashtags":
        return tuple(tag for part in _TAGS.split(text) if (tag := part.removeprefix("#")))
    return tuple(part for part in _MEMBERS.split(text.strip()) if part)


def _word(column: str, text: str) -> str | None:
    allowed = _ALLOWED.get(column)
    if allowed is None:
        return text
    word = text.strip().lower()
    if word in _NOTHING and word not in allowed:
        return None
    if word not in allowed:
        raise ValueError(f"{text[:40]!r} is none of {', '.join(allowed)}")
    return word


def _text(cell: object) -> str:
    """What a spreadsheet has made a number of is a text again: `41234567`, not `41234567.0`."""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)
