"""From which probability on a flag is given, for each language.

`make judge` measures on posts that the model had not seen which threshold brings which precision.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from listen.judge.model import FLAGS, facts
from listen.mention import Flag

if TYPE_CHECKING:
    from listen.judge import Sensitivity

Thresholds = Mapping[Flag, float]
_TAUGHT: Mapping[str, float] = {"high": 0.35, "normal": 0.5, "low": 0.65}
LEAST_PRECISION, MOST_PRECISION = 0.5, 0.95


@cache
def thresholds(lang: str, sensitivity: Sensitivity, precision: float | None) -> Thresholds:
    """For `de`, `en` or `other`."""
    known: Mapping[str, Mapping[str, float]] = facts()["thresholds"][lang]
    if precision is None:
        return {flag: known[flag][sensitivity] for flag in FLAGS}
    return {flag: _for_precision(facts()["precision"][lang][flag], precision) for flag in FLAGS}


def taught_thresholds(sensitivity: Sensitivity, precision: float | None) -> Thresholds:
    """For a judge that was taught: its probabilities are those of its user's stream, and need no other measure."""
    return dict.fromkeys(FLAGS, precision if precision is not None else _TAUGHT[sensitivity])


def _for_precision(curve: Mapping[str, float], wanted: float) -> float:
    """The threshold measured for the nearest precision that is at least the one wanted."""
    reached = [float(precision) for precision in curve if float(precision) >= wanted - 1e-9]
    return curve[f"{min(reached):.2f}"] if reached else 1.0
