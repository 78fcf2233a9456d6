"""Tumblr with a key: pages before a second, which are not quite sorted, and what posts of both formats say."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listen.errors import RateLimited, Refused
from listen.http import Client, Secret
from listen.platforms.tumblr import Tumblr, TumblrOptions
from listen.platforms.tumblr.contents import post_of
from listen.platforms.tumblr.tagged import Tagged, rest_of
from listen.post import Edit, Event, Gap, Mark, Post
from listen.query import parse
from listen.source import Interest, Source
from listen.when import CLOCK
from tests.servers.scripted import Reply, ScriptedServer
from tests.servers.tumblr import TumblrServer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
T = int(NOON.timestamp())
RECORDED = Path(__file__).parents[3] / "shared" / "payloads" / "tumblr"
KEY = Secret("hush-key", "test")


@pytest.fixture
async def tumblr() -> AsyncIterator[TumblrServer]:
    async with TumblrServer() as running:
        yield running


def tagged(base: str, http: Client, key: Secret = KEY) -> Tagged:
    return Tagged("kindle", key, f"{base}/v2", timedelta(minutes=2), http)


async def heard(of: Source, cursor: str | None = None, at: datetime = NOON) -> tuple[list[Event], str]:
    token = CLOCK.set(lambda: at)
    try:
        events = [event async for event in of.hear(cursor, None)]
    finally:
        CLOCK.reset(token)
    return events, [event.cursor for event in events if isinstance(event, Mark)][-1]


def numbers(events: list[Event]) -> list[int]:
    return sorted(int(event.id) for event in events if isinstance(event, Post))


def gaps(events: list[Event]) -> list[Gap]:
    return [event for event in events if isinstance(event, Gap)]


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


async def test_every_post_is_heard_once(tumblr: TumblrServer, http: Client) -> None:
    source = tagged(tumblr.base, http)
    tumblr.posts = [(T - 60 * number, number) for number in range(1, 90)]
    events, cursor = await heard(source)
    assert numbers(events) == list(range(1, 90))
    events, _ = await heard(source, cursor, later(60))
    assert numbers(events) == []
    assert not gaps(events)


@pytest.mark.parametrize("burst", [1, 15, 19])
async def test_posts_of_one_second_across_a_page_are_all_heard(burst: int, tumblr: TumblrServer, http: Client) -> None:
    source = tagged(tumblr.base, http)
    _, cursor = await heard(source)
    tumblr.posts = [(T + 50 + number, number) for number in range(1, 13)]
    tumblr.posts += [(T + 50, 100 + number) for number in range(burst)]
    tumblr.posts += [(T + 10 + number, 200 + number) for number in range(30)]
    events, _ = await heard(source, cursor, later(100))
    assert numbers(events) == sorted(number for _, number in tumblr.posts)
    assert not gaps(events)


async def test_more_posts_in_a_second_than_a_page_holds_are_a_gap_told_once(tumblr: TumblrServer, http: Client) -> None:
    source = tagged(tumblr.base, http)
    _, cursor = await heard(source)
    tumblr.posts = [(T + 50, number) for number in range(1, 30)] + [(T + 40, 99)]
    events, cursor = await heard(source, cursor, later(100))
    assert 99 in numbers(events)
    assert len(numbers(events)) == 21
    assert [(gap.since, gap.until) for gap in gaps(events)] == [(later(50), later(51))]
    events, _ = await heard(source, cursor, later(200))
    assert not gaps(events)


async def test_an_old_post_on_every_page_does_not_end_the_walk(http: Client) -> None:
    async with TumblrServer(jumps=True) as tumblr:
        source = tagged(tumblr.base, http)
        tumblr.posts = [(T - 100_000_000, 1)]
        _, cursor = await heard(source)
        tumblr.posts += [(T + number, 1_000 + number) for number in range(150)]
        events, _ = await heard(source, cursor, later(200))
    assert [number for number in numbers(events) if number >= 1_000] == list(range(1_000, 1_150))


async def test_an_empty_page_is_leapt_over(tumblr: TumblrServer, http: Client) -> None:
    source = tagged(tumblr.base, http)
    _, cursor = await heard(source)
    hours = 3_600
    tumblr.posts = [(T + 20 * hours - number, number) for number in range(1, 21)]
    tumblr.posts += [(T + 3 * hours - number, 100 + number) for number in range(1, 21)]
    tumblr.holes = [(T + 10 * hours, T + 20 * hours - 10)]
    events, _ = await heard(source, cursor, NOON + timedelta(hours=20))
    assert numbers(events) == sorted(number for _, number in tumblr.posts)


async def test_a_late_post_and_an_edit_are_heard(tumblr: TumblrServer, http: Client) -> None:
    source = tagged(tumblr.base, http)
    tumblr.posts = [(T - 10 * number, number) for number in range(1, 40)]
    _, cursor = await heard(source)
    tumblr.posts.append((T - 1_000, 500))
    tumblr.texts[3] = "it is dead"
    events, _ = await heard(source, cursor, later(120))
    assert numbers(events) == [500]
    assert [event.post.text for event in events if isinstance(event, Edit)] == ["it is dead"]


async def test_a_restart_from_any_mark_loses_nothing(tumblr: TumblrServer, http: Client) -> None:
    source, cursors = tagged(tumblr.base, http), list[str]()
    for minute in range(5):
        tumblr.posts += [(T + 60 * minute - 1, 100 * minute + number) for number in range(1, 16)]
        _, cursor = await heard(source, cursors[-1] if cursors else None, later(60 * minute))
        cursors.append(cursor)
    for known, cursor in enumerate(cursors):
        events, _ = await heard(source, cursor, later(400))
        assert numbers(events) == [100 * minute + n for minute in range(known + 1, 5) for n in range(1, 16)]


async def test_a_wrong_key_is_refused_and_not_shown(tumblr: TumblrServer, http: Client) -> None:
    with pytest.raises(Refused) as problem:
        await tagged(tumblr.base, http, Secret("hush-other", "test")).check()
    assert "hush" not in str(problem.value)


def test_a_key_is_enough_for_all_tags_of_a_day() -> None:
    assert rest_of(1) == timedelta(minutes=2)
    assert all(timedelta(days=1) / rest_of(tags) * tags <= 4_000 for tags in (1, 10, 100))


def test_sources_are_the_tags_then_the_blogs() -> None:
    interest = Interest((parse('#Kindle OR "Kindle Paperwhite"'),))
    chosen = TumblrOptions(key=KEY, blogs=("staff",))
    names = [source.name for source in Tumblr(chosen, interest, Client()).sources()]
    assert names[0].startswith("#")
    assert "#kindle" in [name.lower() for name in names]
    assert names[-1] == "staff"
    assert not any("hush" in name for name in names)


RAW = {"id": 7, "blog_name": "anna", "timestamp": T}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, {"text": "a\n\nb"}),
        ({"content": [{"type": "image", "alt_text": "A Kindle", "media": [{"url": "https://a.example/b"}]}]},
         {"text": "", "alt_texts": ("A Kindle",), "links": ()}),
        ({"content": [{"type": "link", "url": "https://a.example", "title": "T", "description": "D"}]},
         {"text": "T\n\nD", "links": ("https://a.example",)}),
        ({"content": [{"type": "poll", "question": "Q?", "answers": [{"answer_text": "Kindle"}]}]},
         {"text": "Q?\n\nKindle"}),
        ({"content": [{"type": "hologram", "text": "new"}]}, {"text": "new"}),
        ({"content": [{"type": "text", "text": "own"}], "trail": [{"content": [{"type": "text", "text": "theirs"}],
          "post": {"id": "5"}}]}, {"text": "own", "kind": "quote", "parent": "5"}),
        ({"content": [], "trail": [{"content": [{"type": "text", "text": "one"}], "post": {"id": "4"}},
          {"content": [{"type": "text", "text": "two"}], "post": {"id": "5"}}]},
         {"text": "one\n\ntwo", "kind": "repost", "parent": "5"}),
        ({"content": [{"type": "text", "text": "own"}], "trail": [{"broken_blog_name": "x", "content": []}]},
         {"text": "own", "kind": "quote", "parent": None}),
        ({"type": "text", "title": "A &amp; b", "body": "<p>c</p>"}, {"title": "A & b", "text": "c"}),
        ({"type": "answer", "question": "Which?", "answer": "<p>This</p>"}, {"text": "Which?\n\nThis"}),
        ({"type": "photo", "caption": "<blockquote>theirs</blockquote><p>own</p>", "reblog": {"comment": "<p>own</p>"},
          "trail": [{"content": "<p>theirs</p>", "post": {"id": "5"}}, {"is_current_item": True, "content": "own"}]},
         {"text": "own", "kind": "quote", "parent": "5"}),
        ({"tags": ["kindle paperwhite", "#kindle", 7, "", "kindle"]}, {"hashtags": ("kindle paperwhite", "kindle")}),
        ({"note_count": 900}, {"likes": None, "reposts": None}),
        ({"timestamp": 1e30, "post_url": "javascript:x", "trail": "x", "content": 7, "tags": None},
         {"posted_at": None, "url": None, "text": ""}),
    ],
)  # fmt: skip
def test_a_post_is_what_its_blocks_say(more: dict[str, Any], expected: dict[str, Any]) -> None:
    post = post_of({**RAW, **more})
    assert post is not None
    assert {name: getattr(post, name) for name in expected} == expected


@pytest.mark.parametrize("number", [None, "x", -1, "1" * 30])
def test_a_post_without_a_number_is_none(number: object) -> None:
    assert post_of({**RAW, "id": number}) is None


def test_a_number_of_64_bits_is_kept_whole() -> None:
    post = post_of({**RAW, "id": 790_000_000_000_000_001, "id_string": "790000000000000001"})
    assert post is not None
    assert post.id == "790000000000000001"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the payloads are not at hand")
def test_recorded_posts_are_read() -> None:
    raws = json.loads((RECORDED / "tagged_derived.json").read_bytes())["response"]
    posts = [post_of(raw) for raw in raws]
    assert all(post and post.text and post.hashtags and post.url and post.kind == "post" for post in posts)


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the payloads are not at hand")
async def test_the_hour_that_is_used_up_is_waited_for(http: Client) -> None:
    told = {"x-ratelimit-perhour-remaining": "0", "x-ratelimit-perhour-reset": "1501",
            "x-ratelimit-perday-remaining": "4000", "x-ratelimit-perday-reset": "50000"}  # fmt: skip
    body = (RECORDED / "error_429.json").read_bytes()
    async with ScriptedServer(lambda _: Reply(status=429, body=body, headers=told)) as server:
        with pytest.raises(RateLimited) as problem:
            await tagged(server.base, http).check()
    assert problem.value.wait == timedelta(seconds=1_501)
