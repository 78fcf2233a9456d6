"""`listen privacy`: what is done with people's data, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command
from listen.cli.options import settings

if TYPE_CHECKING:
    from listen.config import Config
    from listen.processing import Stored

EPILOG = """\
The record follows Article 30 of the GDPR; what only you can know stands in [brackets]. It is no legal advice.

\b
Examples:
  listen privacy --lang de > verzeichnis.md
  listen privacy --audit                   what was erased when, and why
"""


@listen_command("privacy", epilog=EPILOG)
@click.option("--lang", type=click.Choice(["en", "de"]), default="en", help="Language of the record.")
@click.option("--audit", is_flag=True, help="Show instead how many mentions were erased when and why.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def command(lang: str, audit: bool, as_json: bool) -> None:
    """Print a record of processing activities (GDPR Art. 30) from the actual config, as Markdown."""
    import msgspec

    from listen.cli.setting_up import configured
    from listen.config import store_path
    from listen.processing import facts_of, markdown
    from listen.when import now

    config = configured()
    if audit:
        _show_audit(config, as_json=as_json)
        return
    place = store_path(config, settings().db)
    facts = facts_of(config, place, _stored(place), now())
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode())
    else:
        click.echo(markdown(facts, lang), nl=False)


def _stored(place: str) -> Stored | None:
    """What is there just now; a store is not made for it."""
    from pathlib import Path

    from listen.processing import Stored
    from listen.store import Store

    if not Path(place).exists():
        return None
    with Store.open(place) as store:
        return Stored(
            mentions=store.count(),
            withheld=sum(store.withheld().values()),
            forgotten=store.refused(),
            mode=f"{Path(place).stat().st_mode & 0o777:04o}",
        )


def _show_audit(config: Config, *, as_json: bool) -> None:
    import msgspec

    from listen.cli.setting_up import opened_store
    from listen.mention import timestamp
    from listen.outputs.words import count, local

    with opened_store(config) as store:
        rows, withheld = store.audit(), store.withheld()
    if as_json:
        facts = {
            "erased": [
                {"hour": timestamp(row.hour), "reason": row.reason, "platform": row.platform, "mentions": row.mentions}
                for row in rows
            ],
            "withheld": [
                {"platform": platform, "wish": wish, "posts": posts} for (platform, wish), posts in withheld.items()
            ],
        }
        click.echo(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode())
        return
    for row in rows:
        click.echo(
            f"{local(row.hour):%Y-%m-%d %H:00}  {row.reason:<20}{row.platform:<14}{count(row.mentions, 'mention')}"
        )
    for (platform, wish), posts in withheld.items():
        click.echo(f"never stored      {wish:<20}{platform:<14}{count(posts, 'post')}")
    if not rows and not withheld:
        click.echo("nothing was erased yet")
