"""A text as numbered features: words, pairs of words, pieces of words, and its shape.

A feature's number is the CRC-32 of its bytes, cut to `BUCKETS`; two features may share a number. Training and judging
both come through here, so that they see the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from zlib import crc32

from listen.judge.words import STRETCH, Words

BUCKETS = 1 << 17
PIECES = (3, 4, 5)  # bytes of the pieces of a word, its edges counted
PIECE = 0.25  # what a piece of a word counts beside a whole word, of which it has a dozen
LONGEST = 24  # bytes of a word that are cut into pieces

_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=50_000)
def token(key: str) -> str:
    """The word without what tells no kind of post: who is addressed, `#`, which number, the `ooo` of `sooo`."""
    if key[0] == "@":
        return "<@>"
    if key[0] == "#" and len(key) > 1:
        key = key[1:]
    return _DIGIT.sub("0", STRETCH.sub(r"\1", key))


def word_features(word: str) -> list[int]:
    """The features of one token: itself first, then its pieces."""
    raw = word.encode()
    features = [crc32(b"w" + raw) % BUCKETS]
    if raw[:1] != b"<":
        edged = b"\x02" + raw[:LONGEST] + b"\x03"
        features += [
            crc32(edged[at : at + size], size) % BUCKETS for size in PIECES for at in range(len(edged) - size + 1)
        ]
    return features


def pair_feature(first: str, second: str) -> int:
    """The feature of two tokens side by side; `^` stands before the first and `$` after the last of a text."""
    return crc32(f"b{first} {second}".encode()) % BUCKETS


def shape_features(words: Words) -> list[int]:
    """Whether a text asks, shouts, links, answers somebody, and about how long it is."""
    shape = [f"length {min(6, len(words).bit_length())}"]
    if words.asked:
        shape.append("asks")
    if words.exclaims:
        shape.append("shouts" if words.exclaims > 2 else "exclaims")
    if words.links:
        shape.append("links")
    if words.capitals:
        shape.append("capitals" if words.capitals > 2 else "a capital")
    if words.text.startswith("@"):
        shape.append("answers")
    if words.support:
        shape.append("support")
    return list(map(_shape_feature, shape))


def _shape_feature(shape: str) -> int:
    return crc32(b"s" + shape.encode()) % BUCKETS


_LENGTHS = tuple(f"length {size}" for size in range(7))
_SHAPES = (*_LENGTHS, "asks", "shouts", "exclaims", "links", "capitals", "a capital", "answers", "support")
ALL_SHAPES = tuple(map(_shape_feature, _SHAPES))
