"""Evidence to scores: three probabilities, the flag, the kind of opportunity, and the sentiment."""

from __future__ import annotations

import math
from dataclasses import dataclass

from listen.judge.evidence import Evidence
from listen.judge.words import Words
from listen.mention import Context, Flag, OpportunityKind

THRESHOLD = 0.5
_PRIOR = -2.0  # log-odds of each flag where nothing speaks for it
_LONG = 60  # words; in longer texts cues stand by chance


@dataclass(frozen=True, slots=True)
class Scores:
    complaint: float
    opportunity: float
    praise: float
    opportunity_kind: OpportunityKind | None
    sentiment: float
    flag: Flag


def scored(words: Words, evidence: Evidence, polarity: float, context: Context) -> Scores:
    """`polarity` is -1..1 for English and 0 elsewhere; the rest is the evidence in its surroundings."""
    bad, good = evidence.total("complaint"), evidence.total("praise")
    sought = evidence.total("question", "buying", "switching")
    calm = _distance(words, evidence, context)
    stars = _stars(context.rating)
    complaint = _PRIOR + bad - 0.5 * good - evidence.relief - calm - 0.5 * polarity - 2.5 * stars
    praise = _PRIOR + good - 0.8 * bad - 0.6 * sought + 0.5 * evidence.relief - calm + 0.6 * polarity + 2.5 * stars
    opportunity = _PRIOR + sought - 1.2 * calm
    if words.support:
        complaint, opportunity = complaint + 0.8, opportunity + 0.6
    elif words.names:
        complaint, opportunity = complaint + 0.1, opportunity + 0.3
    if evidence.personal:
        complaint, opportunity = complaint + 0.3, opportunity + 0.3
    return _decided(_logistic(complaint), _logistic(opportunity), _logistic(praise), evidence, context, polarity)


def _decided(
    complaint: float, opportunity: float, praise: float, evidence: Evidence, context: Context, polarity: float
) -> Scores:
    kind = _kind(evidence)
    if context.role == "competitor" and complaint >= THRESHOLD and (kind or complaint >= 0.75):
        opportunity, kind = max(opportunity, complaint), "switching"
        flag: Flag = "opportunity"
    else:
        flag = _flag(complaint, opportunity, praise)
    feeling = evidence.total("praise") - evidence.total("complaint") + 3 * _stars(context.rating)
    sentiment = math.tanh(0.35 * feeling + 0.3 * polarity)
    return Scores(
        complaint=round(complaint, 3),
        opportunity=round(opportunity, 3),
        praise=round(praise, 3),
        opportunity_kind=(kind or "question") if flag == "opportunity" else None,
        sentiment=round(sentiment, 2) + 0.0,  # never -0.0
        flag=flag,
    )


def _flag(complaint: float, opportunity: float, praise: float) -> Flag:
    """The highest score over the threshold; a complaint that holds a question is a complaint."""
    if complaint >= THRESHOLD and complaint >= praise:
        return "complaint"
    if opportunity >= THRESHOLD and opportunity >= praise:
        return "opportunity"
    return "praise" if praise >= THRESHOLD else "none"


def _kind(evidence: Evidence) -> OpportunityKind | None:
    weights: dict[OpportunityKind, float] = {
        "switching": evidence.total("switching"),
        "buying": evidence.total("buying"),
        "question": evidence.total("question"),
    }
    kind = max(weights, key=weights.__getitem__)
    return kind if weights[kind] >= 1 else None


def _distance(words: Words, evidence: Evidence, context: Context) -> float:
    """How little the author speaks of an own experience: adverts, headlines, reposts, long articles."""
    away = evidence.damp
    if words.links and not evidence.personal:
        away += 0.8
    if context.kind == "repost" or (words.keys and words.keys[0] == "rt"):
        away += 0.7
    if len(words) > _LONG and context.kind != "review":
        away += 0.8 * math.log(len(words) / _LONG)
    return away


def _stars(rating: float | None) -> float:
    """-1 for one or two stars, 1 for four or five, 0 where nobody rated or the number cannot be one."""
    if rating is None or not 1 <= rating <= 5:
        return 0.0
    return max(-1.0, min(1.0, rating - 3))


def _logistic(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
