"""What a judge was taught on its user's own posts: small changes to the log-odds, kept apart from the model.

moved log-odds of a flag = scale · log-odds + bias + sum of the changes of the text's words and pairs of words,
divided by the square root of its number of words. With scale 1, bias 0 and no changes nothing is moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from listen.judge.features import pair_feature, token, word_features
from listen.judge.fusion import LogOdds
from listen.judge.words import Words

UNMOVED = LogOdds(0.0, 0.0, 0.0)
_AS_IT_IS = LogOdds(1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Adaptation:
    """`scales` and `biases` hold one number a flag; `changes` holds log-odds by feature."""

    scales: LogOdds = _AS_IT_IS
    biases: LogOdds = UNMOVED
    changes: Mapping[int, LogOdds] = field(default_factory=dict)

    def moved(self, odds: LogOdds, words: Words) -> LogOdds:
        """The log-odds of a text as the user would have them."""
        return self.shifted(odds, traits(words) if self.changes else {})

    def shifted(self, odds: LogOdds, found: Mapping[int, float]) -> LogOdds:
        """The same for a text whose traits are known."""
        sums = [scale * each + bias for scale, each, bias in zip(self.scales, odds, self.biases, strict=True)]
        for feature, value in found.items():
            change = self.changes.get(feature)
            if change is not None:
                sums = [total + value * each for total, each in zip(sums, change, strict=True)]
        return LogOdds(*sums)


def traits(words: Words) -> dict[int, float]:
    """The words and pairs of words of a text as numbered features, each with its weight."""
    tokens = [token(key) for key in words.keys]
    counts = Counter(map(word_trait, tokens))
    counts.update(pair_feature(*pair) for pair in zip(("^", *tokens), (*tokens, "$"), strict=True))
    length = max(1, len(tokens)) ** 0.5
    return {feature: count / length for feature, count in counts.items()}


@lru_cache(maxsize=50_000)
def word_trait(word: str) -> int:
    """The feature of one word as a whole."""
    return word_features(word)[0]
