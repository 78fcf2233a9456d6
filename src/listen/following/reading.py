"""Files that grow, are rotated, cut and replaced: which of them to read, from where, and their whole lines.

A file is known again by its inode and a hash of its beginning, so that neither a new name nor a new file of an old
name misleads. A last line without an end is left for the next look, unless it is a whole object already.
"""

from __future__ import annotations

import gzip
import os
import time
import zlib
from collections.abc import Generator, Iterator
from hashlib import blake2b
from io import BufferedReader
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import NamedTuple

import msgspec

from listen.recorded import LINE_LIMIT

SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_PIECE = 1_000_000  # bytes read at once
_HEAD = 256
_WRITTEN_ON = 3_600  # seconds that the writer of a rotated file may go on writing into it


class Known(msgspec.Struct, kw_only=True):
    """How far a file was read: `offset` counts bytes of what it holds, unpacked. `head` hashes its first `measured`
    bytes; `size` and `touched` (nanoseconds) are what it had when it was read to its end."""

    inode: int = 0
    offset: int = 0
    head: str = ""
    measured: int = 0
    size: int = -1
    touched: int = 0


class Plan(NamedTuple):
    """What to read now, rotated files first, and how far each was read; `remarks` tell what cannot be read any more."""

    files: dict[str, tuple[Path, Known]]
    remarks: list[str]


def plan(path: Path, known: dict[str, Known]) -> Plan:
    """The file, or the files of the folder, as they are now. Raises OSError, also if it is neither."""
    found = path.stat()
    is_folder = S_ISDIR(found.st_mode)
    if not (is_folder or S_ISREG(found.st_mode)):
        raise OSError(f"{path} is neither a file nor a folder")
    folder = path if is_folder else path.parent
    there = dict(_listed(folder)) if is_folder else {path.name: path}
    plan = Plan({}, [])
    for name, place in _moved(folder, there, known).items():
        if not _is_over(place, known[name]):
            plan.files[f"{place.name}#{known[name].inode}"] = (place, known[name])
    by_inode = {one.inode: one for one in known.values() if one.inode}
    for name, place in there.items():
        inode = place.stat().st_ino
        before = known.get(name)
        if before and before.inode not in (0, inode) and before.inode not in _inodes(folder) and not is_folder:
            plan.remarks.append(f"{name} was replaced, and what came into the old one after the last look is lost")
        one = by_inode.get(inode, Known(inode=inode))
        if one.measured and not _is_same(place, one):
            if one is before:  # and not a new file with the inode of an old one
                plan.remarks.append(f"{name} was cut or written anew, and what it held after the last look is lost")
            one = Known(inode=inode)
        plan.files[name] = (place, one)
    return plan


def batches(place: Path, known: Known) -> Generator[list[bytes | None]]:
    """What is new in the file, in whole lines, None for one that is too long; `known` moves with each batch.

    Raises OSError; gzip.BadGzipFile for a file that is not what its name says.
    """
    now = place.stat()
    if (now.st_size, now.st_mtime_ns) == (known.size, known.touched):
        return
    with _opened(place) as stream:
        rest, skipping = b"", False
        while piece := _read(stream, known.offset + len(rest)):
            *whole, rest = (rest + piece).split(b"\n")
            lines: list[bytes | None] = list(whole)
            if lines and skipping:
                lines[0], skipping = None, False
            known.offset += sum(len(line) + 1 for line in whole)
            if len(rest) > LINE_LIMIT:
                known.offset += len(rest)
                rest, skipping = b"", True
            yield lines
        if _is_whole(rest):
            known.offset += len(rest)
            yield [rest]
    known.measured = min(_HEAD, now.st_size)
    known.head = _head(place, known.measured)
    known.size, known.touched = now.st_size, now.st_mtime_ns


def _listed(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a folder that hold lines, the longest untouched first."""
    with os.scandir(folder) as entries:
        files = [entry for entry in entries if entry.name.endswith(SUFFIXES) and entry.is_file()]
    for entry in sorted(files, key=lambda entry: (entry.stat().st_mtime_ns, entry.name)):
        yield entry.name, Path(entry.path)


def _inodes(folder: Path) -> dict[int, Path]:
    with os.scandir(folder) as entries:
        return {entry.inode(): Path(entry.path) for entry in entries if entry.is_file(follow_symlinks=False)}


def _moved(folder: Path, there: dict[str, Path], known: dict[str, Known]) -> dict[str, Path]:
    """Known files that are not among those that are there any more, but in their folder under another name."""
    present = {place.stat().st_ino for place in there.values()}
    gone = {name: one for name, one in known.items() if one.inode and one.inode not in present}
    if not gone:
        return {}
    inodes = _inodes(folder)
    found = {name: inodes[one.inode] for name, one in gone.items() if one.inode in inodes}
    return {name: place for name, place in found.items() if _is_same(place, gone[name])}


def _is_over(place: Path, known: Known) -> bool:
    """Whether a rotated file was read to its end, and nobody has written into it for a while."""
    now = place.stat()
    return now.st_size == known.size and time.time() - now.st_mtime > _WRITTEN_ON


def _is_same(place: Path, known: Known) -> bool:
    """Whether it still begins as it did, and is not shorter than it was."""
    size = place.stat().st_size
    shortest = known.size if place.name.endswith(".gz") else max(known.offset, known.measured)
    return size >= shortest and _head(place, known.measured) == known.head


def _head(place: Path, measured: int) -> str:
    with place.open("rb") as stream:
        return blake2b(stream.read(measured), digest_size=8).hexdigest()


def _opened(place: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(place, "rb") if place.name.endswith(".gz") else place.open("rb")


def _read(stream: gzip.GzipFile | BufferedReader, offset: int) -> bytes:
    """The bytes from there on; none at the end, nor where packed ones are not all there yet."""
    try:
        stream.seek(offset)  # where it is already, but for the first time
        return stream.read1(_PIECE)  # `read` gives nothing of what is not whole
    except (EOFError, zlib.error):
        return b""


def _is_whole(rest: bytes) -> bool:
    """Whether a line without an end is an object: no beginning of one is."""
    try:
        return isinstance(msgspec.json.decode(rest), dict)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return False
