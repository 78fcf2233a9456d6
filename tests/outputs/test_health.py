"""The status area: true, short, and never larger than its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from listen.mention import Change
from listen.outputs.health import Pace, Scene, Tally, status
from listen.source import Health
from tests.outputs.made import ANGRY, NOW, mention


def source(platform: str, state: str = "live", name: str = "s", **facts: object) -> Health:
    return Health(platform=platform, source=name, state=state, **facts)  # type: ignore[arg-type]


def area(sources: Sequence[Health], width: int = 100, mentions: Sequence[Change] = (), pace: float = 340.4) -> str:
    tally = Tally()
    for change in mentions:
        tally.add(change)
    return status(
        Scene(sources=tuple(sources), tally=tally, pace=pace, topics=("#Kindle", "kobo"), now=NOW), width
    ).plain


SOON = NOW + timedelta(seconds=20)


def test_sources_that_are_fine_are_grouped() -> None:
    sources = [source("bluesky"), *(source("mastodon", name=str(n)) for n in range(5))]
    sources.append(source("hackernews", "waiting", next_try=SOON))
    assert area(sources).split("\n")[0] == "● bluesky live   ● mastodon 5 live   ◐ hackernews next in 20 s"


def test_trouble_has_a_line_of_its_own_and_is_told_once() -> None:
    problem = "chaos.social cannot be reached"
    sources = [source("mastodon", "failing", str(n), problem=problem, next_try=SOON) for n in range(3)]
    assert area([source("bluesky"), *sources]).split("\n")[0] == (
        "✗ mastodon: chaos.social cannot be reached; next try in 20 s"
    )


def test_when_it_is_tried_again_is_told_even_if_the_trouble_is_long() -> None:
    first = area([source("feeds", "gone", problem="x" * 300, next_try=SOON)], 60).split("\n")[0]
    assert first.endswith("…; next try in 20 s")


def test_mentions_are_counted_once_and_by_flag() -> None:
    praise, buying = mention("x", "praise"), mention("x", "opportunity", kind="buying")
    changes = [Change("new", ANGRY), Change("edited", ANGRY), Change("new", praise), Change("new", buying)]
    assert area([], mentions=changes) == "3 mentions · 1 complaint · 1 opportunity · 340 posts/s heard"


def test_until_something_comes_it_says_what_it_listens_for() -> None:
    assert area([source("feeds", heard=1)], pace=0) == (
        "● feeds live   listening for #Kindle, kobo · 1 post heard · Ctrl-C ends"
    )


states = st.sampled_from(["starting", "catching up", "live", "waiting", "failing", "refused", "gone", "stopped"])
healths = st.builds(
    source,
    st.text(max_size=12),
    states,
    st.text(max_size=12),
    problem=st.none() | st.text(max_size=200),
    next_try=st.none() | st.just(SOON),
    heard=st.integers(0, 10**9),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(healths, max_size=30), st.integers(40, 200), st.booleans())
def test_the_status_area_always_fits(sources: list[Health], width: int, heard: bool) -> None:
    lines = area(sources, width, [Change("new", ANGRY)] if heard else []).split("\n")
    assert len(lines) <= 4
    assert max(cell_len(line) for line in lines) <= width


def test_pace_is_counted_over_the_last_ten_seconds() -> None:
    pace = Pace()
    looks = [pace.look(float(second), 100 * second if second < 50 else 5000) for second in range(70)]
    assert looks[0] == 0
    assert looks[40] == pytest.approx(100)
    assert looks[69] == 0
