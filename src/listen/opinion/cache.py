"""What a model has said before, and how many requests were made lately: one small SQLite file beside the store.

A text is known by a hash, and of the words that decided only the places are kept, so that nothing of a post stands in
the file: it need not know which posts were taken back. Bounds: 20,000 answers, each for 30 days after its last use.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from listen.errors import StoreError
from listen.mention import Flag, OpportunityKind, Role, Urgency
from listen.opinion.excerpt import Place
from listen.opinion.prompt import VERSION

MEMORY = ":memory:"
ANSWERS = 20_000
KEPT = 30 * 86_400.0  # seconds after the last use
_DAY, _MINUTE = 86_400.0, 60.0
_TOUCH = 3_600.0  # seconds in which one use is as good as many
_TABLES = """
    PRAGMA secure_delete = ON;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS answer (key BLOB PRIMARY KEY, view BLOB NOT NULL, used REAL NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS answer_used ON answer (used);
    CREATE TABLE IF NOT EXISTS request (at REAL NOT NULL);
    CREATE INDEX IF NOT EXISTS request_at ON request (at);
"""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What a model says about an excerpt; `why` are places in it."""

    flag: Flag
    kind: OpportunityKind | None
    confidence: Annotated[float, Meta(ge=0, le=1)]
    urgency: Urgency | None
    why: tuple[Place, ...]


def key_of(model: str, text: str, role: Role) -> bytes:
    """By what an answer is known: another model, prompt, text or role is another question."""
    return hashlib.sha256("\0".join((VERSION, model, role, text)).encode(errors="surrogatepass")).digest()


def place_beside(store: str) -> str:
    """Where the file of that store is: `listen.opinions.db` beside `listen.db`; a store in memory has it there too."""
    return store if store == MEMORY else str(Path(store).with_suffix(".opinions.db"))


class Cache:
    """The file at `path`, opened when it is first needed. Every method raises StoreError if that goes wrong.

    Threads may share it, and so may processes. `clock` is the time of day in seconds.
    """

    def __init__(self, path: str, *, clock: Callable[[], float] = time.time, answers: int = ANSWERS) -> None:
        self.path = path
        self._clock = clock
        self._most = answers
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None
        self._closed = False

    def close(self) -> None:
        """Let go of the file; who still works in a thread gets StoreError."""
        with self._lock:
            self._closed = True
            if self._opened is not None:
                self._opened.close()
            self._opened = None

    def find(self, key: bytes) -> View | None:
        with self._using() as db:
            row = db.execute("SELECT view FROM answer WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            now = self._clock()
            db.execute("UPDATE answer SET used = ? WHERE key = ? AND used < ?", (now, key, now - _TOUCH))
            try:
                return msgspec.json.decode(row[0], type=View)
            except msgspec.DecodeError:  # of another version of ours
                return None

    def keep(self, key: bytes, view: View) -> None:
        now = self._clock()
        with self._using() as db:
            db.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", (key, msgspec.json.encode(view), now))
            db.execute("DELETE FROM answer WHERE used < ?", (now - KEPT,))
            surplus = db.execute("SELECT count(*) FROM answer").fetchone()[0] - self._most
            if surplus > 0:
                oldest = "DELETE FROM answer WHERE key IN (SELECT key FROM answer ORDER BY used LIMIT ?)"
                db.execute(oldest, (surplus,))

    def empty(self) -> int:
        """Let go of all answers, of the log too; returns how many there were. A hash does not tell whose text it is of.

        What was spent stays known.
        """
        with self._using() as db:
            (known,) = db.execute("SELECT count(*) FROM answer").fetchone()
            db.execute("DELETE FROM answer")
        with self._lock, suppress(sqlite3.Error):  # a reader of another process; there are but hashes
            if self._opened is not None:
                self._opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(known)

    def spend(self, per_minute: int, per_day: int) -> Literal["spent", "minute", "day"]:
        """Count one request, of all that use this file, or say which budget leaves no room for it."""
        now = self._clock()
        with self._using() as db:
            # What lies in the future was counted by a clock that was wrong then, or is wrong now.
            db.execute("DELETE FROM request WHERE at <= ? OR at > ?", (now - _DAY, now + _MINUTE))
            (today,) = db.execute("SELECT count(*) FROM request").fetchone()
            (lately,) = db.execute("SELECT count(*) FROM request WHERE at > ?", (now - _MINUTE,)).fetchone()
            if today >= per_day:
                return "day"
            if lately >= per_minute:
                return "minute"
            db.execute("INSERT INTO request VALUES (?)", (now,))
            return "spent"

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        """The file, in a transaction of its own."""
        try:
            with self._lock:
                if self._closed:
                    raise StoreError(f"{self.path}: is closed")
                db = self._opened = self._opened or self._open()
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
        except (sqlite3.Error, OSError) as problem:
            if self._opened is not None and self._opened.in_transaction:
                self._opened.execute("ROLLBACK")
            said = f"{self.path}: cannot be used ({str(problem).lower()}); it holds nothing that is missed, delete it"
            raise StoreError(said) from problem

    def _open(self) -> sqlite3.Connection:
        if self.path != MEMORY:
            Path(self.path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        db = sqlite3.connect(self.path, timeout=2, isolation_level=None, check_same_thread=False)
        try:
            with suppress(sqlite3.OperationalError):  # another process opens it just now; it works either way
                db.execute("PRAGMA journal_mode = WAL")
            db.executescript(_TABLES)
        except sqlite3.Error:
            db.close()
            raise
        return db
