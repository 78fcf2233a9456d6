"""A plot of a few lines on logarithmic axes, as SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 80, 150, 40, 50
COLOURS = ("#888888", "#0a7d55", "#b5482e", "#2b5fa8")


def plot(across: Sequence[float], lines: Mapping[str, Sequence[float]], below: str, title: str) -> str:
    """One line a name over the same places; all values are above 0."""
    values = [value for line in lines.values() for value in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(across[0]), math.log10(across[-1])

    def x(value: float) -> float:
        return LEFT + (math.log10(value) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return TOP + (high - math.log10(value)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [_text(LEFT, TOP - 16, title, "start", bold=True)]
    for power in range(low, high + 1):
        level = 10.0**power
        parts.append(f'<path d="M{LEFT} {y(level):.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
        parts.append(_text(LEFT - 8, y(level) + 4, f"{level:,.0f}" if power >= 0 else f"{level:g}", "end"))
    parts += [_text(x(place), HEIGHT - BOTTOM + 20, f"{place:,}", "middle") for place in across]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, below, "middle"))
    free = 0.0  # below the names so far; the lines come from top to bottom
    for colour, (name, line) in zip(COLOURS, lines.items(), strict=False):
        points = [(x(place), y(value)) for place, value in zip(across, line, strict=True)]
        parts.append(_line(points, colour))
        free = max(free + 15, points[-1][1])
        parts.append(_text(points[-1][0] + 10, free + 4, name, "start", colour=colour))
    return _drawing(parts)


def _line(points: Sequence[tuple[float, float]], colour: str) -> str:
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points)
    return f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'


def _text(x: float, y: float, words: str, anchor: str, *, colour: str = "#333333", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>{escape(words)}</text>'


def _drawing(parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
    inside = "\n".join(parts)
    return f'{head} font-size="12">\n<rect width="100%" height="100%" fill="#ffffff"/>\n{inside}\n</svg>\n'
