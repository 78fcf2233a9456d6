"""`listen watch`: the main job."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command
from listen.cli.options import files, selecting, settings
from listen.errors import OutputError, UsageError

if TYPE_CHECKING:
    from listen.config import Config
    from listen.run import Plan
    from listen.selection import Selection

EPILOG = """\
Terms are queries: words, "phrases", #tags, @names, OR, NOT, ( ). Quote them for the shell.

\b
Examples:
  listen watch '#Kindle'
  listen watch 'kindle NOT amazon' competitor=tolino --only complaint
  listen watch --once --quiet          one round over every source, for cron
  listen watch --for 10m --format jsonl -o mentions.jsonl
"""


@listen_command("watch", judges=True, epilog=EPILOG)
@click.argument("terms", metavar="[TERM]...", nargs=-1)
@click.option(
    "--term", "more_terms", metavar="QUERY", multiple=True, help="As an argument; NAME=QUERY names the topic."
)
@click.option("--once", is_flag=True, help="One round over every source, then end.")
@click.option("--demo", is_flag=True, help="Play the tape that comes with the program; needs no network.")
@click.option("--for", "lasting", metavar="DURATION", help="End after 90s, 10m, 2h ...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["live", "lines", "jsonl", "csv"]),
    help="[default: live on a terminal, lines elsewhere]",
)
@click.option("-o", "--output", "file", metavar="FILE", shell_complete=files, help="Add to FILE instead of stdout.")
@selecting
def command(
    terms: tuple[str, ...],
    more_terms: tuple[str, ...],
    once: bool,
    demo: bool,
    lasting: str | None,
    form: str | None,
    file: str | None,
    selection: Selection,
) -> int:
    """Stream mentions of your words from all networks that are on, until Ctrl-C.

    Without TERMs the topics of the config are watched.
    """
    with suppress(KeyboardInterrupt):  # before and after the engine takes care of it, one ends in order, too
        from listen.cli.setting_up import configured
        from listen.config import Config
        from listen.run import DEMO_QUERY, Plan
        from listen.when import duration

        config = Config() if demo else configured()
        wanted = (*terms, *more_terms) or ((DEMO_QUERY,) if demo else ())
        plan = Plan(
            db=settings().db or (":memory:" if demo else None),
            quiet=settings().quiet,
            verbose=settings().verbose,
            once=once,
            lasting=duration(lasting) if lasting else None,
            demo=demo,
        )
        return _watched(config, wanted, plan, selection, form, file)
    return 0


def _watched(
    config: Config, terms: Sequence[str], plan: Plan, selection: Selection, form: str | None, file: str | None
) -> int:
    from listen.cli.setting_up import form_of, growing, output_of, refuse_inputs, topics_from
    from listen.run import run

    topics = topics_from(terms, config)
    names = [topic.name for topic in topics]
    for name in selection.topics:
        if name not in names:
            raise UsageError(f"there is no topic {name!r}; there are {', '.join(names)}")
    refuse_inputs(file, config)
    on_terminal = file is None and sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    form = form_of(form, file, "live" if on_terminal else "lines")
    with growing(file, form) as stream, output_of(form, stream, names) as output:
        try:
            outcome = run(config, topics, output, selection, plan)
        except OutputError as problem:
            raise OutputError(f"{problem}; what was heard is in the store, 'listen export' writes it") from problem
    return outcome.exit_code if plan.once else 0
