"""When a source that failed is asked again, and what kind of trouble that is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from listen.errors import BadAnswer, Gone, ListenError, OutOfQuota, PlatformError, RateLimited, Refused, StoreError
from listen.post import Reason

FIRST = timedelta(seconds=1)
LONGEST = timedelta(minutes=5)
_AT_LEAST: dict[type[ListenError], timedelta] = {
    RateLimited: timedelta(minutes=1),
    BadAnswer: timedelta(seconds=30),
    Refused: timedelta(minutes=15),  # a token that was refused is not tried at once, but mended servers are found
    Gone: timedelta(hours=1),
}

_REASONS: tuple[tuple[type[ListenError], Reason], ...] = (
    (OutOfQuota, "quota"),
    (RateLimited, "rate limited"),
    (Refused, "refused"),
    (Gone, "closed"),
    (StoreError, "store"),
)


def reason_of(problem: ListenError) -> Reason:
    """What the coverage ledger calls this problem."""
    return next((reason for kind, reason in _REASONS if isinstance(problem, kind)), "down")


def wait_after(problem: ListenError, failures: int, chance: Callable[[], float]) -> timedelta:
    """The wait before the next try: what the server asks for, else growing from 1 s to 5 min.

    `failures` counts failures in a row from 1; `chance` gives 0..1 and spreads the tries of many clients.
    """
    growing: timedelta = min(FIRST * 2 ** min(failures - 1, 10), LONGEST)
    least = max((span for kind, span in _AT_LEAST.items() if isinstance(problem, kind)), default=timedelta(0))
    asked = problem.wait if isinstance(problem, PlatformError) else None
    if asked is not None:
        return max(asked, FIRST) + timedelta(seconds=5) * chance()
    return max(growing * (0.5 + chance() / 2), least)
