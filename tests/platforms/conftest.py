"""Fixtures of the platforms' own tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from listen.http import Client
from tests.servers.feedsite import FeedSite, Listener


@pytest.fixture
async def site() -> AsyncIterator[FeedSite]:
    """A site without anything on it yet."""
    async with FeedSite() as running:
        yield running


@pytest.fixture
def listener(site: FeedSite, http: Client) -> Listener:
    """Somebody who hears `/feed` of the site."""
    return Listener(f"{site.base}/feed", http)
