"""A holder is believed as long as it beats, by the clock of whoever looks."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from listen.engine.sharing import STALE, Sharing
from listen.process import ourselves
from listen.store import Store, Watch
from tests.stations import NOON

KINDLE = Watch((("kindle", "k"),))


class Elapsed:
    """Seconds that pass only when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_a_holder_that_cannot_be_seen_is_dead_when_it_has_not_beaten_for_a_while() -> None:
    with Store.open(":memory:") as store:
        far = store.enter(replace(ourselves(), place="another container"), NOON)
        store.claim("test", "a", far, KINDLE)
        elapsed = Elapsed()
        here = Sharing(store, KINDLE, elapsed)
        assert await here.holder("test", "a") is not None
        elapsed.seconds += STALE - 1
        store.beat(far, NOON)
        assert await here.holder("test", "a") is not None
        elapsed.seconds += STALE - 1
        assert await here.holder("test", "a") is not None
        elapsed.seconds += 2
        assert await here.holder("test", "a") is None
        assert not store.beat(far, NOON), "it is told that it lost everything"


async def test_a_wrong_time_of_day_kills_nobody() -> None:
    with Store.open(":memory:") as store:
        far = store.enter(replace(ourselves(), place="another container"), NOON.replace(year=2036))
        store.claim("test", "a", far, KINDLE)
        assert await Sharing(store, KINDLE).holder("test", "a") is not None


async def test_a_dead_holder_of_this_machine_is_found_out_at_once() -> None:
    with Store.open(":memory:") as store:
        dead = store.enter(replace(ourselves(), born="1"), NOON)
        store.claim("test", "a", dead, KINDLE)
        assert await Sharing(store, KINDLE).holder("test", "a") is None


async def test_whoever_lost_its_claims_finds_out_at_the_next_beat_and_has_to_ask_again(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        one, other = Sharing(store, KINDLE), Sharing(store, KINDLE)
        assert await one.holder("test", "a") is None
        assert await one.beat()
        (process,) = store.processes()
        store.leave(process.id)
        assert await other.holder("test", "a") is None
        assert not await one.beat()
        assert await one.holder("test", "a") is not None


async def test_leaving_lets_others_in() -> None:
    with Store.open(":memory:") as store:
        one, other = Sharing(store, KINDLE), Sharing(store, KINDLE)
        assert await one.holder("test", "a") is None
        assert await other.holder("test", "a") is not None
        await one.leave()
        assert await other.holder("test", "a") is None
