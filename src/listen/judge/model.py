"""The linear model: for each head one weight per feature, trained by `make judge` on the corpus.

A head's log-odds are its bias plus the sum of the weights of a text's features, divided by the square root of its
number of words. Weights are whole numbers of -127..127 times the head's own scale. No library beyond the standard
one is needed. `docs/model-card.md` says what it learnt from and how good it is.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from listen.judge.features import BUCKETS, PIECE, pair_feature, shape_features, token, word_features
from listen.judge.words import Words
from listen.mention import Flag

FLAGS: tuple[Flag, Flag, Flag] = ("complaint", "opportunity", "praise")
DISTILLED = tuple(f"{flag}, distilled" for flag in FLAGS)  # learnt from a teacher on real posts that nobody labelled
ABOUT = "about"  # whether a text is about what somebody sells or provides at all
HEADS = (*FLAGS, *DISTILLED, ABOUT, "question", "buying", "switching", "sentiment", "de", "en", "other")
CACHED = 50_000  # words whose sums are remembered
WEIGHTS = Path(__file__).parent / "weights"
Weights = Sequence[float]  # one for each head


class Model:
    """`table` holds the weights of all heads, bucket after bucket; `scales` and `biases` one number a head."""

    def __init__(self, table: array[int], scales: Sequence[float], biases: Sequence[float]) -> None:
        self._table = table
        self._scales = scales
        self._biases = biases
        self._word = lru_cache(maxsize=CACHED)(self._sum)

    def logits(self, words: Words) -> dict[str, float]:
        """The log-odds of every head."""
        tokens = [token(key) for key in words.keys]
        parts: list[Weights] = [self._word(word) for word in tokens]
        parts += self._pairs(tokens)
        parts += map(self._weights, shape_features(words))
        length = max(1, len(tokens)) ** 0.5
        sums = map(sum, zip(*parts, strict=True))
        return {
            head: bias + scale * total / length
            for head, bias, scale, total in zip(HEADS, self._biases, self._scales, sums, strict=True)
        }

    def shares(self, words: Words, head: str) -> list[float]:
        """How much each word, with half of its pairs, adds to the head's log-odds."""
        at, tokens = HEADS.index(head), [token(key) for key in words.keys]
        shares = [float(self._word(word)[at]) for word in tokens]
        pairs = [pair[at] / 2 for pair in self._pairs(tokens)]
        scale = self._scales[at] / max(1, len(tokens)) ** 0.5
        return [
            scale * (share + before + after) for share, before, after in zip(shares, pairs, pairs[1:], strict=False)
        ]

    def _pairs(self, tokens: Sequence[str]) -> Iterator[Weights]:
        """The weights of the pairs; one more than there are tokens."""
        for first, second in zip(("^", *tokens), (*tokens, "$"), strict=True):
            yield self._weights(pair_feature(first, second))

    def _weights(self, feature: int) -> Weights:
        return self._table[feature * len(HEADS) : (feature + 1) * len(HEADS)]

    def _sum(self, word: str) -> tuple[float, ...]:
        """The weights of a word and of its pieces."""
        own, *pieces = map(self._weights, word_features(word))
        return tuple(whole + PIECE * sum(parts) for whole, *parts in zip(own, *pieces, strict=True))


@cache
def facts() -> Mapping[str, Any]:
    """What stands beside the table: scales, biases, fusion and thresholds."""
    loaded: Mapping[str, Any] = json.loads((WEIGHTS / "judge.json").read_text(encoding="utf-8"))
    return loaded


@cache
def shipped() -> Model:
    """The model that comes with the program."""
    table: array[int] = array("b")
    table.frombytes((WEIGHTS / "table.int8").read_bytes())
    if len(table) != BUCKETS * len(HEADS):
        raise ValueError("the judge's table does not fit this program; run `make judge`")
    return Model(table, facts()["scales"], facts()["biases"])
