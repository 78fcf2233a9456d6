"""Ctrl-C and SIGTERM end what goes on for ever, in order."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def ended_by_signals(end: Callable[[], object]) -> Iterator[None]:
    """The first signal calls `end` in the running loop, the second raises SystemExit(130) there."""
    loop = asyncio.get_running_loop()
    asked: list[int] = []

    def ask(number: int) -> None:
        asked.append(number)
        if len(asked) > 1:
            raise SystemExit(130)
        end()

    handled = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, ValueError):  # Windows; not the main thread
            loop.add_signal_handler(number, ask, number)
            handled.append(number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
