"""The program as users call it, with somebody inside who counts: `python -m tests.faults.inside FILE watch kindle ...`.

Every few seconds a line of JSON goes into FILE: seconds, resident memory in kB, open file descriptors, asyncio tasks
that are not done, threads.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import threading
import time
from pathlib import Path

EVERY = 5.0


def resident() -> int:
    """Resident memory of this process in kB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def counted() -> dict[str, float]:
    tasks = [thing for thing in gc.get_objects() if isinstance(thing, asyncio.Task)]
    return {
        "at": time.monotonic(),
        "resident": resident(),
        "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208  a descriptor may be gone when one looks
        "tasks": sum(not task.done() for task in tasks),
        "threads": threading.active_count(),
    }


def _count(file: Path) -> None:
    with file.open("a", encoding="utf-8") as stream:
        while True:
            time.sleep(EVERY)
            stream.write(json.dumps(counted()) + "\n")
            stream.flush()


if __name__ == "__main__":
    from listen.__main__ import main

    threading.Thread(target=_count, args=(Path(sys.argv.pop(1)),), daemon=True).start()
    main()
