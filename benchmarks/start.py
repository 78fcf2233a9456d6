"""How long `listen --version` and `listen --help` take, beside Python itself."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import row

LISTEN = str(Path(sys.executable).with_name("listen"))


def best(command: list[str], runs: int = 15) -> float:
    """Seconds of the fastest run."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    bare = best([sys.executable, "-c", "pass"])
    version = best([LISTEN, "--version"]) / bare
    helped = best([LISTEN, "--help"]) / bare
    row("`listen --version` / `python -c pass`", f"{version:.1f} ×", "≤ 3 ×", version <= 3)
    row("`listen --help` / `python -c pass`", f"{helped:.1f} ×", "≤ 5 ×", helped <= 5)
