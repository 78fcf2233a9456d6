"""Listings: whatever a network shows between two rounds is heard, once, in whatever order it came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from listen.errors import Unreachable
from listen.listing import MOST_SEEN, Listing, Page, recalled
from listen.post import Deletion, Edit, Event, Gap, Mark, Post
from listen.when import CLOCK

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3_600, 86_400))


def post(name: str, at: datetime | None, text: str = "kindle") -> Post:
    return Post(platform="board", id=name, url=None, author="anna", text=text, posted_at=at)


class Board(Listing):
    """A network of our own. `posts` are kept as they arrived; pages count from the newest."""

    name = "board"

    def __init__(self, order: Literal["arrival", "date", "loose"], size: int = 10, shows: int = 10**9) -> None:
        self.order = order
        self.size = size
        self.shows = shows
        self.posts: list[Post] = []
        self.breaks_at: int | None = None
        self.asked = 0
        self.cursor: str | None = None

    async def page(self, place: str | None) -> Page:
        self.asked += 1
        if self.asked == self.breaks_at:
            raise Unreachable("board.example closed the connection")
        shown = self.posts[::-1]
        if self.order == "date":
            shown.sort(key=lambda post: post.posted_at or NOON, reverse=True)
        begin = int(place or 0)
        end = min(begin + self.size, self.shows)
        more = str(end) if end < min(len(shown), self.shows) else None
        cut = f"board.example shows no more than {self.shows}" if end == self.shows else None
        return Page(shown[begin:end], next=more, cut=cut)

    async def round(self, at: datetime = NOON, since: datetime | None = None) -> list[Event]:
        """What a round at that time brings; the next one resumes from its mark."""
        token, events = CLOCK.set(lambda: at), list[Event]()
        self.asked = 0
        try:
            heard: AsyncIterator[Event] = self.hear(self.cursor, since)
            async for event in heard:
                events.append(event)
                if isinstance(event, Mark):
                    self.cursor = event.cursor
        except Unreachable:
            pass
        finally:
            CLOCK.reset(token)
        return events


def names(events: list[Event]) -> list[str]:
    return [event.id for event in events if isinstance(event, Post)]


def gaps(events: list[Event]) -> list[Gap]:
    return [event for event in events if isinstance(event, Gap)]


@pytest.fixture(params=["arrival", "date", "loose"])
async def board(request: pytest.FixtureRequest) -> Board:
    """A board with one post that was heard at noon."""
    board = Board(request.param)
    board.posts.append(post("first", NOON - MINUTE))
    assert names(await board.round()) == ["first"]
    return board


async def test_what_is_known_does_not_come_again(board: Board) -> None:
    assert names(await board.round(NOON + MINUTE)) == []


async def test_posts_of_the_same_second_are_all_heard(board: Board) -> None:
    board.posts += [post(f"twin {n}", NOON) for n in range(3)]
    assert names(await board.round(NOON)) == ["twin 0", "twin 1", "twin 2"]
    board.posts += [post(f"late twin {n}", NOON) for n in range(3)]
    assert sorted(names(await board.round(NOON + SECOND))) == ["late twin 0", "late twin 1", "late twin 2"]


async def test_a_post_back_dated_by_11_seconds_is_heard(board: Board) -> None:
    board.posts.append(post("new", NOON))
    await board.round(NOON + SECOND)
    board.posts.append(post("back-dated", NOON - 10 * SECOND))
    assert names(await board.round(NOON + 2 * SECOND)) == ["back-dated"]


async def test_a_burst_of_1200_posts_is_paged_through(board: Board) -> None:
    board.size, board.most_pages = 100, 50
    board.posts += [post(f"burst {n}", NOON + n * SECOND / 100) for n in range(1_200)]
    events = await board.round(NOON + MINUTE)
    assert names(events) == [f"burst {n}" for n in range(1_200)]
    assert not gaps(events)


async def test_a_burst_of_more_pages_than_are_read_is_a_gap(board: Board) -> None:
    board.most_pages = 5
    board.posts += [post(f"burst {n}", NOON + n * SECOND) for n in range(200)]
    [gap] = gaps(await board.round(NOON + HOUR))
    assert (gap.since, gap.until) == (NOON, NOON + 150 * SECOND)
    assert "5 pages" in gap.why


async def test_300_new_posts_in_a_listing_of_the_newest_100_are_a_gap(board: Board) -> None:
    board.size = board.shows = 100
    board.posts += [post(f"burst {n}", NOON + n * SECOND) for n in range(300)]
    events = await board.round(NOON + HOUR)
    assert len(names(events)) == 100
    assert [(gap.since, gap.until) for gap in gaps(events)] == [(NOON, NOON + 200 * SECOND)]


async def test_99_new_posts_in_a_listing_of_the_newest_100_are_none(board: Board) -> None:
    board.size = board.shows = 100
    board.posts += [post(f"burst {n}", NOON + n * SECOND) for n in range(99)]
    assert not gaps(await board.round(NOON + HOUR))


async def test_a_post_dated_2036_blinds_nothing(board: Board) -> None:
    board.posts.append(post("future", NOON + 3_650 * DAY))
    assert names(await board.round(NOON + MINUTE)) == ["future"]
    board.posts += [post(f"after {n}", NOON + MINUTE + n * SECOND) for n in range(30)]
    assert len(names(await board.round(NOON + HOUR))) == 30
    board.size = board.shows = 10
    board.posts += [post(f"many {n}", NOON + HOUR + n * SECOND) for n in range(30)]
    assert gaps(await board.round(NOON + 2 * HOUR))


async def test_an_edit_is_told_once(board: Board) -> None:
    board.posts[0] = post("first", NOON - MINUTE, "kindle, mended")
    [edit, _] = await board.round(NOON + MINUTE)
    assert isinstance(edit, Edit)
    assert edit.post.text == "kindle, mended"
    assert len(await board.round(NOON + 2 * MINUTE)) == 1


async def test_the_first_round_begins_where_it_is_told_to(board: Board) -> None:
    fresh = Board(board.order)
    fresh.posts = [post(f"day {n}", NOON - n * DAY) for n in range(40, 0, -1)]
    assert names(await fresh.round(NOON, NOON - 3 * DAY)) == ["day 3", "day 2", "day 1"]
    assert fresh.asked == 1
    fresh.posts.append(post("new", NOON))
    assert names(await fresh.round(NOON + MINUTE)) == ["new"]


async def test_a_walk_that_breaks_tells_what_it_has_and_is_walked_again(board: Board) -> None:
    board.posts += [post(f"burst {n}", NOON + n * SECOND) for n in range(30)]
    board.breaks_at = 3
    before = board.cursor
    assert names(await board.round(NOON + MINUTE)) == [f"burst {n}" for n in range(10, 30)]
    assert board.cursor == before
    board.breaks_at = None
    assert names(await board.round(NOON + MINUTE)) == [f"burst {n}" for n in range(30)]


@pytest.mark.parametrize("step", [-5 * HOUR, 5 * HOUR], ids=["back", "forth"])
async def test_a_clock_that_was_moved_loses_nothing(board: Board, step: timedelta) -> None:
    board.posts.append(post("before", NOON))
    await board.round(NOON + step)
    board.posts += [post(f"after {n}", NOON + MINUTE + n * SECOND) for n in range(25)]
    events = await board.round(NOON + 2 * MINUTE)
    assert len(names(events)) == 25
    assert not gaps(events)


async def test_a_post_that_was_let_through_late_under_its_old_date_is_heard_within_the_hour() -> None:
    by_date = Board("date", size=2)
    by_date.deep = 7 * DAY
    by_date.posts = [post(f"day {n}", NOON - n * DAY) for n in range(30, 0, -1)]
    await by_date.round(NOON, NOON - 6 * DAY)
    by_date.posts += [post("held back", NOON - 5 * DAY), post("from before", NOON - 7 * DAY)]
    assert names(await by_date.round(NOON + MINUTE)) == []
    assert by_date.asked == 1
    assert names(await by_date.round(NOON + HOUR)) == ["held back"]
    assert by_date.back_to == NOON - DAY - 7 * DAY  # a week before the newest date
    assert names(await by_date.round(NOON + HOUR + MINUTE)) == []


async def test_a_listing_by_date_of_change_reads_on_past_old_posts_that_were_edited() -> None:
    class Changed(Board):
        def dated(self, post: Post) -> datetime | None:
            return post.edited_at or post.posted_at

        async def page(self, place: str | None) -> Page:
            self.posts.sort(key=lambda post: post.edited_at or post.posted_at or NOON)
            self.order = "arrival"  # the board shows them as they stand
            page = await super().page(place)
            self.order = "date"
            return page

    changed = Changed("date", size=2)
    await changed.round(NOON)
    changed.posts = [post(f"new {n}", NOON + n * MINUTE) for n in range(5)]
    old = [post(f"old {n}", NOON - 900 * DAY) for n in range(3)]
    changed.posts += [msgspec.structs.replace(post, edited_at=NOON + 7 * MINUTE) for post in old]
    heard = names(await changed.round(NOON + 8 * MINUTE))
    assert sorted(heard) == ["new 0", "new 1", "new 2", "new 3", "new 4", "old 0", "old 1", "old 2"]


async def test_a_listing_that_leads_in_a_circle_ends(board: Board) -> None:
    class Circle(Board):
        async def page(self, place: str | None) -> Page:
            page = await super().page(None)
            return Page(page.posts, next="1")

    circle = Circle("arrival")
    circle.posts = [post("only", NOON)]
    async with asyncio.timeout(5):
        await circle.round()
    assert circle.asked == 2


async def test_memory_is_bounded_and_a_cursor_of_another_time_is_a_fresh_one() -> None:
    board = Board("arrival", size=500)
    board.posts = [post(f"{n}", NOON) for n in range(MOST_SEEN + 700)]
    await board.round()
    assert len(recalled(board.cursor).posts) == MOST_SEEN
    assert recalled("41 years").posts == recalled('{"posts": 3}').posts == {}


async def test_deletions_are_told(board: Board) -> None:
    class Honest(Board):
        async def page(self, place: str | None) -> Page:
            return Page([], deletions=[Deletion(platform="board", id="first")])

    assert any(isinstance(event, Deletion) for event in await Honest("date").round())


@given(
    rounds=some.lists(some.lists(some.integers(-3_000, 3_000), max_size=30), min_size=1, max_size=6),
    order=some.sampled_from(["arrival", "date", "loose"]),
    size=some.integers(1, 12),
)
def test_every_post_is_heard_once_whatever_date_within_the_overlap_it_claims(
    rounds: list[list[int]], order: Literal["arrival", "date", "loose"], size: int
) -> None:
    async def all_rounds() -> None:
        board, heard = Board(order, size), list[str]()
        board.most_pages = 1_000
        await board.round(NOON)
        for number, offsets in enumerate(rounds, 1):
            at = NOON + number * MINUTE
            board.posts += [post(f"{number} {n}", at + off * SECOND) for n, off in enumerate(offsets)]
            heard += names(await board.round(at))
        assert sorted(heard) == sorted(post.id for post in board.posts)

    asyncio.run(all_rounds())


async def test_what_was_taken_back_and_is_shown_again_is_told_again() -> None:
    class Moderated(Board):
        hides = False

        async def page(self, place: str | None) -> Page:
            page = await super().page(place)
            hidden = [Deletion(platform="board", id="first", lasting=False)]
            return Page([], deletions=hidden) if self.hides else page

    board = Moderated("arrival")
    board.posts = [post("first", NOON)]
    assert names(await board.round()) == ["first"]
    board.hides = True
    assert [type(event) for event in await board.round(NOON + MINUTE)] == [Deletion, Mark]
    board.hides = False
    assert names(await board.round(NOON + 2 * MINUTE)) == ["first"]


async def test_a_page_may_say_how_far_back_it_goes_though_its_posts_do_not() -> None:
    class Threads(Board):
        """Ten discussions a page by their last comment, an hour apart; only the last one on a page has a post."""

        async def page(self, place: str | None) -> Page:
            number = int(place or 0)
            self.asked += 1
            newest, oldest = (NOON - (10 * number + last) * HOUR for last in (0, 9))
            return Page([post(f"thread {number}", oldest - 90 * DAY)], next=str(number + 1), span=(oldest, newest))

    threads = Threads("date")
    await threads.round(NOON, NOON - 25 * HOUR)
    assert threads.asked == 3
    assert threads.back_to == NOON - 25 * HOUR
    await threads.round(NOON + MINUTE)
    assert threads.asked == 1
