"""Who a process is, so that another one can tell whether it still lives.

A PID alone says little: it is used again, and in another container it is somebody else. Beside it stand the boot and
the PID namespace, and the moment the process was born, as Linux tells them (proc(5), boot_id; pid_namespaces(7)).
"""

from __future__ import annotations

import os
import platform
import sys
from contextlib import suppress
from pathlib import Path

import msgspec


class Identity(msgspec.Struct, frozen=True):
    """`place` is where the PID means something; `born` is the process's start in ticks since boot, if known."""

    pid: int
    place: str
    born: str | None


def ourselves() -> Identity:
    return Identity(os.getpid(), _place(), _born(os.getpid()))


def is_dead(other: Identity, us: Identity) -> bool | None:
    """Whether that process has ended; None if it cannot be told from here."""
    if other.place != us.place or sys.platform == "win32":  # there os.kill() would end it
        return None
    try:
        os.kill(other.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:  # somebody else's, whose birth may be hidden from us
        born = _born(other.pid)
        return None if born is None or other.born is None else born != other.born
    if other.born is None:
        return None  # it may be another one with the same number
    return _born(other.pid) != other.born


def _place() -> str:
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    return platform.node()


def _born(pid: int) -> str | None:
    """None also if it has ended and its parent has not looked yet."""
    with suppress(OSError, IndexError):
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        state, *fields = told.rpartition(")")[2].split()  # the name before it may hold blanks and brackets
        return None if state in {"Z", "X"} else fields[18]
    return None
