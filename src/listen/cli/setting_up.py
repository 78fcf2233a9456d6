"""From options to the things a command works with: topics, store, and where results go."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from listen.cli.options import settings
from listen.errors import OutputError, UsageError

if TYPE_CHECKING:
    from listen.config import Config
    from listen.outputs.output import Output
    from listen.store import Store
    from listen.watchlist import Topic

_NAMED = re.compile(r"([\w][\w.-]*)=(.+)", re.DOTALL)


def configured() -> Config:
    """The config that the common options name."""
    from listen.config import load

    return load(settings().config)


def opened_store(config: Config) -> Store:
    from listen.config import store_path
    from listen.store import Store

    return Store.open(store_path(config, settings().db))


def topics_from(terms: Sequence[str], config: Config) -> tuple[Topic, ...]:
    """The topics that terms of the command line name (`QUERY` or `NAME=QUERY`), or else the config's.

    Raises UsageError if there are none, QueryError for a wrong query.
    """
    from listen.watchlist import Topic, parse

    topics = []
    for term in terms:
        named = _NAMED.fullmatch(term)
        name, query = (named[1], named[2]) if named else (term, term)
        parse(query)
        topics.append(config.narrowed(Topic(name=name, query=query)))
    found = tuple(topics) or config.topics
    if not found:
        raise UsageError(
            "there is nothing to listen for; name a term (listen watch '#Kindle', in quotes because of the #) "
            "or write a config (listen init)"
        )
    return found


def form_of(chosen: str | None, file: str | None, otherwise: str) -> str:
    """The format: what was chosen, what the file's name ends with, or `otherwise`."""
    if chosen:
        return chosen
    suffix = Path(file).suffix.lower() if file else ""
    return {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(suffix, otherwise)


def opened(file: str | None, mode: str = "w") -> AbstractContextManager[TextIO]:
    """The file to write text into, or stdout, which stays open; line ends stay as written. Raises OutputError."""
    if file is None or file == "-":
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="", errors="replace")
        return nullcontext(sys.stdout)
    try:
        return cast("TextIO", Path(file).open(mode, encoding="utf-8", newline=""))
    except OSError as problem:
        raise OutputError(f"{file}: cannot be written: {(problem.strerror or str(problem)).lower()}") from problem


def output_of(form: str, stream: TextIO, topics: Sequence[str]) -> Output:
    """The output for one of live, lines, jsonl and csv; CSV that goes on in a file gets no second header."""
    if form == "jsonl":
        from listen.outputs.jsonl import JsonlOutput

        return JsonlOutput(stream)
    if form == "csv":
        from listen.outputs.csv import CsvOutput

        return CsvOutput(stream, header=not (stream.seekable() and stream.tell()))
    if form == "live":
        from listen.outputs.live import LiveOutput

        return LiveOutput(stream, topics=topics, color=False if settings().no_color else None)
    from listen.outputs.lines import LinesOutput

    return LinesOutput(stream, color=False if settings().no_color else None)
