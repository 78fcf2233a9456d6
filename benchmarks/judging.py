"""The judge: texts a second beside TextBlob's polarity of the same, its first verdict from a cold start, its size."""

from __future__ import annotations

import subprocess
import sys
import time

from textblob import TextBlob

from benchmarks.measure import rate, row
from listen.judge import judge
from listen.judge.model import WEIGHTS
from training.corpus import entries

LONGEST = 280  # characters, as in a stream; reviews take longer
FIRST = "from listen.judge import judge; judge('Day 12 without internet')"
IMPORTS = "import json, re, dataclasses, array, zlib"  # what any program of that size has


def main() -> None:
    texts = [entry.text for entry in entries() if len(entry.text) <= LONGEST][::3]
    english = [entry.text for entry in entries() if entry.lang == "en" and len(entry.text) <= LONGEST][::9]
    every, ours, blobs = rate(lambda: _judged(texts)), rate(lambda: _judged(english)), rate(lambda: _polarity(english))
    row("texts judged, German and English", f"{every:,.0f}/s", "≥ 5,000/s", every >= 5_000)
    row("English texts judged / TextBlob's polarity of them", f"{ours / blobs:.1f} ×", "-", None)
    cold = min(_seconds(FIRST) for _ in range(15)) - min(_seconds(IMPORTS) for _ in range(15))
    row("first verdict, beyond Python with its own modules", f"{1000 * cold:.0f} ms", "≤ 60 ms", cold <= 0.06)
    size = sum(path.stat().st_size for path in WEIGHTS.iterdir()) / 1e6
    row("weights", f"{size:.2f} MB", "≤ 2 MB", size <= 2)


def _judged(texts: list[str]) -> int:
    for text in texts:
        judge(text)
    return len(texts)


def _polarity(texts: list[str]) -> int:
    for text in texts:
        _ = TextBlob(text).sentiment.polarity
    return len(texts)


def _seconds(program: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
