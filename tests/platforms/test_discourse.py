"""Discourse: ids with holes, two ways of paging, edits, what is taken back, and stops longer than a walk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from listen.errors import RateLimited, Refused
from listen.http import Client
from listen.platforms.discourse import Discourse, DiscourseOptions, Told, words_of
from listen.source import Source
from tests.platforms.rounds import Ear, deletions, edits, gaps, posts, texts
from tests.servers.answers import INTEREST, answers_of
from tests.servers.discourse import START, DiscourseForum
from tests.servers.scripted import Reply, ScriptedServer

RECORDED = Path(__file__).parents[3] / "shared/payloads/discourse"
SECOND, MINUTE, HOUR = (timedelta(seconds=n) for n in (1, 60, 3_600))
LATER = START + HOUR


def forum_at(base: str, http: Client) -> Source:
    [source] = Discourse(DiscourseOptions(forums=(base + "/",)), INTEREST, http).sources()
    return source


@pytest.fixture(params=["new", "old"])
async def forum(request: pytest.FixtureRequest, http: Client) -> AsyncIterator[tuple[DiscourseForum, Ear]]:
    """A forum of either version, with a hundred posts that were heard."""
    forum = DiscourseForum(old=request.param == "old")
    for number in range(100):
        forum.post(f"old {number}")
    async with ScriptedServer(forum) as server:
        ear = Ear(forum_at(server.base, http))
        assert len(posts(await ear.round(LATER))) == 100
        yield forum, ear


async def test_a_burst_over_pages_and_holes_is_heard_once(forum: tuple[DiscourseForum, Ear]) -> None:
    site, ear = forum
    for number in range(180):
        site.post(f"burst {number}", 300 + number * 3)
    assert texts(await ear.round(LATER + MINUTE)) == [f"burst {number}" for number in range(180)]
    assert [type(event).__name__ for event in await ear.round(LATER + 2 * MINUTE)] == ["Mark"]


async def test_a_hole_wider_than_a_page_ends_no_walk(forum: tuple[DiscourseForum, Ear]) -> None:
    site, ear = forum
    for number in (*range(400, 460), *range(700, 730)):
        site.post(f"post {number}", number)
    heard = await ear.round(LATER + MINUTE)
    assert len(texts(heard)) == 90
    assert not gaps(heard)


async def test_edits_are_told_once(forum: tuple[DiscourseForum, Ear]) -> None:
    site, ear = forum
    site.edit(90, "now about my Kindle")
    assert edits(await ear.round(LATER + MINUTE)) == ["now about my Kindle"]
    assert edits(await ear.round(LATER + 2 * MINUTE)) == []


async def test_what_is_hidden_is_taken_back_and_told_again_when_it_returns(forum: tuple[DiscourseForum, Ear]) -> None:
    site, ear = forum
    number = site.post("my Kindle, damn")
    [post] = posts(await ear.round(LATER))
    site.posts[number]["hidden"] = True
    assert post.id in deletions(await ear.round(LATER + MINUTE))
    site.posts[number]["hidden"] = False
    assert [again.id for again in posts(await ear.round(LATER + 2 * MINUTE))] == [post.id]


async def test_what_vanishes_from_between_others_is_taken_back(forum: tuple[DiscourseForum, Ear]) -> None:
    site, ear = forum
    [post] = [post for post in posts(await Ear(ear.source).round(LATER)) if post.text == "old 89"]
    del site.posts[90]
    assert deletions(await ear.round(LATER + MINUTE)) == [post.id]
    assert deletions(await ear.round(LATER + 2 * MINUTE)) == []


async def test_what_a_page_no_longer_reaches_is_not_taken_back(forum: tuple[DiscourseForum, Ear]) -> None:
    site, ear = forum
    for number in range(49):
        site.post(f"new {number}")
    assert deletions(await ear.round(LATER + MINUTE)) == []


@pytest.mark.parametrize("closed", [False, True], ids=["search", "closed search"])
async def test_a_stop_longer_than_a_walk_is_searched_for_or_told(http: Client, *, closed: bool) -> None:
    forum = DiscourseForum(closed_search=closed)
    forum.post("first")
    async with ScriptedServer(forum) as server:
        ear = Ear(forum_at(server.base, http))
        await ear.round(START + MINUTE)
        forum.post("my kindle in the middle of nowhere", at=START + 2 * MINUTE)
        for number in range(2_100):
            forum.post(f"burst {number}", at=START + HOUR + number * SECOND)
        heard = await ear.round(START + 3 * HOUR)
        asked = [request.target for request in server.requests if request.path == "/search.json"]
    assert ("my kindle in the middle of nowhere" in texts(heard)) is not closed
    assert len(gaps(heard)) == int(closed)
    assert asked[0].endswith("q=kindle+order%3Alatest+after%3A2026-11-22&page=1")


async def test_a_forum_for_members_refuses_and_its_limits_are_understood(http: Client) -> None:
    async def problem_with(status: int, body: bytes, kind: str, **headers: str) -> Exception | None:
        told = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with ScriptedServer(lambda _: Reply(status=status, body=body, headers=told)) as server:
            ear = Ear(forum_at(server.base, http))
            await ear.round(LATER)
            return ear.problem

    members = b'{"errors": ["You need to be logged in to do that."], "error_type": "not_logged_in"}'
    refused = await problem_with(403, members, "application/json")
    assert isinstance(refused, Refused)
    assert "You need to be logged in" in str(refused)
    often = b'{"errors": ["too many times"], "error_type": "rate_limit", "extras": {"wait_seconds": 9}}'
    plainly = (
        b"Slow down, you're making too many requests.\nPlease retry again in 7 seconds.\nError code: ip_10_secs_limit."
    )
    for body, kind, seconds in ((often, "application/json", 9), (plainly, "text/plain", 7)):
        limited = await problem_with(429, body, kind)
        assert isinstance(limited, RateLimited)
        assert limited.wait == timedelta(seconds=seconds)


async def test_the_authors_own_words_are_heard_and_not_those_that_they_quote(http: Client) -> None:
    async with ScriptedServer(answers_of("discourse").reply) as server:
        first, reply = posts(await Ear(forum_at(server.base, http)).round(LATER, START))
        base = server.base
    assert (reply.text, reply.title) == ("My Kindle & its cover :sob: see kindle", "Readers that freeze & fail")
    assert (reply.kind, reply.hashtags, reply.likes) == ("comment", ("kindle",), 4)
    assert reply.url == f"{base}/t/readers-that-freeze/1207/3"
    assert reply.parent == f"{base}/t/readers-that-freeze/1207/2"
    assert (first.kind, first.parent, first.edited_at, first.author) == ("post", None, None, "tolle")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<aside>b<ASIDE>c</aside>d</aside >e", "ae"),
        ("a<aside>left open", "a"),
        ("a</aside>b", "ab"),
        ("<asides>a</asides>", "a"),
        ("<aside>" * 20_000 + "a", ""),
    ],
)
def test_asides_go_however_they_are_written(html: str, text: str) -> None:
    assert words_of(Told(1, 1, 1, "anna", "", cooked=html)).text == text


def test_without_markup_the_raw_text_is_taken() -> None:
    assert words_of(Told(1, 1, 1, "anna", "", raw=" my #kindle ")).text == "my #kindle"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not at hand")
async def test_recorded_pages_become_posts(http: Client) -> None:
    def reply(request: object) -> Reply:
        name = "posts_before" if "before" in str(request) else "posts_latest"
        return Reply(body=(RECORDED / f"{name}.json").read_bytes())

    async with ScriptedServer(reply) as server:
        heard = posts(await Ear(forum_at(server.base, http)).round(LATER, START - timedelta(days=5_000)))
    told = [post for name in ("posts_latest", "posts_before") for post in msgspec.json.decode(
        (RECORDED / f"{name}.json").read_bytes())["latest_posts"]]  # fmt: skip
    assert {post.id.rpartition("/")[2] for post in heard} == {str(post["id"]) for post in told}
    assert {post.text for post in heard} >= {"holla bullhonky."}
    assert all(post.posted_at and post.title and post.author for post in heard)


@settings(max_examples=25, deadline=None)
@given(
    rounds=some.lists(some.lists(some.integers(1, 60), max_size=90), min_size=1, max_size=4),
    old=some.booleans(),
)
def test_whatever_is_posted_is_heard_once(rounds: list[list[int]], *, old: bool) -> None:
    async def all_rounds() -> None:
        forum = DiscourseForum(old=old)
        forum.post("first")
        async with ScriptedServer(forum) as server, Client(patience=10) as http:
            heard = texts(await Ear(forum_at(server.base, http)).round(LATER))
            ear = Ear(forum_at(server.base, http))
            heard = texts(await ear.round(LATER))
            for number, steps in enumerate(rounds):
                ear.source = forum_at(server.base, http)  # as after a restart
                for step in steps:
                    forum.post(f"{number}", max(forum.posts) + step, at=LATER)
                heard += texts(await ear.round(LATER + (number + 1) * MINUTE))
        assert len(heard) == len(forum.posts)

    asyncio.run(all_rounds())


async def test_an_address_without_a_scheme_is_named() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"'forum\.example\.com' is not an address"):
        msgspec.convert({"forums": ["forum.example.com"]}, DiscourseOptions)
