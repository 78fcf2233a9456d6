"""The way of a text through the judge: words, language, evidence, scores, urgency, reasons."""

from __future__ import annotations

from listen.judge.cues import cues
from listen.judge.evidence import gather
from listen.judge.language import of
from listen.judge.polarity import polarity
from listen.judge.reasons import reasons
from listen.judge.scores import scored
from listen.judge.urgency import urgency
from listen.judge.words import read
from listen.mention import Context, Verdict


def verdict(text: str, context: Context) -> Verdict:
    """See `listen.judge.judge`."""
    words = read(text)
    lang = of(words, context.lang)
    evidence = gather(words, cues(lang if lang in {"de", "en", None} else "other"))
    scores = scored(words, evidence, polarity(words) if lang == "en" else 0.0, context)
    pain = scores.flag == "opportunity" and scores.opportunity_kind == "switching"
    return Verdict(
        lang=lang,
        flag=scores.flag,
        complaint=scores.complaint,
        opportunity=scores.opportunity,
        praise=scores.praise,
        opportunity_kind=scores.opportunity_kind,
        sentiment=scores.sentiment,
        urgency=urgency(scores, evidence, words, context),
        reasons=reasons(scores.flag, evidence, words, also=("complaint",) if pain else ()),
    )
