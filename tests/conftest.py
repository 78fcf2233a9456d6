"""Fixtures that every room may use."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from listen.http import Client


@pytest.fixture
async def http() -> AsyncIterator[Client]:
    """A client that loses patience after half a second instead of half a minute."""
    async with Client(patience=0.5) as client:
        yield client
