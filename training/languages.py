"""The three language heads: German, English, another. Posts in other languages are our own too."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from listen.judge.features import ALL_SHAPES, word_features
from training.corpus import FOLDER, Entry
from training.lessons import Lesson
from training.licensed import opinions
from training.student import Head

LANGUAGES = ("de", "en", "other")
_OF_NONE = re.compile(r"[@#]\S+|https?://\S+")
EVERY = 4  # of the licensed posts every fourth is enough


def language_texts(entries: Sequence[Entry]) -> tuple[list[str], list[str]]:
    """Texts without names, tags and addresses, which are of no language, and for each its language."""
    known: list[tuple[str, str]] = [(entry.text, entry.lang) for entry in entries]
    known += [(opinion.text, opinion.lang) for opinion in list(opinions())[::EVERY]]
    for path in sorted((FOLDER / "other").glob("*.txt")):
        known += [(line, "other") for line in path.read_text(encoding="utf-8").splitlines()]
    texts, langs = zip(*known, strict=True)
    return [_OF_NONE.sub(" ", text) for text in texts], list(langs)


def without_shape(head: Head) -> Head:
    """The head deaf to names and to the shape of a text: corpora differ in them, languages do not."""
    weights = head.weights.copy()
    weights[[*ALL_SHAPES, word_features("<@>")[0]]] = 0
    return Head(weights, head.bias)


def language_lessons(langs: Sequence[str]) -> dict[str, Lesson]:
    """One against the rest each, all three as weighty."""
    counts = {lang: langs.count(lang) for lang in LANGUAGES}
    weight = np.array([len(langs) / (3 * counts[lang]) for lang in langs])
    rows = np.arange(len(langs))
    return {lang: Lesson(rows, np.array([known == lang for known in langs]), weight) for lang in LANGUAGES}
