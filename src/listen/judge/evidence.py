"""What speaks for a complaint, praise or an opportunity in a text, and which words say so.

Cues are weighed where they stand: a negator before a word turns it round, a strengthening word adds to it, praise
before a "but" and a single cheer before a defect (`Great, it died again`) count for little.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Literal

from listen.judge.cues import Cues, Found, Kind
from listen.judge.words import Words

Side = Literal["complaint", "praise", "question", "buying", "switching"]
_ASKED = 5  # questions that are looked at
SCOPE = 3  # words after a negator that it turns round
_POLAR: dict[Kind, Side] = {"complaint": "complaint", "praise": "praise"}
_PLAIN: dict[Kind, Side] = {
    "question": "question", "buying": "buying", "switching": "switching",
    "waiting": "complaint", "insult": "complaint",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sign:
    """One piece of evidence: `weight` in log-odds for its side, from the word `first` to `last`.

    `whole` says that it is a sentence of its own (a question), not a phrase within one.
    """

    side: Side
    weight: float
    first: int
    last: int
    whole: bool = False


@dataclass(slots=True)
class Evidence:
    """All signs of a text, and what surrounds them."""

    signs: list[Sign] = field(default_factory=list)
    damp: float = 0.0  # adverts, headlines, the voice of a firm
    relief: float = 0.0
    danger: float = 0.0
    waiting: float = 0.0
    insult: float = 0.0

    def total(self, *sides: Side) -> float:
        """The weight of the signs of these sides; each further one counts less, for they say the same again."""
        weights = sorted((sign.weight for sign in self.signs if sign.side in sides), reverse=True)
        return sum(weight * 0.6**rank for rank, weight in enumerate(weights[:8]))


@dataclass(frozen=True, slots=True)
class _Around:
    """What changes a cue: negators and strengthening words by their last word, and the last "but"."""

    negators: dict[int, Found]
    strong: dict[int, Found]
    contrast: int


def gather(words: Words, cues: Cues) -> Evidence:
    """Find the cues and weigh each where it stands."""
    found = cues.find(words)
    at: dict[Kind, list[Found]] = {}
    for hit in found:
        at.setdefault(hit.cue.kind, []).append(hit)
    evidence = Evidence(
        damp=_sum(at, "damp"),
        relief=_sum(at, "relief"),
        danger=_sum(at, "danger"),
        waiting=_sum(at, "waiting"),
        insult=_sum(at, "insult"),
    )
    around = _Around(
        negators={hit.last: hit for hit in at.get("negator", ())},
        strong={hit.last: hit for hit in at.get("strong", ())},
        contrast=max((hit.first for hit in at.get("contrast", ())), default=-1),
    )
    evidence.signs = [_weighed(hit, around, words) for kind in _POLAR for hit in at.get(kind, ())]
    evidence.signs += [_sign(hit) for kind in _PLAIN for hit in at.get(kind, ())]
    _see_through(evidence, words)
    evidence.signs += _questions(words, at)
    return evidence


def _sum(at: dict[Kind, list[Found]], kind: Kind) -> float:
    """Once for each phrase, the first three phrases only."""
    return sum(hit.cue.weight for hit in at.get(kind, ())[:3])


def _sign(hit: Found) -> Sign:
    return Sign(_side(hit), hit.cue.weight, hit.first, hit.last)


def _side(hit: Found) -> Side:
    return _PLAIN.get(hit.cue.kind) or _POLAR[hit.cue.kind]


def _weighed(hit: Found, around: _Around, words: Words) -> Sign:
    """A polar cue with its negator, its strengthening word, and the contrast that follows it."""
    side, weight, first = _side(hit), hit.cue.weight, hit.first
    negator = _before(hit, around.negators, words, SCOPE)
    if negator is not None and weight < 2.5:  # a weightier cue is a whole phrase and holds its own negator
        first = negator.first
        side, weight = ("complaint", 0.8 * weight) if side == "praise" else ("praise", 0.25 * weight)
    elif _before(hit, around.strong, words, 1) is not None:
        weight += 0.5
    if hit.last < around.contrast:
        weight *= 0.7
    return Sign(side, weight, first, hit.last)


def _before(hit: Found, others: dict[int, Found], words: Words, scope: int) -> Found | None:
    """The nearest of the others that ends before the cue, at most `scope` words away in the same sentence."""
    for last in range(hit.first - 1, max(-1, hit.first - 1 - scope), -1):
        if words.sentence[last] != words.sentence[hit.first]:
            return None
        if last in others:
            return others[last]
    return None


def _see_through(evidence: Evidence, words: Words) -> None:
    """Irony: a cheer, and then what went wrong. The cheer then counts for the complaint."""
    complaints = [sign for sign in evidence.signs if sign.side == "complaint" and sign.weight >= 1]
    if not complaints:
        return
    first = min(sign.first for sign in complaints)
    for place, sign in enumerate(evidence.signs):
        if sign.side == "praise" and sign.last - sign.first < 2 and sign.first < first and _cheers(sign, words):
            evidence.signs[place] = Sign("complaint", 1.0, sign.first, sign.last)


def _cheers(sign: Sign, words: Words) -> bool:
    """Whether a word of praise stands alone: at the beginning of its sentence, cut off by a comma or an end."""
    begins = sign.first == 0 or words.sentence[sign.first - 1] != words.sentence[sign.first]
    after_name = sign.first > 0 and words.keys[sign.first - 1][0] == "@"
    return (begins or after_name) and words.text[words.ends[sign.last] : words.ends[sign.last] + 1] in {
        ",",
        "!",
        ".",
        "…",
        ":",
    }


def _questions(words: Words, at: dict[Kind, list[Found]]) -> list[Sign]:
    """A question counts by how it opens, and by the matter it is about: prices, orders, settings."""
    signs = []
    for sentence in sorted(words.asked)[:_ASKED]:
        first, end = bisect_left(words.sentence, sentence), bisect_right(words.sentence, sentence)
        while first < end and words.keys[first][0] == "@":
            first += 1
        if end - first < 2:
            continue
        opened = any(first <= hit.first < first + 3 for hit in at.get("opener", ()))
        matters = sum(first <= hit.first < end for hit in at.get("matter", ()))
        signs.append(Sign("question", 0.5 + 0.5 * opened + 0.8 * min(matters, 2), first, end - 1, whole=True))
    return signs
