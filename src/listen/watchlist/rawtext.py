"""Whether a raw JSON frame is worth decoding.

Most of a network's posts hold no anchor, and this says so on the bytes of the frame: folded only as far as ASCII
words can come of it. Three quarters of Bluesky's frames are not pure ASCII.
"""

from __future__ import annotations

import html
import re

import msgspec
from ahocorasick_rs import BytesAhoCorasick, MatchKind

from listen.query.disguise import readings
from listen.query.fold import fold
from listen.query.letters import is_letter
from listen.watchlist.automaton import Automaton

_MARKUP = re.compile(r"<[^<>]*>")
_ASCII = bytes(range(128))

# What is folded where it stands: Latin letters, and what joins and colours emoji.
_SINGLE = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2\x80[\x8b-\x8f]|\xef\xb8\x8f")
_SINGLES = (*range(0xC0, 0x180), *range(0x200B, 0x2010), 0xFE0F)
_FOLDED = {chr(code).encode(): fold(chr(code)).encode() for code in _SINGLES}

# Where only ASCII is looked for, the commonest of them (UTF-8 C3 xx) fold all at once: the lead byte goes, the second
# one becomes the letter. Whatever else has such a byte is spoiled, and no ASCII word with it.
_WESTERN = {single[1]: letter[0] for single, letter in _FOLDED.items() if single[0] == 0xC3 and len(letter) == 1}
_TO_LETTERS = bytes(_WESTERN.get(byte, byte) for byte in range(256))
_LETTER_PAIRS = b"".join(single[1:] for single, letters in _FOLDED.items() if single[0] == 0xC3 and len(letters) > 1)
_RARER = re.compile(rb"\xc3[%s]|[\xc4\xc5][\x80-\xbf]|\xe2\x80[\x8b-\x8f]|\xef\xb8\x8f" % re.escape(_LETTER_PAIRS))

# Other characters, in UTF-8, that fold to ASCII or to nothing. The rest (ideographs, kana, Hangul, Cyrillic, emoji)
# may stand as they are while ASCII words are looked for; a test proves it for all of Unicode. Two patterns, each
# with a narrow first byte, take a tenth of the time of one with alternatives.
_FOLDING = re.compile(
    rb"[\xc2\xc6-\xcd\xd2\xd5-\xe2\xea\xee\xef-\xf4](?:(?<=[\xc6-\xcd\xd5-\xe1\xee\xf1-\xf4])"
    rb"|(?<=\xe2)(?:\x80[\xaa-\xae]|\x81[\x9f-\xbf]|\x82[\x80-\x9f\xa8]|[\x83-\x85\x88-\x93\x9f-\xab\xb0-\xbf]"
    rb"|\x86[\x80-\x8f\x9a\x9b\xae]|\x87[\x8d-\x8f])"
    rb"|(?<=\xf0)(?!\x9f[\x8c-\xab]|\x9f\x87[\xa6-\xbf])|(?<=\xef)(?!\xbc[\x81\x88\x89\x9f]|\xb8\x8f)"
    rb"|(?<=\xc2)[\xaa\xad\xb5\xba\xbc-\xbe]|(?<=\xd2)[\x83-\x87]|(?<=\xea)[\x80-\xaf])"
)
_FOLDING_CJK = re.compile(rb"\xe3(?:[\x88-\x8f]|\x85\xa4|\x80\xb6|\x82[\x9b\x9c])")


class RawTexts:
    """Looks for the anchors in raw frames; it may say True too often, never False for a post that matches."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        self._only_ascii_words = not any(
            is_letter(letter) for literal in automaton.literals for letter in literal if not letter.isascii()
        )
        self._only_ascii = all(literal.isascii() for literal in automaton.literals)
        # Leftmost-first alone lets the search skip ahead (4 million frames a second against 0.6 million).
        literals = [literal.encode() for literal in automaton.literals]
        self._hits = BytesAhoCorasick(literals, matchkind=MatchKind.LeftmostFirst).find_matches_as_indexes

    def may_match(self, raw: str) -> bool:
        """Whether any anchor may stand in the frame, behind whatever escapes and markup."""
        if self._automaton.restless:
            return True
        if "\\u" in raw:
            try:
                raw = msgspec.json.encode(msgspec.json.decode(raw)).decode()
            except (msgspec.DecodeError, UnicodeError):
                return True
        try:
            lowered = raw.encode().lower()
        except UnicodeEncodeError:  # a lone surrogate
            return self._automaton.hits(fold(raw))
        if self._hits(lowered) or (len(lowered) > len(raw) and self._stands_folded(lowered, raw)):
            return True
        return ("&" in raw or "<" in raw) and self._stands_in_markup(raw)

    def may_match_in_disguise(self, raw: str) -> bool:
        """The same, looking through letters that pass for others."""
        if "\\u" in raw:
            try:
                raw = msgspec.json.encode(msgspec.json.decode(raw)).decode()
            except (msgspec.DecodeError, UnicodeError):
                return True
        bare = _MARKUP.sub("", html.unescape(raw))
        return any(self._automaton.hits(reading) for text in {raw, bare} for reading in readings(text))

    def _stands_folded(self, lowered: bytes, raw: str) -> bool:
        folded = quickly_folded(lowered, to_ascii=self._only_ascii) if self._only_ascii_words else None
        if folded is None:
            return self._automaton.hits(fold(raw))
        return folded is not lowered and bool(self._hits(folded))

    def _stands_in_markup(self, raw: str) -> bool:
        """A word may be spelled with entities (`K&auml;se`), or have markup inside (`<b>Kin</b>dle`)."""
        bare = _MARKUP.sub("", html.unescape(raw))
        return bare != raw and self._automaton.hits(fold(bare))


def quickly_folded(lowered: bytes, *, to_ascii: bool) -> bytes | None:
    """UTF-8 in small ASCII letters, folded as far as ASCII words and symbols can come of it.

    With `to_ascii` nothing but ASCII in it means anything. The same object if there is nothing to fold; None if
    that takes more than a look at single characters.
    """
    foreign = lowered.translate(None, _ASCII)
    if _FOLDING.search(foreign) or _FOLDING_CJK.search(foreign):
        return None
    for single in set((_RARER if to_ascii else _SINGLE).findall(foreign)):
        lowered = lowered.replace(single, _FOLDED[single])
    if to_ascii and b"\xc3" in foreign:
        return lowered.translate(_TO_LETTERS, b"\xc3")
    return lowered
