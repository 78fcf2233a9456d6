"""The program on a terminal, talked to line by line, as somebody who reads before they type."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

from tests.cli.program import Program

PATIENCE = 30.0  # seconds for each thing that is waited for


class Dialogue:
    """One run of the program on a terminal of its own; `drawn` is all that was shown there, echoes included."""

    def __init__(self, listen: Program, *arguments: str) -> None:
        self.arguments = arguments
        self.listen = listen
        self.drawn = ""
        self._read = 0

    def __enter__(self) -> Self:
        self._ours, theirs = pty.openpty()
        self.running = subprocess.Popen(
            [sys.executable, "-m", "listen", *self.arguments], stdin=theirs, stdout=theirs, stderr=theirs,
            cwd=self.listen.home, env={**self.listen.environment, "TERM": "xterm"},
            start_new_session=True,  # so that a question without an echo is asked here, and not where the tests run
        )  # fmt: skip
        os.close(theirs)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _: TracebackType | None
    ) -> None:
        if self.running.poll() is None:
            self.running.kill()
        self.running.wait(timeout=PATIENCE)
        os.close(self._ours)

    def until(self, words: str) -> str:
        """Wait until these words are shown after what was read before; returns everything up to them."""
        end = time.monotonic() + PATIENCE
        while (place := self.drawn.find(words, self._read)) < 0:
            assert time.monotonic() < end, f"{words!r} was never shown; but: {self.drawn!r}"
            assert self._more(), f"it ended without {words!r}: {self.drawn!r}"
        seen = self.drawn[self._read : place + len(words)]
        self._read = place + len(words)
        return seen

    def types(self, line: str) -> None:
        time.sleep(0.2)  # getpass throws away what was typed before it has turned the echo off
        os.write(self._ours, f"{line}\n".encode())

    def ends(self) -> int:
        """Read to the end; the exit code."""
        while self._more():
            pass
        return self.running.wait(timeout=PATIENCE)

    def _more(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], 1.0)
        if not ready:
            return self.running.poll() is None
        try:
            piece = os.read(self._ours, 10_000)
        except OSError:  # EIO: nobody has the terminal open any more
            return False
        self.drawn += piece.decode(errors="replace")
        return bool(piece)
