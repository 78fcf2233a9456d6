"""The words that decided a verdict, as they stand in the text."""

from __future__ import annotations

from listen.judge.evidence import Evidence, Side, Sign
from listen.judge.words import Words
from listen.mention import Flag, Span

MOST = 5
_LENGTH = 100  # characters of one reason
_WORTH = 0.7  # log-odds; what weighs less is no reason anybody wants to read
_MUTE = frozenset({
    "again", "ever", "even", "never", "no", "not", "nothing", "over", "still", "stop", "why", "yet", "well", "yes",
    "endlich", "immer", "leider", "nicht", "nie", "warum", "weg", "weshalb", "wert", "wieder", "wieso",
})  # fmt: skip
_SIDES: dict[Flag, tuple[Side, ...]] = {
    "complaint": ("complaint",),
    "opportunity": ("switching", "buying", "question"),
    "praise": ("praise",),
    "none": (),
}


def reasons(flag: Flag, evidence: Evidence, words: Words, *, also: tuple[Side, ...] = ()) -> tuple[Span, ...]:
    """At most five spans, the weightiest first, none overlapping another."""
    sides = _SIDES[flag] + also
    signs = [sign for sign in evidence.signs if sign.side in sides and sign.weight >= _WORTH and _says(sign, words)]
    signs.sort(key=lambda sign: (-sign.weight, sign.first))
    return tuple(_span(sign, words) for sign in _merged(signs)[:MOST])


def _says(sign: Sign, words: Words) -> bool:
    """Whether the words mean something to a reader who sees them alone."""
    return sign.first < sign.last or words.keys[sign.first] not in _MUTE


def _span(sign: Sign, words: Words) -> Span:
    """The words as written; a question of many words ends with the last that fits."""
    start, last = words.starts[sign.first], sign.last
    while last > sign.first and words.ends[last] - start > _LENGTH:
        last -= 1
    return Span(start, words.ends[last], words.text[start : words.ends[last]])


def _merged(signs: list[Sign]) -> list[Sign]:
    """Signs that share words become one, with the weight of the stronger."""
    merged: list[Sign] = []
    for sign in signs[:40]:
        for place, other in enumerate(merged):
            if sign.first <= other.last and other.first <= sign.last:
                if sign.side == "question":  # the whole sentence; the cue within says it better
                    break
                first, last = min(sign.first, other.first), max(sign.last, other.last)
                merged[place] = Sign(other.side, other.weight, first, last)
                break
        else:
            merged.append(sign)
    return merged
