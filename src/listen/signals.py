"""Ctrl-C and SIGTERM end what goes on for ever, in order."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def ended_by_signals(end: Callable[[], object]) -> Iterator[None]:
    """The first signal calls `end` in the running loop, the second raises SystemExit(130), there or after the loop."""
    loop = asyncio.get_running_loop()
    asked: list[int] = []

    def ask(number: int) -> None:
        asked.append(number)
        if len(asked) > 1:
            raise SystemExit(130)
        end()

    handled = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        with contextlib.suppress(NotImplementedError, ValueError):  # Windows; not the main thread
            loop.add_signal_handler(number, ask, number)
            handled[number] = before
    try:
        yield
    finally:
        for number, before in handled.items():
            loop.remove_signal_handler(number)
            signal.signal(number, _leave if asked else before)  # asyncio leaves the system's own, which kill


def _leave(*_: object) -> None:
    raise SystemExit(130)
