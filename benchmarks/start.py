"""How long `listen --version` and `listen --help` take, beside Python itself."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import row

LISTEN = str(Path(sys.executable).with_name("listen"))
COMMANDS = ([sys.executable, "-c", "pass"], [LISTEN, "--version"], [LISTEN, "--help"])


def main() -> None:
    bare, version, helped = (min(times) for times in zip(*(_each_once() for _ in range(25)), strict=True))
    row("`listen --version` / `python -c pass`", f"{version / bare:.1f} ×", "≤ 3 ×", version <= 3 * bare)
    row("`listen --help` / `python -c pass`", f"{helped / bare:.1f} ×", "≤ 5 ×", helped <= 5 * bare)


def _each_once() -> list[float]:
    """Seconds that each command takes, one after the other, so that noise hits them alike."""
    times = []
    for command in COMMANDS:
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return times
