"""The program as users call it, with somebody inside who counts: `python -m tests.faults.inside FILE watch kindle ...`.

Every few seconds a line of JSON goes into FILE: seconds, resident memory in kB, open file descriptors, asyncio tasks
that are not done, threads.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from pathlib import Path

EVERY = 5.0


class Known(asyncio.DefaultEventLoopPolicy):
    """Remembers the loops that it makes. What `gc.get_objects` shows to another thread may not be finished."""

    def __init__(self) -> None:
        super().__init__()
        self.loops: list[asyncio.AbstractEventLoop] = []

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        self.loops.append(super().new_event_loop())
        return self.loops[-1]


def resident() -> int:
    """Resident memory of this process in kB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def _count(file: Path, known: Known) -> None:
    with file.open("a", encoding="utf-8") as stream:
        while True:
            time.sleep(EVERY)
            counted = {
                "at": time.monotonic(),
                "resident": resident(),
                "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208  one may be gone when one looks
                "tasks": sum(len(asyncio.all_tasks(loop)) for loop in known.loops),
                "threads": threading.active_count(),
            }
            stream.write(json.dumps(counted) + "\n")
            stream.flush()


if __name__ == "__main__":
    from listen.__main__ import main

    policy = Known()
    asyncio.set_event_loop_policy(policy)
    threading.Thread(target=_count, args=(Path(sys.argv.pop(1)), policy), daemon=True).start()
    main()
