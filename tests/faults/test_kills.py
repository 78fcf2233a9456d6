"""Killed at any moment while faults come and go, a watch loses nothing, doubles nothing, and keeps edits in order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.kills import Run
from tests.faults.networks import OURS

KILLS = 25


@pytest.mark.timeout(240)
async def test_kills_and_faults_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(5)
    run = Run([network(chance) for network in OURS], tmp_path, chance)
    results = await run.go(KILLS)
    assert not run.crashes, run.crashes
    assert run.deaths == KILLS
    assert sum(run.struck.values()) > KILLS
    for result in results:
        assert result.is_right, result
        assert result.wanted > 50
