"""What a source's listener tells becomes stretches that are never absurd, whatever the clock does."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from listen.coverage import Stretch
from listen.engine.tracker import Tracker
from listen.store import Before
from tests.stations import NOON

NEVER = Before(None, None)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def told(tracker: Tracker) -> list[tuple[float, float, str, str | None]]:
    second = timedelta(seconds=1)
    filing = [one for one in tracker.filing if one.since < one.until]
    return [((one.since - NOON) / second, (one.until - NOON) / second, one.kind, one.reason) for one in filing]


def polled(tracker: Tracker, moment: float) -> None:
    tracker.look(at(moment))
    tracker.asks(at(moment))
    tracker.answered()


def looked(tracker: Tracker, begin: int, end: int) -> None:
    """Look twice a minute, as nobody sleeps."""
    for moment in range(begin, end + 1, 30):
        assert not tracker.look(at(moment))


def test_a_source_that_is_polled_is_heard_from_the_first_round_to_the_last_in_one_row() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    for moment in range(0, 600, 60):
        polled(tracker, moment)
    assert told(tracker) == [(0, 540, "heard", None)]


def test_a_round_counts_from_when_it_began() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    polled(tracker, 0)
    tracker.asks(at(10))
    tracker.look(at(50))
    tracker.answered()
    assert told(tracker) == [(0, 10, "heard", None)]


def test_the_silence_of_a_live_stream_counts_when_a_dead_link_would_have_been_noticed() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    tracker.caught_up(at(0))
    looked(tracker, 0, 600)
    assert told(tracker) == [(0, 540, "heard", None)]
    tracker.spoke(at(601))
    assert told(tracker) == [(0, 601, "heard", None)]


def test_the_night_between_two_runs_is_a_gap_until_it_is_caught_up_on() -> None:
    gaps: list[Stretch] = []
    tracker = Tracker(gaps.append, gaps.append)
    tracker.begin(at(0), Before(at(-3600), at(-7200), ended=True))
    assert told(tracker) == [(-7200, -3600, "heard", None), (-3600, 0, "open", "stopped")]
    looked(tracker, 0, 60)
    tracker.caught_up(at(60))
    assert told(tracker) == [(-7200, -3600, "heard", None), (-3600, 60, "filled", "stopped")]
    assert [(gap.kind, gap.reason) for gap in gaps] == [("open", "stopped"), ("filled", "stopped")]
    looked(tracker, 60, 180)
    assert told(tracker)[-1] == (60, 120, "heard", None)


def test_a_run_that_was_killed_says_so() -> None:
    tracker = Tracker()
    tracker.begin(at(0), Before(at(-3600), at(-7200)))
    assert told(tracker)[-1] == (-3600, 0, "open", "killed")


def test_a_restart_within_seconds_goes_on_in_the_same_row() -> None:
    tracker = Tracker()
    tracker.begin(at(0), Before(at(-5), at(-7200), ended=True))
    polled(tracker, 1)
    assert told(tracker) == [(-7200, 1, "heard", None)]


def test_a_source_that_fails_has_a_gap_from_its_last_answer_and_it_is_filled_when_it_has_caught_up() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    polled(tracker, 0)
    polled(tracker, 60)
    tracker.failed(at(120), "down", "a.example cannot be reached")
    looked(tracker, 120, 240)
    tracker.failed(at(241), "rate limited", "too much")
    assert told(tracker) == [(0, 60, "heard", None), (60, 240, "open", "down")]
    polled(tracker, 250)
    polled(tracker, 300)
    assert told(tracker) == [(0, 60, "heard", None), (60, 250, "filled", "down"), (250, 300, "heard", None)]


def test_a_blink_is_no_gap() -> None:
    gaps: list[Stretch] = []
    tracker = Tracker(gaps.append, gaps.append)
    tracker.begin(at(0), NEVER)
    tracker.caught_up(at(0))
    tracker.failed(at(30), "down", "the stream was closed")
    tracker.look(at(33))
    tracker.caught_up(at(35))
    assert (told(tracker), gaps) == ([(0, 35, "heard", None)], [])


def test_a_run_that_ends_in_a_blink_leaves_a_gap() -> None:
    tracker = Tracker()
    tracker.begin(at(0), Before(at(-20), at(-7200)))
    tracker.failed(at(1), "down", "x")
    tracker.ends(at(2))
    assert told(tracker)[-1] == (-20, 2, "open", "down")


def test_what_a_source_without_a_past_failed_to_hear_is_lost() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    tracker.failed(at(0), "down", "x")
    looked(tracker, 0, 90)
    assert told(tracker) == [(0, 90, "open", "down")]
    polled(tracker, 100)
    polled(tracker, 160)
    assert told(tracker) == [(0, 100, "lost", "down"), (100, 160, "heard", None)]


def test_a_mention_that_comes_late_shows_that_its_time_was_not_heard_at_once() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    for moment in range(0, 660, 60):
        polled(tracker, moment)
    for posted_at in (590, 571, -10, -90_000, 900):  # just now, a moment ago, before we listened, long before, to come
        tracker.came(at(posted_at))
    assert told(tracker) == [(0, 600, "heard", None)]
    tracker.came(at(200))
    assert told(tracker) == [(200, 600, "filled", "late"), (0, 600, "heard", None)]


def test_what_comes_in_the_middle_of_catching_up_is_not_late() -> None:
    tracker = Tracker()
    tracker.begin(at(7_200), Before(at(3_600), at(0)))
    tracker.came(at(3_000))
    assert told(tracker)[0][2:] == ("heard", None)


def test_a_disk_that_was_full_costs_a_live_stream_nothing_once_everything_is_stored() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    tracker.caught_up(at(0))
    tracker.failed(at(10), "store", "no room", live=True)
    looked(tracker, 10, 130)
    tracker.spoke(at(130))
    assert told(tracker) == [(0, 130, "open", "store")], "nothing is said to be heard that is not stored"
    tracker.stored(at(131))
    assert told(tracker)[-1] == (0, 131, "filled", "store")


def test_a_laptop_that_slept_has_a_gap_until_it_has_caught_up() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    tracker.caught_up(at(0))
    looked(tracker, 0, 120)
    assert tracker.look(at(8 * 3600)), "the link has to be opened anew"
    assert told(tracker) == [(0, 60, "heard", None), (60, 28800, "open", "asleep")]
    tracker.spoke(at(8 * 3600 + 1))
    assert told(tracker)[-1][2] == "open", "what a link says that slept is no proof of anything"
    tracker.caught_up(at(8 * 3600 + 10))
    assert told(tracker)[-1] == (60, 28810, "filled", "asleep")


def test_a_sleep_in_which_a_polled_source_was_not_due_is_none() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    polled(tracker, 0)
    assert not tracker.look(at(1800), due=at(3600))
    assert tracker.look(at(9000), due=at(3600))
    assert told(tracker) == [(0, 9000, "open", "asleep")]


def test_a_round_that_slept_does_not_count() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    polled(tracker, 0)
    tracker.asks(at(60))
    tracker.look(at(60))
    tracker.look(at(4000))
    tracker.answered()
    assert told(tracker)[-1] == (0, 4000, "open", "asleep")


def test_a_clock_set_back_leaves_nothing_in_the_future() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    tracker.caught_up(at(0))
    looked(tracker, 0, 7200)
    tracker.failed(at(7201), "down", "x")
    looked(tracker, 7230, 7290)
    assert not tracker.look(at(3600))
    assert tracker.cut_at == at(3600)
    assert all(begin <= end <= 3600 for begin, end, *_ in told(tracker))
    tracker.caught_up(at(3610))
    tracker.look(at(3650))
    assert all(begin <= end <= 3650 for begin, end, *_ in told(tracker))


def test_a_clock_that_was_in_2036_for_a_while_does_not_make_anybody_believe_in_2036() -> None:
    tracker = Tracker()
    tracker.begin(at(0), NEVER)
    tracker.caught_up(at(0))
    looked(tracker, 0, 60)
    far = 10 * 365 * 86400
    assert tracker.look(at(far))
    tracker.caught_up(at(far + 5))
    assert not tracker.look(at(90))
    assert all(begin <= end <= 90 for begin, end, *_ in told(tracker))
    tracker.spoke(at(95))
    assert max(end for _, end, *_ in told(tracker)) == 95


steps = st.sampled_from(["asks", "answered", "caught up", "spoke", "failed", "stored", "full"])
clock = st.one_of(st.integers(0, 90), st.integers(-100_000, 100_000), st.just(0))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(clock, steps), max_size=40), st.sampled_from([NEVER, Before(at(-3600), at(-7200))]))
def test_whatever_clock_and_source_do_no_stretch_is_absurd(history: list[tuple[int, str]], before: Before) -> None:
    tracker, now = Tracker(), 0
    tracker.begin(at(0), before)
    for step, happened in history:
        now += step
        tracker.look(at(now))
        match happened:
            case "asks":
                tracker.asks(at(now))
            case "answered":
                tracker.answered()
            case "caught up":
                tracker.caught_up(at(now))
            case "spoke":
                tracker.spoke(at(now))
            case "failed":
                tracker.failed(at(now), "down", "x")
            case "full":
                tracker.failed(at(now), "store", "x", live=True)
            case "stored":
                tracker.stored(at(now))
        filing = tracker.filing
        assert all(one.since <= one.until <= at(now + 1) for one in filing)
        assert sum(one.kind == "open" for one in filing) <= 1
        heard = sorted((one.since, one.until) for one in filing if one.kind != "lost" and one.since < one.until)
        if tracker.cut_at is None:
            assert all(first[1] <= second[0] for first, second in itertools.pairwise(heard))
