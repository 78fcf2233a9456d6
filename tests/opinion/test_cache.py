"""What a model has said is asked once, and requests are counted, over runs and processes; nothing of a post is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from listen.errors import StoreError
from listen.opinion.cache import KEPT, MEMORY, Cache, View, key_of, place_beside

SAID = View(flag="complaint", kind=None, confidence=0.9, urgency="high", why=((5, 11),))
KEY = key_of("m", "Mein Kindle ist kaputt", "own")
DAY = 86_400.0


class Clock:
    now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "listen.opinions.db"


def test_an_answer_outlives_the_run_in_a_file_that_only_its_owner_reads(path: Path) -> None:
    first = Cache(str(path))
    assert first.find(KEY) is None
    first.keep(KEY, SAID)
    first.close()
    again = Cache(str(path))
    assert again.find(KEY) == SAID
    again.close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_nothing_of_a_post_stands_in_the_file(path: Path) -> None:
    cache = Cache(str(path))
    cache.keep(KEY, SAID)
    cache.close()
    files = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"complaint" in files
    assert b"Kindle" not in files
    assert b"kaputt" not in files


def test_another_model_text_or_role_is_another_question() -> None:
    keys = {KEY, key_of("n", "Mein Kindle ist kaputt", "own"), key_of("m", "Mein Kindle ist kaputt!", "own"),
            key_of("m", "Mein Kindle ist kaputt", "competitor")}  # fmt: skip
    assert len(keys) == 4
    assert key_of("m", "\ud800", "own")


def test_it_is_bounded_and_lets_go_of_what_was_not_used_for_longest(clock: Clock) -> None:
    cache = Cache(MEMORY, clock=clock, answers=3)
    keys = [key_of("m", str(number), "own") for number in range(4)]
    for key in keys[:3]:
        clock.now += 10_000
        cache.keep(key, SAID)
    clock.now += 10_000
    assert cache.find(keys[0]) == SAID
    cache.keep(keys[3], SAID)
    assert [cache.find(key) is not None for key in keys] == [True, False, True, True]


def test_what_was_not_used_for_a_month_is_let_go(clock: Clock) -> None:
    cache = Cache(MEMORY, clock=clock)
    cache.keep(KEY, SAID)
    for _ in range(3):
        clock.now += KEPT - 1
        cache.keep(key_of("m", str(clock.now), "own"), SAID)
        assert cache.find(KEY) == SAID
    clock.now += KEPT + 1
    cache.keep(key_of("m", "x", "own"), SAID)
    assert cache.find(KEY) is None


def test_what_another_version_has_written_is_no_answer(path: Path) -> None:
    cache = Cache(str(path))
    cache.keep(KEY, SAID)
    with cache._using() as db:
        db.execute("UPDATE answer SET view = ?", (b'{"flag": "angry"}',))
    assert cache.find(KEY) is None
    cache.close()


def test_the_budget_of_a_minute_and_of_a_day_holds_for_all_who_share_the_file(path: Path, clock: Clock) -> None:
    one, other = Cache(str(path), clock=clock), Cache(str(path), clock=clock)
    assert [cache.spend(2, 3) for cache in (one, other, one)] == ["spent", "spent", "minute"]
    clock.now += 61
    assert [cache.spend(2, 3) for cache in (other, one)] == ["spent", "day"]
    one.close()
    clock.now += DAY - 61
    assert other.spend(2, 3) == "spent"
    other.close()


def test_a_clock_that_was_wrong_does_not_stop_the_budget_for_ever(clock: Clock) -> None:
    cache = Cache(MEMORY, clock=clock)
    clock.now += 400 * DAY
    assert cache.spend(1, 1) == "spent"
    clock.now -= 400 * DAY
    assert cache.spend(1, 1) == "spent"
    assert cache.spend(1, 1) == "day"


def test_a_file_that_is_none_of_ours_says_what_to_do(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"something else entirely, and long enough to be no database" * 20)
    with pytest.raises(StoreError, match=r"listen\.opinions\.db: cannot be used .* delete it"):
        Cache(str(path)).find(KEY)


def test_who_comes_after_it_was_closed_is_told() -> None:
    cache = Cache(MEMORY)
    cache.close()
    with pytest.raises(StoreError, match="is closed"):
        cache.find(KEY)


def test_it_lies_beside_the_store() -> None:
    assert place_beside("/x/listen.db") == "/x/listen.opinions.db"
    assert place_beside(MEMORY) == MEMORY
