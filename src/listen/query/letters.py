"""What a word is made of, in folded text, and how a term falls into pieces."""

from __future__ import annotations

import re
from itertools import pairwise

# Vowel signs and the like, which `\w` leaves out: Indic scripts (without their full stops), Thai to Khmer.
_SIGNS = "\u0900-\u0963\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b6-\u17d3"
# Scripts that are written without spaces: a term is found anywhere in them.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u30fa" \
            "\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9fe\uaa60-\uaa7f\uf900-\ufaff" \
            "\U0001b000-\U0001b16f\U00020000-\U0003ffff"  # fmt: skip
LETTER = rf"(?:(?!_)[\w{_SIGNS}])"
TAG_LETTER = rf"[\w{_SIGNS}]"
# What may stand between the words of a phrase. A hashtag or a mention may be the next word of one.
_SOFT = (
    r"""\s_!"'()*,\-./:;<=>?\[\\\]^`{|}~¡¿«»·´"""
    r"""\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3011\u3014-\u301f\u30fb"""
)
_SYMBOL = rf"[^\w{_SIGNS}{_SOFT}]"

_LETTER = re.compile(LETTER)
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
# "AT&T", "C++", "3.5", "24/7" and "amazon.de" are one piece; "Kindle-Hülle" and "Kindle, Tolino" are two.
_PIECE = re.compile(rf"(?:{LETTER}+|{_SYMBOL}|(?<=\d)[.,:/](?=\d)|(?:(?<=\w)|(?<!\S))\.(?=\w))+")
_SAYS_SOMETHING = re.compile(rf"{LETTER}|[^\x00-\x7f]")
WORDS = re.compile(rf"[{_UNSPACED}]|(?:(?![_{_UNSPACED}])[\w{_SIGNS}])+")


def pieces(folded: str) -> tuple[str, ...]:
    """The parts of a term that have to stand in a text as they are; empty if there is nothing to look for."""
    found = tuple(_PIECE.findall(folded))
    return found if any(_SAYS_SOMETHING.search(piece) for piece in found) else ()


def phrase_pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    """Finds the pieces one after the other. The gaps are possessive, so that the search stays linear."""
    pattern = re.escape(parts[0])
    for before, after in pairwise(parts):
        gap = f"[{_SOFT}]" if after[0] in "#@" else f"[{_SOFT}#@]"
        pattern += gap + ("++" if glued(before[-1], after[0]) else "*+") + re.escape(after)
    return re.compile(pattern)


def is_letter(character: str) -> bool:
    """Whether the character is part of a word."""
    return character.isalnum() or (character > "\u08ff" and _LETTER.match(character) is not None)


def is_unspaced(character: str) -> bool:
    """Whether the character belongs to a script that is written without spaces."""
    return character > "\u0dff" and _UNSPACED_LETTER.match(character) is not None


def glued(before: str, after: str) -> bool:
    """Whether no word can end between the two characters; `C++` does not stand in `C+++`, but 😂 in 😂😂."""
    if is_letter(before) and is_letter(after):
        return not (is_unspaced(before) or is_unspaced(after))
    return before == after and before.isascii() and not before.isspace()


def free_before(folded: str, start: int) -> bool:
    """Whether a word can begin at `start`."""
    return start == 0 or not glued(folded[start - 1], folded[start])


def free_after(folded: str, end: int) -> bool:
    """Whether a word can end before `end`."""
    return end == len(folded) or not glued(folded[end - 1], folded[end])
