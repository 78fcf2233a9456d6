"""All figures of docs/performance.md in one run."""

from __future__ import annotations

import platform

from benchmarks import events, exports, footprint, frames, judging, path, start


def main() -> None:
    print(f"Python {platform.python_version()}, {platform.machine()}, one core\n")
    print("| what | measured | goal | reached |\n|---|---|---|---|")
    for benchmark in (start, frames, path, judging, events, exports, footprint):
        benchmark.main()


if __name__ == "__main__":
    main()
