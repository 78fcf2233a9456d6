"""`listen forget`: all traces of an author, at their request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command
from listen.cli.options import settings
from listen.errors import UsageError

if TYPE_CHECKING:
    from listen.erasing import Forgotten, Person

EPILOG = """\
AUTHOR is bluesky:anna.example, @anna@example.social, an address or id of a profile, or a name; a name that several
people have is not guessed: they are listed. What is erased cannot be brought back. Exported files and backups are
yours to clean.

Exit codes: 2 nobody or several are meant; 5 erased, but another program keeps the file from being written anew.

\b
Examples:
  listen forget bluesky:anna.example --dry-run
  listen forget https://example.social/@anna --yes --json
"""


@listen_command("forget", epilog=EPILOG)
@click.argument("author")
@click.option("--also-named", is_flag=True, help="Also erase mentions by others in which their name stands.")
@click.option("--dry-run", is_flag=True, help="Say what would be erased, and erase nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def command(author: str, also_named: bool, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Erase all traces of AUTHOR from the store and the files beside it, and store nothing more of them."""
    from listen.cli.asking import agreed
    from listen.cli.setting_up import configured, judge_for, opened_store
    from listen.erasing import forget, preview
    from listen.outputs.safe import safe_line
    from listen.outputs.words import count
    from listen.when import now

    config = configured()
    with opened_store(config) as store:
        person = _meant(author, store)
        seen = preview(store, person)
        if not dry_run:
            many = len(seen.named) if also_named else 0
            whom = f"{count(seen.mentions, 'mention')} of {safe_line(person.handle)}"
            others = f" and {count(many, 'mention')} by others" if many else ""
            if not agreed(f"{whom}{others} will be erased for good, and nothing more of them stored", yes=yes):
                raise click.Abort
            seen = forget(store, person, lambda: judge_for(config, untaught=True), now(), also_named=also_named)
    if as_json:
        click.echo(_json(seen, dry_run=dry_run))
    elif not settings().quiet:
        _tell(seen, dry_run=dry_run)
    if seen.trouble is not None:
        click.echo(f"listen: {safe_line(seen.trouble)}", err=True)
    return 0 if seen.trouble is None else 5


def _meant(author: str, store: object) -> Person:
    from listen.erasing import find
    from listen.outputs.safe import safe_line
    from listen.outputs.words import count
    from listen.platforms import known
    from listen.store import Store

    assert isinstance(store, Store)
    found = find(store, author, [*known(), "file"])
    if not found:
        raise UsageError(
            f"the store has nothing by {author!r}; to keep them away in advance say on which network, like bluesky:NAME"
        )
    if len(found) > 1:
        listed = "\n".join(
            f"  {safe_line(one.handle)}  ({safe_line(', '.join(sorted(one.names - {one.key})) or 'no other name')}; "
            f"{count(one.mentions, 'mention')})"
            for one in found
        )
        click.echo(listed, err=True)
        raise UsageError(f"{author!r} may be {len(found)} people; name one of those above")
    return found[0]


def _json(seen: Forgotten, *, dry_run: bool) -> str:
    import msgspec

    facts = {
        "author": seen.person.handle,
        "dry_run": dry_run,
        "mentions": seen.mentions,
        "labels": seen.labels,
        "opinions": seen.opinions,
        "named_by_others": list(seen.named),
        "named_by_others_erased": seen.erased_named,
        "files_clean": seen.clean,
        "trouble": seen.trouble,
    }
    return msgspec.json.format(msgspec.json.encode(facts), indent=2).decode()


def _tell(seen: Forgotten, *, dry_run: bool) -> None:
    from listen.outputs.safe import safe_line
    from listen.outputs.words import count

    who, will = safe_line(seen.person.handle), "would be " if dry_run else ""
    click.echo(f"{who}: {count(seen.mentions, 'mention')} {will}erased, nothing more of them {will}stored")
    if seen.labels:
        click.echo(f"{count(seen.labels, 'label')} for teaching erased, and learnt anew without them")
    if seen.named and not seen.erased_named:
        click.echo(f"{count(len(seen.named), 'mention')} by others in which they are named: {_listed(seen.named)}")
        click.echo(
            "they stay; --also-named erases them, too" if dry_run else "they stay: 'listen forget' with --also-named"
        )
    if seen.clean:
        click.echo("the store's file was written anew and searched: nothing is left; exports and backups are yours")


def _listed(ids: tuple[str, ...]) -> str:
    from listen.outputs.safe import safe_line

    more = f" and {len(ids) - 5:,} more" if len(ids) > 5 else ""
    return safe_line(", ".join(ids[:5])) + more
