"""Which posts are not stored, and how long the others are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from listen.post import Post, Wish
from listen.respect import WISHES, Respect, Retention, Wishes, asked_in

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)
CONFIG = Retention(
    730 * DAY,
    {"short": 90 * DAY, "long": 2000 * DAY, "ever": None},
    {"x": 30 * DAY, "lemmy": 1000 * DAY},
)


@pytest.mark.parametrize(
    ("platform", "topics", "days"),
    [
        pytest.param("bluesky", ("other",), 730, id="a topic without a time: the config's"),
        pytest.param("bluesky", (), 730, id="no topic at all: the config's"),
        pytest.param("bluesky", ("short",), 90, id="a topic's time before the config's"),
        pytest.param("bluesky", ("short", "other"), 730, id="two topics: the longest"),
        pytest.param("bluesky", ("short", "long"), 2000, id="two topics: the longest, also above the config's"),
        pytest.param("bluesky", ("short", "ever"), None, id="for ever is the longest"),
        pytest.param("x", ("ever",), 30, id="the network's bound wins over for ever"),
        pytest.param("x", ("short",), 30, id="the network's bound wins over a topic"),
        pytest.param("lemmy", ("short",), 90, id="a bound makes nothing longer"),
        pytest.param("lemmy", ("long",), 1000, id="a bound makes it shorter"),
    ],
)
def test_which_time_wins(platform: str, topics: tuple[str, ...], days: int | None) -> None:
    assert CONFIG.of(platform, topics) == (None if days is None else days * DAY)
    if days is not None:
        assert CONFIG.is_over(platform, topics, NOW - days * DAY - DAY, NOW)
    assert not CONFIG.is_over(platform, topics, NOW - (days or 9999) * DAY, NOW)


def test_the_shortest_time_tells_what_need_not_be_looked_at() -> None:
    assert CONFIG.shortest == 30 * DAY
    assert Retention(None).shortest is None
    assert Retention().shortest == 730 * DAY, "two years, if nothing is said"


@pytest.mark.parametrize(
    ("bio", "wishes"),
    [
        ("Books and tea. #nobot", ("nobot",)),
        ("#NoBots #noindex", ("nobot", "noindex")),
        ("no-bot zone #no-bot", ("nobot",)),
        ("#nobotany is fun, x#nobot, ##nobot", ()),
        ("I am nobody's bot", ()),
        ("#noindexing", ()),
        ("", ()),
    ],
)
def test_a_profile_says_what_its_author_wishes(bio: str, wishes: tuple[Wish, ...]) -> None:
    assert asked_in(bio) == wishes


@pytest.mark.parametrize(
    ("policy", "withheld"),
    [
        ("respect", {"no-unauthenticated", "noindex", "nobot"}),
        ("strict", set(WISHES)),
        ("ignore", set()),
    ],
)
def test_a_policy_says_which_wishes_count(policy: Wishes, withheld: set[Wish]) -> None:
    def post(*wishes: Wish) -> Post:
        return Post(platform="p", id="1", url=None, author="a", text="t", posted_at=None, wishes=wishes)

    respect = Respect(policy)
    assert {wish for wish in WISHES if respect.withheld(post(wish)) == wish} == withheld
    assert respect.withheld(post()) is None
    assert respect.withheld(post(*WISHES)) == ("no-unauthenticated" if withheld else None)
