"""A folder of JSON lines, one file a day, to which pushes are appended.

A line is on disk (fsync) when `append` returns. Half a line, which a full disk or a killed process leaves behind, is
cut off or ended, so that it spoils no other. File names are the day of arrival, UTC.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from listen.errors import OutputError
from listen.when import now

try:
    import fcntl
except ImportError:  # Windows; two servers on one folder are then the user's business
    fcntl = None  # type: ignore[assignment]

BEAT = timedelta(seconds=30)  # how often a server that runs says so
SILENT = timedelta(minutes=3)  # after which nobody takes in pushes
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)\.jsonl")
_ALIVE = "alive"


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One push, `at` its arrival; or, with `since`, the time in which nobody took any in."""

    at: datetime
    body: msgspec.Raw = msgspec.Raw(b"{}")
    since: datetime | None = None


class Spool:
    """The folder, made when it is first written to; what is older than `keep` is removed."""

    def __init__(self, folder: Path, keep: timedelta) -> None:
        self.folder = folder
        self.keep = keep

    def append(self, line: Line) -> None:
        """Raises OutputError, and then nothing of the line is left."""
        with _named(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            place = self.folder / f"{line.at.astimezone(UTC):%Y-%m-%d}.jsonl"
            is_new = not place.exists()
            with _opened(place) as file:
                _written(file, msgspec.json.encode(line) + b"\n")
            if is_new:
                _synced(self.folder)
                self._clear()

    def begins(self) -> None:
        """A server starts: what it was not there for is told. Raises OutputError."""
        moment, last = now(), alive_at(self.folder)
        if last is not None and moment - last > SILENT:
            self.append(Line(at=moment, since=last))
        self.beat()

    def beat(self) -> None:
        """A server runs. Raises OutputError."""
        with _named(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            alive = self.folder / _ALIVE
            alive.touch(mode=0o600)
            os.utime(alive, (now().timestamp(),) * 2)

    def _clear(self) -> None:
        oldest = f"{now() - self.keep:%Y-%m-%d}"
        for place in self.folder.iterdir():
            day = _DAY.fullmatch(place.name)
            if day and day[1] < oldest:
                place.unlink()


def alive_at(folder: Path) -> datetime | None:
    """When a server last said that it runs; None if none ever did."""
    try:
        return datetime.fromtimestamp((folder / _ALIVE).stat().st_mtime, UTC)
    except OSError:
        return None


@contextmanager
def _opened(place: Path) -> Iterator[int]:
    file = os.open(place, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _written(file: int, line: bytes) -> None:
    size = os.fstat(file).st_size
    torn = size > 0 and _last(file, size) != b"\n"
    told = (b"\n" if torn else b"") + line
    try:
        while told:
            told = told[os.write(file, told) :]
        os.fsync(file)
    except OSError:
        with suppress(OSError):
            os.ftruncate(file, size)
        raise


def _last(file: int, size: int) -> bytes:
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1)


def _synced(folder: Path) -> None:
    with suppress(OSError):  # Windows has no such thing
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _named(folder: Path) -> Iterator[Any]:
    try:
        yield
    except OSError as problem:
        raise OutputError(f"{folder}: cannot be written: {(problem.strerror or str(problem)).lower()}") from problem
