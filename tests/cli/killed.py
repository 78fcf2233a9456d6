"""The program, killed at one step of its own: `python -m tests.cli.killed STEP listen-arguments...`

The steps are told by Python's audit events, so that nothing of the program is replaced; `rows` ends in the middle of
writing, by the kernel, when a file grows beyond the size in LISTEN_ROOM.
"""

from __future__ import annotations

import os
import resource
import signal
import sys


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def watch(step: str) -> None:
    """Die before the step is taken."""
    renamed = False

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal renamed
        name = str(arguments[0]) if arguments else ""
        if step == "rename" and event == "os.rename":
            die()
        if step == "settle" and event == "open" and renamed:  # the folder, after the rename
            die()
        if step == "unlock" and event == "os.remove" and name.endswith(".lock"):  # all is remembered
            die()
        renamed = renamed or event == "os.rename"

    if step == "rows":
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        room = int(os.environ["LISTEN_ROOM"])
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    sys.addaudithook(heard)


if __name__ == "__main__":
    from listen.cli import run

    watch(sys.argv[1])
    sys.exit(run(sys.argv[2:]))
