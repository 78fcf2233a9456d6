"""The heads: one logistic regression each, over the same features, rounded to whole numbers of -127..127."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from listen.judge.features import BUCKETS
from listen.judge.model import ABOUT, DISTILLED, FLAGS, HEADS
from training.about import about_pool, trust
from training.corpus import Entry
from training.lessons import Floats, Lesson, flag_lesson, sentiment_lesson
from training.matrix import matrix
from training.real import fingerprint
from training.second import opinions
from training.teacher import MEANING, MEANINGS, pool, taught

STRENGTH = 3.0  # C of the regression: how far it may trust what it has seen
_SCALE = 0.2  # brings idf-weighted rows to a length of about one
SEMANTIC_STRENGTH = 1.0  # the same of the heads over the encoder's vectors
TAUGHT = 5.0  # what a labelled real post counts beside an invented or an unlabelled one
_FAINT = 0.02  # what the teacher says with less than this chance is left out


class Head(NamedTuple):
    weights: Floats
    bias: float

    def of(self, features: Floats) -> Floats:
        """Log-odds of each row."""
        found: Floats = features @ self.weights + self.bias
        return found


class Class(NamedTuple):
    """Posts to learn from: their features, what the teacher knows of them, and how far they are about a product."""

    entries: Sequence[Entry]
    features: sparse.csr_matrix
    known: Floats
    about: Floats

    @property
    def meanings(self) -> Floats:
        """The encoder's vectors, (n, 512), each of length 1."""
        return self.known[:, :MEANINGS] / MEANING

    def some(self, rows: NDArray[np.int64]) -> Class:
        return Class([self.entries[at] for at in rows], self.features[rows], self.known[rows], self.about[rows])


def flag_heads(posts: Class) -> dict[str, Head]:
    """Two heads a flag: one learnt from labels, one from what a teacher of the same labels says of unlabelled posts.

    And one that tells whether a post is about what somebody sells at all.
    """
    own = idf(posts.features)
    lessons = {flag: flag_lesson(posts.entries, flag, posts.about) for flag in FLAGS}
    labelled: dict[str, Head] = {flag: learnt(posts.features, lesson, own) for flag, lesson in lessons.items()}
    return {**labelled, **_distilled(posts), ABOUT: _about(posts)}


def _about(posts: Class) -> Head:
    """Learnt from readers' marks, and from what a teacher of the same marks says of unlabelled posts."""
    whole = sparse.vstack([posts.features, pool_features()]).tocsr()
    weight = trust(posts.entries)
    told = about_pool(posts.entries, posts.known, posts.about)
    yes = np.concatenate([weight * posts.about, told])
    no = np.concatenate([weight * (1 - posts.about), 1 - told])
    rows = np.arange(whole.shape[0])
    both = Lesson(
        np.concatenate([rows, rows]),
        np.concatenate([np.ones(len(rows), bool), np.zeros(len(rows), bool)]),
        np.concatenate([yes, no]),
    )
    return learnt(whole, both, idf(whole))


def _distilled(posts: Class) -> dict[str, Head]:
    """Heads of real posts alone, most of them labelled by the teacher."""
    real = posts.some(np.flatnonzero([entry.real for entry in posts.entries]))
    said = _with_second(taught(posts.entries, posts.known, posts.about, TAUGHT))
    whole = sparse.vstack([real.features, pool_features()]).tocsr()
    rarity, beyond = idf(whole), np.arange(len(real.entries), whole.shape[0])
    heads = {}
    for at, (flag, name) in enumerate(zip(FLAGS, DISTILLED, strict=True)):
        lesson = flag_lesson(real.entries, flag, real.about)
        both = Lesson(
            np.concatenate([lesson.rows, beyond, beyond]),
            np.concatenate([lesson.yes, np.ones(len(beyond), bool), np.zeros(len(beyond), bool)]),
            np.concatenate([TAUGHT * lesson.weight, said[:, at], 1 - said[:, at]]),
        )
        heads[name] = learnt(whole, both, rarity)
    return heads


def _with_second(said: Floats) -> Floats:
    """What the two teachers say together: the mean where the second has read the post, too."""
    second = opinions()
    rows = [second.get(fingerprint(text)) for text in pool().texts]
    return np.array([one if other is None else (one + other) / 2 for one, other in zip(said, rows, strict=True)])


def semantic_heads(posts: Class) -> list[Head]:
    """One head a flag over the encoder's vectors."""
    heads = []
    for flag in FLAGS:
        lesson = flag_lesson(posts.entries, flag, posts.about)
        regression = LogisticRegression(C=SEMANTIC_STRENGTH, max_iter=300)
        regression.fit(posts.meanings[lesson.rows] * MEANING, lesson.yes, sample_weight=lesson.weight)
        heads.append(Head(regression.coef_[0] * MEANING, float(regression.intercept_[0])))
    return heads


def sentiment_head(entries: Sequence[Entry]) -> Head:
    """Learnt from the opinions of others alone, so that it may be tried on all our posts."""
    texts, lesson = sentiment_lesson({entry.text for entry in entries})
    features = matrix(texts)
    return learnt(features, lesson, idf(features))


@cache
def pool_features() -> sparse.csr_matrix:
    return matrix(pool().texts)


def idf(features: sparse.csr_matrix) -> Floats:
    """How rare each feature is; features of a single text are taken out, they can only mislead."""
    seen = np.bincount(features.indices, minlength=features.shape[1])
    rare: Floats = np.log((1 + features.shape[0]) / (1 + seen)) + 1
    return np.where(seen < 2, 0.0, rare) * _SCALE


def learnt(features: sparse.csr_matrix, lesson: Lesson, rarity: Floats) -> Head:
    """The regression's weights for the features as they are, idf folded in."""
    kept = np.flatnonzero(lesson.weight >= _FAINT)
    rows = (features[lesson.rows[kept]] @ sparse.diags(rarity)).tocsr()
    regression = LogisticRegression(C=STRENGTH, max_iter=150, tol=1e-3)
    regression.fit(rows, lesson.yes[kept], sample_weight=lesson.weight[kept])
    return Head(regression.coef_[0] * rarity, float(regression.intercept_[0]))


def rounded(heads: Mapping[str, Head]) -> tuple[NDArray[np.int8], list[float], list[float]]:
    """The table (buckets × heads), and each head's scale and bias."""
    table = np.zeros((BUCKETS, len(HEADS)), np.int8)
    scales, biases = [], []
    for at, name in enumerate(HEADS):
        head = heads[name]
        scale = float(np.abs(head.weights).max()) / 127
        table[:, at] = np.rint(head.weights / scale)
        scales.append(float(f"{scale:.6g}"))
        biases.append(float(f"{head.bias:.6g}"))
    return table, scales, biases
