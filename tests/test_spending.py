"""What is bought is held in the books before it is used; neither a restart nor a second process spends it again."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listen.errors import OutOfQuota, Unreachable
from listen.http import QUOTA, Allowance, Budget, Meter, Quota, Spending
from listen.http.money import MILLIONTHS, Money, budget, price, spelled
from listen.http.spending import money_allowance
from listen.store import Store
from listen.when import CLOCK

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TWO_DOLLARS = money_allowance(budget("2 USD/day"))
SEARCHES = Allowance(
    account="searches", unit="searches", limit=100, said="100 searches a day", zone="America/Los_Angeles"
)


def at(moment: datetime) -> None:
    CLOCK.set(lambda: moment)


@pytest.mark.parametrize(
    ("text", "money", "period"),
    [
        ("2 USD/day", Money(2_000_000, "USD"), "day"),
        ("0.5 eur / month", Money(500_000, "EUR"), "month"),
        ("50 EUR per month", Money(50_000_000, "EUR"), "month"),
    ],
)
def test_a_budget_reads_as_people_write_it(text: str, money: Money, period: str) -> None:
    told = budget(text)
    assert (told.money, told.period) == (money, period)


@pytest.mark.parametrize(
    "text", ["", "2", "2 USD", "USD 2/day", "-2 USD/day", "2,5 USD/day", "2 USD/week", "1e3 USD/day"]
)
def test_what_is_no_budget_is_said_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match='write it like "2 USD/day" or "50 EUR/month"'):
        budget(text)


@given(st.integers(0, 10**12))
def test_prices_lose_no_millionth(millionths: int) -> None:
    text = f"{millionths // MILLIONTHS % 10**6}.{millionths % MILLIONTHS:06} USD"
    assert price(text).millionths == millionths % 10**12


@pytest.mark.parametrize(
    ("amount", "said"), [(2, "2.00 USD"), (0.005, "0.005 USD"), (1234.5, "1,234.50 USD"), (0, "0.00 USD")]
)
def test_money_is_spelled_with_its_cents(amount: float, said: str) -> None:
    assert spelled(amount, "USD") == said


async def test_what_is_not_spent_is_given_back(tmp_path: Path) -> None:
    at(NOON)
    with Store.open(tmp_path / "store.db") as store:
        spending = Spending("x", TWO_DOLLARS, store)
        async with spending.hold(100, least=10, each=15_000) as hold:
            assert hold.granted == 100
            assert store.held(("x", "money USD"), (20_779, 20_779)) == 1_500_000
            hold.spent = 30_000
        assert await spending.used() == 30_000


async def test_only_as_much_is_granted_as_is_left(tmp_path: Path) -> None:
    at(NOON)
    with Store.open(tmp_path / "store.db") as store:
        spending = Spending("x", TWO_DOLLARS, store)
        async with spending.hold(100, least=10, each=15_000):
            pass
        async with spending.hold(100, least=10, each=15_000) as hold:
            assert hold.granted == 33
        with pytest.raises(OutOfQuota, match=r"used up \(budget = 2.00 USD/day\)") as raised:
            async with spending.hold(100, least=10, each=15_000):
                pass
        assert raised.value.wait == timedelta(hours=12)
        assert await spending.used() == 133 * 15_000


async def test_an_answer_that_failed_costs_nothing_and_a_crash_what_was_held(tmp_path: Path) -> None:
    at(NOON)
    with Store.open(tmp_path / "store.db") as store:
        spending = Spending("x", TWO_DOLLARS, store)
        with pytest.raises(Unreachable):
            async with spending.hold(10, each=15_000):
                raise Unreachable("gone")
        assert await spending.used() == 0
        with pytest.raises(asyncio.CancelledError):
            async with spending.hold(10, each=15_000):
                raise asyncio.CancelledError
    with Store.open(tmp_path / "store.db") as store:
        assert await Spending("x", TWO_DOLLARS, store).used() == 150_000


async def test_two_processes_never_spend_more_than_there_is(tmp_path: Path) -> None:
    at(NOON)
    with Store.open(tmp_path / "store.db") as one, Store.open(tmp_path / "store.db") as other:
        chance, bought = random.Random(7), [0]

        async def reads(store: Store) -> None:
            spending = Spending("x", TWO_DOLLARS, store)
            while True:
                async with spending.hold(20, least=1, each=15_000) as hold:
                    await asyncio.sleep(0)
                    used = chance.randint(0, hold.granted)
                    hold.spent = used * 15_000
                    bought[0] += hold.spent
                    assert bought[0] <= 2_000_000

        ends = await asyncio.gather(*(reads(store) for store in (one, other, one)), return_exceptions=True)
        assert all(isinstance(end, OutOfQuota) for end in ends), ends
        assert 2_000_000 - 15_000 < bought[0] <= 2_000_000
        assert one.held(("x", "money USD"), (20_779, 20_779)) == bought[0]


async def test_a_month_is_one_budget_and_the_next_a_new_one(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as store:
        spending = Spending("x", money_allowance(budget("3 USD/month")), store)
        for day in (1, 15, 30):
            at(datetime(2026, 11, day, tzinfo=UTC))
            async with spending.hold(1, each=MILLIONTHS):
                pass
        with pytest.raises(OutOfQuota) as raised:
            async with spending.hold(1, each=MILLIONTHS):
                pass
        assert raised.value.wait == timedelta(days=1)
        at(datetime(2026, 12, 1, tzinfo=UTC))
        async with spending.hold(1, each=MILLIONTHS):
            pass
        assert await spending.used() == MILLIONTHS


@pytest.mark.parametrize(
    ("moment", "resets_at"),
    [
        ("2026-11-22T12:00:00+00:00", "2026-11-23T08:00:00+00:00"),
        ("2026-11-22T07:59:00+00:00", "2026-11-22T08:00:00+00:00"),
        ("2026-07-01T06:59:00+00:00", "2026-07-01T07:00:00+00:00"),
    ],
    ids=["winter", "a minute before", "summer"],
)
async def test_a_day_in_california_ends_at_its_midnight(moment: str, resets_at: str) -> None:
    at(datetime.fromisoformat(moment))
    spending = Spending("youtube", SEARCHES)
    for _ in range(100):
        async with spending.hold():
            pass
    assert spending.quota() == Quota(used=100, limit=100, unit="searches", resets_at=datetime.fromisoformat(resets_at))
    with pytest.raises(OutOfQuota):
        async with spending.hold():
            pass
    at(datetime.fromisoformat(resets_at))
    async with spending.hold():
        pass


async def test_what_is_left_is_told_to_whoever_listens(tmp_path: Path) -> None:
    at(NOON)
    told: list[Quota] = []
    token = QUOTA.set(told.append)
    with Store.open(tmp_path / "store.db") as store:
        spending = Meter("x", Budget(), store).spending(TWO_DOLLARS)
        async with spending.hold(10, each=15_000) as hold:
            hold.spent = 15_000
    QUOTA.reset(token)
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    assert told[-1] == Quota(used=0.015, limit=2.0, unit="USD", resets_at=midnight)


async def test_a_meter_has_one_account_of_each_name() -> None:
    meter = Meter("x", Budget())
    assert meter.spending(TWO_DOLLARS) is meter.spending(TWO_DOLLARS)
    assert meter.spending(TWO_DOLLARS) is not meter.spending(SEARCHES)
