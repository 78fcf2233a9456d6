"""Which column of a foreign table is which of ours: by our own names, and by a map that the user gives."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import msgspec

from listen.errors import UsageError
from listen.outputs.csv import CHANGE, columns

USUAL = ",;\t|"  # separators, the likeliest first
_SAID = re.compile(r'"?sep=(.)"?\s*')  # the first line of some files for Excel


class Column(msgspec.Struct, frozen=True):
    """Where one column of ours stands, and whether it has our own name there."""

    place: int
    name: str
    ours: bool


def columns_of(header: Sequence[str], mapping: Mapping[str, str], where: str) -> tuple[Column, ...]:
    """The columns that are known; others are left alone. `mapping` is from our names to those in the file.

    A name that is mapped to nothing is not read. Raises UsageError.
    """
    names = [name.strip() for name in header]
    lower = [name.lower() for name in names]
    wanted = [(ours, theirs) for ours, theirs in mapping.items() if theirs]
    found = [Column(_place(theirs, names, lower, where), ours, ours=False) for ours, theirs in wanted]
    taken = {column.place for column in found}
    named = [name for name in (*columns(), CHANGE) if name not in mapping and name in lower]
    found += [Column(lower.index(name), name, ours=True) for name in named if lower.index(name) not in taken]
    if not {"text", "title"} & {column.name for column in found}:
        there = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
        raise UsageError(f"{where}: has no column 'text'; say which it is with --map 'text=NAME'; there are {there}")
    return tuple(found)


def _place(theirs: str, names: Sequence[str], lower: Sequence[str], where: str) -> int:
    if theirs in names:
        return names.index(theirs)
    if theirs.lower() in lower:
        return lower.index(theirs.lower())
    near = get_close_matches(theirs.lower(), lower, n=1, cutoff=0.5)
    advice = f"did you mean {names[lower.index(near[0])]!r}?" if near else f"there are {', '.join(names[:12])}"
    raise UsageError(f"{where}: --map: there is no column {theirs!r}; {advice}")


def said_delimiter(line: str) -> str | None:
    """The separator that a line `sep=;` before the header says."""
    said = _SAID.fullmatch(line)
    return None if said is None else str(said[1])


def delimiter_of(header: str, mapping: Mapping[str, str]) -> str:
    """The separator that finds the most columns that are known, and of those the one that finds the most columns."""
    known = {*columns(), *(name.lower() for name in mapping.values())}

    def worth(delimiter: str) -> tuple[int, int]:
        cells = [cell.strip().lower() for cell in header_cells(header, delimiter)]
        return len(known.intersection(cells)), len(cells) if delimiter in USUAL else 0

    others = sorted({sign for sign in header if not sign.isalnum() and sign not in '_" \r\n'} - set(USUAL))
    best: str = max([*USUAL, *others], key=worth)
    return best


def header_cells(header: str, delimiter: str) -> list[str]:
    return next(csv.reader([header], delimiter=delimiter), [])


def mapping_from(given: Sequence[str]) -> dict[str, str]:
    """A map of columns as users write it: `text=Message,author=From`, or a TOML file with such lines.

    Raises UsageError.
    """
    found: dict[str, str] = {}
    for each in given:
        pairs = _pairs_in(each) if each.lower().endswith(".toml") and "=" not in each else _pairs(each)
        for ours, theirs in pairs.items():
            if ours not in columns():
                near = get_close_matches(ours.lower(), columns(), n=1, cutoff=0.5)
                advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(columns())}"
                raise UsageError(f"--map: we have no column {ours!r}; {advice}")
            found[ours] = theirs
    return found


def _pairs(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(equals for _, equals, _ in pairs):
        raise UsageError(f"--map {text!r} is no map; write text=Message,author=From, or name a .toml file")
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}


def _pairs_in(file: str) -> dict[str, str]:
    from pathlib import Path

    import tomli

    try:
        told = tomli.loads(Path(file).expanduser().read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise UsageError(f"--map {file}: cannot be read: {(problem.strerror or str(problem)).lower()}") from problem
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise UsageError(f"--map {file}: is not TOML: {problem}") from problem
    if not all(isinstance(theirs, str) for theirs in told.values()):
        raise UsageError(f'--map {file}: write a line for each column, as in text = "Message"')
    return {ours: str(theirs) for ours, theirs in told.items()}
