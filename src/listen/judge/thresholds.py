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
LEAST_PRECISION, MOST_PRECISION = 0.5, 0.95


@cache
def thresholds(lang: str, sensitivity: Sensitivity, precision: float | None) -> Thresholds:
    """For `de`, `en` or `other`."""
    known: Mapping[str, Mapping[str, float]] = facts()["thresholds"][lang]
    if precision is None:
        return {flag: known[flag][sensitivity] for flag in FLAGS}
    return {flag: _for_precision(facts()["precision"][lang][flag], precision) for flag in FLAGS}


def _for_precision(curve: Mapping[str, float], wanted: float) -> float:
    """The threshold measured for the nearest precision that is at least the one wanted."""
    reached = [float(precision) for precision in curve if float(precision) >= wanted - 1e-9]
    return curve[f"{min(reached):.2f}"] if reached else 1.0
