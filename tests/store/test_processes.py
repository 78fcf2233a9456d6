"""Several processes, threads, and processes that die."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from listen.selection import Selection
from listen.store import Store
from tests.store.invented import NOON, mention
from tests.store.writer import SIZE, batch_of

ROOT = Path(__file__).parents[2]


def writer(path: Path, source: str, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.writer", str(path), source, str(batches)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_that_write_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "listen.db"
    running = [writer(path, source, 30) for source in ("one", "two", "three")]
    for process in running:
        _, problems = process.communicate(timeout=60)
        assert (process.returncode, problems) == (0, "")
    with Store.open(path) as store:
        assert store.count() == 30 * SIZE * 2, "half of the mentions are common to all three"
        assert {standing.cursor for standing in store.sources()} == {"30"}
        numbers = [number for number, _ in store.mentions(Selection())]
        assert numbers == sorted(set(numbers))


def test_a_reader_is_not_held_up_by_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "listen.db"
    with Store.open(path) as mine, Store.open(path) as other, mine._writing():
        assert other.count() == 0


def test_a_killed_process_leaves_whole_batches_and_their_mark(tmp_path: Path) -> None:
    path = tmp_path / "listen.db"
    reached = 0
    for batches in (1, 3, 9):
        process = writer(path, "one", 1_000)
        assert process.stdout is not None
        for _ in range(batches):
            process.stdout.readline()
        process.kill()
        process.communicate(timeout=30)
        with Store.open(path) as store:
            mark = int(store.cursor("bluesky", "one") or 0)
            wanted = [f"bluesky:{said.post.id}" for batch in range(mark) for said in batch_of("one", batch)[:-1]]  # type: ignore[union-attr]
            assert [found.id for _, found in store.mentions(Selection())] == wanted
            assert store._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert store._db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert mark >= reached + batches
        reached = mark
    assert reached < 1_000, "the last process was killed in the middle"


def test_threads_share_a_store(tmp_path: Path) -> None:
    with Store.open(tmp_path / "listen.db") as store, ThreadPoolExecutor(4) as threads:

        def write(source: str) -> int:
            told = [store.apply("bluesky", source, batch_of(source, batch), NOON) for batch in range(5)]
            return sum(map(len, told)) + 0 * len(list(store.mentions(Selection())))

        assert sum(threads.map(write, ["one", "two", "three", "four"])) == store.count() == 5 * SIZE // 2 * 5
        assert store.cursor("bluesky", "four") == "5"


def test_a_store_in_memory_forgets() -> None:
    with Store.open(":memory:") as store:
        store.apply("bluesky", "jetstream", [mention()], NOON)
        assert store.count() == 1
    with Store.open(":memory:") as store:
        assert store.count() == 0
    assert not Path(":memory:").exists()
