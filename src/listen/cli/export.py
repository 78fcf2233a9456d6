"""`listen export`: stored mentions as a file for people and spreadsheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from listen.cli.options import Names, selecting, settings
from listen.cli.options import command as listen_command
from listen.errors import UsageError

if TYPE_CHECKING:
    from listen.config import Config
    from listen.delivery import Form, Way
    from listen.selection import Selection
    from listen.store import Store

EPILOG = """\b
Examples:
  listen export -o mentions.csv
  listen export --new care --for excel-de -o neu.csv     only what 'care' has not had yet
  listen export --new team --changes --append -o team.csv    and what became of what it has had
  listen export --only complaint --since yesterday --format jsonl
  listen export --since 7d -o week.csv --coverage week-coverage.csv
"""


@listen_command("export", epilog=EPILOG)
@click.option(
    "-o", "--output", "file", metavar="FILE",
    help="Write FILE, whole or not at all, instead of stdout. %Y, %m, %d ... stand for today.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), help="[default: csv]")
@click.option(
    "--new",
    "name",
    metavar="[NAME]",
    is_flag=False,
    flag_value="default",
    help="Only what the export NAME has not delivered yet.",
)
@click.option("--changes", is_flag=True, help="With --new: also what was edited, flagged, marked or withdrawn since.")
@click.option("--fail-empty", is_flag=True, help="If there is nothing to write, write no FILE and end with 1.")
@click.option("--wait", metavar="DURATION", help="For another run of the same export. [default: 1m]")
@click.option("--append", is_flag=True, help="Add to FILE; its columns must be the same.")
@click.option("--catch-up", is_flag=True, help="Hear every source once first, like 'watch --once'.")
@click.option("--for", "style", type=click.Choice(["plain", "excel", "excel-de"]), default="plain", help="Kind of CSV.")
@click.option("--columns", metavar="NAMES", default=(), type=Names(), help="Only these columns, in this order.")
@click.option("--delimiter", metavar="CHAR", help="Between cells of CSV. [default: comma; semicolon for excel-de]")
@click.option("--coverage", metavar="FILE", help="Also write to FILE what was heard of that time, and what was missed.")
@selecting
def command(
    file: str | None,
    form: str | None,
    name: str | None,
    changes: bool,
    fail_empty: bool,
    wait: str | None,
    append: bool,
    catch_up: bool,
    style: str,
    columns: tuple[str, ...],
    delimiter: str | None,
    coverage: str | None,
    selection: Selection,
) -> int:
    """Write stored mentions, oldest first, as CSV (default) or JSONL."""
    from listen.cli.setting_up import configured, form_of, opened_store, refuse_inputs
    from listen.delivery import PATIENCE, Delivery, Way, deliver
    from listen.when import duration

    if append and (file is None or file == "-"):
        raise UsageError("--append needs a file; name it with -o")
    if changes and name is None:
        raise UsageError("--changes tells what has changed since a delivery; it goes with --new NAME")
    file, coverage = _dated(file), _dated(coverage)
    chosen = _form(form_of(form, file, "csv"), style, columns, delimiter)
    patience = duration(wait) if wait else PATIENCE
    config = configured()
    refuse_inputs(file, config)
    _refuse_for_coverage(coverage, file, config)
    code = _caught_up() if catch_up else 0
    way = Way(Path(file) if file and file != "-" else None, append, fail_empty, patience)
    with opened_store(config) as store:
        if coverage is not None:
            _write_coverage(store, config, selection, coverage, chosen)
        written = deliver(store, Delivery(selection, name, changes), chosen, way)
    told = _told(written, way, name)
    return code or told


def _dated(file: str | None) -> str | None:
    from listen.outputs.dated import dated
    from listen.when import now

    return None if file is None else dated(file, now())


def _form(kind: str, style: str, columns: tuple[str, ...], delimiter: str | None) -> Form:
    from listen.delivery import Form

    if delimiter == "\\t":
        delimiter = "\t"
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n"'):
        raise UsageError(f"--delimiter {delimiter!r} is not one character that can stand between cells")
    if kind == "jsonl" and (columns or delimiter or style != "plain"):
        raise UsageError("--columns, --delimiter and --for shape CSV; leave them out for JSONL")
    return Form(kind, style, columns, delimiter)


def _told(written: int, way: Way, name: str | None) -> int:
    """What there is to say about it, and the exit code."""
    from listen.outputs.safe import safe_line
    from listen.outputs.words import count

    if way.fail_empty and not written:
        if not settings().quiet:
            whom = f" for {name!r}" if name is not None else ""
            click.echo(f"listen: there is nothing to export{whom}; nothing was written", err=True)
        return 1
    if way.file and settings().verbose:
        click.echo(f"{safe_line(str(way.file))}: {count(written, 'mention')}", err=True)
    return 0


def _refuse_for_coverage(coverage: str | None, file: str | None, config: Config) -> None:
    from listen.cli.setting_up import refuse_inputs

    refuse_inputs(coverage, config)
    if coverage == "-":
        raise UsageError("--coverage needs a file of its own; stdout is for the mentions")
    if coverage is not None and file is not None and Path(coverage).absolute() == Path(file).absolute():
        raise UsageError(f"--coverage {coverage!r} is the file for the mentions; name another one")


def _write_coverage(store: Store, config: Config, selection: Selection, file: str, form: Form) -> None:
    """Before the mentions, which are remembered as delivered: what fails here can be asked for again."""
    from listen.outputs.coverage import write_coverage
    from listen.outputs.files import replaced
    from listen.standing import coverage
    from listen.when import now

    topics = selection.topics or [topic.name for topic in config.topics]
    with replaced(Path(file)) as stream:
        lines = coverage(store, topics, selection, now())
        write_coverage(stream, lines, style=form.style, delimiter=form.delimiter)


def _caught_up() -> int:
    """One round over every source before the export; its exit code counts."""
    from listen.cli.setting_up import configured, topics_from
    from listen.outputs.output import Output
    from listen.run import Plan, run
    from listen.selection import Selection

    class Silent(Output):
        def show(self, _: object) -> None:
            return

    config = configured()
    plan = Plan(db=settings().db, quiet=settings().quiet, verbose=settings().verbose, once=True)
    return run(config, topics_from((), config), Silent(), Selection(), plan).exit_code
