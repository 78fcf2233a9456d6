"""From the model's opinion and the cues' to probabilities: for each flag a sum of voices, calibrated, by language.

What the sum is worth is learnt on posts that the model had not seen, so that the probabilities are right: of posts
given 0.8 to 0.9, about 85 % are what they are given for. `docs/judge.md` has the reliability table. Each flag is asked
for by itself: who complains may ask as well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from listen.judge.evidence import Evidence, Side
from listen.judge.model import ABOUT, DISTILLED, FLAGS
from listen.judge.words import Words

TELLING = (*FLAGS, *DISTILLED)  # the heads that speak for a flag
HEARD = (*TELLING, ABOUT)
SIGNALS = (
    *(f"model: {head}" for head in TELLING),
    "cues: complaint", "cues: praise", "cues: question", "cues: buying", "cues: switching", "damp", "linked", "beside",
)  # fmt: skip
_SHORT = 8  # words, and
_MOST = 0.4  # share of the words from which on cues speak by themselves
_DOUBT = -2.6  # log-odds of a complaint where only cues speak, before they do
_BOUND = 8.0  # log-odds; no single signal may say more


class LogOdds(NamedTuple):
    """Of each flag against its absence."""

    complaint: float
    opportunity: float
    praise: float

    def leaning(self, polarity: float) -> LogOdds:
        """Moved a little by a polarity of -1..1."""
        return LogOdds(self.complaint - 0.5 * polarity, self.opportunity, self.praise + 0.5 * polarity)

    def lifted(self, evidence: Evidence, words: Words) -> LogOdds:
        """In a short text, or where cues are most of it, not below what they say alone: `Thanks for nothing!`"""
        complaint, opportunity, praise = self
        bad, good = evidence.total("complaint"), evidence.total("praise")
        if _speaks(evidence, words, "complaint"):
            complaint = max(complaint, _DOUBT + bad - 0.5 * good - evidence.damp - evidence.relief)
        if _speaks(evidence, words, "switching"):
            opportunity = max(opportunity, _DOUBT + evidence.total("switching") - bad - evidence.damp)
        return LogOdds(complaint, opportunity, praise)


def _speaks(evidence: Evidence, words: Words, side: Side) -> bool:
    told = {at for sign in evidence.signs if sign.side == side for at in range(sign.first, sign.last + 1)}
    return bool(told) and (len(words) <= _SHORT or len(told) >= _MOST * len(words))


def signals(logits: Mapping[str, float], evidence: Evidence, words: Words) -> tuple[float, ...]:
    """What is known about a text, in the order of `SIGNALS`."""
    return (
        *(max(-_BOUND, min(_BOUND, logits[head])) for head in TELLING),
        *(evidence.total(side) for side in ("complaint", "praise", "question", "buying", "switching")),
        evidence.damp,
        float(words.links > 0),
        _beside(logits[ABOUT]),
    )


def _beside(about: float) -> float:
    """How much a text is about something else: next to nothing where it may be about a product, then ever more."""
    return math.log1p(math.exp(min(_BOUND, -about)))


def fused(found: Sequence[float], weights: Mapping[str, Sequence[float]]) -> LogOdds:
    """`weights` holds for each flag its bias and one weight a signal."""
    return LogOdds(*(_dot(weights[flag], found) for flag in FLAGS))


def probabilities(odds: LogOdds) -> LogOdds:
    """Of each flag by itself."""
    return LogOdds(*(1 / (1 + math.exp(-max(-30.0, min(30.0, each)))) for each in odds))


def _dot(weights: Sequence[float], found: Sequence[float]) -> float:
    bias, *rest = weights
    return bias + sum(weight * signal for weight, signal in zip(rest, found, strict=True))
