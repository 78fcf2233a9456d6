"""Times as people type them."""

from datetime import UTC, datetime, timedelta

import pytest

from listen.errors import UsageError
from listen.when import duration, moment, spoken, utc

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("10m", timedelta(minutes=10)),
        ("10 min", timedelta(minutes=10)),
        ("2H", timedelta(hours=2)),
        ("3d", timedelta(days=3)),
        ("1w", timedelta(weeks=1)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, expected: timedelta) -> None:
    assert duration(text) == expected
    assert moment(text, NOW) == NOW - expected


@pytest.mark.parametrize("text", ["", "2", "h", "2 years", "-3d", "1e3s", "99999999d"])
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="write 90s"):
        duration(text)


def test_a_date_begins_at_midnight_of_this_machines_zone() -> None:
    assert moment("2026-11-01", NOW) == datetime(2026, 11, 1).astimezone(UTC)


@pytest.mark.parametrize("text", ["1.11.2026", "01.11.2026", "01.11.2026 00:00", "2026-11-01 00:00"])
def test_a_date_may_be_written_as_in_germany(text: str) -> None:
    assert moment(text, NOW) == datetime(2026, 11, 1).astimezone(UTC)


@pytest.mark.parametrize("text", ["1.13.2026", "32.1.2026", "1.11.26", "11/1/2026"])
def test_what_is_no_date_or_may_be_two_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        moment(text, NOW)


def test_a_time_with_a_zone_keeps_it() -> None:
    assert moment("2026-11-01T08:30:00+01:00", NOW) == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(("word", "days"), [("today", 0), ("yesterday", 1), ("gestern", 1)])
def test_yesterday_is_the_midnight_before_todays(word: str, days: int) -> None:
    midnight = NOW.astimezone().replace(hour=0, minute=0)
    assert moment(word, NOW) == midnight - timedelta(days=days)


def test_what_is_no_time_is_refused_with_examples() -> None:
    with pytest.raises(UsageError, match="'next week' is not a time; write 2h"):
        moment("next week", NOW)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"),
        (-4, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (90, "90 s"),
        (300, "5 min"),
        (7200, "2 h"),
        (86_400, "1 d"),
    ],
)
def test_durations_are_spoken_in_their_natural_unit(seconds: int, expected: str) -> None:
    assert spoken(timedelta(seconds=seconds)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("2026-11-21T13:00:00+01:00", NOW, id="another zone"),
        pytest.param("2026-11-21T12:00:00", NOW, id="no zone is UTC"),
        pytest.param("0001-01-01T00:00:00+05:00", None, id="before the calendar"),
        pytest.param("9999-12-31T23:59:59-05:00", None, id="after the calendar"),
    ],
)
def test_a_moment_is_told_in_utc_or_not_at_all(written: str, expected: datetime | None) -> None:
    assert utc(datetime.fromisoformat(written)) == expected
    assert utc(None) is None
