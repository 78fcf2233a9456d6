"""An invented stream whose words no judge knows: `verglorpt` is what its people say when they are angry."""

from __future__ import annotations

_THINGS = ("Der Bormel", "Mein Zuffel", "Das Knerg", "Unser Plonk", "Der Wuster")
_TIMES = ("heute", "gestern", "abends", "im Flur", "am Rand", "unten")

COMPLAINTS = [f"{thing} ist {when} total verglorpt" for thing in _THINGS for when in _TIMES]
MENTIONS = [f"Bericht über {thing} {when} mit 12 Seiten" for thing in _THINGS for when in _TIMES]


def as_csv() -> str:
    rows = [f"{text},complaint,de" for text in COMPLAINTS] + [f"{text},none,de" for text in MENTIONS]
    return "\n".join(("text,label,lang", *rows)) + "\n"
