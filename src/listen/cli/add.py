"""`listen add`: what an address offers, into the config."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command
from listen.cli.options import settings
from listen.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from listen.config.editing import Change
    from listen.visit import Offer


@listen_command("add")
@click.argument("url", metavar="URL")
@click.option("--as", "platform", metavar="NAME", help="Hear it by this network's own way: feeds, wordpress, ...")
@click.option("--comments/--no-comments", default=None, help="Hear its comments too, or not.  [default: comments]")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def command(url: str, platform: str | None, comments: bool | None, dry_run: bool) -> None:
    """Find out what a site offers to listen to, and add it to the config; comments and layout stay.

    URL is a blog, a shop's news page, a feed, a server or a channel. Where there are several things to hear it asks
    which; when it is not on a terminal it takes the first. Run twice it changes nothing.
    """
    from listen.adding import changes_for, found_at, web_address
    from listen.config import default_path

    address = web_address(url)
    path = settings().config or default_path()
    text = _text_of(path)
    found = asyncio.run(found_at(address, _contact(text, path), platform))
    chosen = _chosen(found.main)
    changes = changes_for(chosen, found, comments=comments)
    _make(changes, text, path, dry_run=dry_run)


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as problem:
        hint = "'listen init' writes one, with your words"
        raise ConfigError(f"{path}: there is no config yet; {hint}; then add to it") from problem
    except UnicodeDecodeError as problem:
        raise ConfigError(f"{path}: is not UTF-8; save it as UTF-8 text") from problem
    except OSError as problem:
        raise ConfigError(f"{path}: cannot be read: {(problem.strerror or str(problem)).lower()}") from problem


def _contact(text: str, path: Path) -> str | None:
    from listen.config.editing import read

    contact = read(text, path.name).get("contact")
    return contact if isinstance(contact, str) else None


def _chosen(offers: Sequence[Offer]) -> list[Offer]:
    """Which of them: the user's choice on a terminal, or else the first."""
    from listen.adding import shown
    from listen.outputs.safe import safe_line

    several = len(offers) > 1
    for number, offer in enumerate(offers, 1):
        click.echo(safe_line(f"{number}. {shown(offer)}" if several else f"found {shown(offer)}"))
    if not several:
        return list(offers)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo("taking the first; --as NAME takes another network's")
        return [offers[0]]
    answer = str(click.prompt("Which? Numbers, separated by commas", default="1", err=True))
    try:
        return [offers[_index(part, len(offers))] for part in answer.split(",") if part.strip()]
    except ValueError as problem:
        raise UsageError(f"{answer!r} is none of 1 to {len(offers)}") from problem


def _index(part: str, count: int) -> int:
    """From 0; raises ValueError."""
    number = int(part)
    if not 1 <= number <= count:
        raise ValueError(part)
    return number - 1


def _make(changes: Sequence[Change], text: str, path: Path, *, dry_run: bool) -> None:
    from listen.adding import needs_of
    from listen.config.editing import changed, said
    from listen.http.secret import redacted
    from listen.outputs.files import replaced
    from listen.outputs.safe import safe_line

    after = text
    for change in changes:
        before, after = after, changed(after, change, path.name)
        if before != after:
            done = ("added to", "taken from") if not dry_run else ("would add to", "would take from")
            click.echo(safe_line(f"{done[not change.there]} {change.place}: {redacted(change.value)}"))
        elif change.there:
            click.echo(safe_line(f"{change.place} has {redacted(change.value)} already"))
    if after == text:
        click.echo(f"nothing to change in {path}")
        return
    if not dry_run:
        with replaced(path) as stream:
            stream.write(after)
        click.echo(f"{path} is changed; 'listen check' tries it")
    for name in dict.fromkeys(change.platform for change in changes):
        for option, what in (("enabled", "it"), ("comments", "comments")):
            if said(after, name, option, path.name) is False:
                click.echo(
                    f"listen: [platforms.{name}] says '{option} = false'; take that out to hear {what}", err=True
                )
        if needs := needs_of(name):
            click.echo(f"listen: {needs}; 'listen platforms' says more", err=True)
