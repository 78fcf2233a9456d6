"""`listen explain`: a verdict and the words that caused it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command

if TYPE_CHECKING:
    from listen.mention import Verdict

EPILOG = """\b
Examples:
  listen explain 'Mein Kindle geht nicht mehr, und niemand antwortet'
  listen explain --role competitor 'Leaving Tolino, any alternatives?' --json
"""


@listen_command("explain", judges=True, epilog=EPILOG)
@click.argument("text", metavar="TEXT|ID")
@click.option("--lang", help="Language the author claims: de, en ...")
@click.option("--role", type=click.Choice(["own", "competitor", "market"]), default="own", help="Whose brand it is.")
@click.option("--rating", type=click.FloatRange(1, 5), help="Stars that came with the text, 1 to 5.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def command(text: str, lang: str | None, role: str, rating: float | None, as_json: bool) -> None:
    """Judge TEXT (- is stdin), or show the verdict on a stored mention by its ID."""
    from listen.cli.setting_up import configured, judge_for
    from listen.mention import Context

    if text == "-":
        text = sys.stdin.read()
    stored = _stored(text)
    told: list[str] = []
    if stored is not None:
        text, verdict, told = stored
    else:
        verdict = judge_for(configured())(text, Context(role=role, lang=lang, rating=rating))  # type: ignore[arg-type]
    if as_json:
        click.echo(_json(verdict))
    else:
        _draw(text, verdict)
        if told:
            click.echo("\nmarked     " + "\n           ".join(told))


def _stored(name: str) -> tuple[str, Verdict, list[str]] | None:
    """Text, verdict and history of the stored mention with that id, if the name looks like one (`hackernews:8863`)."""
    platform, _, rest = name.partition(":")
    if not rest or not platform.isidentifier() or " " in name:
        return None
    from listen.cli.setting_up import configured, opened_store
    from listen.errors import UsageError
    from listen.outputs.history import lines
    from listen.platforms import known

    with opened_store(configured()) as store:
        mention, told = store.find(name), store.history(name)
    if mention is None and platform in known():
        raise UsageError(f"the store has no mention {name!r}")
    return None if mention is None else (mention.post.document, mention.verdict, lines(mention, told))


def _json(verdict: Verdict) -> str:
    import msgspec

    from listen.mention import verdict_facts

    spans = [[reason.start, reason.end] for reason in verdict.reasons]
    return msgspec.json.encode({"lang": verdict.lang, **verdict_facts(verdict), "spans": spans}).decode()


def _draw(text: str, verdict: Verdict) -> None:
    from listen.outputs.safe import safe, safe_line

    flag = verdict.flag + (f" ({verdict.opportunity_kind})" if verdict.opportunity_kind else "")
    click.echo(safe(text))
    click.echo()
    click.echo(f"flag       {flag if verdict.flag != 'none' else 'none: nothing to answer'}")
    click.echo(f"urgency    {verdict.urgency}")
    click.echo(f"language   {safe_line(verdict.lang or 'unknown')}")
    click.echo(f"sentiment  {verdict.sentiment:+.2f}")
    for name in ("complaint", "opportunity", "praise"):
        score = getattr(verdict, name)
        click.echo(f"{name:<12}{score:4.0%} {'▇' * round(score * 20)}".rstrip())
    if verdict.reasons:
        click.echo(f"why        {safe_line(' · '.join(reason.text for reason in verdict.reasons))}")
