"""Letting go of mentions: what retention or the user says is too old, in small transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from listen.respect import Retention
from listen.store import Aged, Store
from listen.when import spoken

JUMP = timedelta(days=60)  # longer than a holiday


def expired(store: Store, retention: Retention, now: datetime) -> Iterator[int]:
    """Erase what has been kept long enough; yields after each small step how many mentions that were.

    Raises StoreError. Whoever stops half-way goes on the next time.
    """
    for page in outdated(store, retention, now):
        yield store.erase(page, "retention", now)


def due(store: Store, retention: Retention, now: datetime) -> Iterator[int]:
    """`expired`, unless the clock is in doubt."""
    if retention.shortest is not None and doubt(store, retention, now) is None:
        store.believe(now)
        yield from expired(store, retention, now)


def doubt(store: Store, retention: Retention, now: datetime) -> str | None:
    """What to say where the clock has jumped ahead: one that is years wrong would take the whole store away."""
    believed = store.believed()
    if retention.shortest is None or believed is None or now - believed < JUMP:
        return None
    return (
        f"the clock is {spoken(now - believed)} ahead of when this store was used last, so nothing is let go of by its "
        "age; set the clock, or if it is right say 'listen purge'"
    )


def swept(store: Store, retention: Retention, now: datetime, most: int) -> int:
    """`due` until about so many mentions are gone: a run that has something else to do leaves the rest."""
    erased = 0
    for step in due(store, retention, now):
        erased += step
        if erased >= most:
            break
    return erased


def outdated(store: Store, retention: Retention, now: datetime) -> Iterator[list[int]]:
    """The numbers of the mentions that have been kept long enough, a page at a time."""
    if retention.shortest is not None:
        yield from older(
            store,
            now - retention.shortest,
            lambda one: retention.is_over(one.platform, one.topics, one.seen, now),
        )


def older(store: Store, before: datetime, wanted: Callable[[Aged], bool]) -> Iterator[list[int]]:
    """The numbers of the mentions that were first seen before that time and are `wanted`, a page at a time."""
    last: Aged | None = None
    while page := store.aged(before, last):
        last = page[-1]
        yield [one.number for one in page if wanted(one)]
