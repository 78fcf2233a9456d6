"""How soon somebody should answer: by strength, reach, danger, and how long the author has waited."""

from __future__ import annotations

from listen.judge.evidence import Evidence
from listen.judge.scores import Scores
from listen.judge.words import Words
from listen.mention import Context, Urgency


def urgency(scores: Scores, evidence: Evidence, words: Words, context: Context) -> Urgency:
    """Praise and mere mentions can wait. Danger, law or fraud in a complaint cannot."""
    if scores.flag in {"praise", "none"}:
        return "low"
    pressure = _reach(context)
    if scores.flag == "opportunity":
        pressure += scores.opportunity_kind != "question"
    else:
        pressure += (scores.complaint >= 0.65) + (scores.complaint >= 0.9)
        pressure += (evidence.waiting > 0) + (evidence.insult > 0)
        pressure += words.exclaims >= 3 or words.capitals >= 3
    if evidence.danger:
        pressure += 3
    return "high" if pressure >= 3 else "medium" if pressure >= 1 else "low"


def _reach(context: Context) -> int:
    followers, reposts = context.followers or 0, context.reposts or 0
    if followers >= 10_000 or reposts >= 20:
        return 2
    return int(followers >= 1_000 or reposts >= 5)
