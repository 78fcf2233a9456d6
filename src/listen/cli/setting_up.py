"""From options to the things a command works with: topics, store, and where results go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from listen.cli.options import settings
from listen.errors import UsageError

if TYPE_CHECKING:
    from listen.config import Config
    from listen.judge import Judge
    from listen.outputs.output import Output
    from listen.selection import Selection
    from listen.store import Store
    from listen.watchlist import Topic

_CAPITALS = re.compile(r"\b(UND|ODER|NICHT)\b")
_NAMED = re.compile(r"(\w(?:[\w .-]*[\w.-])?)=(.*)", re.DOTALL)


def configured() -> Config:
    """The config that the common options name, with what they say otherwise of the judge."""
    import msgspec

    from listen.config import load

    config, said = load(settings().config), settings()
    if said.sensitivity or said.precision:
        sensitivity = said.sensitivity or config.sensitivity
        return msgspec.structs.replace(config, sensitivity=sensitivity, precision=said.precision)
    return config


def opened_store(config: Config) -> Store:
    from listen.config import store_path
    from listen.store import Store

    store = Store.open(store_path(config, settings().db))
    warning = store.exposure()
    if warning and not settings().quiet:
        warn(warning)
    return store


def judge_for(config: Config, *, untaught: bool = False) -> Judge:
    """The judge that the config asks for, with what it was taught on this store. Raises TeachingError."""
    from listen.config import store_path
    from listen.judging import judge_of

    return judge_of(config, store_path(config, settings().db), untaught=untaught, say=warn)


def warn(line: str) -> None:
    import click

    from listen.outputs.safe import safe_line

    click.echo(f"listen: {safe_line(line)}", err=True)


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
    for topic in found if not settings().quiet else ():
        _beware(topic.query)
    return found


def refuse_unknown(selection: Selection, config: Config, store: Store) -> None:
    """Raises UsageError for a network or topic that nobody knows, as it would select nothing without a word.

    Without a config any topic may be heard one day.
    """
    import msgspec

    from listen.config.saying import no_such
    from listen.platforms import known
    from listen.selection import Selection

    topics = [topic.name for topic in config.topics]
    wanted = [("--platform", "platforms", name, sorted(known())) for name in selection.platforms]
    wanted += [("--topic", "topics", name, topics) for name in selection.topics if topics]
    for option, field, name, allowed in wanted:
        only = msgspec.structs.replace(Selection(limit=1), **{field: (name,)})
        if name not in allowed and next(store.mentions(only), None) is None:
            raise UsageError(f"{option}: {no_such('neither config nor store has', name, allowed)}")


def _beware(query: str) -> None:
    """Say what makes a query hear nothing though it reads well."""
    if _CAPITALS.search(query):
        from listen.explaining.advice import misread_operators
        from listen.watchlist import parse

        for warning in misread_operators(parse(query)):
            warn(f"query {query!r}: {warning}")


def form_of(chosen: str | None, file: str | None, otherwise: str) -> str:
    """The format: what was chosen, what the file's name ends with, or `otherwise`."""
    if chosen:
        return chosen
    suffix = Path(file).suffix.lower() if file else ""
    if suffix in {".xls", ".ods"}:  # Excel warns of CSV under such a name
        raise UsageError(f"{file}: is no kind of file that is written here; name it .csv, or say --format")
    return {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(suffix, otherwise)


def whole(file: str | None) -> AbstractContextManager[TextIO]:
    """Where results go that are written whole or not at all: a new file in the place of FILE, or stdout."""
    from listen.outputs.files import replaced, stdout

    return nullcontext(stdout()) if file is None or file == "-" else replaced(Path(file))


def growing(file: str | None, form: str) -> AbstractContextManager[TextIO]:
    """Where results go as they come: the end of FILE, or stdout. Raises OutputError, UsageError."""
    from listen.outputs.files import complete_lines, continued, stdout

    if file is None or file == "-":
        return nullcontext(stdout())
    if form != "csv":
        return continued(Path(file), complete_lines)
    from listen.outputs.csvfile import complete_rows, refuse_other_columns
    from listen.outputs.stream import named

    if Path(file).is_file():
        with named(file):
            refuse_other_columns(Path(file))
    return continued(Path(file), complete_rows)


def refuse_inputs(file: str | None, config: Config, recordings: Sequence[str] = ()) -> None:
    """Raises UsageError if FILE, where results are to go, is what we read from."""
    from listen.config import store_path
    from listen.outputs.files import refuse_same

    refuse_same(file, store_path(config, settings().db), "the store")
    refuse_same(file, str(config.path or ""), "the config")
    for recording in recordings:
        refuse_same(file, recording, "the recording itself")


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
