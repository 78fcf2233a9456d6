"""From log-odds and context to the verdict's numbers: three probabilities, the flag, its kind, the sentiment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from listen.judge.evidence import Evidence
from listen.judge.fusion import LogOdds, probabilities
from listen.judge.thresholds import Thresholds
from listen.judge.words import Words
from listen.mention import Context, Flag, OpportunityKind

_STAR = 2.5  # log-odds of one or two stars for a complaint, of four or five for praise
_REPOST = 0.7  # log-odds that a repost weighs less: somebody else's words
_TO_US = 0.5  # log-odds that naming our account speaks for something to answer
_BY_BOT = -3.0  # log-odds, at most, that a bot has a wish or a trouble of its own
_MOOD = 1.5  # what the words' sentiment may add to what the flags say of it
_PAIN = 0.75  # from here on a complaint about a competitor is a way in by itself
_ASKING = 0.5  # at least so likely as this share of an opportunity, a complaint comes before it
_KINDS: tuple[OpportunityKind, ...] = ("question", "buying", "switching")


@dataclass(frozen=True, slots=True)
class Scores:
    complaint: float
    opportunity: float
    praise: float
    opportunity_kind: OpportunityKind | None
    sentiment: float
    flag: Flag


def scored(
    odds: LogOdds, logits: Mapping[str, float], evidence: Evidence, words: Words, context: Context, least: Thresholds
) -> Scores:
    """`odds` from the text alone; `least` is the probability from which on each flag is given."""
    stars = _stars(context.rating)
    complaint, opportunity, praise = probabilities(_in_context(odds, stars, words, context))
    kind = _kind(logits, evidence)
    flag = _flag(complaint, opportunity, praise, least)
    if context.role == "competitor" and flag == "complaint" and (complaint >= _PAIN or opportunity >= 0.1):
        flag, kind, opportunity = "opportunity", "switching", max(opportunity, complaint)
    mood = max(-_MOOD, min(_MOOD, logits["sentiment"]))  # of the words alone; `Great, it died again` begins well
    feeling = mood + 4 * (praise - complaint) + 2 * stars
    return Scores(
        complaint=round(complaint, 3),
        opportunity=round(opportunity, 3),
        praise=round(praise, 3),
        opportunity_kind=kind if flag == "opportunity" else None,
        sentiment=round(math.tanh(feeling / 3), 2) + 0.0,  # never -0.0
        flag=flag,
    )


def _in_context(odds: LogOdds, stars: float, words: Words, context: Context) -> LogOdds:
    complaint, opportunity, praise = odds
    if context.kind == "repost" or (words.keys and words.keys[0] == "rt"):
        complaint, opportunity, praise = complaint - _REPOST, opportunity - _REPOST, praise - _REPOST
    if context.to_us:
        complaint, opportunity = complaint + _TO_US, opportunity + _TO_US
    if context.by_bot:
        complaint, opportunity = min(complaint, _BY_BOT), min(opportunity, _BY_BOT)
    return LogOdds(complaint - _STAR * stars, opportunity, praise + _STAR * stars)


def _flag(complaint: float, opportunity: float, praise: float, least: Thresholds) -> Flag:
    """The likeliest of those that are likely enough; but who complains and asks, complains."""
    given: dict[Flag, float] = {"complaint": complaint, "opportunity": opportunity, "praise": praise}
    enough = {flag: score for flag, score in given.items() if score >= least[flag]}
    if complaint >= max(least["complaint"], praise, _ASKING * opportunity):
        return "complaint"
    return max(enough, key=enough.__getitem__) if enough else "none"


def _kind(logits: Mapping[str, float], evidence: Evidence) -> OpportunityKind:
    """The model's opinion and the cues' together; that it is a question at all tells no kind."""
    return max(_KINDS, key=lambda kind: logits[kind] + _cued(evidence, kind))


def _cued(evidence: Evidence, kind: OpportunityKind) -> float:
    return sum(sign.weight for sign in evidence.signs if sign.side == kind and not sign.whole)


def _stars(rating: float | None) -> float:
    """-1 for one or two stars, 1 for four or five, 0 where nobody rated or the number cannot be one."""
    if rating is None or not 1 <= rating <= 5:
        return 0.0
    return max(-1.0, min(1.0, rating - 3))
