"""A store of 5,000,000 mentions: opening it, and what `watch`, `status` and `export --new` ask it for at their start.

    python -m benchmarks.vast FILE                 FILE is made by benchmarks.stocked, and kept

Times are of the work on the store, in one process, the interpreter's own start aside; the same on a store of 5,000 is
beside it, which tells what the size costs. Plans are printed for docs/performance.md.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import row
from benchmarks.stocked import BEGIN, stock
from listen.delivery import Delivery, Form, Way, deliver
from listen.process import ourselves
from listen.selection import Selection
from listen.standing import overview
from listen.store import Store, Watch

NEW = 1_000
_GOAL = 0.100  # seconds
_RUNS = 7
_WATCH = Watch((("kindle", "k"),))


def main(path: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        small = str(Path(folder) / "small.db")
        stock(small, 5 * NEW)
        for name, work in (
            ("`watch`: open, enter, claim, cursor, begin, newest", _watching),
            ("`status`: open, overview", _status),
            (f"`export --new` of {NEW:,} rows to a file", lambda store: _export(store, folder, Selection())),
            (f"the same, `--only complaint`, of {NEW // 10:,} rows",
             lambda store: _export(store, folder, Selection(only=("complaint",)))),
        ):  # fmt: skip
            vast, few = _best(path, work), _best(small, work)
            row(f"{name}; with 5,000 mentions", f"{vast * 1e3:.1f} ms; {few * 1e3:.1f} ms", "≤ 100 ms", vast <= _GOAL)
    _plans(path)


def _best(path: str, work: Callable[[str], object]) -> float:
    times = []
    for _ in range(_RUNS):
        _prepare(path)
        start = time.perf_counter()
        work(path)
        times.append(time.perf_counter() - start)
    return min(times)


def _prepare(path: str) -> None:
    """Two exports that have had everything but the newest: one of all, one of complaints."""
    with sqlite3.connect(path) as db:
        last: int = db.execute("SELECT max(number) FROM mention").fetchone()[0]
        if not db.execute("SELECT 1 FROM export WHERE name = 'complaint'").fetchone():
            db.execute("INSERT INTO export (id, name, floor) VALUES (101, 'all', 0), (102, 'complaint', 0)")
            db.execute(
                "INSERT INTO delivered (export, number) SELECT 102, number FROM mention WHERE flag = 'complaint'"
            )
        db.execute("UPDATE export SET floor = ? WHERE id = 101", (last - NEW,))
        db.execute("DELETE FROM delivered WHERE (export = 101 OR number > ?) AND export IN (101, 102)", (last - NEW,))
        db.execute("DELETE FROM looked WHERE export = 101")
        if db.execute("UPDATE looked SET number = ? WHERE export = 102", (last - NEW,)).rowcount == 0:
            wanted = '["low",["complaint"],[],[],[],[]]'
            db.execute("INSERT INTO looked VALUES (102, ?, ?, ?, 0)", (wanted, -(2**63), last - NEW))
    db.close()


def _watching(path: str) -> None:
    with Store.open(path) as store:
        process = store.enter(ourselves(), BEGIN)
        store.claim("bluesky", "jetstream", process, _WATCH)
        store.cursor("bluesky", "jetstream", _WATCH)
        store.begin("bluesky", "jetstream", BEGIN, _WATCH)
        store.newest()
        store.leave(process)


def _status(path: str) -> None:
    with Store.open(path) as store:
        overview(store, ["kindle"], BEGIN)


def _export(path: str, folder: str, selection: Selection) -> None:
    name = "complaint" if selection.only else "all"
    with Store.open(path) as store:
        written = deliver(store, Delivery(selection, name), Form(), Way(Path(folder) / "new.csv"))
    assert written == NEW or selection.only, written
    assert written, "nothing was new"


def _plans(path: str) -> None:
    """What SQLite does for the walks of an export."""
    asked: list[str] = []
    with Store.open(path) as store:
        store._db.set_trace_callback(asked.append)
        for selection in (Selection(), Selection(only=("complaint",))):
            with store.delivering("complaint" if selection.only else "all", selection, changes=True) as pending:
                list(zip(range(1), pending, strict=False))
        store._db.set_trace_callback(None)
        for sql in dict.fromkeys(asked):
            if "LIMIT" in sql:
                plan = [step[3] for step in store._db.execute(f"EXPLAIN QUERY PLAN {sql}")]
                print("\n".join([" ".join(sql.split()), *(f"    {step}" for step in plan)]), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
