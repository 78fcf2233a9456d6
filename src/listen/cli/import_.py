"""`listen import`: earlier exports, and other tools' tables, into the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command
from listen.cli.options import files, settings
from listen.errors import UsageError

if TYPE_CHECKING:
    from listen.config import Config
    from listen.importing import Filing, Manner
    from listen.importing.filing import Tally

EPILOG = """\
Exports of ours keep their topics, verdicts, status, owner and notes. In other tables the config's topics
decide, or --term, or --topic. What the store has stays as it is; importing twice changes nothing.

\b
Examples:
  listen import mentions.csv old/*.jsonl
  listen import worked-on.csv --tz Europe/Berlin --care file
  listen import brand24.csv --map 'text=Message,author=From' --topic kindle
"""


@listen_command("import", epilog=EPILOG)
@click.argument("tables", metavar="FILE...", nargs=-1, required=True, shell_complete=files)
@click.option(
    "--map", "maps", metavar="OURS=THEIRS,...", multiple=True, help="Names of columns; or a TOML file of such lines."
)
@click.option("--tz", metavar="ZONE", help="Zone of times that name none. [default: UTC]")
@click.option("--dates", metavar="FORMAT", help="How times are written, as in '%m/%d/%Y %H:%M'.")
@click.option("--delimiter", metavar="CHAR", help="Between cells. [default: found out]")
@click.option("--encoding", metavar="NAME", help="[default: found out of UTF-8, UTF-16, Windows-1252]")
@click.option(
    "--term", "terms", metavar="QUERY", multiple=True, help="Decides instead of all topics; NAME=QUERY names it."
)
@click.option("--topic", metavar="NAME", help="All of it belongs to this topic, whatever it says.")
@click.option("--judge", is_flag=True, help="Judge anew what the file holds verdicts of.")
@click.option(
    "--care",
    type=click.Choice(["store", "file"]),
    default="store",
    help="Whose status, owner and note count where both have some. [default: store]",
)
def command(
    tables: tuple[str, ...],
    maps: tuple[str, ...],
    tz: str | None,
    dates: str | None,
    delimiter: str | None,
    encoding: str | None,
    terms: tuple[str, ...],
    topic: str | None,
    judge: bool,
    care: str,
) -> int:
    """Read mentions from files (CSV, JSONL, Jetstream frames, XLSX; - is stdin) into the store."""
    from listen.cli.setting_up import configured, opened_store
    from listen.importing import Filer, read
    from listen.outputs.safe import safe_line
    from listen.recording import Unreadable

    if topic is not None and (terms or not topic.strip()):
        raise UsageError("--topic names the topic of all that is imported, so it goes without --term, and is not empty")
    manner = _manner(maps, tz, dates, delimiter, encoding)
    config = configured()
    filing = _filing(config, terms, topic, anew=judge, overrule=care == "file")
    unreadable = 0
    with opened_store(config) as store:
        for file in tables:
            filer = Filer(store, filing, file)
            wrong = 0
            for row in read(file, manner):
                if not isinstance(row, Unreadable):
                    filer.take(row)
                    continue
                wrong += 1
                click.echo(safe_line(f"{file}: line {row.line} {row.problem}; skipped"), err=True)
            filer.finish()
            unreadable += wrong
            if not settings().quiet:
                click.echo(safe_line(f"{file}: {_told(filer.tally, wrong, filing)}"), err=True)
    return 5 if unreadable else 0


def _manner(
    maps: tuple[str, ...], tz: str | None, dates: str | None, delimiter: str | None, encoding: str | None
) -> Manner:
    from listen.cli.forms import delimiter_from, zone_from
    from listen.importing import Manner
    from listen.importing.cells import Habit
    from listen.importing.columns import mapping_from
    from listen.importing.reading import known_encoding

    return Manner(
        mapping=mapping_from(maps),
        delimiter=delimiter_from(delimiter),
        encoding=None if encoding is None else known_encoding(encoding),
        habit=Habit(zone_from(tz), dates),
    )


def _filing(config: Config, terms: tuple[str, ...], topic: str | None, *, anew: bool, overrule: bool) -> Filing:
    from listen.cli.setting_up import judge_for, topics_from
    from listen.importing import Filing
    from listen.watchlist import Watchlist

    topics = topics_from(terms, config) if terms else config.topics
    watchlist = Watchlist(topics)
    return Filing(
        watchlist=watchlist, judge=judge_for(config), topic=topic, asked=bool(terms), anew=anew, overrule=overrule
    )


def _told(tally: Tally, wrong: int, filing: Filing) -> str:
    """One line for people: how many were new, and what became of the others."""
    from listen.outputs.words import count

    parts = [f"{count(tally.new, 'new mention')}"]
    parts += [f"{number:,} {what}" for number, what in _others(tally, wrong) if number]
    if tally.unmatched and not filing.watchlist.topics:
        parts.append("say what they are about with --topic NAME or --term QUERY")
    return "; ".join(parts)


def _others(tally: Tally, wrong: int) -> list[tuple[int, str]]:
    return [
        (tally.changed, "changed"),
        (tally.known, "known before"),
        (tally.other_care, "with another status, owner or note in the store, which stayed (--care file)"),
        (tally.withdrawn, "left out, as their authors took them back"),
        (tally.unmatched, "about no topic"),
        (wrong, "not readable"),
    ]
