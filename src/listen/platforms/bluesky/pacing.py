"""Whether a stream is live, told from its pace: for where our clock is ahead, and all frames look old."""

from __future__ import annotations

SECOND = 1_000_000  # of the microseconds that Jetstream counts in
STEADY = 30.0  # seconds over which the pace is measured
FASTEST = 1.1  # a replay is 10 times as fast as life, and more


class Pacing:
    """Compares the stream's clock with a steady one of ours; a stream that runs no faster catches up with nothing."""

    def __init__(self, steady: float = STEADY) -> None:
        self.steady = steady
        self._began: tuple[float, int] | None = None

    def is_live(self, clock: float, position: int) -> bool:
        """Whether it has run at the pace of life, now that it is at `position` (microseconds) at `clock` (seconds)."""
        if self._began is None:
            self._began = (clock, position)
        since, began = self._began
        elapsed = clock - since
        if elapsed < self.steady:
            return False
        self._began = None
        return position - began <= elapsed * FASTEST * SECOND
