"""A rest for an endpoint that fails, so that nobody waits for it again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from listen.errors import Gone, PlatformError, RateLimited, Refused
from listen.when import spoken

REST = timedelta(minutes=1)
PATIENT = 3  # failures in a row; those below are certain at once
_CERTAIN = (RateLimited, Refused, Gone)


class Breaker:
    """Says when the endpoint may be asked: always, not while it rests, and by one question alone after that.

    The user hears when it is put to rest, and (unless `quiet`) when it is back. `clock` counts seconds.
    """

    def __init__(
        self, say: Callable[[str], None], *, quiet: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._say = say
        self._quiet = quiet
        self._clock = clock
        self._failures = 0
        self._broken_at: float | None = None
        self._rests_until = 0.0
        self._probing = False

    def lets(self) -> bool:
        """Whether a question may be asked now; who was let in tells how it went by `worked`, `failed` or `gave_up`."""
        if self._broken_at is None:
            return True
        if self._probing or self._clock() < self._rests_until:
            return False
        self._probing = True
        return True

    def worked(self, name: str) -> None:
        if self._broken_at is not None and not self._quiet:
            self._say(f"llm: {name} answers again after {spoken(timedelta(seconds=self._clock() - self._broken_at))}")
        self._failures, self._broken_at, self._probing = 0, None, False

    def failed(self, problem: PlatformError) -> None:
        self._failures += 1
        if self._broken_at is None and self._failures < PATIENT and not isinstance(problem, _CERTAIN):
            return
        rest = max(problem.wait or REST, REST)
        self._rests_until, self._probing = self._clock() + rest.total_seconds(), False
        if self._broken_at is None:
            self._broken_at = self._clock()
            self._say(f"llm: {problem}; the local judge decides alone, next try in {spoken(rest)}")

    def gave_up(self) -> None:
        """The question was not asked after all, or nobody waited for the answer."""
        self._probing = False
