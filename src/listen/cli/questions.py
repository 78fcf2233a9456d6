"""A short queue of mentions that the judge is least sure of, each answered with one key."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from listen.asking import questions
from listen.care import Marking
from listen.cli.options import login
from listen.judge.taught import load
from listen.mention import Flag, Mention
from listen.outputs.safe import safe_line
from listen.outputs.words import author_of, count, flag_of
from listen.store import Store
from listen.teaching import skip

FLAGS: dict[str, Flag] = {"c": "complaint", "o": "opportunity", "p": "praise", "n": "none"}
SKIP, QUIT = "s", "q"
PROMPT = "  (c)omplaint  (o)pportunity  (p)raise  (n)one  (s)kip  (q)uit: "
TEXT = 1_000  # characters of a mention that are shown


def ask(store: Store, number: int) -> bool:
    """Ask about at most that many mentions; each answer is stored at once. False if Ctrl-C ended it."""
    queue = questions(store, number, load(store.path).skipped)
    if not queue:
        click.echo("there is nothing to ask: the store holds no mention that is not labelled yet")
        return True
    click.echo(f"{count(len(queue), 'mention')}; one key each, and every answer is kept at once\n")
    answered = 0
    for at, mention in enumerate(queue, 1):
        _draw(mention, f"{at} of {len(queue)}")
        key = _key()
        if key is None:
            click.echo(
                f"\n{count(answered, 'answer')} kept; 'listen teach' learns from them, 'listen teach --ask' goes on"
            )
            return False
        if key == QUIT:
            break
        if key == SKIP:
            skip(store, [mention.id])
        else:
            store.care([mention.id], Marking(flag=FLAGS[key]), datetime.now(UTC), login())
            answered += 1
    click.echo(f"thank you: {count(answered, 'answer')} kept\n")
    return True


def _draw(mention: Mention, place: str) -> None:
    verdict = mention.verdict
    text = safe_line(mention.post.document[: TEXT * 2])
    shown = text if len(text) <= TEXT else text[: TEXT - 1] + "…"
    click.echo(f"{place}  {safe_line(mention.post.platform)}  {author_of(mention.post)}")
    click.echo(f"  {shown}")
    scores = f"complaint {verdict.complaint:.0%}, opportunity {verdict.opportunity:.0%}, praise {verdict.praise:.0%}"
    click.echo(f"  the judge says {flag_of(verdict) or 'none'} ({scores})")
    if verdict.reasons:
        click.echo(f"  because of {safe_line(' · '.join(reason.text for reason in verdict.reasons))}")


def _key() -> str | None:
    """The first key that means something, None for Ctrl-C or the end of input."""
    click.echo(PROMPT, nl=False)
    while True:
        try:
            key = click.getchar().lower()
        except (KeyboardInterrupt, EOFError):
            click.echo()
            return None
        if key in FLAGS or key in {SKIP, QUIT}:
            click.echo(FLAGS.get(key, {SKIP: "skipped", QUIT: "enough"}.get(key, "")))
            click.echo()
            return key
