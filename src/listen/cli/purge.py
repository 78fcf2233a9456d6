"""`listen purge`: retention by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from listen.cli.options import Names, settings
from listen.cli.options import command as listen_command
from listen.errors import UsageError

if TYPE_CHECKING:
    from listen.config import Config
    from listen.store import Aged, Reason, Store

EPILOG = """\
Without --older-than the config's own times ('keep') are applied, as every watch and export does. Age counts from when
`listen` first saw a mention. With --topic a mention goes if it belongs to these topics alone. Erased posts do not come
back; exported files and backups are yours to clean.

\b
Examples:
  listen purge --older-than 90d --dry-run
  listen purge --older-than 1y --platform feeds --yes
"""


@listen_command("purge", epilog=EPILOG)
@click.option("--older-than", "age", metavar="DURATION", help="First seen longer ago than 90d, 26w, 1y ...")
@click.option("--topic", "topics", metavar="NAMES", default=(), type=Names(), help="Only these topics.")
@click.option("--platform", "platforms", metavar="NAMES", default=(), type=Names(), help="Only these networks.")
@click.option("--dry-run", is_flag=True, help="Say how many that are, and erase nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def command(
    age: str | None, topics: tuple[str, ...], platforms: tuple[str, ...], dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Erase mentions that are older than a time, or than the config wants to keep them."""
    from listen.cli.asking import agreed
    from listen.cli.setting_up import configured, opened_store
    from listen.outputs.words import count
    from listen.when import now

    if age is None and (topics or platforms):
        raise UsageError("--topic and --platform go with --older-than; without it the config's times are applied")
    config, moment = configured(), now()
    reason: Reason = "retention" if age is None else "purge"
    with opened_store(config) as store:
        numbers = [n for page in _chosen(store, config, age, topics, platforms) for n in page]
        erased = 0
        if numbers and not dry_run:
            if not agreed(f"{count(len(numbers), 'mention')} will be erased for good", yes=yes):
                raise click.Abort
            erased = store.erase(numbers, reason, moment)
            store.settle()
        if not dry_run:
            store.believe(moment)
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode({"found": len(numbers), "erased": erased, "dry_run": dry_run}).decode())
    elif not settings().quiet:
        click.echo(
            f"{count(len(numbers), 'mention')} would be erased" if dry_run else f"{count(erased, 'mention')} erased"
        )


def _chosen(
    store: Store, config: Config, age: str | None, topics: tuple[str, ...], platforms: tuple[str, ...]
) -> Iterator[list[int]]:
    from listen.config.keeping import kept
    from listen.retaining import older, outdated
    from listen.when import now

    moment = now()
    if age is None:
        return outdated(store, config.respect.retention, moment)
    keep = kept(age)
    if keep is None:
        raise UsageError("--older-than forever would erase nothing; write 90d, 26w or 1y")

    def wanted(one: Aged) -> bool:
        of_topics = not topics or set(one.topics) <= set(topics)
        return of_topics and (not platforms or one.platform in platforms)

    return older(store, moment - keep, wanted)
