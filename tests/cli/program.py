"""The program as its users call it: real processes with a home of their own, on pipes and on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

POSTS = [
    {"text": "Mein #Kindle geht nicht mehr und der Support antwortet nicht!", "author": "anna", "lang": "de"},
    {"text": "Nothing to see here", "author": "ben"},
    {"text": "I love my Kindle, works great", "author": "cem", "posted_at": "2026-11-20T08:00:00Z"},
]


class Program:
    """`listen` with a home of its own and no way to the network's names."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ},
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "PYTHONWARNINGS": "error",
        }

    def run(self, *arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "listen", *arguments], input=given, capture_output=True, text=True, encoding="utf-8",
            timeout=60, cwd=self.home, env={**self.environment, **environment}, check=False,
        )  # fmt: skip

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "listen", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            encoding="utf-8", cwd=self.home, env=self.environment,
        )  # fmt: skip

    def into(self, stdout: int, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run it with a descriptor as its stdout."""
        return subprocess.run(
            [sys.executable, "-m", "listen", *arguments], stdin=subprocess.DEVNULL, stdout=stdout,
            stderr=subprocess.PIPE, text=True, timeout=60, cwd=self.home, env=self.environment, check=False,
        )  # fmt: skip

    def without(self, closed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run it with standard streams closed, as a shell closes them: `<&-`, `>&-`, `2>&-`."""
        return subprocess.run(
            ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "listen", *arguments], capture_output=True,
            stdin=subprocess.DEVNULL, text=True, timeout=60, cwd=self.home, env=self.environment, check=False,
        )  # fmt: skip

    def on_terminal(self, *arguments: str, typed: Sequence[str] = (), **environment: str) -> tuple[int, str]:
        """Run it on a terminal, where each of the lines `typed` is entered; the exit code and all that was drawn."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "listen", *arguments], stdin=theirs, stdout=theirs, stderr=theirs, cwd=self.home,
            env={**self.environment, "TERM": "xterm-256color", **environment},
        ) as running:  # fmt: skip
            os.close(theirs)
            os.write(ours, "".join(line + "\n" for line in typed).encode())
            drawn = b""
            try:
                while piece := os.read(ours, 10_000):
                    drawn += piece
            except OSError:  # EIO: nobody has the terminal open any more
                pass
            running.wait(timeout=60)
        os.close(ours)
        return running.returncode, drawn.decode()
