"""Requests are spread over what is allowed, never more go out, and a restart does not begin anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.errors import OutOfQuota, PlatformError, RateLimited, Refused, Unreachable
from listen.http import QUOTA, Budget, Client, Meter, Quota
from listen.http.meter import PATIENT, TRUSTED
from listen.store import Store
from listen.when import CLOCK
from tests.servers.scripted import Reply, ScriptedServer

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
HOST = "one.example"


class Time:
    """Passes only while somebody sleeps; the clock on the wall goes along, unless it is moved."""

    def __init__(self, begin: datetime) -> None:
        self.begin = begin
        self.seconds = 0.0

    def clock(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self.begin + timedelta(seconds=self.seconds)

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


def at(begin: datetime) -> Time:
    time = Time(begin)
    CLOCK.set(time.now)
    return time


def metered(
    time: Time, budget: Budget | None = None, store: Store | None = None, patience: float | None = None
) -> Meter:
    return Meter("test", budget or Budget(), store, patience=patience, clock=time.clock, sleep=time.sleep)


async def ask(meter: Meter, host: str = HOST, problem: Exception | None = None) -> None:
    async with meter.asking(host):
        if problem is not None:
            raise problem


async def moments(meter: Meter, time: Time, count: int, host: str = HOST) -> list[float]:
    """When each of so many requests goes out."""
    told = []
    for _ in range(count):
        await ask(meter, host)
        told.append(round(time.seconds, 3))
    return told


async def test_a_budget_of_the_minute_lies_evenly_over_it() -> None:
    time = at(NOON)
    assert await moments(metered(time, Budget(per_minute=6)), time, 4) == [0, 10, 20, 30]


async def test_without_a_budget_nothing_waits() -> None:
    time = at(NOON)
    assert await moments(metered(time), time, 1_000) == [0] * 1_000


async def test_half_a_window_may_go_at_once_and_the_rest_is_spread_until_its_end() -> None:
    time = at(NOON)
    meter = metered(time)
    sent = []
    for number in range(300):
        await ask(meter)
        sent.append(time.seconds)
        reset = (NOON + timedelta(seconds=300)).isoformat()
        told = {"x-ratelimit-limit": "300", "x-ratelimit-remaining": str(299 - number), "x-ratelimit-reset": reset}
        meter.answered(HOST, told)
    assert sent[150] == 0
    late = sent[152:]
    gaps = [later - before for before, later in pairwise(late)]
    assert all(gap > 0.5 for gap in gaps)
    assert max(gaps) < 5
    assert sent[-1] <= 300


async def test_requests_that_are_on_their_way_count_as_answered() -> None:
    time = at(NOON)
    waits: list[float] = []

    async def waited(seconds: float) -> None:
        waits.append(round(seconds))

    meter = Meter("test", Budget(), clock=time.clock, sleep=waited)
    meter.answered(HOST, {"x-ratelimit-limit": "10", "x-ratelimit-remaining": "5", "x-ratelimit-reset": "120"})
    ends = await asyncio.gather(*(ask(meter) for _ in range(9)), return_exceptions=True)
    assert [end is None for end in ends] == [True] * 5 + [False] * 4
    assert all(isinstance(end, RateLimited) for end in ends[5:])
    assert waits == [30, 60, 90]


async def test_a_window_that_is_used_up_is_waited_for_and_said() -> None:
    time = at(NOON)
    meter = metered(time)
    meter.answered(HOST, {"x-ratelimit-limit": "30", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "120"})
    with pytest.raises(RateLimited) as raised:
        await ask(meter)
    assert str(raised.value) == "one.example allows no more requests for 2 min"
    assert raised.value.wait == timedelta(seconds=120)
    await ask(meter, "another.example")
    time.seconds += 120
    await ask(meter)


async def test_a_server_that_answers_and_says_no_more_for_a_day_is_asked_again_after_an_hour() -> None:
    time = at(NOON)
    meter = metered(time)
    meter.answered(HOST, {"ratelimit-limit": "1", "ratelimit-remaining": "0", "ratelimit-reset": "86400"})
    with pytest.raises(RateLimited) as raised:
        await ask(meter)
    assert raised.value.wait == TRUSTED


async def test_a_window_that_ends_soon_is_waited_for_without_a_word() -> None:
    time = at(NOON)
    meter = metered(time)
    told = {"ratelimit-limit": "10", "ratelimit-remaining": "0", "ratelimit-reset": str(PATIENT)}
    meter.answered(HOST, told)
    assert await moments(meter, time, 2) == [PATIENT, PATIENT]


@pytest.mark.parametrize("family", [RateLimited, Unreachable])
async def test_a_server_that_wants_to_be_left_alone_is_by_all_and_after_a_restart(
    family: type[PlatformError], tmp_path: Path
) -> None:
    time, problem = at(NOON), family("slow down", wait=timedelta(minutes=5))
    with Store.open(tmp_path / "listen.db") as store:
        meter = metered(time, store=store)
        with pytest.raises(family):
            await ask(meter, problem=problem)
        for asked in (meter, metered(time, store=store)):
            with pytest.raises(RateLimited, match="wants to be left alone for 5 min") as raised:
                await ask(asked)
            assert raised.value.wait == timedelta(minutes=5)
            await ask(asked, "another.example")
        time.seconds += 300
        await ask(meter)
        await ask(metered(time, store=store))


@pytest.mark.parametrize("by", [timedelta(days=-400), timedelta(days=400)], ids=str)
async def test_a_clock_that_was_moved_keeps_nobody_from_a_server_for_longer_than_it_asked(by: timedelta) -> None:
    time = at(NOON)
    with Store.open(":memory:") as store:
        with pytest.raises(RateLimited):
            await ask(metered(time, store=store), problem=RateLimited("no", wait=timedelta(minutes=5)))
        time.begin += by
        again = metered(time, store=store)
        if by < timedelta(0):
            with pytest.raises(RateLimited):
                await ask(again)
            time.seconds += 300
        await ask(again)


async def test_other_refusals_close_nothing() -> None:
    time = at(NOON)
    meter = metered(time)
    with pytest.raises(Refused):
        await ask(meter, problem=Refused("not you"))
    await ask(meter)


async def test_a_days_budget_is_spread_over_the_day_and_never_exceeded() -> None:
    time = at(MIDNIGHT)
    meter = metered(time, Budget(per_day=24))
    sent = await moments(meter, time, 24)
    assert sent[:2] == [0, 0]  # a tenth ahead of time
    assert sent[-1] < 86_400
    gaps = [later - before for before, later in pairwise(sent[3:])]
    assert all(gap == pytest.approx(3_600) for gap in gaps)
    with pytest.raises(OutOfQuota, match="the day is used up") as raised:
        await ask(meter)
    assert raised.value.wait == timedelta(days=1) - timedelta(seconds=time.seconds)
    time.seconds = 86_400
    await ask(meter)


async def test_a_restart_does_not_spend_the_day_again(tmp_path: Path) -> None:
    time = at(NOON)
    for _ in range(3):
        with Store.open(tmp_path / "listen.db") as store:
            meter = metered(time, Budget(per_day=3), store, patience=1)
            with pytest.raises(OutOfQuota):
                await moments(meter, time, 9)
            assert store.spent("test", 20_778) == 2  # by noon; the third is due in the afternoon
    with Store.open(tmp_path / "listen.db") as store:
        time.seconds += 10 * 3_600
        await ask(metered(time, Budget(per_day=3), store))
        assert store.spent("test", 20_778) == 3


async def test_a_request_is_counted_before_it_goes_out(tmp_path: Path) -> None:
    time = at(NOON)
    with Store.open(tmp_path / "listen.db") as store:
        meter = metered(time, Budget(per_day=5), store)
        async with meter.asking(HOST):
            assert store.spent("test", 20_778) == 1  # a crash here does not make it free


async def test_two_processes_at_once_spend_one_budget(tmp_path: Path) -> None:
    time = at(MIDNIGHT + timedelta(hours=23, minutes=30))
    sent = 0
    with Store.open(tmp_path / "listen.db") as one, Store.open(tmp_path / "listen.db") as other:
        meters = [metered(time, Budget(per_day=20), store) for store in (one, other)]

        async def spend(meter: Meter) -> None:
            nonlocal sent
            while True:
                await ask(meter)
                sent += 1

        done = await asyncio.gather(*(spend(meter) for meter in meters * 3), return_exceptions=True)
    assert all(isinstance(end, OutOfQuota) for end in done), done
    assert sent == 20


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(0, 86_399), st.lists(st.integers(0, 40_000), max_size=6))
def test_no_day_ever_has_more_than_its_budget(limit: int, begin: int, pauses: list[int]) -> None:
    async def days() -> None:
        time = at(MIDNIGHT + timedelta(seconds=begin))
        meter = metered(time, Budget(per_day=limit), patience=600)
        sent: dict[object, int] = {}
        for pause in [*pauses, 0]:
            for _ in range(limit + 1):
                try:
                    await ask(meter)
                except OutOfQuota:
                    break
                sent[time.now().date()] = sent.get(time.now().date(), 0) + 1
            time.seconds += pause
        assert all(count <= limit for count in sent.values())

    asyncio.run(days())


async def test_one_round_does_not_wait_for_hours() -> None:
    time = at(NOON)
    meter = metered(time, Budget(per_day=100), patience=60)
    with pytest.raises(OutOfQuota) as raised:
        await moments(meter, time, 100)
    assert raised.value.wait is not None
    assert timedelta(minutes=10) < raised.value.wait < timedelta(minutes=15)
    assert "spread" in str(raised.value)


async def test_what_is_left_is_told_to_whoever_asks_and_the_tightest_limit_counts() -> None:
    time = at(NOON)
    told: list[Quota] = []
    QUOTA.set(told.append)
    meter = metered(time, Budget(per_day=10))
    await ask(meter)
    assert told[-1] == Quota(used=1, limit=10, resets_at=MIDNIGHT + timedelta(days=1))
    meter.answered(HOST, {"x-ratelimit-limit": "300", "x-ratelimit-remaining": "30", "x-ratelimit-reset": "60"})
    assert told[-1] == Quota(used=270, limit=300, resets_at=NOON + timedelta(seconds=60))
    time.seconds += 61
    await ask(meter)
    assert told[-1] == Quota(used=2, limit=10, resets_at=MIDNIGHT + timedelta(days=1))


@pytest.fixture
async def http() -> AsyncIterator[Client]:
    async with Client(patience=2) as client:
        yield client


async def test_a_server_counts_no_more_requests_than_it_allows(http: Client) -> None:
    left = 20

    def answer(_: object) -> Reply:
        nonlocal left
        left -= 1
        headers = {"X-RateLimit-Limit": "20", "X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": "3600"}
        return Reply(body=b"{}", headers=headers) if left >= 0 else Reply(status=429)

    async with ScriptedServer(answer) as server:
        time = at(NOON)
        client = http.metered(metered(time))
        for _ in range(20):
            await client.get(server.base)
        with pytest.raises(RateLimited, match="allows no more requests"):
            await client.get(server.base)
        assert len(server.requests) == 20
    assert time.seconds > 1_000


async def test_the_wish_of_stack_exchange_is_granted(http: Client) -> None:
    body = b'{"items": [], "backoff": 5, "quota_max": 300, "quota_remaining": 299}'
    async with ScriptedServer(lambda _: Reply(body=body)) as server:
        time = at(NOON)
        told: list[Quota] = []
        QUOTA.set(told.append)
        client = http.metered(metered(time))
        for _ in range(3):
            await client.get(server.base)
    assert time.seconds == pytest.approx(10)
    assert told[-1] == Quota(used=1, limit=300, resets_at=NOON + timedelta(hours=12))


async def test_streams_and_sockets_wait_for_their_turn_too_and_close_it(http: Client) -> None:
    time = at(NOON)
    async with ScriptedServer(lambda _: Reply(status=429, headers={"Retry-After": "90"})) as server:
        for kind in ("events", "websocket"):
            client = http.metered(metered(time))
            for _ in range(2):
                with pytest.raises(RateLimited):
                    async with getattr(client, kind)(server.base if kind == "events" else server.ws):
                        pass
    assert len(server.requests) == 2  # each was asked once


@pytest.mark.parametrize(("backoff", "asked"), [(30, 3), (61, 1)])
async def test_a_wish_is_waited_for_within_a_walk_unless_it_is_long(http: Client, backoff: int, asked: int) -> None:
    body = b'{"items": [], "backoff": %d, "quota_max": 300, "quota_remaining": 299}' % backoff
    async with ScriptedServer(lambda _: Reply(body=body)) as server:
        time = at(NOON)
        client = http.metered(metered(time))
        try:
            for _ in range(3):
                await client.get(server.base)
        except RateLimited as problem:
            assert problem.wait == timedelta(seconds=backoff)  # noqa: PT017  both ways are tried
    assert len(server.requests) == asked
    assert time.seconds == pytest.approx(backoff * (asked - 1))
