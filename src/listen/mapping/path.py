"""Paths into JSON: `data.reviews`, `links[0].href`, `tags[].name`, `headline|title`, `"im:name".label`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_STEP = re.compile(r"""(?:"([^"]+)"|([^\s.\[\]|"]+))?((?:\[[0-9]{0,6}\])*)""")
_INDEX = re.compile(r"\[([0-9]*)\]")

Step = str | int | None  # a key, a place in a list, or all of a list


class Path:
    """A path as it is written in the config; the first of its alternatives that leads anywhere counts.

    An empty path, or `$`, is the value itself. Raises ValueError where it cannot be read.
    """

    def __init__(self, written: str) -> None:
        self.written = written
        self._ways = tuple(_steps(way.strip(), written) for way in written.split("|"))

    def __repr__(self) -> str:
        return f"Path({self.written!r})"

    def found(self, value: Any) -> Any:
        """What stands there: a list of values if the path goes through `[]`, None if nothing does."""
        for way in self._ways:
            values = [found for found in _followed(value, way) if found is not None]
            if values:
                return values if None in way else values[0]
        return None


def _steps(way: str, written: str) -> tuple[Step, ...]:
    way = way.removeprefix("$").removeprefix(".") if way.startswith("$") else way
    steps: list[Step] = []
    at = 0
    while way and at <= len(way):
        step = _STEP.match(way, at)
        if step is None or step.end() == at:
            raise _unreadable(written, way[at:])
        if key := step[1] or step[2]:
            steps.append(key)
        steps += [int(index) if index else None for index in _INDEX.findall(step[3])]
        at = step.end()
        if at < len(way) and way[at] != ".":
            raise _unreadable(written, way[at:])
        at += 1
    return tuple(steps)


def _unreadable(written: str, rest: str) -> ValueError:
    where = f"from {rest!r} on" if rest else "at its end"
    return ValueError(f"{written!r} is no path {where}; write data.items, links[0].href or tags[].name")


def _followed(value: Any, steps: tuple[Step, ...]) -> Iterator[Any]:
    if not steps:
        yield value
        return
    step, rest = steps[0], steps[1:]
    if step is None:
        for inner in value if isinstance(value, list) else ():
            yield from _followed(inner, rest)
    elif isinstance(step, int):
        if isinstance(value, list) and step < len(value):
            yield from _followed(value[step], rest)
    elif isinstance(value, dict) and step in value:
        yield from _followed(value[step], rest)
