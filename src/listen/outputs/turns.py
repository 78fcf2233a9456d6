"""One writer at a time: locks by the name of a file, which end with the process that holds them."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from listen.errors import OutputError
from listen.outputs.stream import named

if sys.platform == "win32":
    import msvcrt
else:
    import errno
    import fcntl

    # Some network shares and containers have no locks; there one does without, as one would on any system before.
    _WITHOUT = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)

_LOOK = 0.1  # seconds between two tries


@contextmanager
def alone(lock: Path, what: str, patience: timedelta) -> Iterator[None]:
    """Hold the lock file, which is there only meanwhile, for `what` it guards.

    Raises OutputError if another process has it for longer than the `patience`.
    """
    handle = _taken(lock, what, patience)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no file that others have open
            lock.unlink()
        os.close(handle)


def beside(path: Path) -> Path:
    """The lock file for those who write to that file, whatever links they call it by."""
    target = path.resolve()
    return target.parent / f".{target.name[:100]}.lock"


def _taken(lock: Path, what: str, patience: timedelta) -> int:
    deadline = time.monotonic() + patience.total_seconds()
    while True:
        with named(what):
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        if _locked(handle) and _is(lock, handle):
            with suppress(OSError):  # a full disk has room for the lock, not for the name of its holder
                os.truncate(handle, 0)
                os.write(handle, str(os.getpid()).encode())
            return handle
        holder = os.pread(handle, 20, 0).decode(errors="replace") if sys.platform != "win32" else ""
        os.close(handle)
        if time.monotonic() >= deadline:
            who = f"another listen (process {holder})" if holder.isdigit() else "another listen"
            raise OutputError(f"{what}: is being written by {who}; nothing was done, try again later or --wait longer")
        time.sleep(_LOOK)


def _is(lock: Path, handle: int) -> bool:
    """Whether the lock file is still the one that was opened; its last holder removes it."""
    try:
        return os.path.samestat(lock.stat(), os.fstat(handle))
    except OSError:
        return False


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        return sys.platform != "win32" and problem.errno in _WITHOUT
    return True
