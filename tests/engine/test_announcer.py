"""The user hears about trouble once, and once when it is over."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from listen.coverage import Stretch
from listen.engine.announcer import Announcer
from listen.post import Gap, Reason
from listen.source import Health

SOON = timedelta(seconds=5)


def failing(platform: str, source: str, problem: str) -> Health:
    return Health(platform=platform, source=source, state="failing", problem=problem)


async def test_sources_of_one_network_that_fail_together_are_told_in_one_line() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, settle=0.01)
    for host in ("a.example", "b.example", "c.example"):
        announcer.failed(failing("mastodon", host, f"{host} cannot be reached"), SOON)
    announcer.failed(failing("hackernews", "items", "hn.example cannot be reached"), SOON)
    await asyncio.sleep(0.05)
    assert said == [
        "mastodon: a.example cannot be reached, and 2 more like it; next try in 5 s",
        "hackernews: hn.example cannot be reached; next try in 5 s",
    ]


async def test_sources_of_one_network_that_fail_one_after_the_other_for_one_reason_are_told_of_once() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, settle=0.01)
    articles, comments = (failing("devto", name, "dev.to cannot be reached") for name in ("articles", "comments"))
    for health in (articles, comments):
        announcer.failed(health, SOON)
        await asyncio.sleep(0.03)
    assert said == ["devto: dev.to cannot be reached; next try in 5 s"]
    announcer.recovered(articles, datetime.now(UTC))
    announcer.recovered(comments, datetime.now(UTC))
    announcer.failed(failing("devto", "others", "dev.to cannot be reached"), SOON)
    announcer.close()
    assert len(said) == 3, "both are back, and what fails after that is news"


async def test_trouble_that_goes_on_is_not_told_again_and_its_end_is() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, settle=0.01)
    health = failing("feeds", "blog.example", "blog.example went silent")
    for _ in range(20):
        announcer.failed(health, SOON)
        await asyncio.sleep(0.002)
    await asyncio.sleep(0.03)
    announcer.recovered(health, datetime.now(UTC))
    announcer.close()
    assert said[0] == "feeds: blog.example went silent; next try in 5 s"
    assert said[1].startswith("feeds: blog.example answers again after ")
    assert len(said) == 2


async def test_a_hiccup_that_is_over_before_it_was_told_stays_untold() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, settle=0.02)
    health = failing("feeds", "blog.example", "went silent")
    announcer.failed(health, SOON)
    announcer.recovered(health, datetime.now(UTC))
    await asyncio.sleep(0.05)
    announcer.close()
    assert said == []


async def test_blinks_that_come_again_and_again_are_told_once() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, settle=0.01)
    health = failing("bluesky", "stream", "stream.example sent nothing for 60 s")
    begin = datetime.now(UTC)
    for minute in range(8):
        announcer.failed(health, SOON)
        announcer.recovered(health, begin + timedelta(minutes=minute))
        await asyncio.sleep(0.03)
    announcer.close()
    assert said == ["bluesky: stream.example sent nothing for 60 s; next try in 5 s"]


async def test_blinks_that_come_once_an_hour_stay_untold() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, settle=0.01)
    health = failing("bluesky", "stream", "stream.example closed the stream")
    for hour in range(8):
        announcer.failed(health, SOON)
        announcer.recovered(health, datetime.now(UTC) + timedelta(hours=hour))
        await asyncio.sleep(0.03)
    announcer.close()
    assert said == []


async def test_quiet_leaves_only_trouble() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, quiet=True, settle=0.01)
    health = failing("feeds", "blog.example", "went silent")
    announcer.notice("feeds", "moved")
    announcer.failed(health, SOON)
    announcer.close()
    announcer.recovered(health, datetime.now(UTC))
    assert said == ["feeds: went silent; next try in 5 s"]


async def test_a_notice_is_said_once_a_run() -> None:
    said: list[str] = []
    announcer = Announcer(said.append)
    for _ in range(3):
        announcer.notice("mastodon", "chaos.social shows tags to members only")
    assert said == ["mastodon: chaos.social shows tags to members only"]


async def test_a_gap_is_always_said_with_its_reason() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, quiet=True)
    since = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    announcer.gap(failing("bluesky", "jetstream", "x"), Gap(since, since + timedelta(hours=3), "Jetstream keeps 36 h"))
    assert len(said) == 1
    assert "may be missing (Jetstream keeps 36 h)" in said[0]


async def test_what_is_still_gathered_is_told_at_the_end() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, settle=60)
    announcer.failed(failing("feeds", "blog.example", "went silent"), SOON)
    announcer.close()
    assert said == ["feeds: went silent; next try in 5 s"]


async def test_a_source_that_breaks_again_and_again_is_not_told_each_time() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, settle=0.001)
    health = failing("bluesky", "jetstream", "the stream was closed (1011)")
    for _ in range(20):
        announcer.failed(health, SOON)
        await asyncio.sleep(0.01)
        announcer.recovered(health, datetime.now(UTC))
    announcer.close()
    assert len(said) == 2


def gap_of(hours: float, reason: Reason = "stopped") -> Stretch:
    now = datetime.now(UTC)
    return Stretch(now - timedelta(hours=hours), now, "open", reason)


async def test_a_night_without_listening_is_told_in_one_line_for_a_network_and_its_end_in_another() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, settle=0.01)
    sources = [Health(platform="mastodon", source=f"{name}.example #kindle") for name in "abc"]
    for hours, health in zip((8, 9, 8), sources, strict=True):
        announcer.opened(health, gap_of(hours))
    await asyncio.sleep(0.05)
    for health in sources[:2]:
        announcer.closed(health, gap_of(9))
    await asyncio.sleep(0.05)
    assert len(said) == 1, "one of them is still behind"
    announcer.closed(sources[2], gap_of(8))
    await asyncio.sleep(0.05)
    assert said[0].startswith("mastodon: a.example #kindle and 2 more not heard since ")
    assert said[0].endswith("(listen was not running); catching up")
    assert said[1:] == ["mastodon: caught up on 9 h"]


@pytest.mark.parametrize(
    ("gap", "quiet", "once"),
    [
        pytest.param(gap_of(9, "down"), False, False, id="its failure was told"),
        pytest.param(gap_of(0.01), False, False, id="a blink"),
        pytest.param(gap_of(9), True, False, id="quiet"),
        pytest.param(gap_of(9), False, True, id="one round"),
    ],
)
async def test_some_gaps_are_not_worth_a_line(gap: Stretch, quiet: bool, once: bool) -> None:
    said: list[str] = []
    announcer = Announcer(said.append, quiet=quiet, settle=0.01)
    announcer.once = once
    health = Health(platform="bluesky", source="jetstream")
    announcer.opened(health, gap)
    announcer.closed(health, gap)
    announcer.close()
    assert said == []


async def test_a_blink_of_a_few_seconds_is_not_told_of_a_source_that_was_heard() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, settle=0.02)
    health = failing("bluesky", "jetstream", "the stream was closed")
    health.last_ok = datetime.now(UTC)
    announcer.failed(health, SOON)
    await asyncio.sleep(0.05)  # longer than a source that was never heard is waited for
    announcer.recovered(health, datetime.now(UTC))
    announcer.close()
    assert said == []


async def test_sources_that_come_back_together_are_told_in_one_line() -> None:
    said: list[str] = []
    announcer = Announcer(said.append, settle=0.01)
    both = [failing("mastodon", host, f"{host} cannot be reached") for host in ("a.example", "b.example")]
    for health in both:
        announcer.failed(health, SOON)
    await asyncio.sleep(0.05)
    for health in both:
        announcer.recovered(health, datetime.now(UTC) + timedelta(minutes=5))
    announcer.close()
    assert said[1:] == ["mastodon: a.example and 1 more answer again after 5 min, and have caught up"]
