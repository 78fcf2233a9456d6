"""Stored posts are looked up again: each within the time that is asked for, none twice as often, whatever fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from listen.engine import rechecking
from listen.engine.rechecking import Recheck, Rechecker
from listen.errors import PlatformError, Unreachable
from listen.pipeline import Pipeline
from listen.post import Deletion, Edit, Event, Post
from listen.source import RECHECKED, Source
from listen.store import Store
from listen.watchlist import Topic, Watchlist
from listen.when import CLOCK
from tests.stations import Remembering, calm

START = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)


class Quiet(Source):
    name = "quiet"

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        none: tuple[Event, ...] = ()
        for event in none:
            yield event

    async def check(self) -> str:
        return "nothing"


class Network:
    """Knows which posts are gone; remembers what it was asked, and when."""

    def __init__(self) -> None:
        self.moment = START
        self.gone: set[str] = set()
        self.edited: dict[str, str] = {}
        self.asked: list[tuple[datetime, str]] = []
        self.pages: list[int] = []
        self.problem: PlatformError | None = None

    async def __call__(self, posts: Sequence[Post]) -> Sequence[Deletion | Edit]:
        self.pages.append(len(posts))
        if self.problem:
            raise self.problem
        self.asked += [(self.moment, post.id) for post in posts]
        edits: list[Deletion | Edit] = [
            Edit(post_of(post.id, self.edited[post.id])) for post in posts if post.id in self.edited
        ]
        return edits + [Deletion(platform="test", id=post.id) for post in posts if post.id in self.gone]


def post_of(id_: str, text: str = "my kindle", platform: str = "test") -> Post:
    return Post(platform=platform, id=id_, url=None, author="anna", text=text, posted_at=START)


async def run_for(network: Network, rechecker: Rechecker, span: timedelta, tick: timedelta) -> None:
    """As the engine runs it, on a clock of the network's."""
    end = network.moment + span
    while network.moment < end:
        network.moment += tick
        await rechecker.catch_up()


async def made(store: Store, network: Network, count: int) -> Rechecker:
    pipeline = Pipeline(Watchlist([Topic(name="kindle", query="kindle")]), calm, store, Remembering())
    source = Quiet()
    await pipeline.take("test", source, [post_of(str(n)) for n in range(count)])
    await pipeline.take("other", source, [post_of("x", platform="other")])
    rechecker = Rechecker("test", Recheck(network, DAY), source, pipeline, lambda: True)
    await rechecker.catch_up()
    return rechecker


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture(autouse=True)
def clock(network: Network) -> Iterator[None]:
    token = CLOCK.set(lambda: network.moment)
    yield
    CLOCK.reset(token)


@pytest.mark.parametrize("count", [1, RECHECKED, RECHECKED + 1, 3 * RECHECKED + 7])
async def test_each_post_is_looked_up_once_a_day_and_no_other_network_s(
    tmp_path: Path, network: Network, count: int
) -> None:
    with Store.open(tmp_path / "a.db") as store:
        rechecker = await made(store, network, count)
        await run_for(network, rechecker, 3 * DAY + timedelta(hours=1), timedelta(minutes=7))
    times: dict[str, list[datetime]] = {}
    for moment, id_ in network.asked:
        times.setdefault(id_, []).append(moment)
    assert set(times) == {str(n) for n in range(count)}
    for asked in times.values():
        assert 3 <= len(asked) <= 4
        gaps = [later - before for before, later in pairwise(asked)]
        assert all(timedelta(hours=23) < gap < timedelta(hours=25) for gap in gaps), gaps
    assert max(network.pages) <= RECHECKED


async def test_what_is_gone_goes_and_what_was_changed_is_changed(tmp_path: Path, network: Network) -> None:
    network.gone, network.edited = {"1", "4"}, {"2": "my kindle works again", "3": "nothing to see"}
    with Store.open(tmp_path / "a.db") as store:
        rechecker = await made(store, network, 6)
        await run_for(network, rechecker, DAY + timedelta(hours=1), timedelta(minutes=30))
        assert [store.find(f"test:{n}") is None for n in range(6)] == [False, True, False, True, True, False]
        found = store.find("test:2")
    assert found is not None
    assert found.post.text == "my kindle works again"


async def test_rounds_of_cron_do_the_share_of_their_time(tmp_path: Path, network: Network) -> None:
    with Store.open(tmp_path / "a.db") as store:
        rechecker = await made(store, network, 10 * RECHECKED)
        for _ in range(24):
            await run_for(network, rechecker, timedelta(hours=1), timedelta(hours=1))
            rechecker = Rechecker("test", rechecker.recheck, rechecker.source, rechecker.pipeline, lambda: True)
    assert len(network.pages) == 10
    assert len({id_ for _, id_ in network.asked}) == 10 * RECHECKED


async def test_after_a_long_stop_ten_pages_are_caught_up_on_at_a_time(tmp_path: Path, network: Network) -> None:
    with Store.open(tmp_path / "a.db") as store:
        rechecker = await made(store, network, 30 * RECHECKED)
        network.moment += 30 * DAY
        await rechecker.catch_up()
        assert len(network.pages) == rechecking.PAGES
        await rechecker.catch_up()
        assert len(network.pages) <= 2 * rechecking.PAGES


async def test_a_network_that_fails_is_left_alone_and_its_page_asked_again(tmp_path: Path, network: Network) -> None:
    with Store.open(tmp_path / "a.db") as store:
        rechecker = await made(store, network, 5)
        network.problem = Unreachable("down", wait=timedelta(0))
        await run_for(network, rechecker, DAY + timedelta(hours=1), timedelta(hours=1))
        assert len(network.pages) > 0
        assert network.asked == []
        network.problem = None
        await run_for(network, rechecker, DAY, timedelta(hours=1))
        assert len({id_ for _, id_ in network.asked}) == 5
        network.problem = Unreachable("down")
        await run_for(network, rechecker, DAY, timedelta(hours=1))
        pages = len(network.pages)
        await run_for(network, rechecker, DAY, timedelta(hours=1))
        assert len(network.pages) == pages, "a failure without a time rests a quarter of an hour of our own"


async def test_who_leaves_the_source_to_another_looks_nothing_up(tmp_path: Path, network: Network) -> None:
    with Store.open(tmp_path / "a.db") as store:
        rechecker = await made(store, network, 5)
        rechecker.is_ours = lambda: False
        await run_for(network, rechecker, 2 * DAY, timedelta(hours=1))
    assert network.pages == []


async def test_a_clock_that_was_set_back_does_not_stop_it(tmp_path: Path, network: Network) -> None:
    with Store.open(tmp_path / "a.db") as store:
        rechecker = await made(store, network, 5)
        network.moment -= 400 * DAY
        await run_for(network, rechecker, 2 * DAY, timedelta(hours=1))
    assert 1 <= len(network.pages) <= 4
