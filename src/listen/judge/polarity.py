"""TextBlob's polarity of an English text: one small signal beside our own cues."""

from __future__ import annotations

from functools import cache
from typing import Any

from listen.judge.words import Words

_READ = 400  # words; polarity is a mean, and more of them only cost time


def polarity(words: Words) -> float:
    """-1..1; 0 if nothing is known about the words, or if TextBlob is not installed."""
    lexicon = _lexicon()
    if lexicon is None or not words:
        return 0.0
    # The lexicon alone, by our own words: TextBlob's tokenizer is slow on long nonsense, and no corpus is needed.
    assessed = lexicon.assessments([(key, None) for key in words.keys[:_READ]])
    if not assessed:
        return 0.0
    mean = sum(float(entry[1]) for entry in assessed) / len(assessed)
    return max(-1.0, min(1.0, mean))


@cache
def _lexicon() -> Any:
    """Loaded when the first English text comes (0.2 s and more), so that others never pay for it."""
    try:
        from textblob.en import sentiment
    except ImportError:
        return None
    return sentiment
