"""The words that decided a verdict, as they stand in the text.

Two voices name them: the cues, whose phrases read well, and the model, which knows by how much each word moved the
score. A phrase counts for what both say of it.
"""

from __future__ import annotations

from functools import cache

from listen.judge.evidence import Evidence, Side
from listen.judge.model import Model
from listen.judge.scores import Scores
from listen.judge.words import Words
from listen.mention import Flag, Span

MOST = 4
_LENGTH = 80  # characters of one reason
_WORTH = 0.4  # of the weightiest reason's weight; what weighs less is no reason anybody wants to read
_LEAST = 0.1  # log-odds of a word that the model may name
_REACH = 3  # words that the model's reason has at most
_SIDES: dict[Flag, tuple[Side, ...]] = {
    "complaint": ("complaint",),
    "opportunity": ("switching", "buying", "question"),
    "praise": ("praise",),
    "none": (),
}
_STOP = """
    der die das den dem des ein eine einen einem einer eines und oder aber auch als an am auf aus bei beim bin
    bis da dann dass denn dich dir du er es euch euer eure fuer haben hab habe hat hatte ich ihr ihm ihn im in
    ins ist ja mal man mein meine meinen meinem meiner mich mir mit nach noch nun nur ob sein seine sich sie
    sind so ueber um uns unser vom von vor war waren was weil wenn wer wie wir wird zu zum zur schon sehr
    immer wieder jetzt hier heute nicht nie nein kein keine doch eh halt nix wo warum wieso weshalb leider
    endlich weg wert kann a about after again all also and any are as at be because been but by can could did
    do does dont for from get got had has have he her him his how i if is it its ive just like me more my no
    not now of off on one or our out over really she some still than that the their them then there they this
    to too up us very we were what when where which who why will with would you your youre yet ever even never
    nothing stop well yes here etwas alles jemand wurde wurden werden worden dazu davon dafuer damit daran
    dabei alle anderen andere diese dieser dieses denke finde says said anywhere somewhere everywhere
    something anything everything someone anyone into upon much many other others another going goes went make
    made
"""

Reason = tuple[float, int, int]  # weight, first and last word


def reasons(scores: Scores, evidence: Evidence, words: Words, model: Model) -> tuple[Span, ...]:
    """At most four spans, the weightiest first, none overlapping another; none for the flag `none`."""
    if scores.flag == "none" or not words:
        return ()
    pain = scores.flag == "opportunity" and scores.opportunity_kind == "switching" and scores.complaint > 0.5
    sides: tuple[Side, ...] = (*_SIDES[scores.flag], *(("complaint",) if pain else ()))
    shares = model.shares(words, "complaint" if pain else scores.flag)
    named = [*_of_cues(sides, evidence, shares), *_of_model(words, shares)]
    kept: list[Reason] = []
    for reason in sorted(named, key=lambda reason: (-reason[0], reason[1])):
        if len(kept) == MOST or (kept and reason[0] < _WORTH * kept[0][0]):
            break
        if all(reason[2] < first or last < reason[1] for _, first, last in kept):
            kept.append(reason)
    return tuple(_span(reason, words) for reason in kept)


def _of_cues(sides: tuple[Side, ...], evidence: Evidence, shares: list[float]) -> list[Reason]:
    """Phrases of the tables; a question's whole sentence is no reason, its cue within is."""
    return [
        (0.5 * sign.weight + max(0.0, sum(shares[sign.first : sign.last + 1])), sign.first, sign.last)
        for sign in evidence.signs
        if sign.side in sides and not sign.whole
    ]


def _of_model(words: Words, shares: list[float]) -> list[Reason]:
    """Runs of words that speak for the flag, without small words at their edges."""
    found: list[Reason] = []
    at = 0
    while at < len(shares):
        end = at
        while (
            end < len(shares)
            and end - at < _REACH
            and shares[end] >= _LEAST
            and words.sentence[end] == words.sentence[at]
        ):
            end += 1
        first, last = _trimmed(words, at, end - 1)
        if first <= last:
            found.append((sum(shares[first : last + 1]), first, last))
        at = max(end, at + 1)
    return found


def _trimmed(words: Words, first: int, last: int) -> tuple[int, int]:
    while first <= last and _is_small(words.keys[first]):
        first += 1
    while last >= first and _is_small(words.keys[last]):
        last -= 1
    return first, last


def _is_small(key: str) -> bool:
    return key in _small() or key[0] == "@" or (len(key) == 1 and key.isalnum())


@cache
def _small() -> frozenset[str]:
    return frozenset(_STOP.split())


def _span(reason: Reason, words: Words) -> Span:
    """The words as written, an emoji's variation sign with it; a long phrase ends with the last word that fits."""
    _, first, last = reason
    start = words.starts[first]
    while last > first and words.ends[last] - start > _LENGTH:
        last -= 1
    end = words.ends[last]
    end += words.text[end : end + 1] == "\ufe0f"
    return Span(start, end, words.text[start:end])
