"""`listen mark`: what became of mentions, from scripts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from listen.cli.options import FLAGS, STATUSES, login, settings
from listen.cli.options import command as listen_command
from listen.errors import UsageError

if TYPE_CHECKING:
    from listen.care import Marking

KINDS = ("question", "buying", "switching")
EPILOG = """\
A flag that you give stays with the mention, whatever the judge says later, and 'listen teach' learns from it.
If one of the IDs is unknown, nothing is marked. Empty names and notes (--owner '') take the old ones away.
What changes is remembered with the time and who did it; --history shows it.

\b
Examples:
  listen mark hackernews:8863 --status answered --owner anna
  listen mark hackernews:8863 --flag opportunity --kind buying
  jq -r .id mentions.jsonl | listen mark - --status not-relevant
"""


@listen_command("mark", epilog=EPILOG)
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--status", type=click.Choice(STATUSES), help="What became of it.")
@click.option("--owner", metavar="NAME", help="Who takes care of it.")
@click.option("--note", metavar="TEXT", help="What others should know.")
@click.option("--flag", type=click.Choice(FLAGS), help="What it really is.")
@click.option("--kind", type=click.Choice(KINDS), help="What kind of opportunity it is.")
@click.option("--by", metavar="NAME", help="Who marks it.  [default: your login name]")
@click.option("--history", is_flag=True, help="Show what was marked, when and by whom; marks nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the mentions as they are now, one JSON object a line.")
def command(
    ids: tuple[str, ...],
    status: str | None,
    owner: str | None,
    note: str | None,
    flag: str | None,
    kind: str | None,
    by: str | None,
    history: bool,
    as_json: bool,
) -> None:
    """Mark mentions by their IDs (- reads them from stdin, one a line): status, owner, note, and the right flag."""
    import msgspec

    from listen.cli.setting_up import configured, opened_store
    from listen.mention import record
    from listen.outputs.words import count

    if history:
        if any((status, owner, note, flag, kind, by)):
            raise UsageError("--history marks nothing; leave the other options out")
        _show_history(_named(ids), as_json=as_json)
        return
    marking = _marking(status, owner, note, flag, kind)
    with opened_store(configured()) as store:
        marked = store.care(_named(ids), marking, datetime.now(UTC), by or login())
    if as_json:
        for mention in marked:
            click.echo(msgspec.json.encode(record(mention)).decode())
    elif not settings().quiet:
        click.echo(f"{count(len(marked), 'mention')} marked", err=True)


def _marking(status: str | None, owner: str | None, note: str | None, flag: str | None, kind: str | None) -> Marking:
    from listen.care import Marking

    if kind is not None and flag != "opportunity":
        raise UsageError("--kind tells opportunities apart; it goes with --flag opportunity")
    chosen = {"status": status, "owner": owner, "note": note, "flag": flag}
    if all(value is None for value in chosen.values()):
        raise UsageError("there is nothing to mark; say --status, --owner, --note or --flag")
    return Marking(**chosen, opportunity_kind=kind)  # type: ignore[arg-type]  # click has checked the choices


def _show_history(ids: Sequence[str], *, as_json: bool) -> None:
    import msgspec

    from listen.cli.setting_up import configured, opened_store
    from listen.outputs.history import facts, lines
    from listen.outputs.safe import safe_line

    with opened_store(configured()) as store:
        for id_ in ids:
            mention, told = store.find(id_), store.history(id_)
            if mention is None:
                raise UsageError(f"the store has no mention {id_!r}")
            if as_json:
                click.echo(msgspec.json.encode(facts(mention, told)).decode())
            else:
                click.echo("\n".join([safe_line(id_), *(f"  {line}" for line in lines(mention, told))]))


def _named(ids: Sequence[str]) -> list[str]:
    """The ids, with those of stdin in the place of `-`."""
    found: list[str] = []
    for id_ in ids:
        found += [line.strip() for line in sys.stdin if line.strip()] if id_ == "-" else [id_]
    return found
