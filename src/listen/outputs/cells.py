"""Texts and times as cells of a table; what a spreadsheet would run or turn into a number stays text, reversibly.

docs/csv.md tells users how to undo it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from math import isfinite
from operator import attrgetter

from listen.mention import FIELDS, Mention, timestamp

BETWEEN = " | "  # stands between the members of a list
MOMENTS = ("posted_at", "seen_at", "edited_at", "answered_at")  # the columns that hold times
CELL_LIMIT = 32_767  # UTF-16 units; Excel lets longer cells run over into the next rows

# What spreadsheets take for the beginning of a formula, also after blanks and invisible marks; full-width signs
# count, as East Asian input methods turn them into plain ones (OWASP, "CSV Injection").
_FORMULA = r"[\t\r]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]"

# What Excel and LibreOffice, English and German, read as a number, share, amount, date or time: digits with nothing
# but signs, months, days and the like around them. Rather too much than too little: it costs an apostrophe.
_MONTHS = (
    r"j[aä]n(?:uary?|ner)?|feb(?:ruary?)?|m[aä]r(?:ch|z)?|mrz|apr(?:il)?|ma[yi]|jun[ei]?|jul[yi]?|aug(?:ust)?"
    r"|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?"
)
_DAYS = (
    r"mon?(?:day|tag)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri?(?:day|eitag)?|sat?(?:urday)?|sun(?:day)?"
    r"|di(?:enstag)?|mi(?:ttwoch)?|do(?:nnerstag)?|samstag|so(?:nntag|nnabend)?"
)
_WORDS = rf"(?<![^\W\d_])(?:{_MONTHS}|{_DAYS}|[ap]m?|[etz]|eur|usd|gbp|chf)(?![^\W\d_])"
_NUMBER = re.compile(rf"(?:[\d\s.,:;/\\()%‰€$£¥+\-–−]|{_WORDS})+", re.IGNORECASE)
_TRUTH = re.compile(
    r"\s*(?:true|false|wahr|falsch|#(?:n/a|nv|(?:null|div/0|value|wert|ref|bezug|num|zahl)!|name\?))\s*", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_LONGEST = 60  # characters of a date or number; a longer text is no such thing

_RISKY = re.compile(f"'*(?:{_FORMULA})")
_BREAKS = re.compile(r"[^\S\n\r\x0b\x0c\x85\u2028\u2029]*[\n\r\x0b\x0c\x85\u2028\u2029]\s*")


def defused(text: str, *, values: bool = False) -> str:
    """The text as a cell that no spreadsheet runs: with an apostrophe before it if it begins like a formula.

    With `values` also if a spreadsheet would take it for a number, a date, a truth or an error.
    """
    if _RISKY.match(text):
        return "'" + text
    # A value that has an apostrophe already gets another one in any case, so that the two can be told apart.
    return "'" + text if (values or text.startswith("'")) and _is_value(text) else text


def restored(cell: str) -> str:
    """What `defused` was given, either way: `restored(defused(text)) == text`."""
    return cell[1:] if cell.startswith("'") and (_RISKY.match(cell, 1) or _is_value(cell)) else cell


def _is_value(text: str) -> bool:
    """Whether it is a value for a spreadsheet, after its apostrophes."""
    bare = text.lstrip("'")
    if len(bare) > _LONGEST:
        return False
    return bool((_NUMBER.fullmatch(bare) and _DIGIT.search(bare)) or _TRUTH.fullmatch(bare))


def folded(text: str) -> str:
    """The text on one line: each run of line breaks, with the blanks around it, is a space."""
    return text if text.isprintable() else _BREAKS.sub(" ", text.strip())


def cut(cell: str, limit: int | None) -> str:
    """The cell with at most `limit` UTF-16 units, and `…` where something is missing."""
    if limit is None or len(cell) <= limit // 2:
        return cell
    units = cell.encode("utf-16-le")
    if len(units) <= limit * 2:
        return cell
    return units[: limit * 2 - 2].decode("utf-16-le", errors="ignore") + "…"


def number(value: float, point: str = ".") -> str:
    """At most four decimals, and none that are 0: `0.91`, `5`; nothing for what is no number."""
    return short(value).replace(".", point) if isfinite(value) else ""


def short(value: float) -> str:
    return format(round(value, 4) + 0.0, ".10g")  # + 0.0 takes the sign from -0.0


def moments(mention: Mention) -> Mapping[str, datetime | None]:
    """What stands in the columns that hold times."""
    return {name: attrgetter(FIELDS[name])(mention) for name in MOMENTS}


def moment_cell(moment: datetime | None, zone: tzinfo | None, *, bare: bool) -> str:
    """UTC as everywhere, or the time of a zone: with its offset, or `bare`, which is what spreadsheets read as a date.

    What lies outside of the calendar there stays UTC.
    """
    try:
        local = None if moment is None or zone is None else moment.astimezone(zone).replace(microsecond=0)
    except OverflowError:
        local = None
    if local is None:
        return timestamp(moment) or ""
    return local.replace(tzinfo=None).isoformat(" ") if bare else local.isoformat()
