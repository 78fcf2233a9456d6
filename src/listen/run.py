"""One run of the main job: stations, sources and signals put together, and taken apart in order."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from listen.config import Config, store_path
from listen.consulting import opinion_of
from listen.engine import Engine, Outcome
from listen.engine.rechecking import Recheck
from listen.errors import UsageError
from listen.http import Books, Budget, Client, Meter
from listen.http.spending import Ledger
from listen.login import Vault
from listen.outputs.output import Output
from listen.pipeline import Pipeline
from listen.platforms import known
from listen.retaining import doubt
from listen.selection import Selection
from listen.signals import ended_by_signals
from listen.source import Interest, Options, Platform, Source
from listen.store import Store
from listen.tape import DemoTape
from listen.watchlist import Topic, Watchlist
from listen.when import now

WARNED = 86_400.0  # seconds between two looks whether a login ends
PATIENCE_OF_A_ROUND = 60.0  # seconds that one round waits for the turn of a request
DEMO_QUERY = "#Kindle OR kindle OR tolino OR kobo"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How to run: on which store, `once` around or `lasting` some time, and whether on the `demo` tape."""

    db: str | None = None
    quiet: bool = False
    verbose: bool = False
    once: bool = False
    lasting: timedelta | None = None
    demo: bool = False


def run(config: Config, topics: Sequence[Topic], output: Output, selection: Selection, plan: Plan) -> Outcome:
    """Watch the topics on every network that is on; ends as planned, or in order on Ctrl-C or SIGTERM.

    Raises ListenError, BrokenPipeError; SystemExit(130) if interrupted twice.
    """
    from listen.judging import judge_of

    watchlist = Watchlist(topics, config.own_accounts)
    place = store_path(config, plan.db)
    with Store.open(place) as store:
        opinion = opinion_of(config, place, output.say, quiet=plan.quiet)
        for warning in (store.exposure(), doubt(store, config.respect.retention, now())):
            if warning:
                output.say(warning)
        judge = judge_of(config, place, say=output.say)
        pipeline = Pipeline(watchlist, judge, store, output, selection, opinion, config.respect)
        return asyncio.run(_run(config, watchlist.interest(), pipeline, plan))


def sources_of(
    config: Config,
    interest: Interest,
    client: Client,
    only: Sequence[str] = (),
    *,
    books: Books | None = None,
    accounts: Ledger | None = None,
    patience: float | None = None,
) -> dict[str, list[Source]]:
    """The sources of every platform that is on; as `stations_of`."""
    return stations_of(config, interest, client, only, books=books, accounts=accounts, patience=patience)[1]


def stations_of(
    config: Config,
    interest: Interest,
    client: Client,
    only: Sequence[str] = (),
    *,
    books: Books | None = None,
    accounts: Ledger | None = None,
    patience: float | None = None,
) -> tuple[dict[str, Platform[Any]], dict[str, list[Source]]]:
    """Every platform that is on (of `only`, if any are named), and its sources; raises UsageError if there are none.

    Each platform is asked within its budget, which `books` remember; `accounts` and `patience` are those of `Meter`.
    """
    for name in only:
        if name not in config.platforms:
            raise UsageError(f"platform {name!r} is not on; there are {', '.join(config.platforms) or 'none'}")

    def meter(name: str, options: Options) -> Meter:
        budget = Budget(options.requests_per_minute, options.requests_per_day)
        return Meter(name, budget, books, accounts=accounts, patience=patience)

    platforms = {
        name: known()[name](options, interest, client.metered(meter(name, options)))
        for name, options in config.platforms.items()
        if not only or name in only
    }
    sources = {name: list(platform.sources()) for name, platform in platforms.items()}
    if not any(sources.values()):
        raise UsageError("no network is on; take 'enabled = false' out of the config, or see 'listen platforms'")
    return platforms, sources


def _rechecks(platforms: Mapping[str, Platform[Any]]) -> dict[str, Recheck]:
    return {
        name: Recheck(platform.gone, platform.facts.recheck)
        for name, platform in platforms.items()
        if platform.facts.recheck is not None
    }


async def _run(config: Config, interest: Interest, pipeline: Pipeline, plan: Plan) -> Outcome:
    async with Client(config.contact, config.secrets()) as client, pipeline.opinion or contextlib.nullcontext():
        platforms: Mapping[str, Platform[Any]] = {}
        sources: Mapping[str, Sequence[Source]] = {"demo": [DemoTape(pace=0.0 if plan.once else 1.0)]}
        if not plan.demo:
            platforms, sources = stations_of(
                config, interest, client, pipeline.selection.platforms,
                books=pipeline.store, patience=PATIENCE_OF_A_ROUND if plan.once else None,
            )  # fmt: skip
        engine = Engine(
            sources, pipeline, rechecks=_rechecks(platforms), since=pipeline.selection.since, quiet=plan.quiet,
            verbose=plan.verbose,
        )  # fmt: skip
        warning = asyncio.create_task(_warned(platforms, pipeline.output))
        try:
            with ended_by_signals(engine.stop):
                return await engine.run(once=plan.once, lasting=plan.lasting)
        finally:
            warning.cancel()


async def _warned(platforms: Collection[str], output: Output) -> None:
    """A line about each login that ends within a week: at the beginning, and every day of a long run."""
    while platforms:
        for line in await asyncio.to_thread(Vault().warnings, now(), platforms):
            output.say(line)
        await asyncio.sleep(WARNED)
