"""How soon somebody should answer: by strength, reach, danger, and how long the author has waited."""

from __future__ import annotations

from listen.judge.evidence import Evidence
from listen.judge.scores import Scores
from listen.judge.words import Words
from listen.mention import Context, Urgency

LONG = 24.0  # hours that somebody has waited
SPREADING = 10  # reposts an hour


def urgency(scores: Scores, evidence: Evidence, words: Words, context: Context) -> Urgency:
    """Praise and mere mentions can wait. Danger, law or fraud in a complaint cannot."""
    if scores.flag in {"praise", "none"}:
        return "low"
    pressure = _reach(context) + context.to_us
    if scores.flag == "opportunity":
        pressure += scores.opportunity_kind != "question"
    else:
        pressure += (scores.complaint >= 0.65) + (scores.complaint >= 0.9)
        pressure += (evidence.waiting > 0) + (evidence.insult > 0)
        pressure += words.exclaims >= 3 or words.capitals >= 3
        pressure += context.hours is not None and context.hours >= LONG
    if evidence.danger:
        pressure += 3
    return "high" if pressure >= 3 else "medium" if pressure >= 1 else "low"


def _reach(context: Context) -> int:
    """How many people have seen it or soon will: followers, reposts, and how fast those came."""
    followers, reposts = context.followers or 0, context.reposts or 0
    fast = context.hours is not None and reposts >= 5 and reposts >= SPREADING * max(context.hours, 0.0)
    if followers >= 10_000 or reposts >= 20 or fast:
        return 2
    return int(followers >= 1_000 or reposts >= 5)
