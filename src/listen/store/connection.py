"""Opening the file, and what SQLite complains about in words that help."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from listen.errors import StoreError
from listen.store.schema import migrate, version_of

MEMORY = ":memory:"

# By primary result code, https://www.sqlite.org/rescode.html
_PROBLEMS = {
    sqlite3.SQLITE_BUSY: "is locked by another program; end that program, or try again later",
    sqlite3.SQLITE_LOCKED: "is locked by another program; end that program, or try again later",
    sqlite3.SQLITE_PERM: "may not be written; check who owns the file and its folder",
    sqlite3.SQLITE_READONLY: "may not be written; check who owns the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that its folder exists and may be written",
    sqlite3.SQLITE_FULL: "has no room, the disk is full; free some space and start again, nothing stored is lost",
    sqlite3.SQLITE_IOERR: "cannot be read or written; check the disk",
    sqlite3.SQLITE_PROTOCOL: "cannot be locked; keep it on a local disk, not on a network share",
    sqlite3.SQLITE_CORRUPT: "is damaged; move it away to start anew, or put a copy by 'listen db backup' in its place; "
    "'sqlite3 FILE .recover' saves what is left",
    sqlite3.SQLITE_NOTADB: "is not a store of listen; name another file with --db",
}


@contextmanager
def translated(path: str, only: Collection[int] = ()) -> Iterator[None]:
    """Turns what can happen to a file, or `only` these codes of it, into StoreError; wrong SQL stays a bug."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        code = getattr(problem, "sqlite_errorcode", 0)
        if only and code not in only:
            raise
        advice = _PROBLEMS.get(code & 0xFF)
        if str(problem).startswith("no such "):  # a test makes every statement, so that ours are not to blame
            advice = _PROBLEMS[sqlite3.SQLITE_CORRUPT]
        if advice is None:
            raise
        raise StoreError(f"{path}: {advice} ({problem})") from problem


def connected(path: str, patience: timedelta) -> sqlite3.Connection:
    """A connection to the store at `path`, made if it is not there, brought up to date. Raises StoreError.

    `patience` is how long one waits for another process that is writing.
    """
    if sqlite3.sqlite_version_info < (3, 37):
        raise StoreError(f"{path}: needs SQLite 3.37 or newer, here is {sqlite3.sqlite_version}; update Python")
    if path != MEMORY:
        _create(Path(path))
    seconds = patience.total_seconds()
    with translated(path):
        # No thread of its own: the engine stores in worker threads, one at a time, guarded by the store's lock.
        db = sqlite3.connect(path, timeout=seconds, isolation_level=None, check_same_thread=False)
        try:
            version_of(db, path)  # first, so that a file which is not ours is not touched
            _set_up(db, seconds)
            migrate(db, path)
        except BaseException:
            db.close()
            raise
    return db


def _create(path: Path) -> None:
    """Make the file readable for its owner only; SQLite gives its side files the same mode."""
    try:
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as problem:
        said = (problem.strerror or str(problem)).lower()
        raise StoreError(f"{path}: cannot be opened: {said}; name another file with --db") from problem


def _set_up(db: sqlite3.Connection, seconds: float) -> None:
    _write_ahead(db, seconds)
    # A power cut may take the last transactions, never consistency: a mark goes with its mentions, and what came
    # after the last mark that was kept is asked for again.
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")  # what its author took back leaves no trace in the file
    db.execute("PRAGMA cache_size = -16000")  # KiB; the index over ids is hit at random
    db.execute("PRAGMA journal_size_limit = 67108864")


def _write_ahead(db: sqlite3.Connection, seconds: float) -> None:
    """Switch to the write-ahead log. For this switch alone SQLite does not wait for others, so we do."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
