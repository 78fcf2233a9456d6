"""`listen check`: does everything that the config asks for work?"""

from __future__ import annotations

import asyncio
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command

if TYPE_CHECKING:
    from listen.checking import Finding

_BELOW = " " * 8  # as wide as `failed  `


@listen_command("check")
@click.argument("terms", metavar="[TERM]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def command(terms: tuple[str, ...], as_json: bool) -> int:
    """Read the config and its secrets, make one real request per source, and say what to do about failures.

    TERMs are watched instead of the config's topics.
    """
    from listen.checking import checked, counts
    from listen.cli.setting_up import configured, opened_store, topics_from
    from listen.outputs.safe import safe_line
    from listen.outputs.stream import fitted
    from listen.watchlist import Watchlist

    config = configured()
    topics = topics_from(terms or (("#Kindle",) if not config.topics else ()), config)
    interest = Watchlist(topics).interest()
    with opened_store(config) if counts(config) else nullcontext() as accounts:
        findings = asyncio.run(checked(config, interest, accounts))
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(findings).decode())
    else:
        for finding in findings:
            told = fitted(
                _BELOW + safe_line(f"{finding.platform}: {finding.source}: {finding.said}"), sys.stdout, _BELOW
            )
            click.echo(_mark(finding) + told[len(_BELOW) - 2 :])
            if finding.advice:
                click.echo(fitted(_BELOW + safe_line(finding.advice), sys.stdout, _BELOW))
    failed = [finding for finding in findings if not finding.ok]
    if failed and len(failed) == len(findings):
        return 4 if all(finding.refused for finding in failed) else 1
    return 5 if failed else 0


def _mark(finding: Finding) -> str:
    if finding.note:
        return click.style("note  ", fg="yellow")
    return click.style("ok    ", fg="green") if finding.ok else click.style("failed", fg="red", bold=True)
