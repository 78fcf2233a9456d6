"""Files that results go into: written whole or not at all, or gone on with after their last complete record.

What goes wrong with the file is an OutputError that names it; other errors of whoever writes pass through.
"""

from __future__ import annotations

import contextlib
import glob
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TextIO, cast

from listen.errors import OutputError, UsageError
from listen.outputs.stream import named

if sys.platform != "win32":
    import fcntl

_PIECE = 1_000_000  # bytes copied or looked at at a time
_PART = ".part"


def stdout() -> TextIO:
    """stdout as UTF-8 with line ends as they are written. Raises OutputError if it is closed."""
    if sys.stdout is None or not sys.stdout.writable():
        raise OutputError("stdout: cannot be written: it is closed")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="", errors="replace")
    return sys.stdout


@contextlib.contextmanager
def replaced(path: Path) -> Iterator[TextIO]:
    """A stream beside the file, renamed over it when all is on disk; if anything fails the old file stays as it was.

    Pipes and devices are written as they are.
    """
    if path.exists() and not path.is_file():
        with _opened(path, "w") as stream:
            yield stream
        return
    target = path.resolve()  # so that a link stays a link
    with _beside(path, target) as (stream, part):
        yield stream
        with named(path):
            _finish(stream)
            part.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
            part.replace(target)
            _settle(target.parent)


@contextlib.contextmanager
def appended(path: Path) -> Iterator[TextIO]:
    """A stream beside the file, added to its end when it is whole; if that fails the file is cut back again."""
    with _beside(path, path.resolve()) as (stream, part):
        yield stream
        with named(path):
            _finish(stream)
            _append(part, path)


@contextlib.contextmanager
def continued(path: Path, complete: Callable[[IO[bytes]], int]) -> Iterator[TextIO]:
    """The file, to be written on as it comes. What a crash left half-written at its end is cut off first.

    `complete` tells how many bytes of the file are complete records.
    """
    if path.is_file():
        with named(path):
            with path.open("rb") as file:
                end = complete(file)
            if end < path.stat().st_size:
                os.truncate(path, end)
    with _opened(path, "a") as stream:
        yield stream


def complete_lines(file: IO[bytes]) -> int:
    """How many bytes stand before the end of the last whole line."""
    end = file.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - _PIECE)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def refuse_same(file: str | None, other: str, what: str) -> None:
    """Raises UsageError if results would be written over `other`, which is `what`."""
    with contextlib.suppress(OSError, ValueError):  # what is not there cannot be the same
        if file is not None and file != "-" and Path(file).samefile(other):
            raise UsageError(f"{file} is {what}; name another file with -o")


@contextlib.contextmanager
def _opened(path: Path, mode: str) -> Iterator[TextIO]:
    with named(path):
        stream = cast("TextIO", path.open(mode, encoding="utf-8", newline="", errors="replace"))
    try:
        yield stream
    finally:
        with named(path):
            stream.close()


@contextlib.contextmanager
def _beside(path: Path, target: Path) -> Iterator[tuple[TextIO, Path]]:
    """A stream into a new file in the same folder, and that file; it is gone at the end unless it was renamed."""
    with named(path):
        _clean_up(target)
        handle, name = _part_of(target)
    # Opened by its later name, which is the one that an error tells.
    stream = open(path, "w", encoding="utf-8", newline="", errors="replace", opener=lambda *_: handle)  # noqa: SIM115
    try:
        yield stream, Path(name)
    finally:
        with contextlib.suppress(OSError):  # a full disk was told already, when it was written to
            stream.close()
        Path(name).unlink(missing_ok=True)


def _part_of(target: Path) -> tuple[int, str]:
    """A new file beside the target, locked as long as it is open: descriptor and name."""
    while True:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=_prefix(target), suffix=_PART)
        # Between making and locking it another `listen` may have taken it for one that was left behind.
        try:
            if _locked(handle) and Path(name).exists():
                return handle, name
        except OSError:  # a file system without locks, where nothing is cleaned up either
            return handle, name
        os.close(handle)


def _clean_up(target: Path) -> None:
    """Remove what writers of the same target have left behind that were killed; the living have theirs locked."""
    if sys.platform == "win32":
        return
    for part in target.parent.glob(f"{glob.escape(_prefix(target))}*{_PART}"):
        with contextlib.suppress(OSError):  # gone in the meantime, or another user's
            handle = os.open(part, os.O_RDWR | os.O_NOFOLLOW)
            try:
                if _locked(handle):
                    part.unlink()
            finally:
                os.close(handle)


def _prefix(target: Path) -> str:
    return f".{target.name[:100]}."


def _locked(handle: int) -> bool:
    """Lock an open file; False if another process has. Dying ends a lock. Raises OSError where there are no locks."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _finish(stream: TextIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())
    stream.close()


def _append(part: Path, path: Path) -> None:
    """Through descriptors, because a text stream would try to write what it still holds before it is cut."""
    with part.open("rb", buffering=0) as rows, path.open("ab", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            while piece := memoryview(rows.read(_PIECE)):
                while piece:
                    piece = piece[file.write(piece) :]
            os.fsync(file.fileno())
        except BaseException:
            os.ftruncate(file.fileno(), size)
            raise


def _settle(folder: Path) -> None:
    """Have a new name on disk, too; some systems cannot be asked to."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
