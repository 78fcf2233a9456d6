"""`listen export` as CSV beside the `sqlite3` shell's own `.mode csv`, and how much memory it takes.

    python -m benchmarks.exports [COUNT]           1,000,000 mentions need some 4 GB of disk

The same cells, compared in two ways. *From the store*: both read the JSON of the same rows and take it apart, the shell
by a view with `json_extract` and `json_each`. *From a flat table*: the shell reads a table that holds nothing but the
finished cells, which `listen` does not have; it still makes them of JSON. The files are compared cell by cell.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import row
from benchmarks.stocked import stock
from listen.mention import FIELDS

COUNT = 100_000
_LISTEN = str(Path(sys.executable).with_name("listen"))
_JOINED = {
    "hashtags": "(SELECT group_concat(value, ' | ') FROM json_each(content.json, '$.post.hashtags'))",
    "topics": "(SELECT group_concat(value ->> '$.topic', ' | ') FROM json_each(content.json, '$.matches'))",
    "matched": "(SELECT group_concat(DISTINCT span.value ->> '$.text') "
    "FROM json_each(content.json, '$.matches') AS found, json_each(found.value, '$.spans') AS span)",
    "why": "(SELECT group_concat(value ->> '$.text', ' | ') FROM json_each(content.json, '$.verdict.reasons'))",
}


def main() -> None:
    count = int(sys.argv[1]) if __name__ == "__main__" and len(sys.argv) > 1 else COUNT
    with tempfile.TemporaryDirectory() as folder:
        few, store = Path(folder) / "few.db", Path(folder) / "listen.db"
        stock(str(few), count // 10)
        stock(str(store), count)
        _compare(store, count, Path(folder))
        memory = [_peak(path, Path(folder)) for path in (few, store)]
    told = " and ".join(f"{peak:.0f} MB" for peak in memory)
    row(
        f"peak memory of such exports with {count // 10:,} and {count:,} mentions",
        told,
        "the same",
        memory[1] < 1.1 * memory[0],
    )


def _compare(store: Path, count: int, folder: Path) -> None:
    ours, theirs, flat = folder / "ours.csv", folder / "theirs.csv", folder / "flat.csv"
    _shell(store, f"CREATE TABLE flat AS {_select()};")
    ways: tuple[Callable[[], object], ...] = (
        lambda: _run(_LISTEN, "export", "--db", str(store), "-o", str(ours)),
        lambda: _shell(store, f".mode csv\n.headers on\n.output {theirs}\n{_select()};"),
        lambda: _shell(store, f".mode csv\n.headers on\n.output {flat}\nSELECT * FROM flat;"),
    )
    # One after the other in turns, so that noise hits them alike.
    seconds = [min(times) for times in zip(*([_timed(way) for way in ways] for _ in range(3)), strict=True)]
    _refuse_differences(ours, theirs)
    _refuse_differences(ours, flat)
    rates = [count / each for each in seconds]
    print(
        f"listen {rates[0]:,.0f}/s, shell {rates[1]:,.0f}/s from JSON and {rates[2]:,.0f}/s from a flat table",
        file=sys.stderr,
    )
    row(
        f"{count:,} mentions as CSV / the shell, both from the store",
        f"{rates[0] / rates[1]:.2f} ×",
        "≥ 0.5 ×",
        rates[0] >= 0.5 * rates[1],
    )
    row(
        "the same / the shell from a flat table of the finished cells",
        f"{rates[0] / rates[2]:.2f} ×",
        "≥ 0.5 ×",
        rates[0] >= 0.5 * rates[2],
    )


def _select() -> str:
    """What `listen export` writes, in SQL."""
    cells = []
    for name, place in FIELDS.items():
        path = f"content.json ->> '$.{place}'"
        if name == "id":
            path = "(content.json ->> '$.post.platform') || ':' || (content.json ->> '$.post.id')"
        elif name.endswith("_at"):
            path = f"substr({path}, 1, 19) || 'Z'"
        cells.append(f"{_JOINED.get(name, path)} AS {name}")
    return f"SELECT {', '.join(cells)} FROM mention JOIN content USING (number) ORDER BY number"


def _refuse_differences(ours: Path, theirs: Path) -> None:
    """Every cell is the same; the shell writes `1.0` where we write `1`."""
    with ours.open(newline="", encoding="utf-8") as left, theirs.open(newline="", encoding="utf-8") as right:
        for one, other in zip(csv.reader(left), csv.reader(right), strict=True):
            if one != other:
                different = {(mine, its) for mine, its in zip(one, other, strict=True) if mine != its}
                assert all(float(mine) == float(its) for mine, its in different), different


def _peak(store: Path, folder: Path) -> float:
    """Megabytes that one export takes at most, by a process that does nothing else."""
    measuring = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", measuring, _LISTEN, "export", "--db", str(store), "-o", str(folder / "peak.csv")]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _run(*command: str, given: str | None = None) -> None:
    subprocess.run(command, input=given, text=True, check=True)


def _shell(store: Path, given: str) -> None:
    _run("sqlite3", "-bail", str(store), given=given)


if __name__ == "__main__":
    main()
