"""`listen teach`: a few dozen labels, and the judge knows what your mentions are like."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command
from listen.cli.options import files
from listen.errors import UsageError

if TYPE_CHECKING:
    from listen.config import Config
    from listen.judge.taught import Labelled
    from listen.store import Store

EPILOG = """\
What is learnt is switched on only if it does better than the judge as shipped on labels that it has not seen.
Labels add up: each time all of them count, those of marked mentions and those of files.

\b
Examples:
  listen teach --ask                  answer ten questions
  listen mark hackernews:8863 --flag none && listen teach
  listen teach labelled.csv           columns text and label, as for 'eval'
  listen teach --show
"""


@listen_command("teach", epilog=EPILOG)
@click.argument("file", metavar="[FILE]", required=False, shell_complete=files)
@click.option("--ask", "number", metavar="[N]", is_flag=False, flag_value="10", type=click.IntRange(1, 1000),
              help="Show the N mentions (10) that the judge is least sure of, and ask what they are.")  # fmt: skip
@click.option("--show", is_flag=True, help="Say what was learnt.")
@click.option("--undo", is_flag=True, help="Back to the judge as shipped. Labels are kept.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def command(file: str | None, number: int | None, show: bool, undo: bool, as_json: bool) -> None:
    """Teach the judge from the labels in FILE (- is stdin) and from mentions that were marked with a flag."""
    from listen.cli.setting_up import configured, opened_store
    from listen.labels import read

    if (file is not None) + (number is not None) + show + undo > 1:
        raise UsageError("FILE, --ask, --show and --undo do not go together; choose one")
    if number is not None and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("--ask needs a terminal; elsewhere name a file with labels, or use 'listen mark'")
    config = configured()
    more = list(read(file)) if file is not None else []
    with opened_store(config) as store:
        if number is not None and not _asked(store, number):
            return
        if undo:
            from listen.teaching import undo as undone

            undone(store)
        elif not show:
            _teach(config, store, more)
        _show(config, store, whole=show, as_json=as_json)


def _asked(store: Store, number: int) -> bool:
    """Ask; returns whether to go on and learn from the answers."""
    from listen.cli.questions import ask

    return ask(store, number)


def _teach(config: Config, store: Store, more: list[Labelled]) -> None:
    from listen.cli.setting_up import judge_for
    from listen.teaching import teach

    teach(judge_for(config, untaught=True), store, more)


def _show(config: Config, store: Store, *, whole: bool, as_json: bool) -> None:
    from listen.cli.lessons import draw, facts
    from listen.cli.setting_up import judge_for
    from listen.judge.taught import load
    from listen.teaching import cases

    taught, judge = load(store.path), judge_for(config, untaught=True)
    known = cases(taught.labels, store)
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(facts(taught, known, judge)), indent=2).decode())
    else:
        draw(taught, known, judge, whole=whole)
