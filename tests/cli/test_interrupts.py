"""Ctrl-C at every moment, stores that cannot be used, and `init` asking its questions."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.cli.program import Program


def test_ctrl_c_before_the_engine_runs_ends_in_order_too(listen: Program) -> None:
    os.mkfifo(listen.home / "slow.toml")
    with listen.start("watch", "kindle", "-c", "slow.toml") as running:
        until_it_reads(listen.home / "slow.toml")
        running.send_signal(signal.SIGINT)
        printed, said = running.communicate(timeout=20)
    assert (running.returncode, printed, said) == (0, "", "")


def test_the_second_ctrl_c_ends_at_once(listen: Program) -> None:
    with listen.start("watch", "--demo", "--db", "a.db", "--format", "jsonl") as running:
        assert running.stdout is not None
        running.stdout.readline()
        with sqlite3.connect(listen.home / "a.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")  # so that ending in order takes its time
            time.sleep(1.5)
            running.send_signal(signal.SIGINT)
            time.sleep(0.5)
            assert running.poll() is None
            running.send_signal(signal.SIGINT)
            _, said = running.communicate(timeout=30)
            other.execute("ROLLBACK")
        other.close()
    assert (running.returncode, said) == (130, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_signals_without_end_never_kill_what_is_ending_in_order(listen: Program, number: signal.Signals) -> None:
    with listen.start("watch", "--demo", "--format", "jsonl") as running:
        assert running.stdout is not None
        running.stdout.readline()
        end = time.monotonic() + 20
        while running.poll() is None and time.monotonic() < end:  # it meets every step on the way out
            running.send_signal(number)
            time.sleep(0.01)
        _, said = running.communicate(timeout=20)
    assert (running.returncode in {0, 130}, said) == (True, ""), running.returncode


def until_it_reads(fifo: Path) -> None:
    """Wait until somebody has opened the pipe, and leave it open without a word until we are done."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nobody read the config")


def damaged(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"nonsense" * 1_000)


def newer(path: Path) -> None:
    assert path.parent.is_dir()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE mention (x)")
        db.execute(f"PRAGMA application_id = {0x6C73746E}")
        db.execute("PRAGMA user_version = 999")
    db.close()


def a_text(path: Path) -> None:
    path.write_text("Liebes Tagebuch\n" * 100, encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(damaged, "a.db: ", id="damaged"),
        pytest.param(newer, "a.db: was written by a newer listen", id="newer"),
        pytest.param(a_text, "a.db: ", id="no database"),
        pytest.param(Path.mkdir, "a.db: ", id="a folder"),
    ],
)
def test_watch_says_in_one_line_what_is_wrong_with_its_store(listen: Program, spoil, said: str) -> None:  # type: ignore[no-untyped-def]
    spoil(listen.home / "a.db")
    done = listen.run("watch", "--demo", "--db", "a.db", "--for", "5s")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert said in done.stderr


def test_a_store_that_another_program_locks_is_an_error_that_says_so(listen: Program) -> None:
    with sqlite3.connect(listen.home / "a.db", isolation_level=None) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        done = listen.run("watch", "--demo", "--db", "a.db", "--for", "5s")
        other.execute("ROLLBACK")
    other.close()
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert done.stderr.startswith("listen: a.db: ")


def test_init_asks_on_a_terminal_and_writes_what_was_answered(listen: Program) -> None:
    code, drawn = listen.on_terminal("init", typed=['"Nordlicht Reader", #nordlicht', "tolino"])
    text = (listen.home / "config" / "listen" / "config.toml").read_text(encoding="utf-8")
    assert code == 0, drawn
    assert "is written" in drawn
    assert '"#nordlicht"' in text
    assert "Nordlicht Reader" in text
    assert "tolino" in text
    assert listen.run("check", "--help").returncode == 0


def test_init_asks_again_for_what_it_cannot_read_and_takes_commas_in_quotes_for_commas(listen: Program) -> None:
    answers = ['kindle, "Nordlicht', 'kindle, "Nordlicht, Reader"', "tolino (", ""]
    code, drawn = listen.on_terminal("init", typed=answers)
    text = (listen.home / "config" / "listen" / "config.toml").read_text(encoding="utf-8")
    assert (code, drawn.count("once more, please")) == (0, 2), drawn
    assert [line for line in text.splitlines() if line.startswith("query = ")] == [
        'query = "kindle"',
        r'query = "\"Nordlicht, Reader\""',
    ]


def test_init_writes_nothing_if_its_question_gets_no_answer(listen: Program) -> None:
    code, _ = listen.on_terminal("init", typed=["\x04"])
    assert code == 130
    assert not (listen.home / "config").exists()
