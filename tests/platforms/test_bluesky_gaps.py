"""What Bluesky's servers do not remember any more is told; what they do is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from listen.http import Client
from listen.platforms.bluesky.reading import OVERLAP, Start, start_of
from listen.post import CaughtUp, Gap, Mark, Post
from tests.platforms.bluesky import ago, heard, last_mark, source_of, texts
from tests.servers.frames import ANNA, micros
from tests.servers.jetstream import Jetstream


@pytest.fixture
async def http() -> AsyncIterator[Client]:
    async with Client(patience=3) as client:
        yield client


@pytest.fixture
async def server() -> AsyncIterator[Jetstream]:
    async with Jetstream() as server:
        yield server


async def test_a_stop_longer_than_the_server_remembers_is_a_gap_up_to_its_first_frame(
    server: Jetstream, http: Client
) -> None:
    cursor, oldest = ago(hours=50), ago(hours=35)
    server.post("Kindle lost", at=cursor + 10_000_000)
    server.post("Kindle kept", at=oldest)
    events = await heard(source_of(http, server.ws), cursor)
    assert isinstance(events[0], Gap)
    assert micros(events[0].since) == pytest.approx(cursor, abs=2)
    assert micros(events[0].until) == pytest.approx(oldest, abs=2)
    assert events[0].why
    assert texts(events) == ["Kindle kept"]


async def test_a_long_stop_is_a_gap_even_if_nobody_posts_and_is_told_once(server: Jetstream, http: Client) -> None:
    gap, *rest = events = await heard(source_of(http, server.ws), ago(hours=50))
    assert isinstance(gap, Gap)
    assert micros(gap.until) == pytest.approx(ago(hours=36), abs=30e6)
    assert [type(event) for event in rest] == [Mark, CaughtUp]
    again = await heard(source_of(http, server.ws), last_mark(events))
    assert [type(event) for event in again] == [Mark, CaughtUp]


async def test_a_server_that_remembers_less_than_promised_is_a_gap_too(http: Client) -> None:
    async with Jetstream(retention=timedelta(hours=1)) as server:
        server.post("Kindle lost", at=ago(hours=3))
        server.post("Kindle kept", at=ago(minutes=50))
        events = await heard(source_of(http, server.ws), ago(hours=3))
        since = await heard(source_of(http, server.ws), since=datetime.now(UTC) - timedelta(hours=3))
    assert [type(event) for event in events] == [Gap, Post, Mark, CaughtUp]
    assert [type(event) for event in since] == [Gap, Post, Mark, CaughtUp]


async def test_a_quiet_time_is_no_gap_as_the_event_at_the_cursor_comes_again(server: Jetstream, http: Client) -> None:
    at = ago(hours=30)
    server.identity(ANNA, "anna.example", at=at)
    server.post("Kindle", at=ago(minutes=1))
    assert [type(event) for event in await heard(source_of(http, server.ws), at)] == [Post, Mark, CaughtUp]


@pytest.mark.parametrize("cursor", ["", "soon", "12", "-5", "9" * 40, "²" * 16])
async def test_a_cursor_that_is_none_counts_as_a_first_start(cursor: str, server: Jetstream, http: Client) -> None:
    server.post("Kindle", at=ago(minutes=9))
    assert texts(await heard(source_of(http, server.ws), cursor)) == ["Kindle"]


NOW = 1_795_262_400_000_000


@pytest.mark.parametrize(
    ("cursor", "since", "start"),
    [
        (str(NOW - 60), None, Start(NOW - 60 - OVERLAP, NOW - 60, NOW - 60)),
        (str(NOW + 10**9), None, Start(NOW - OVERLAP, NOW + 10**9, NOW + 10**9)),
        (None, None, Start(NOW - 600_000_000, NOW - 600_000_000, None)),
        (None, datetime(2026, 11, 21, 11, tzinfo=UTC), Start(NOW - 3_600_000_000, NOW - 3_600_000_000,
                                                            NOW - 3_600_000_000)),
        (None, datetime(2036, 1, 1, tzinfo=UTC), Start(NOW, NOW, NOW)),
        (None, datetime(1990, 1, 1, tzinfo=UTC), Start(10**15, 10**15, 10**15)),
    ],
    ids=["cursor", "cursor of the future", "first", "since", "since the future", "since before the cursors"],
)  # fmt: skip
def test_a_start_is_where_it_was_asked_to_be(cursor: str | None, since: datetime | None, start: Start) -> None:
    assert start_of(cursor, since, timedelta(minutes=10), NOW) == start


async def test_a_frame_from_the_future_does_not_blind_the_next_start(server: Jetstream, http: Client) -> None:
    server.identity(ANNA, "anna.example", at=ago(days=-400))
    events = await heard(source_of(http, server.ws))
    assert int(last_mark(events)) <= ago()
