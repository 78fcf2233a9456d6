"""The fusion: for each flag the voices that speak of it, each with a fixed say, then what they are worth together.

The labelled posts are mostly our own, and a fusion free to choose trusts only the head that learnt from them. So the
says are fixed, and no signal may count against its sense; on posts of other worlds that holds better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from listen.judge.fusion import SIGNALS
from listen.judge.model import FLAGS
from training.corpus import Entry
from training.fusing import counted
from training.lessons import Floats

LABELS = ("none", *FLAGS)
MEANT = tuple(f"meant: {flag}" for flag in FLAGS)  # the semantic heads, where there are any
SAYS: Mapping[str, Mapping[str, float]] = {
    "complaint": {
        "model: complaint": 2, "model: complaint, distilled": 1, "cues: complaint": 1, "cues: praise": -0.5,
        "meant: complaint": 2,
    },
    "opportunity": {
        "model: opportunity": 2, "model: opportunity, distilled": 1, "cues: question": 0.6, "cues: buying": 0.6,
        "cues: switching": 0.6, "meant: opportunity": 2,
    },
    "praise": {
        "model: praise": 2, "model: praise, distilled": 1, "cues: praise": 1, "cues: complaint": -0.5,
        "meant: praise": 2,
    },
}  # fmt: skip
SENSES: Mapping[str, Mapping[str, int]] = {
    "complaint": {"model: sentiment": -1, "damp": -1, "relief": -1, "danger": 1, "personal": 1, "linked": -1},
    "opportunity": {"damp": -1, "asks": 1, "personal": 1, "linked": -1},
    "praise": {"model: sentiment": 1, "damp": -1, "linked": -1},
}
_RIDGE = 1e-3


def fusion(entries: Sequence[Entry], rows: Floats) -> dict[str, list[float]]:
    """For every flag its bias and one weight a column, in log-odds against none; learnt on posts of one language."""
    spread = rows.std(axis=0) + 1e-9
    names = (*SIGNALS, *MEANT)[: rows.shape[1]]
    inputs, signs, owners = _inputs(rows / spread, names)
    found = _fitted(inputs, signs, owners, entries)
    weights: dict[str, Floats] = {flag: np.zeros(rows.shape[1]) for flag in FLAGS}
    for (flag, columns), value in zip(_terms(names), found[len(FLAGS) :], strict=True):
        for column, say in columns.items():
            weights[flag][column] += value * say / spread[column]
    return {flag: [float(f"{each:.5g}") for each in (found[at], *weights[flag])] for at, flag in enumerate(FLAGS)}


def _terms(names: Sequence[str]) -> list[tuple[str, dict[int, float]]]:
    """What is fitted: for each flag the sum of its voices, and each signal with a sense; columns with their say."""
    place = {name: at for at, name in enumerate(names)}
    terms: list[tuple[str, dict[int, float]]] = []
    for flag in FLAGS:
        terms.append((flag, {place[name]: float(say) for name, say in SAYS[flag].items() if name in place}))
        terms += [(flag, {place[name]: float(sense)}) for name, sense in SENSES[flag].items()]
    return terms


def _inputs(rows: Floats, names: Sequence[str]) -> tuple[Floats, int, NDArray[np.int64]]:
    terms = _terms(names)
    inputs = np.stack([sum(say * rows[:, column] for column, say in columns.items()) for _, columns in terms], axis=1)
    return inputs, len(terms), np.array([FLAGS.index(flag) for flag, _ in terms])


def _fitted(inputs: Floats, terms: int, owners: NDArray[np.int64], entries: Sequence[Entry]) -> Floats:
    """Biases of the flags, then one value a term, none below 0: the maximum of the softmax likelihood."""
    wanted = np.eye(len(LABELS))[[LABELS.index(entry.label) for entry in entries]]
    counts = np.array([counted(entry) for entry in entries])
    counts /= counts.sum()
    belongs = np.eye(len(FLAGS))[owners]

    def loss(values: Floats) -> tuple[float, Floats]:
        odds = values[: len(FLAGS)] + (inputs * values[len(FLAGS) :]) @ belongs
        powers = np.exp(np.hstack([np.zeros((len(odds), 1)), np.clip(odds, -30, 30)]))
        chances = powers / powers.sum(axis=1, keepdims=True)
        lost = -float((counts * np.log((chances * wanted).sum(axis=1) + 1e-12)).sum())
        wrong = ((chances - wanted) * counts[:, None])[:, 1:]
        slope = (inputs * wrong[:, owners]).sum(axis=0) + 2 * _RIDGE * values[len(FLAGS) :]
        return lost + _RIDGE * float((values[len(FLAGS) :] ** 2).sum()), np.concatenate([wrong.sum(axis=0), slope])

    bounds = [(None, None)] * len(FLAGS) + [(0, None)] * terms
    start = np.zeros(len(FLAGS) + terms)
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000}).x
    return found
