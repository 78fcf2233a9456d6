"""Whether a post is about what somebody sells or provides: a product, a firm, a shop, a service, a programme.

`listen` judges posts that name what its user looks for. Most real posts that may be learnt from name nothing of the
kind, and what is angry or glad there must not teach that anger at a product is nothing. So readers marked a part of
them, and the rest counts by what was learnt from the marks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from training.corpus import Entry
from training.lessons import Floats
from training.teacher import pool

_STRENGTH = 0.3
_MARKED, _GUESSED, _INVENTED = 5.0, 2.0, 0.5  # what a post counts, by how it is known


def shares(entries: Sequence[Entry], known: Floats) -> Floats:
    """How far each post is about a product, 0 to 1: invented and flagged ones are, others as marked, or as guessed.

    `known` holds one row a post, of an encoder's numbers and the cues.
    """
    marks = np.array([_mark(entry) for entry in entries])
    marked = np.flatnonzero(~np.isnan(marks) & [entry.real for entry in entries])
    unmarked = np.flatnonzero(np.isnan(marks))
    if len(unmarked):
        marks[unmarked] = _learnt(known[marked], marks[marked] > 0.5).predict_proba(known[unmarked])[:, 1]
    return marks


def about_pool(entries: Sequence[Entry], known: Floats, about: Floats) -> Floats:
    """What a teacher that learnt from these posts says of the pool."""
    said: Floats = _learnt(known, about > 0.5, trust(entries)).predict_proba(pool().known)[:, 1]
    return said


def trust(entries: Sequence[Entry]) -> Floats:
    """What each post counts for the question whether it is about a product."""
    return np.array(
        [_INVENTED if not entry.real else _GUESSED if entry.about is None else _MARKED for entry in entries]
    )


def _mark(entry: Entry) -> float:
    if not entry.real or entry.label != "none":
        return 1.0
    return np.nan if entry.about is None else float(entry.about)


def _learnt(known: Floats, yes: NDArray[np.bool_], weight: Floats | None = None) -> LogisticRegression:
    return LogisticRegression(C=_STRENGTH, max_iter=300).fit(known, yes, sample_weight=weight)
