"""Fixtures that every room may use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from listen.http import Client
from listen.when import CLOCK


@pytest.fixture(autouse=True)
def own_clock() -> Iterator[None]:
    """A clock that a test sets ends with it; tests that are not async share one context."""
    before = CLOCK.get()
    yield
    CLOCK.set(before)


@pytest.fixture
async def http() -> AsyncIterator[Client]:
    """The client as it is, with less patience than the time-out of the tests."""
    async with Client(patience=10) as client:
        yield client


@pytest.fixture
async def hasty() -> AsyncIterator[Client]:
    """A client for silent servers: it loses patience after half a second."""
    async with Client(patience=0.5) as client:
        yield client
