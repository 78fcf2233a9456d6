"""How it is shown what the judge was taught."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import click

from listen.judge import Judge
from listen.judge.adapting import Adaptation
from listen.judge.model import FLAGS
from listen.judge.overhearing import Case
from listen.judge.proof import LABELS, Proof
from listen.judge.taught import Taught
from listen.outputs.safe import safe_line
from listen.outputs.words import count
from listen.teaching import Word, moved_words

LEAST = 0.05  # log-odds; less is not worth a word


def draw(taught: Taught, known: Sequence[Case], judge: Judge, *, whole: bool) -> None:
    """State and figures for the judge as it would be untaught; with `whole` also what was learnt."""
    counts = Counter(case.label for case in known)
    kinds = ", ".join(f"{counts[flag]} {flag}" for flag in LABELS)
    click.echo(f"labels  {len(known):,} ({kinds})")
    click.echo(f"state   {_state(taught, judge)}")
    if taught.proof is not None:
        _draw_proof(taught.proof)
    if whole and taught.adaptation is not None:
        _draw_changes(taught.adaptation, known)


def facts(taught: Taught, known: Sequence[Case], judge: Judge) -> dict[str, object]:
    """The same for scripts; key names are an interface. Changes are log-odds, complaint, opportunity, praise."""
    counts = Counter(case.label for case in known)
    proof, adaptation = taught.proof, taught.adaptation
    return {
        "state": "outdated" if taught.outdated(judge) else "on" if adaptation else "off",
        "why": taught.why or None,
        "labels": {flag: counts[flag] for flag in LABELS},
        "untaught": proof and {"macro_f1": proof.untaught.macro_f1, "log_loss": proof.untaught.log_loss},
        "taught": proof and {"macro_f1": proof.taught.macro_f1, "log_loss": proof.taught.log_loss},
        "biases": adaptation and list(adaptation.biases),
        "words": [[word.text, list(word.change)] for word in moved_words(adaptation, known)] if adaptation else [],
    }


def _state(taught: Taught, judge: Judge) -> str:
    if taught.outdated(judge):
        return (
            "as shipped; the judge has changed since it was taught, and 'listen teach' learns again from these labels"
        )
    if taught.adaptation is not None:
        return "taught, for mentions from now on; 'listen teach --undo' takes it back"
    return f"as shipped; {taught.why or 'nothing was taught yet'}"


def _draw_proof(proof: Proof) -> None:
    click.echo(f"\n{count(proof.n, 'label')}, each judged by what was learnt from the others")
    click.echo(f"  {'':<12}{'macro-F1':>10}{'log-loss':>10}")
    for name, outcome in (("as shipped", proof.untaught), ("taught", proof.taught)):
        click.echo(f"  {name:<12}{100 * outcome.macro_f1:>10.1f}{outcome.log_loss:>10.3f}")


def _draw_changes(adaptation: Adaptation, known: Sequence[Case]) -> None:
    """Log-odds: 0.7 doubles the odds of a flag, -0.7 halves them."""
    click.echo(f"\n  {'log-odds':<26}" + "".join(f"{flag:>13}" for flag in FLAGS))
    click.echo(f"  {'every text':<26}" + "".join(f"{bias:>+13.2f}" for bias in adaptation.biases))
    for word in moved_words(adaptation, known):
        if max(map(abs, word.change)) >= LEAST:
            _draw_word(word)


def _draw_word(word: Word) -> None:
    text = safe_line(word.text)
    shown = text if len(text) <= 24 else text[:23] + "…"
    click.echo(f"  {shown:<26}" + "".join(f"{change:>+13.2f}" for change in word.change))
