"""The lowest point of a smooth, strictly convex function: limited-memory BFGS (Nocedal and Wright, algorithm 7.5)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

Numbers = Sequence[float]
Function = Callable[[Numbers], tuple[float, list[float]]]  # the value at a point, and the gradient

STEPS = 100
ENOUGH = 1e-2  # no part of the gradient is steeper at the end
_MEMORY = 6  # steps that are remembered
_HALVINGS = 30
_FALL = 1e-4  # share of the promised fall that a step must bring (Armijo)

_Step = tuple[list[float], list[float], float]  # the way gone, how the gradient changed, and their product


def least(function: Function, start: Numbers) -> list[float]:
    """The point where the function is lowest, after at most `STEPS` steps from the start."""
    point = list(start)
    value, gradient = function(point)
    memory: deque[_Step] = deque(maxlen=_MEMORY)
    for _ in range(STEPS):
        if max(map(abs, gradient), default=0.0) < ENOUGH:
            break
        way = _way(gradient, memory)
        slope, size = _product(way, gradient), 1.0
        for _ in range(_HALVINGS):
            tried = [each + size * move for each, move in zip(point, way, strict=True)]
            new_value, new_gradient = function(tried)
            if new_value <= value + _FALL * size * slope:
                break
            size /= 2
        else:
            break  # as low as floating point can tell
        gone = [size * move for move in way]
        turned = [new - old for new, old in zip(new_gradient, gradient, strict=True)]
        memory.append((gone, turned, _product(gone, turned)))
        point, value, gradient = tried, new_value, new_gradient
    return point


def _way(gradient: Numbers, memory: Sequence[_Step]) -> list[float]:
    """Downhill, by what the last steps told of the curvature."""
    way, shares = [-each for each in gradient], []
    for gone, turned, product in reversed(memory):
        share = _product(gone, way) / product
        shares.append(share)
        way = [each - share * turn for each, turn in zip(way, turned, strict=True)]
    if memory:
        _, turned, product = memory[-1]
        size = product / _product(turned, turned)
        way = [size * each for each in way]
    for (gone, turned, product), share in zip(memory, reversed(shares), strict=True):
        more = share - _product(turned, way) / product
        way = [each + more * part for each, part in zip(way, gone, strict=True)]
    return way


def _product(one: Numbers, other: Numbers) -> float:
    return sum(map(float.__mul__, one, other))
