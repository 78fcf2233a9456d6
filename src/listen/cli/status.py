"""`listen status`: is everything heard?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command
from listen.cli.options import settings

if TYPE_CHECKING:
    from listen.outputs.standings import Overview

EPILOG = """\
The strip shows the last 24 hours, a character for each half hour. What is missing is told with its reason.
Nothing is asked and nothing is changed, so it may run beside a watch.
"""


@listen_command("status", epilog=EPILOG)
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON, with all that was ever heard and missed.")
def command(as_json: bool) -> None:
    """Show how every source stands: its health, what of the last day was heard, and what may be missing."""
    from pathlib import Path

    from listen.cli.setting_up import configured
    from listen.config import store_path
    from listen.login import Vault
    from listen.outputs.safe import safe_line
    from listen.outputs.standings import Overview
    from listen.standing import overview
    from listen.store import Store
    from listen.when import now

    config, moment = configured(), now()
    path = store_path(config, settings().db)
    found = Overview(rows=(), processes=(), now=moment)
    if Path(path).exists():
        with Store.open(path) as store:
            found = overview(store, [topic.name for topic in config.topics], moment)
    if as_json:
        import msgspec

        from listen.outputs.standings import facts

        told = {**facts(found), "logins": Vault().warnings(moment, config.platforms)}
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    elif not found.rows:
        click.echo(f"nothing has been heard yet, says {safe_line(path)}; 'listen watch' begins")
    else:
        _draw(found)
    if not as_json:
        for line in Vault().warnings(moment, config.platforms):
            click.echo(safe_line(line))


def _draw(found: Overview) -> None:
    import os

    from listen.outputs.console import PipedConsole
    from listen.outputs.files import stdout
    from listen.outputs.overview import drawn
    from listen.outputs.stream import colourful, forgiving, writing

    narrow = sys.stdout is not None and sys.stdout.isatty()
    plain = narrow and not _can_draw(sys.stdout.encoding)
    stream = forgiving(sys.stdout) if narrow else stdout()
    colour = colourful(stream, False if settings().no_color else None, os.environ)
    console = PipedConsole(
        file=stream, force_terminal=colour, no_color=not colour, highlight=False, markup=False, emoji=False
    )
    for line in drawn(found, console.width if narrow else None, plain=plain):
        with writing(stream):
            console.print(line, soft_wrap=True)


def _can_draw(encoding: str | None) -> bool:
    try:
        "━╍×●–".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
