"""The config that `listen init` writes: the bundled example with the user's own topics."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files

_TOPICS = re.compile(r"^# -- topics.*?(?=^# -- )", re.DOTALL | re.MULTILINE)


def example() -> str:
    """The text of config.example.toml."""
    return files("listen.config").joinpath("config.example.toml").read_text(encoding="utf-8")


def config_for(own: Sequence[str], competitors: Sequence[str]) -> str:
    """A config whose topics are these queries; without any it keeps the example's."""
    if not own and not competitors:
        return example()
    names = _names([*own, *competitors])
    topics = [_topic(next(names), query, "own") for query in own]
    topics += [_topic(next(names), query, "competitor") for query in competitors]
    return _TOPICS.sub(lambda _: "# -- topics: what you listen for\n\n" + "\n".join(topics) + "\n", example(), count=1)


def _names(queries: Sequence[str]) -> Iterator[str]:
    """A short name for each query, no two alike."""
    given: set[str] = set()
    for query in queries:
        name = plain = re.sub(r"[^\w.-]+", "-", query).strip("-").lower() or "topic"
        while name in given:
            name = f"{plain}-{len(given) + 1}"
        given.add(name)
        yield name


def _topic(name: str, query: str, role: str) -> str:
    quoted = json.dumps(query, ensure_ascii=False)  # a JSON string is a TOML string too
    return f'[[topic]]\nname  = "{name}"\nquery = {quoted}\nrole  = "{role}"\n'
