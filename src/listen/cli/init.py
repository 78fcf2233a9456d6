"""`listen init`: a config to start from."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from listen.cli.options import command as listen_command
from listen.cli.options import settings
from listen.errors import OutputError, QueryError, UsageError

_BETWEEN_COMMAS = re.compile(r'(?:"[^"]*"|„[^“”"]*[“”"]|[^,])+')  # a comma within quotes separates nothing


@listen_command("init")
@click.argument("terms", metavar="[TERM]...", nargs=-1)
@click.option("--force", is_flag=True, help="Write over an existing config.")
def command(terms: tuple[str, ...], force: bool) -> None:
    """Write a config that works. On a terminal it asks for your words; TERMs are taken without asking."""
    from listen.config import default_path
    from listen.config.starting import config_for
    from listen.watchlist import parse

    path = settings().config or default_path()
    if path.exists() and not force:
        raise UsageError(f"{path} exists; --force writes over it, -c names another file")
    own, competitors = list(terms), []
    if not terms and sys.stdin.isatty() and sys.stdout.isatty():
        own = _asked("Your brand and products, as queries, separated by commas", '#Kindle, "Kindle Paperwhite"')
        competitors = _asked("Competitors, if you want to hear about them too", "")
    for query in own:
        parse(query)
    _write(path, config_for(own, competitors))
    click.echo(f"{path} is written; 'listen check' tries it, 'listen watch' starts")


def _asked(question: str, otherwise: str) -> list[str]:
    """Queries; asked for again if one cannot be read."""
    from listen.outputs.safe import safe_line
    from listen.watchlist import parse

    while True:
        answer = click.prompt(question, default=otherwise, show_default=bool(otherwise), err=True)
        queries = [part.strip() for part in _BETWEEN_COMMAS.findall(str(answer)) if part.strip()]
        try:
            for query in queries:
                parse(query)
        except QueryError as problem:
            click.echo(safe_line(f"{problem}; once more, please"), err=True)
        else:
            return queries


def _write(path: Path, text: str) -> None:
    from listen.outputs.files import replaced

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OutputError(f"{path}: cannot be written: {(problem.strerror or str(problem)).lower()}") from problem
    with replaced(path) as stream:
        stream.write(text)
    path.chmod(0o600)  # tokens may come to stand in it
