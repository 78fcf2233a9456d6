"""What is wrong in the config, in the words of somebody who wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

_KINDS = {
    "str": "text in quotes", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list",
    "object": "a table",
}  # fmt: skip
_PATHS = r"paths of Windows stand in single quotes: 'C:\Users\anna'"
_TOML_ADVICE = {  # by how tomli's messages begin
    r"Illegal character '\n'": "is a quote missing at the end of the line?",
    r"Unescaped '\' in a string": _PATHS,
    "Invalid hex value": _PATHS,
    "Invalid value": 'texts stand in plain quotes: "kindle"',
    "Cannot overwrite a value": "an option stands there twice",
}


def said(problem: msgspec.ValidationError, shape: type[Any]) -> str:
    """msgspec's "Expected `int`, got `str` - at `$.poll`" as "poll: expected a whole number, got text in quotes"."""
    told = str(problem).replace("`", "").replace(" | null", "")  # TOML has no null
    what, _, path = told.rpartition(" - at $") if " - at $" in told else (told, "", "")
    there, at = _shape_at(shape, path), _place(path)
    missing = re.fullmatch(r"Object missing required field (\w+)", what)
    unknown = re.fullmatch(r"Object contains unknown field (.+)", what)
    if missing:
        return f"{at} has no {missing[1]!r}, which it needs".lstrip()
    if unknown:
        return f"{at} {no_such('has no option', unknown[1], sorted(getattr(there, '__struct_fields__', ())))}".lstrip()
    allowed = _allowed(there) if what.startswith("Invalid enum value") else ()
    if allowed:
        what = what.replace("Invalid enum value", "there is no") + f"; it may be {', '.join(map(in_toml, allowed))}"
    what = re.sub(r"(?<=^Expected )\w+|(?<=, got )\w+$", lambda kind: _KINDS.get(kind[0], kind[0]), what)
    return f"{at}: {what[:1].lower()}{what[1:]}" if at else what


def toml_trouble(problem: str) -> str:
    """What tomli says, and what to do about it where that is known: `... (at line 2, column 15)`."""
    told = problem[:1].lower() + problem[1:]
    for begin, advice in _TOML_ADVICE.items():
        if problem.startswith(begin):
            return f"{told}; {advice}"
    return told


def no_such(kind: str, key: str, allowed: Sequence[str]) -> str:
    """`has no option 'hit'; did you mean 'hits'?`"""
    near = get_close_matches(key, allowed, n=1, cutoff=0.5)
    return f"{kind} {key!r}; " + (f"did you mean {near[0]!r}?" if near else f"it may have {', '.join(allowed)}")


def _place(path: str) -> str:
    """`.source[0].fields` as `source 1 fields`."""
    steps = re.findall(r"\.([^.\[\]]+)|\[(\d+)\]|\[([^\]]*)\]", path)
    return " ".join(key or (str(int(index) + 1) if index else other) for key, index, other in steps)


def _shape_at(shape: Any, path: str) -> Any:
    """The type that the config has at that path; None where there is none to be known."""
    for key, _ in re.findall(r"\.([^.\[\]]+)|(\[[^\]]*\])", path):
        hints = get_type_hints(shape, include_extras=False) if isinstance(shape, type) else {}
        found = hints.get(key) if key else next(iter(get_args(shape)), None)
        shape = next((kind for kind in get_args(found) if kind is not type(None)), None) if _optional(found) else found
    return shape


def in_toml(value: object) -> str:
    """A text or a truth value as TOML has it."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _optional(kind: Any) -> bool:
    return get_origin(kind) is not Literal and type(None) in get_args(kind)


def _allowed(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) is Literal else ()
