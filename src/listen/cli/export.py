"""`listen export`: stored mentions as a file for people and spreadsheets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listen.cli.options import Names, files, selecting, settings
from listen.cli.options import command as listen_command
from listen.errors import UsageError

if TYPE_CHECKING:
    from listen.config import Config
    from listen.delivery import Form, Way
    from listen.mention import Mention
    from listen.selection import Selection
    from listen.store import Store

SWEPT = 20_000  # mentions that are too old, let go of before an export; the rest at the next one
EPILOG = """\b
Examples:
  listen export -o mentions.csv
  listen export --new care -o neu.csv        only what 'care' has not had yet
  listen export --new team --changes --append -o team.csv
  listen export --only complaint --since yesterday --format jsonl
  listen export --for excel-de --tz Europe/Berlin -o mentions.csv
  listen export --since 7d -o mentions.xlsx  needs listen-mentions[xlsx]
  listen export --since 7d -o week.csv --coverage week-coverage.csv
"""


@listen_command("export", epilog=EPILOG)
@click.option(
    "-o", "--output", "file", metavar="FILE", shell_complete=files,
    help="Write FILE, whole or not at all, instead of stdout. %Y, %m, %d ... stand for today.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl", "xlsx", "parquet"]), help="[default: as FILE ends, or csv]"
)
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
@click.option(
    "--line-breaks",
    type=click.Choice(["keep", "fold"]),
    default="keep",
    help="In cells of CSV; fold makes them spaces. [default: keep]",
)
@click.option(
    "--tz", metavar="ZONE", help="Times of this zone, Europe/Berlin; Excel reads them as dates. [default: UTC]"
)
@click.option("--pseudonyms", is_flag=True, help="Without names and addresses; the same person has the same pseudonym.")
@click.option(
    "--coverage",
    metavar="FILE",
    shell_complete=files,
    help="Also write to FILE what was heard of that time, and what was missed.",
)
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
    line_breaks: str,
    tz: str | None,
    pseudonyms: bool,
    coverage: str | None,
    selection: Selection,
) -> int:
    """Write stored mentions, oldest first, as CSV (default), JSONL, XLSX or Parquet."""
    from listen.cli.forms import export_form
    from listen.cli.setting_up import configured, refuse_inputs
    from listen.delivery import Delivery, deliver

    if changes and name is None:
        raise UsageError("--changes tells what has changed since a delivery; it goes with --new NAME")
    file, coverage = _dated(file), _dated(coverage)
    chosen = export_form(
        form, file, append=append, style=style, columns=columns, delimiter=delimiter, line_breaks=line_breaks, tz=tz
    )
    way = _way(file, wait, append=append, fail_empty=fail_empty)
    config = configured()
    refuse_inputs(file, config)
    _refuse_for_coverage(coverage, file, config)
    code = _caught_up() if catch_up else 0
    with _opened(config, selection) as store:
        delivery = Delivery(selection, name, changes, _swept(store, config, pseudonyms))
        if coverage is not None:
            _write_coverage(store, config, selection, coverage, chosen)
        written = deliver(store, delivery, chosen, way)
    told = _told(written, way, name)
    return code or told


def _opened(config: Config, selection: Selection) -> Store:
    from listen.cli.setting_up import opened_store, refuse_unknown

    store = opened_store(config)
    refuse_unknown(selection, config, store)
    return store


def _dated(file: str | None) -> str | None:
    from listen.outputs.dated import dated
    from listen.when import now

    return None if file is None else dated(file, now())


def _way(file: str | None, wait: str | None, *, append: bool, fail_empty: bool) -> Way:
    from listen.delivery import PATIENCE, Way
    from listen.when import duration

    patience = duration(wait) if wait else PATIENCE
    return Way(Path(file) if file and file != "-" else None, append, fail_empty, patience)


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


def _swept(store: Store, config: Config, pseudonyms: bool) -> Callable[[Mention], Mention] | None:
    """Let go of what should not be there any more, and tell what becomes of the rest before it is delivered."""
    from listen.cli.setting_up import warn
    from listen.pseudonyms import Pseudonyms
    from listen.retaining import doubt, swept
    from listen.when import now

    if told := doubt(store, config.respect.retention, now()):
        warn(told)
    swept(store, config.respect.retention, now(), SWEPT)
    return Pseudonyms(store.salt()).of if pseudonyms else None


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
        write_coverage(stream, lines, style=form.style, delimiter=form.delimiter, zone=form.zone)


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
