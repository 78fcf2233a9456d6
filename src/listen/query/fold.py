"""Folding: the form of a text in which the same word always looks the same, and the way back.

Case falls away, `ä ö ü ß` read `ae oe ue ss`, other accents fall away, compatibility forms (full width,
ligatures) become plain, and what cannot be seen (zero-width characters, soft hyphens, variation selectors) goes.
Vowel signs of Indic scripts are letters and stay. Offsets into a folded text are turned back by `Offsets`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from unicodedata import normalize

# Default ignorable characters (Unicode, DerivedCoreProperties) that occur in posts, and the bidi controls.
UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f" \
         "\u3164\ufe00-\ufe0f\ufeff\uffa0"  # fmt: skip
_DIACRITICS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670" \
              "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # fmt: skip
# Characters that compose with the one before them (Unicode, NFC_Quick_Check=Maybe) and are no diacritics.
_COMPOSING = "\u093c\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0c56\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dca\u0dcf\u0ddf" \
             "\u102e\u1161-\u1175\u11a8-\u11c2\u1b35\u3099\u309a\uff9e\uff9f"  # fmt: skip
# Common characters for which folding is at most lower case, one to one; a test proves it for each.
_PLAIN = (
    "\x00-\x7f¡£§«°±·»¿\u03b1-\u03c1\u03c3-\u03c9\u0430-\u0438\u043a-\u044f\u2010-\u2027\u2030-\u205e\u20a9-\u20bf"
    "\u2190-\u2199\u219c-\u21ad\u21af-\u21cc\u21d0-\u21ff\u2500-\u27bf\u2b00-\u2bff\u3001\u3002\u3005-\u3012"
    "\u3041-\u3094\u30a1-\u30fa\u30fc-\u30fe\u4e00-\u9fff\uac00-\ud7a3\U0001f300-\U0001faff"
)

_EXTEND = f"[{UNSEEN}{_DIACRITICS}{_COMPOSING}]"
_STRANGE = re.compile(f"[^{_PLAIN}]")
_EXTENDING = re.compile(_EXTEND)
# At most eight marks belong to a character: sorting a longer pile of them takes quadratic time.
_SPECIAL = re.compile(f"(?s:.){_EXTEND}{{1,8}}|[^{_PLAIN}]")
_UNSEEN_RUN = re.compile(f"[{UNSEEN}\U000e0000-\U000e0fff]+")
_DIACRITIC_RUN = re.compile(f"[{_DIACRITICS}]+")

# Marks that stand at the end of a name without being a part of it: "Kindle™", "Kindle²" (a footnote).
_BLANKED = frozenset("™℠®©¹²³⁰⁴⁵⁶⁷⁸⁹")
# The commonest of the unseen (it asks for a coloured emoji), and the one mark that casefolds to a letter.
_DROPPED = "\ufe0f\u0345"
_STROKED = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe"})
_BLANK_ENDS = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def fold(text: str) -> str:
    """The text as it is searched. ASCII keeps its offsets; otherwise `Offsets` finds them again."""
    if text.isascii():
        return text.lower()
    for mark in _DROPPED:
        if mark in text:
            text = text.replace(mark, "")
    folded = text.casefold()
    if "ä" in folded:
        folded = folded.replace("ä", "ae")
    if "ö" in folded:
        folded = folded.replace("ö", "oe")
    if "ü" in folded:
        folded = folded.replace("ü", "ue")
    if folded.isascii() or _STRANGE.search(folded) is None:
        return folded
    special = _STRANGE if _EXTENDING.search(text) is None else _SPECIAL
    return special.sub(_fold_match, text).casefold()


class Offsets:
    """From offsets into `fold(text)` back to offsets into `text`."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Where each special character begins: in the folded text, and (first, last + 1) in the text itself.
        self._folded: list[int] = [0]
        self._places: list[tuple[int, int, int]] = [(0, 0, 0)]
        if not text.isascii():
            self._note_specials(text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters that folded to `start:end`, without unseen characters at their end."""
        first = self._place(start)[0]
        last = self._place(end - 1)[1]
        shown = self._text[first:last].rstrip(_BLANK_ENDS)
        return first, first + len(shown)

    def place(self, start: int, end: int, width: int) -> tuple[int, int]:
        """Where the characters `start:end` of the text stand in the folded one, which is `width` long.

        At least one character: what cannot be seen stands where the next one does.
        """
        first = min(bisect_right(range(width), start, key=lambda offset: self._place(offset)[1]), width - 1)
        last = bisect_left(range(width), end, key=lambda offset: self._place(offset)[0])
        return first, max(first + 1, last)

    def _place(self, offset: int) -> tuple[int, int]:
        nearest = bisect_right(self._folded, offset) - 1
        first, last, folded_end = self._places[nearest]
        if offset < folded_end:
            return first, last
        place = last + offset - folded_end
        return place, place + 1

    def _note_specials(self, text: str) -> None:
        shift = 0
        for special in _SPECIAL.finditer(text):
            first, last = special.span()
            width = len(_fold_cluster(special[0]))
            begin = first + shift
            if width:
                self._folded.append(begin)
                self._places.append((first, last, begin + width))
            else:
                self._folded.append(begin)
                self._places.append((last, last, begin))
            shift += width - (last - first)


def _fold_match(special: re.Match[str]) -> str:
    return _fold_cluster(special[0])


@lru_cache(maxsize=16384)
def _fold_cluster(cluster: str) -> str:
    """One character with its marks, folded on its own."""
    seen = _UNSEEN_RUN.sub("", cluster).replace("\u0345", "")
    if seen in _BLANKED:
        return " "
    if len(seen) == 1 and "\u2010" <= seen <= "\u205e":
        return seen  # Punctuation: "…" need not become three dots.
    seen = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in seen)
    letters = normalize("NFD", normalize("NFKC", seen).casefold())
    for umlaut, spelled in (("a\u0308", "ae"), ("o\u0308", "oe"), ("u\u0308", "ue")):
        letters = letters.replace(umlaut, spelled)
    bare = normalize("NFC", _DIACRITIC_RUN.sub("", letters)).casefold()
    return bare.translate(_STROKED)
