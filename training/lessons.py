"""Which posts teach which head what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.corpus import Entry
from training.licensed import opinions

Floats = NDArray[np.float64]
KINDS = ("question", "buying", "switching")


class Lesson(NamedTuple):
    """What one head learns: rows of the matrix, whether they are its case, and how much each counts."""

    rows: NDArray[np.int64]
    yes: NDArray[np.bool_]
    weight: Floats


def flag_lesson(entries: Sequence[Entry], flag: str, about: Floats) -> Lesson:
    """Every post for as much as it is about a product at all: anger at the weather is no counterexample of a complaint.

    Nor is a grumble about a competitor by somebody who wants to leave. `about` is what `training.about.shares` gives.
    """
    chosen = [at for at, entry in enumerate(entries) if not (flag == "complaint" and leaves(entry))]
    rows = np.array(chosen, dtype=np.int64)
    return Lesson(rows, np.array([entries[at].label == flag for at in rows]), about[rows])


def kind_lesson(entries: Sequence[Entry], kind: str) -> Lesson:
    """Opportunities alone, as a kind is asked for only then."""
    rows = [at for at, entry in enumerate(entries) if entry.label == "opportunity"]
    return Lesson(np.array(rows), np.array([entries[at].kind == kind for at in rows]), np.ones(len(rows)))


def leaves(entry: Entry) -> bool:
    return entry.role == "competitor" and entry.kind == "switching"


def sentiment_lesson(labelled: Collection[str]) -> tuple[list[str], Lesson]:
    """Opinions of the licensed corpora, but for posts that we labelled ourselves: they are to try it on.

    Neutral ones count half for each side.
    """
    texts, yes, weight = [], [], []
    for opinion in opinions():
        if opinion.text in labelled:
            continue
        for side in (False, True):
            if opinion.sentiment == 0 or side == (opinion.sentiment > 0):
                texts.append(opinion.text)
                yes.append(side)
                weight.append(1.0 if opinion.sentiment else 0.5)
    return texts, Lesson(np.arange(len(texts)), np.array(yes), np.array(weight))
