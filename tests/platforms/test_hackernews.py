"""Hacker News: no item is missed, whatever comes late, in bursts, or after a long stop."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.errors import Unreachable
from listen.http import Client
from listen.platforms.hackernews import HackerNews, HackerNewsOptions
from listen.platforms.hackernews.items import FAR, OVERLAP, SEARCH_ABOVE
from listen.platforms.hackernews.search import queries_of
from listen.post import Deletion, Edit, Event, Gap, Mark, Post
from listen.query import parse
from listen.source import Interest, Source
from tests.servers.hackernews import HackerNewsServer

INTEREST = Interest((parse("#kindle"),), lambda text: "kindle" in text.lower())


def _source(base: str, http: Client, interest: Interest = INTEREST) -> Source:
    chosen = HackerNewsOptions(api=f"{base}/v0/", algolia=f"{base}/api/v1")
    return HackerNews(chosen, interest, http).sources()[0]


async def _round(source: Source, cursor: str | None, since: datetime | None = None) -> list[Event]:
    return [event async for event in source.hear(cursor, since)]


def _ids(events: list[Event]) -> list[int]:
    return [int(event.id) for event in events if isinstance(event, Post)]


def _last_mark(events: list[Event]) -> Mark:
    return [event for event in events if isinstance(event, Mark)][-1]


def _recently() -> HackerNewsServer:
    return HackerNewsServer(start=int(time.time()) - 40_000)


async def test_items_are_posts_in_the_order_of_their_ids(http: Client) -> None:
    site = HackerNewsServer()
    wanted = [site.post(text, after=0) for text in ("My Kindle's dead", "kindle/kobo", "KINDLE")]
    site.post("something else")
    async with site.serving() as server:
        events = await _round(_source(server.base, http), "0")
    assert _ids(events) == wanted
    assert _last_mark(events) == Mark("4")
    first = cast("Post", events[0])
    assert first.text == "My Kindle's dead"
    assert first.url == "https://news.ycombinator.com/item?id=1"
    assert (first.kind, first.parent, first.author) == ("comment", "1", "reader")


async def test_a_temporary_redirect_is_followed(http: Client) -> None:
    site = HackerNewsServer()
    site.post("kindle")
    site.moved = True
    async with site.serving() as server:
        assert _ids(await _round(_source(server.base, http), "0")) == [1]


async def test_a_round_without_news_still_says_how_far_it_is(http: Client) -> None:
    site = HackerNewsServer()
    site.post("kindle")
    async with site.serving() as server:
        assert await _round(_source(server.base, http), "1") == [Mark("1")]


async def test_the_walk_waits_before_an_id_that_is_not_there_yet(http: Client) -> None:
    site = HackerNewsServer()
    for _ in range(9):
        site.post("kindle")
    site.hidden = {4}
    async with site.serving() as server:
        source = _source(server.base, http)
        before = await _round(source, "0")
        site.hidden = set()
        after = await _round(source, _last_mark(before).cursor)
    assert _last_mark(before).cursor == "3"
    assert _last_mark(before).again == timedelta(seconds=5)
    assert _ids(before) + _ids(after) == list(range(1, 10))


async def test_an_id_that_stays_null_for_a_minute_is_skipped(http: Client) -> None:
    site = HackerNewsServer()
    for _ in range(9):
        site.post("kindle", after=10)
    site.hidden = {2, 8}
    async with site.serving() as server:
        events = await _round(_source(server.base, http), "0")
    assert _ids(events) == [1, 3, 4, 5, 6, 7]
    assert _last_mark(events).cursor == "7"


async def test_a_hole_wider_than_a_chunk_does_not_block_the_walk(http: Client) -> None:
    site = HackerNewsServer()
    for _ in range(160):
        site.post("kindle", after=10)
    site.hidden = set(range(20, 151))
    async with site.serving() as server:
        events = await _round(_source(server.base, http), "0")
        assert _last_mark(events).cursor == "19"
        for _ in range(150):
            site.post("kindle", after=10)
        events = await _round(_source(server.base, http), "19")
    assert _ids(events) == list(range(151, 311))


@settings(max_examples=25, deadline=None)
@given(delays=st.lists(st.integers(0, 3), min_size=1, max_size=30), crashes=st.lists(st.integers(0, 3), max_size=6))
def test_whatever_is_posted_is_found_though_it_comes_late_and_we_crash(delays: list[int], crashes: list[int]) -> None:
    found, cursors = asyncio.run(_late_and_crashing(delays, crashes))
    assert found == set(range(1, len(delays) + 1))
    assert cursors == sorted(cursors)


async def _late_and_crashing(delays: list[int], crashes: list[int]) -> tuple[set[int], list[int]]:
    """Each id appears after as many rounds as its delay; a crash forgets what came after that Mark."""
    site, found, cursor, cursors = HackerNewsServer(), set[int](), "0", list[int]()
    for _ in delays:
        site.post("kindle", after=1)
    async with site.serving() as server, Client(patience=5) as http:
        for number in range(4 + len(crashes)):
            site.hidden = {late for late, delay in enumerate(delays, start=1) if delay > number}
            source = _source(server.base, http)
            most = crashes[number] if number < len(crashes) else None
            async for event in source.hear(cursor, None):
                if isinstance(event, Post):
                    found.add(int(event.id))
                elif isinstance(event, Mark):
                    cursor = event.cursor
                    cursors.append(int(cursor))
                    if most is not None and len(cursors) % 4 == most:
                        break
    return found, cursors


async def test_every_mark_in_a_long_walk_resumes_without_loss(http: Client) -> None:
    site = HackerNewsServer()
    wanted = [site.post("kindle" if number % 7 == 0 else "tea", after=0) for number in range(230)][::7]
    async with site.serving() as server:
        events = await _round(_source(server.base, http), "0")
        for place, mark in enumerate(events):
            if isinstance(mark, Mark):
                after = await _round(_source(server.base, http), mark.cursor)
                assert sorted(_ids(events[:place]) + _ids(after)) == wanted


async def test_after_a_long_stop_search_and_walk_together_find_everything_in_few_requests(http: Client) -> None:
    site = _recently()
    for number in range(SEARCH_ABOVE + 500):
        site.post("kindle" if number % 50 == 0 else "tea", after=10)
    site.unindexed = set(range(site.newest - 200, site.newest + 1))
    async with site.serving() as server:
        events = await _round(_source(server.base, http), "20")
        requests = len(server.requests)
    assert set(range(51, site.newest + 1, 50)) <= set(_ids(events))
    assert _last_mark(events).cursor == str(site.newest)
    assert not [event for event in events if isinstance(event, Gap)]
    assert requests < OVERLAP + 100


async def test_the_first_run_fills_back_a_day(http: Client) -> None:
    site = HackerNewsServer(start=int(time.time()) - 26 * 3600)
    for _ in range(2_600):
        site.post("kindle", after=36)
    async with site.serving() as server:
        default = await _round(_source(server.base, http), None)
        asked = await _round(_source(server.base, http), None, datetime.now(UTC) - timedelta(hours=20))
    day_ago, hours_ago = time.time() - 86_400, time.time() - 72_000
    assert {n for n, item in site.items.items() if item["time"] > day_ago} <= set(_ids(default))
    assert {n for n, item in site.items.items() if item["time"] > hours_ago} <= set(_ids(asked))
    assert min(_ids(asked)) > min(_ids(default)) > 1


@pytest.mark.parametrize(("burst", "gaps"), [(999, 0), (1_300, 1)], ids=["within the cap", "above the cap"])
async def test_more_hits_than_the_cap_are_found_second_by_second(burst: int, gaps: int, http: Client) -> None:
    site = _recently()
    wanted = [site.post("kindle", after=1 if number % 3 == 0 else 0) for number in range(1_200)]
    site.clock += 5_000
    wanted += [site.post("kindle", after=0) for _ in range(burst)]
    for _ in range(OVERLAP):
        site.post("tea", after=20)
    async with site.serving() as server:
        events = await _round(_source(server.base, http), "1")
    lost = set(wanted[1:]) - set(_ids(events))
    assert len(lost) == burst - min(burst, 1_000)
    assert len([event for event in events if isinstance(event, Gap)]) == gaps


async def test_where_search_stays_down_the_items_are_walked(http: Client) -> None:
    site = _recently()
    site.search_down = True
    wanted = [site.post("kindle", after=10) for _ in range(SEARCH_ABOVE + 10)]
    async with site.serving() as server:
        source = _source(server.base, http)
        for _ in range(2):
            with pytest.raises(Unreachable):
                await _round(source, "1")
        events = await _round(source, "1")
    assert _ids(events) == wanted[1:]


async def test_what_can_neither_be_searched_nor_walked_is_a_gap(http: Client) -> None:
    site = _recently()
    for _ in range(FAR + 100):
        site.post("kindle")
    async with site.serving() as server:
        source = _source(server.base, http, Interest((), lambda _: True))
        # Closed at the first Mark: walking twenty thousand items proves nothing more.
        async with aclosing(cast("Any", source.hear("50", None))) as events:
            gap, mark = await anext(events), await anext(events)
    assert gap.since == datetime.fromtimestamp(site.items[50]["time"], UTC)
    assert gap.until == datetime.fromtimestamp(site.items[100]["time"], UTC)
    assert mark == Mark("100")


async def test_edits_and_deletions_are_told(http: Client) -> None:
    site = HackerNewsServer()
    for text in ("kindle", "kindle", "tea", "kindle", "tea"):
        site.post(text)
    async with site.serving() as server:
        source = _source(server.base, http)
        cursor = _last_mark(await _round(source, "0")).cursor
        site.edit(1, text="My Kindle works again")
        site.delete(2)
        site.edit(3, text="I meant kindle")
        site.edit(4, dead=True)
        site.edit(5, text="coffee")
        events = await _round(source, cursor)
    edits = {event.post.id: event.post.text for event in events if isinstance(event, Edit)}
    assert edits == {"1": "My Kindle works again", "3": "I meant kindle"}
    deletions = {event.id: event.lasting for event in events if isinstance(event, Deletion)}
    assert deletions == {"2": True, "4": False}, "what was killed may be vouched for again"
    assert events[-1] == Mark(cursor)


async def test_an_edit_that_takes_the_word_away_is_told_too(http: Client) -> None:
    site = HackerNewsServer()
    site.post("kindle")
    async with site.serving() as server:
        source = _source(server.base, http)
        await _round(source, "0")
        site.edit(1, text="never mind")
        events = await _round(source, "1")
    assert [event.post.text for event in events if isinstance(event, Edit)] == ["never mind"]


@pytest.mark.parametrize("cursor", ["999999999999", "nonsense", "-5"])
async def test_a_cursor_that_cannot_be_true_does_not_blind_us(cursor: str, http: Client) -> None:
    site = _recently()
    site.post("kindle")
    async with site.serving() as server:
        assert set(_ids(await _round(_source(server.base, http), cursor))) == {1}


def test_terms_are_asked_as_phrases_each_once() -> None:
    wanted = (parse("#Kindle"), parse("kindle"), parse('"Hörbuch neu"'))
    assert queries_of(Interest(wanted)) == [
        '"hoerbuch neu"', '"hoerbuchneu"', '"hörbuch neu"', '"hörbuchneu"', '"kindle"',
    ]  # fmt: skip
    assert queries_of(Interest(tuple(parse(f"w{number}") for number in range(201)))) == []
