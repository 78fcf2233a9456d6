"""Files that whole exports are added to: what a killed one left at their end is cut off, and nothing else."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from listen.errors import UsageError

_TAIL = 4_096  # bytes by which a file is known again


def tail_of(path: Path, length: int) -> str:
    """A digest of the last bytes before `length`; empty if the file is not so long."""
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) < length:
            return ""
        file.seek(max(0, length - _TAIL))
        return hashlib.sha256(file.read(min(_TAIL, length))).hexdigest()[:32]


def cut_back(path: Path, length: int, tail: str) -> None:
    """Take away what stands behind `length`, if the file is the one that ended there.

    A file that was empty there is left alone: it could be any.
    """
    if length and path.stat().st_size > length and tail_of(path, length) == tail:
        os.truncate(path, length)


def mend_end(path: Path, complete: Callable[[IO[bytes]], int], is_whole: Callable[[bytes], bool]) -> None:
    """Cut off half a record, and give a whole one that has no line end its line end.

    `complete` tells how many bytes of the file are complete records; it may raise UsageError.
    """
    with path.open("rb") as file:
        end = complete(file)
        file.seek(end)
        rest = file.read()
    if rest and is_whole(rest):
        with path.open("ab") as file:
            file.write(b"\n" if rest.endswith((b"\r", b"}")) else b"\r\n")
    elif rest:
        os.truncate(path, end)


def refuse_no_objects(path: Path) -> None:
    """Raises UsageError if the file holds something else than JSON objects; OSError."""
    with path.open("rb") as file:
        if file.read(1) not in {b"", b"{"}:
            raise UsageError(f"{path} does not hold JSON, a mention a line; name another file")


def is_object(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True
