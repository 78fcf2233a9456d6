"""How else a word may be written in a post that we match and a network tells apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from unicodedata import normalize

from listen.query.fold import UNSEEN, fold
from listen.query.letters import LETTER, is_unspaced

# `ue` after a vowel or `q` is no umlaut (neue, Bauer, Quelle), and `ss` stands for `ß` after a vowel only.
_UMLAUT = re.compile(r"[äöüß]|(?<![aeiouyäöüq])(?:ae|oe|ue)|(?<=[aeiouyäöü])ss(?!s)")
_OTHER = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_OTHER |= {written: umlaut for umlaut, written in _OTHER.items()}
_MOST = 4  # umlauts in one term that are tried in all combinations
_UNSEEN = re.compile(f"[{UNSEEN}]")
_WORD = re.compile(f"{LETTER}+")


def spellings(text: str, *, folds_accents: bool) -> tuple[str, ...]:
    """In small letters, as written first: `müller` and `mueller`; where accents count, `café` and `cafe` too."""
    written = normalize("NFKC", _UNSEEN.sub("", text)).lower()
    ways = dict.fromkeys(_with_umlauts(written))
    if not folds_accents:
        ways |= dict.fromkeys(map(_bare, tuple(ways)))
    return tuple(ways)


def words(text: str) -> tuple[str, ...]:
    """The runs of letters and digits, which is what all networks agree on as words."""
    return tuple(_WORD.findall(text))


def is_spaced(text: str) -> bool:
    """Whether no letter of it belongs to a script without spaces, which every network splits in its own way."""
    return not any(map(is_unspaced, text))


def _with_umlauts(written: str) -> list[str]:
    places = list(_UMLAUT.finditer(written))
    if len(places) > _MOST:
        return [written, *(_respelt(written, places, chosen) for chosen in _extremes(places))]
    choices = product(*((place[0], _OTHER[place[0]]) for place in places))
    return [_respelt(written, places, chosen) for chosen in choices]


def _extremes(places: list[re.Match[str]]) -> tuple[list[str], list[str]]:
    """All umlauts, and none."""
    ways = [sorted((place[0], _OTHER[place[0]]), key=len) for place in places]
    return [shorter for shorter, _ in ways], [longer for _, longer in ways]


def _respelt(written: str, places: list[re.Match[str]], chosen: Sequence[str]) -> str:
    parts, at = [], 0
    for place, way in zip(places, chosen, strict=True):
        parts += [written[at : place.start()], way]
        at = place.end()
    return "".join([*parts, written[at:]])


def _bare(text: str) -> str:
    """Without accents; umlauts keep their dots."""
    return "".join(letter if letter in "äöüß" or not letter.isalpha() else fold(letter) for letter in text)
