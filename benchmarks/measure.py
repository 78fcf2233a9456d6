"""Timing that a noisy machine does not spoil: the best of several runs, as a rate."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def rate(work: Callable[[], int], runs: int = 5) -> float:
    """Units a second of the fastest of `runs`; `work` returns how many units it did."""
    best = 0.0
    for _ in range(runs):
        gc.collect()
        gc.disable()
        try:
            start = time.perf_counter()
            units = work()
            best = max(best, units / (time.perf_counter() - start))
        finally:
            gc.enable()
    return best


def row(name: str, value: str, goal: str, reached: bool | None) -> None:
    """One line of the table; `reached` is None where there is no goal."""
    told = "" if reached is None else "yes" if reached else "NO"
    print(f"| {name} | {value} | {goal} | {told} |", flush=True)
