"""What becomes of a verdict when a second opinion is heard. Pure.

- The same flag: it stands, with the higher of both probabilities; the local judge's words stand too if it named any.
- Another flag: it counts above a confidence of 0.5, with that confidence as its probability; else nothing changes.
- The other probabilities keep their proportions, and the sentiment moves with them.
- Urgency only rises: the local judge knows about reach and spread, the model about the matter.
"""

from __future__ import annotations

import msgspec

from listen.mention import Flag, Span, Urgency, Verdict
from listen.opinion.cache import View

LEAST = 0.5  # confidence up to which another flag does not count: small models say 0.5 whatever they are asked
_FLAGS: tuple[Flag, ...] = ("complaint", "opportunity", "praise", "none")
_WEIGHT: dict[Urgency, int] = {"low": 0, "medium": 1, "high": 2}


def reconsidered(verdict: Verdict, view: View, reasons: tuple[Span, ...]) -> Verdict:
    """The verdict after the second opinion; `reasons` are the words that the model quoted."""
    agreed = view.flag == verdict.flag
    if not agreed and view.confidence <= LEAST:
        return verdict
    chances = _chances(verdict, view, agreed=agreed)
    moved = (chances["praise"] - verdict.praise) - (chances["complaint"] - verdict.complaint)
    return msgspec.structs.replace(
        verdict,
        flag=view.flag,
        complaint=chances["complaint"],
        opportunity=chances["opportunity"],
        praise=chances["praise"],
        opportunity_kind=view.kind if view.flag == "opportunity" else None,
        sentiment=round(max(-1.0, min(1.0, verdict.sentiment + moved)), 2) + 0.0,  # never -0.0
        urgency=_urgency(verdict, view),
        reasons=() if view.flag == "none" else (agreed and verdict.reasons) or reasons,
    )


def _chances(verdict: Verdict, view: View, *, agreed: bool) -> dict[Flag, float]:
    """The four probabilities, which make 1 if those of the verdict did."""
    local = {"complaint": verdict.complaint, "opportunity": verdict.opportunity, "praise": verdict.praise}
    known: dict[Flag, float] = {**local, "none": max(0.0, 1.0 - sum(local.values()))}  # type: ignore[dict-item]
    chance = max(known[view.flag], view.confidence) if agreed else view.confidence
    if chance == known[view.flag]:
        return known
    others = sum(known[flag] for flag in _FLAGS if flag != view.flag)
    share = (1.0 - chance) / others if others else 0.0
    return {flag: round(chance if flag == view.flag else known[flag] * share, 3) for flag in _FLAGS}


def _urgency(verdict: Verdict, view: View) -> Urgency:
    if view.flag in {"praise", "none"}:
        return "low"
    said = view.urgency or "medium"
    if verdict.flag in {"praise", "none"}:
        return said
    return max(verdict.urgency, said if view.urgency else "low", key=_WEIGHT.__getitem__)
