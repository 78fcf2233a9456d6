"""Thresholds: which probability brings which precision, measured on ordinary posts of unseen writers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from listen.judge.fusion import LogOdds, fused, probabilities
from listen.judge.model import FLAGS
from training.corpus import Entry
from training.fusing import folds
from training.lessons import Floats
from training.voices import fusion

TARGETS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
FLOORS = {"high": 0.65, "normal": 0.75, "low": 0.85}  # precision that a sensitivity promises
_STEPS = np.arange(0.1, 0.985, 0.005)
_BEST = {"high": 0.2, "normal": 0.3, "low": 0.45}  # no threshold below these


def unseen_chances(entries: Sequence[Entry], rows: Floats, counts: Floats) -> Floats:
    """Probabilities of the three flags, by a fusion that has not seen the post's writer either."""
    chances = np.zeros((len(entries), len(FLAGS)))
    for known, unseen in folds(entries):
        weights = fusion([entries[at] for at in known], rows[known], counts[known])
        for at in unseen:
            chances[at] = probabilities(LogOdds(*fused(list(rows[at]), weights)))
    return chances


def sensitivities(entries: Sequence[Entry], chances: Floats) -> dict[str, dict[str, float]]:
    """For every flag the threshold of every sensitivity."""
    return {
        flag: {
            name: max(_BEST[name], _threshold(*_outcome(entries, chances, flag), floor))
            for name, floor in FLOORS.items()
        }
        for flag in FLAGS
    }


def precision_curve(entries: Sequence[Entry], chances: Floats) -> dict[str, dict[str, float]]:
    """For every flag the threshold of every precision in `TARGETS`."""
    return {
        flag: {f"{target:.2f}": _threshold(*_outcome(entries, chances, flag), target) for target in TARGETS}
        for flag in FLAGS
    }


def _outcome(entries: Sequence[Entry], chances: Floats, flag: str) -> tuple[Floats, NDArray[np.bool_]]:
    """The ordinary posts for which this flag is the likeliest: its probability, and whether it is right."""
    at = FLAGS.index(flag)
    ordinary = np.array([entry.ordinary for entry in entries])
    rows = np.flatnonzero(ordinary & (chances.argmax(axis=1) == at))
    right = np.array([entries[int(row)].label == flag for row in rows])
    return chances[rows, at], right


def _threshold(given: Floats, right: NDArray[np.bool_], wanted: float) -> float:
    """The lowest one from which on at least `wanted` of the flags are right."""
    for step in _STEPS:
        over = given >= step
        if over.sum() < 20:
            break
        if right[over].mean() >= wanted:
            return round(float(step), 3)
    return round(float(_STEPS[-1]), 3)
