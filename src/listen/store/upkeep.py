"""Looking after the file: is it whole, a copy of it, and nothing of what was erased left in it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from listen.errors import StoreError, UsageError
from listen.store.base import Base
from listen.store.connection import MEMORY, translated
from listen.store.rows import decoded, known_moment, micros, row_of
from listen.store.schema import APPLICATION

_CHUNK = 1_000  # database pages copied at a time: about 4 MB, then others may write
_PATIENCE = 10.0  # seconds for readers of other processes to finish
_UNWRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
_PIECE = 1 << 22  # bytes of a file read at a time
_READABLE = "SELECT mention.*, json FROM mention LEFT JOIN content ON content.number = mention.number"
_TOPICS = "SELECT name FROM topic WHERE number = ?"
_INVARIANTS = (
    ("SELECT count(*) FROM content WHERE number NOT IN (SELECT number FROM mention)", "texts without a mention"),
    ("SELECT count(*) FROM export WHERE floor > coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'mention'), 0)",
     "exports that have delivered more than was ever stored"),
    ("SELECT count(*) FROM export WHERE told > coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'change'), 0)",
     "exports that have told more changes than there ever were"),
    ("SELECT count(*) FROM withdrawal WHERE number IN (SELECT number FROM mention)", "withdrawn mentions still there"),
    ("SELECT count(*) FROM mention WHERE number NOT IN (SELECT number FROM topic)", "mentions that belong to no topic"),
    ("SELECT count(*) FROM stretch WHERE until < since", "times in the coverage ledger that end before they begin"),
    ("SELECT 2 - count(*) FROM about WHERE name IN ('salt', 'pseudonyms') AND length(value) = 64",
     "salts that are missing, without which erased posts may come back"),
)  # fmt: skip


class Trouble(msgspec.Struct, frozen=True):
    """Something that is wrong with the file, in plain words; a `grave` one is damage, the others are oddities."""

    what: str
    grave: bool = True


class Upkeep(Base):
    """The part of the store that is about its file."""

    def check(self) -> Iterator[Trouble]:
        """Whatever is wrong: pages, references, rows that contradict each other. Reads everything once."""
        try:
            with self._reading() as db:
                yield from _damage(db)
                yield from _contradictions(db, self.path)
        except StoreError as problem:
            yield Trouble(str(problem))

    def backup(self, file: Path) -> int:
        """A copy as of now, while others may write; whole or not at all, readable by its owner only. Returns bytes.

        Raises StoreError, UsageError.
        """
        if self.path != MEMORY and file.exists() and file.samefile(self.path):
            raise UsageError(f"{str(file)!r} is the store itself; name another file")
        if file.is_dir():
            raise UsageError(f"{str(file)!r} is a folder; name a file in it")
        if Path(f"{file}-wal").exists():
            raise UsageError(f"{str(file)!r} is a store that is in use; name another file")
        try:
            handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")  # 0600
            os.close(handle)
        except OSError as problem:
            said = (problem.strerror or str(problem)).lower()
            raise StoreError(f"{file}: cannot be written: {said}") from problem
        try:
            self._copy(name, file)
            with _opened(name) as descriptor:
                os.fsync(descriptor)
            Path(name).replace(file)
            with _opened(str(file.parent)) as folder, contextlib.suppress(OSError):  # Windows knows no such thing
                os.fsync(folder)
        except OSError as problem:
            said = (problem.strerror or str(problem)).lower()
            raise StoreError(f"{file}: cannot be written: {said}") from problem
        finally:
            for left in (name, f"{name}-journal", f"{name}-wal", f"{name}-shm"):
                Path(left).unlink(missing_ok=True)
        return file.stat().st_size

    def vacuum(self) -> tuple[int, int]:
        """Write the file anew, without gaps; others cannot write meanwhile. Returns its bytes before and after."""
        with self._reading() as db:
            before = _size(db)
            db.execute("VACUUM")
            after = _size(db)
        self.settle()
        return before, after

    def settle(self) -> bool:
        """Move what stands in the write-ahead log into the file and empty the log, where erased words still stand.

        False if another process would not let go of it, for as long as the store is patient.
        """
        with self._reading() as db:
            busy: int = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    def exposure(self) -> str | None:
        """A warning if others than its owner may read or write the file; told once for each mode that it has."""
        if self.path == MEMORY or os.name == "nt":
            return None
        mode = f"{Path(self.path).stat().st_mode & 0o777:04o}"
        wide = int(mode, 8) & 0o077
        with self._writing() as db:
            told = db.execute("SELECT value FROM about WHERE name = 'mode'").fetchone()
            if told is not None and told[0] == mode:
                return None
            if told is None and not wide:
                return None
            db.execute(
                "INSERT INTO about (name, value) VALUES ('mode', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                (mode,),
            )
        if not wide:
            return None
        return (
            f"{self.path}: others on this machine may read or write it (mode {mode}); 'chmod 600' makes it yours alone"
        )

    def believed(self) -> datetime | None:
        """The latest time of day by which mentions were let go of; None if they never were."""
        with self._reading() as db:
            told = db.execute("SELECT value FROM about WHERE name = 'believed'").fetchone()
        return known_moment(None if told is None else int(told[0]))

    def believe(self, now: datetime) -> None:
        """Mentions are let go of by a clock that says this."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO about (name, value) VALUES ('believed', ?) "
                "ON CONFLICT DO UPDATE SET value = excluded.value "
                "WHERE CAST(value AS INTEGER) < CAST(excluded.value AS INTEGER)",
                (str(micros(now)),),
            )

    def files(self) -> list[Path]:
        """All files in which the store may have written what it holds."""
        if self.path == MEMORY:
            return []
        return [place for end in ("", "-wal", "-shm", "-journal") if (place := Path(self.path + end)).exists()]

    def traces(self, needles: Sequence[str]) -> list[str]:
        """Those of the texts that stand anywhere in the store's files, as grep would find them."""
        from ahocorasick_rs import BytesAhoCorasick

        missing, found = sorted({needle.encode() for needle in needles}), list[bytes]()
        longest, finder = max(map(len, missing), default=1), BytesAhoCorasick(missing)
        for file in self.files():
            with file.open("rb") as stream:
                tail = b""
                while missing and (chunk := stream.read(_PIECE)):
                    told = tail + chunk
                    if places := finder.find_matches_as_indexes(told, overlapping=True):
                        found += (here := [missing[which] for which in {place[0] for place in places}])
                        missing = [needle for needle in missing if needle not in here]
                        finder = BytesAhoCorasick(
                            missing
                        )  # a word that others wrote, too, stands there a million times
                    tail = told[-longest:]
        return [needle.decode() for needle in found]

    def _copy(self, name: str, file: Path) -> None:
        with translated(str(file)), contextlib.closing(sqlite3.connect(name, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous = OFF")  # it is written to the disk as a whole, afterwards
            # A connection of its own, so that neither this process nor another waits for the copy.
            if self.path == MEMORY:
                with self._reading() as db:
                    db.backup(copy)
            else:
                with (
                    translated(self.path),
                    contextlib.closing(sqlite3.connect(self.path, timeout=_PATIENCE)) as source,
                ):
                    source.execute("BEGIN")  # one moment, however long the copy takes and whoever writes
                    source.execute("SELECT 1 FROM mention LIMIT 1").fetchone()
                    with translated(str(file), only=_UNWRITABLE):  # the copy, not the store
                        source.backup(copy, pages=_CHUNK)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, that can be carried anywhere
            if copy.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
                raise StoreError(f"{name}: is not the copy that it should be; try again")


@contextlib.contextmanager
def _opened(path: str) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _size(db: sqlite3.Connection) -> int:
    pages, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * size)


def _damage(db: sqlite3.Connection) -> Iterator[Trouble]:
    for (said,) in db.execute("PRAGMA integrity_check(20)"):
        if said != "ok":
            yield Trouble(f"the file is damaged: {said}")
    broken: dict[tuple[str, str], int] = {}
    for table, _, parent, _ in db.execute("PRAGMA foreign_key_check"):
        broken[table, parent] = broken.get((table, parent), 0) + 1
    for (table, parent), number in broken.items():
        yield Trouble(f"{number:,} rows of {table} belong to rows of {parent} that are not there")


def _contradictions(db: sqlite3.Connection, path: str) -> Iterator[Trouble]:
    for statement, what in _INVARIANTS:
        number = db.execute(statement).fetchone()[0]
        if number > 0:
            yield Trouble(f"{number:,} {what}")
    unreadable = contradicting = filed = 0
    for number, *columns, json in db.execute(_READABLE):
        try:
            mention = decoded(json or "", path)
        except StoreError:
            unreadable += 1
            continue
        contradicting += tuple(columns[: len(row_of(mention))]) != row_of(mention)
        filed += {name for (name,) in db.execute(_TOPICS, (number,))} != set(mention.topics)
    if unreadable:
        yield Trouble(f"{unreadable:,} mentions cannot be read")
    if contradicting:
        yield Trouble(f"{contradicting:,} mentions are filed under other columns than they hold", grave=False)
    if filed:
        yield Trouble(f"{filed:,} mentions are filed under other topics than they hold", grave=False)
