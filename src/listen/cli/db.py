"""`listen db`: looking after the store's file."""

from __future__ import annotations

from pathlib import Path

import click

from listen.cli.options import COMMON, Group, files, settings
from listen.errors import StoreError

EPILOG = """\
To put a backup back: end every listen, move the store and the files beside it that end in -wal and -shm away, and
copy the backup to where 'listen db path' says.

\b
Examples:
  listen db check && listen db backup ~/backups/listen-$(date +%F).db
"""


@click.group(
    "db", cls=Group, epilog=EPILOG, params=list(COMMON), context_settings={"help_option_names": ["-h", "--help"]}
)
def command() -> None:
    """Check, back up and tidy the store."""


@command.command("path", params=list(COMMON))
def path() -> None:
    """Print where the store is."""
    click.echo(_place())


@command.command("check", short_help="Read the whole store and say what is wrong with it.", params=list(COMMON))
def check() -> int:
    """Read the whole store and say what is wrong with it: exit code 0 if nothing is, 1 for damage, 5 for oddities."""
    from listen.cli.setting_up import configured, opened_store
    from listen.outputs.safe import safe_line

    _refuse_missing()
    with opened_store(configured()) as store:
        found = list(store.check())
        number = store.count() if not any(trouble.grave for trouble in found) else 0
    for trouble in found:
        click.echo(safe_line(trouble.what))
    if any(trouble.grave for trouble in found):
        raise StoreError(
            f"{_place()}: is damaged; put a copy by 'listen db backup' in its place, see 'listen db --help'"
        )
    if not found and not settings().quiet:
        click.echo(f"{safe_line(_place())}: nothing is wrong with it, {number:,} mentions were read")
    return 5 if found else 0


@command.command("backup", short_help="Copy the store to a file while others go on.", params=list(COMMON))
@click.argument("file", metavar="FILE", shell_complete=files)
def backup(file: str) -> None:
    """Write a copy of the store to FILE, whole or not at all, while others may go on listening."""
    from listen.cli.setting_up import configured, opened_store
    from listen.outputs.safe import safe_line

    _refuse_missing()
    with opened_store(configured()) as store:
        size = store.backup(Path(file).expanduser())
    if not settings().quiet:
        click.echo(f"{safe_line(file)}: {size / 1e6:,.1f} MB, readable by you alone", err=True)


@command.command("vacuum", short_help="Write the store anew, without gaps.", params=list(COMMON))
def vacuum() -> None:
    """Write the store anew, without the gaps that erased mentions leave; others have to wait meanwhile."""
    from listen.cli.setting_up import configured, opened_store

    _refuse_missing()
    with opened_store(configured()) as store:
        before, after = store.vacuum()
    if not settings().quiet:
        click.echo(f"{before / 1e6:,.1f} MB before, {after / 1e6:,.1f} MB now", err=True)


def _place() -> str:
    from listen.cli.setting_up import configured
    from listen.config import store_path

    return store_path(configured(), settings().db)


def _refuse_missing() -> None:
    """Looking after a store does not make one."""
    if not Path(_place()).exists():
        raise StoreError(f"{_place()}: there is no store yet; 'listen watch' makes one")
