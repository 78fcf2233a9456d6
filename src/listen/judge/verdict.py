"""The way of a text through the judge: words, language, model, cues, scores, urgency, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from listen.judge.cues import cues
from listen.judge.evidence import gather
from listen.judge.fusion import fused, signals
from listen.judge.language import of
from listen.judge.model import facts, shipped
from listen.judge.polarity import polarity
from listen.judge.reasons import reasons
from listen.judge.scores import scored
from listen.judge.thresholds import taught_thresholds, thresholds
from listen.judge.urgency import urgency
from listen.judge.words import read
from listen.mention import Context, Verdict

if TYPE_CHECKING:
    from listen.judge import Judge


def verdict(text: str, context: Context, judge: Judge) -> Verdict:
    """See `listen.judge.Judge`."""
    words, model = read(text), shipped()
    logits = model.logits(words)
    lang = of(words, context.lang, logits)
    known = lang if lang in {"de", "en"} else "other"
    evidence = gather(words, cues(lang if known != "other" or lang is None else "other"))
    odds = fused(*_told(text, signals(logits, evidence, words), known, judge.semantic)).lifted(evidence, words)
    if judge.textblob and lang == "en":
        odds = odds.leaning(polarity(words))
    least = thresholds(known, judge.sensitivity, judge.precision)
    if judge.adaptation is not None:
        odds = judge.adaptation.moved(odds, words)
        least = taught_thresholds(judge.sensitivity, judge.precision)
    scores = scored(odds, logits, evidence, words, context, least)
    return Verdict(
        lang=lang,
        flag=scores.flag,
        complaint=scores.complaint,
        opportunity=scores.opportunity,
        praise=scores.praise,
        opportunity_kind=scores.opportunity_kind,
        sentiment=scores.sentiment,
        urgency=urgency(scores, evidence, words, context),
        reasons=reasons(scores, evidence, words, model),
    )


def _told(
    text: str, found: tuple[float, ...], lang: str, semantic: bool
) -> tuple[tuple[float, ...], Mapping[str, Sequence[float]]]:
    """The signals and the fusion's weights for them; with the encoder there are three more of each."""
    if not semantic or lang == "other":
        return found, facts()["fusion"][lang]
    from listen.judge.semantic import meant

    return (*found, *meant(text)), facts()["semantic fusion"][lang]
