"""`listen query`: what a query means, where it is asked, and what it finds."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command
from listen.cli.options import files, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listen.config import Config
    from listen.explaining.explanation import Explanation
    from listen.explaining.history import History
    from listen.explaining.trial import Trial
    from listen.mention import Mention
    from listen.post import Post

EPILOG = """\
Put the query in single quotes, as the shell has plans of its own for " # ( ) and *.

\b
Examples:
  listen query 'kindle~ NEAR/8 (leer OR schwach) NOT gewinnspiel'
  listen query '#Kindle OR "Kindle Fire"' --text 'Mein #KindleFire ist da'
  listen query 'akku*' --file posts.jsonl --json
"""


@listen_command("query", epilog=EPILOG)
@click.argument("query")
@click.option("--text", metavar="TEXT", help="Try the query on TEXT (- is stdin).")
@click.option(
    "--file",
    metavar="FILE",
    shell_complete=files,
    help="Try it on recorded posts (JSONL, Jetstream frames, CSV; - is stdin).",
)
@click.option("--since", metavar="WHEN", default="30d", help="How far back to look in the store.  [default: 30d]")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def command(query: str, text: str | None, file: str | None, since: str, as_json: bool) -> int:
    """Explain QUERY: how it is read, what each network is asked, what to beware of.

    With --text or --file, shows what it finds there; otherwise also what it finds in the store.
    """
    from listen.cli.setting_up import configured
    from listen.errors import UsageError
    from listen.explaining.explanation import explained
    from listen.query import parse
    from listen.when import moment, now

    if text is not None and file is not None:
        raise UsageError("--text and --file do not go together")
    begin = moment(since, now())
    parse(query)  # A wrong query comes before a wrong config.
    if file is not None:
        return _tried_on_file(query, file, as_json=as_json)
    config = configured()
    explanation = explained(query, [topic.query for topic in config.topics])
    if text is not None:
        _tried_on_text(query, explanation, text, as_json=as_json)
    elif as_json:
        _print_json(explanation.record())
    else:
        _draw(explanation)
        _draw_history(explanation, config, begin)
    return 0


def _tried_on_text(query: str, explanation: Explanation, text: str, *, as_json: bool) -> None:
    import sys

    from listen.explaining.trial import Trying, post_of

    post = post_of(sys.stdin.read() if text == "-" else text)
    trial = Trying(query).tried(post)
    if as_json:
        _print_json(explanation.record() | trial.record())
        return
    click.echo(f"query    {_safe(str(explanation.query))}")
    for warning in explanation.warnings:
        click.echo(f"beware   {_safe(warning)}")
    click.echo(f"matches  {'yes' if trial.matches else 'no'}")
    _draw_hit(post, trial)


def _tried_on_file(query: str, file: str, *, as_json: bool) -> int:
    """Tries every post of a recording; returns the exit code."""
    from listen.explaining.trial import Trying
    from listen.post import Edit, Post
    from listen.query import parse
    from listen.recording import Unreadable, read

    tester, canonical = Trying(query), str(parse(query))
    seen = hits = unreadable = 0
    for event in read(file):
        if isinstance(event, Unreadable):
            unreadable += 1
            click.echo(f"{file}: line {event.line} {event.problem}; skipped", err=True)
        post = event.post if isinstance(event, Edit) else event
        if not isinstance(post, Post):
            continue
        trial = tester.tried(post)
        seen, hits = seen + 1, hits + trial.matches
        if as_json:
            _print_json({"query": canonical, "id": f"{post.platform}:{post.id}"} | trial.record())
        elif trial.matches:
            _draw_hit(post, trial)
    if not (as_json or settings().quiet):
        click.echo(f"{hits:,} of {seen:,} posts match", err=True)
    return 5 if unreadable else 0


def _draw(explanation: Explanation) -> None:
    click.echo(f"query   {_safe(str(explanation.query))}")
    for warning in explanation.warnings:
        click.echo(f"beware  {_safe(warning)}")
    for name, asked in explanation.platforms.items():
        click.echo(f"\n{name}")
        for search in asked.searches:
            click.echo(f"  asks   {_safe(search)}")
        for note in asked.notes:
            click.echo(f"  note   {_safe(note)}")
        if not (asked.searches or asked.notes):
            click.echo("  note   cannot be asked for this")


def _draw_hit(post: Post, trial: Trial) -> None:
    """The text with the matched words in brackets, and where each of them stands."""
    from listen.explaining.trial import marked

    if not trial.matches:
        return
    click.echo(_safe(marked(post.document, trial.spans)).strip())
    for span in trial.spans:
        click.echo(f"  {span.start}-{span.end}  {_safe(span.text)}")


def _draw_history(explanation: Explanation, config: Config, since: datetime) -> None:
    from listen.cli.setting_up import opened_store
    from listen.config import store_path
    from listen.explaining.history import history_of
    from listen.selection import Selection

    if not Path(store_path(config, settings().db)).is_file():  # Looking is no reason to make a store.
        return
    with opened_store(config) as store:

        def mentions() -> Iterator[Mention]:
            return (mention for _, mention in store.mentions(Selection(since=since)))

        history = history_of(explanation.query, mentions)
    click.echo(f"\nin the store, since {since.date()}: {history.hits:,} hits, {history.wrong:,} marked not relevant")
    _draw_days(history, since)
    for exclusion in history.exclusions:
        click.echo(f"  try    {_safe(str(exclusion))}")


def _draw_days(history: History, since: datetime) -> None:
    """A bar a day, days without hits included, from the first one that has any."""
    if not history.days:
        return
    most = max(history.days.values())
    day, last = max(min(history.days), since.date()), max(history.days)
    while day <= last:
        count = history.days.get(day, 0)
        click.echo(f"  {day}  {count:>7,}  {'▇' * round(30 * count / most)}".rstrip())
        day += timedelta(days=1)


def _print_json(facts: dict[str, object]) -> None:
    import msgspec

    click.echo(msgspec.json.encode(facts).decode())


def _safe(text: str) -> str:
    from listen.outputs.safe import safe

    return safe(text)
