"""`listen replay`: recorded posts through the same path."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command
from listen.cli.options import files, selecting, settings

if TYPE_CHECKING:
    from listen.selection import Selection

EPILOG = """\
A line of JSONL holds a mention's keys, of which 'text' alone is needed. Mentions are kept in the
store as 'watch' keeps them; --db :memory: keeps nothing.

\b
Examples:
  listen replay posts.jsonl --term '#Kindle' --format csv
  zcat frames.jsonl.gz | listen replay - --term own=kindle --db :memory:
"""


@listen_command("replay", judges=True, epilog=EPILOG)
@click.argument("recordings", metavar="FILE...", nargs=-1, required=True, shell_complete=files)
@click.option(
    "--term", "terms", metavar="QUERY", multiple=True, help="Replaces the config's topics; NAME=QUERY names it."
)
@click.option("--format", "form", type=click.Choice(["lines", "jsonl", "csv"]), help="[default: lines]")
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    shell_complete=files,
    help="Write FILE, whole or not at all, instead of stdout.",
)
@selecting
def command(
    recordings: tuple[str, ...], terms: tuple[str, ...], form: str | None, file: str | None, selection: Selection
) -> int:
    """Run recorded posts (JSONL, Jetstream frames, CSV exports; - is stdin) through watchlist and judge."""
    from listen.cli.setting_up import configured, form_of, opened_store, output_of, refuse_inputs, topics_from, whole
    from listen.config import store_path
    from listen.consulting import opinion_of
    from listen.judging import judge_of
    from listen.pipeline import Pipeline
    from listen.replay import replayed
    from listen.watchlist import Watchlist

    config = configured()
    place = store_path(config, settings().db)
    topics = topics_from(terms, config)
    refuse_inputs(file, config, recordings)
    unreadable = 0
    form = form_of(form, file, "lines")
    with (
        opened_store(config) as store,
        whole(file) as stream,
        output_of(form, stream, [topic.name for topic in topics]) as output,
        opinion_of(config, place, output.say, quiet=settings().quiet) or nullcontext() as opinion,
    ):
        watchlist, judge = Watchlist(topics, config.own_accounts), judge_of(config, place, say=output.say)
        pipeline = Pipeline(watchlist, judge, store, output, selection, opinion)
        for recording in recordings:
            for trouble in replayed(recording, pipeline):
                unreadable += 1
                output.say(f"{recording}: line {trouble.line} {trouble.problem}; skipped")
    return 5 if unreadable else 0
