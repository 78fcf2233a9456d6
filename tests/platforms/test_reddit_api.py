"""Reddit by its API: tokens, listings walked from the newest on, and what becomes of posts afterwards."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listen.errors import BadAnswer, RateLimited, Refused
from listen.http import Client, Secret
from listen.http.rate import windows_from
from listen.platforms.reddit import Reddit, RedditOptions
from listen.platforms.reddit.things import thing_of
from listen.post import Deletion, Edit, Event, Gap, Mark, Post
from listen.query import parse
from listen.source import Interest, Source
from listen.when import CLOCK
from tests.servers.reddit import ID, SECRET, USER, RedditServer
from tests.servers.scripted import Reply, ScriptedServer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECORDED = Path(__file__).parents[3] / "shared" / "payloads" / "reddit"
INTEREST = Interest((parse("kindle OR tolino"),), lambda text: "kindle" in text.lower() or "tolino" in text.lower())
KEY = {"client_id": ID, "client_secret": SECRET, "user": USER}


@pytest.fixture
async def reddit() -> AsyncIterator[RedditServer]:
    async with RedditServer() as running:
        yield running


def sources(base: str, http: Client, **more: Any) -> dict[str, Source]:
    told = {"url": base, "api": base, "subreddits": ["kindle"], **KEY, **more}
    chosen = msgspec.convert(told, RedditOptions, dec_hook=secret)
    return {source.name: source for source in Reddit(chosen, INTEREST, http).sources()}


def secret(_: type, value: str) -> Secret:
    return Secret(value, "test")


async def heard(of: Source, cursor: str | None = None, at: datetime = NOON) -> tuple[list[Event], str]:
    token = CLOCK.set(lambda: at)
    try:
        events = [event async for event in of.hear(cursor, None)]
    finally:
        CLOCK.reset(token)
    return events, [event.cursor for event in events if isinstance(event, Mark)][-1]


def names(events: list[Event]) -> list[str]:
    return [event.id for event in events if isinstance(event, Post)]


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


async def test_posts_comments_and_a_search_are_a_listing_each(reddit: RedditServer, http: Client) -> None:
    reddit.post("t3_a", "My kindle is dead", later(-5))
    reddit.post("t1_b", "So is mine", later(-4), link_title="My kindle is dead", parent_id="t3_a")
    found = sources(reddit.base, http)
    assert list(found) == ["r/kindle", "comments of r/kindle", "search: kindle OR tolino"]
    all_heard = [names((await heard(source))[0]) for source in found.values()]
    assert all_heard == [["t3_a"], ["t1_b"], ["t3_a"]]  # one mention, as its name is its id
    assert reddit.granted == 1


async def test_a_token_that_is_not_known_any_more_is_fetched_once(http: Client) -> None:
    async with RedditServer(lives=2) as reddit:
        source = sources(reddit.base, http)["r/kindle"]
        for _ in range(5):
            await heard(source)
        assert reddit.granted == 3
        await heard(source)
        reddit.lives = 0
        with pytest.raises(Refused):
            await heard(source)
        assert reddit.granted == 4


async def test_a_token_is_not_used_up_to_its_end(http: Client) -> None:
    async with RedditServer() as reddit:
        reddit.expires_in = 30
        source = sources(reddit.base, http)["r/kindle"]
        await heard(source)
        await heard(source)
        assert reddit.granted == 2


async def test_a_wrong_key_says_where_to_look(reddit: RedditServer, http: Client) -> None:
    source = sources(reddit.base, http, client_secret="hush-wrong")["r/kindle"]
    with pytest.raises(Refused, match=r"client_id with this client_secret; look at both at .*on approval") as problem:
        await source.check()
    assert "hush" not in str(problem.value)
    assert len(reddit.requests) == 1


async def test_a_token_that_a_server_repeats_is_not_repeated(http: Client) -> None:
    def reply(request: Any) -> Reply:
        if request.path.endswith("access_token"):
            return Reply(body=b'{"access_token": "hush-token", "expires_in": 86400}')
        return Reply(status=403, body=b'{"message": "hush-token may not"}')

    async with ScriptedServer(reply) as server:
        source = sources(server.base, http)["r/kindle"]
        with pytest.raises(Refused) as problem:
            await source.check()
    assert "may not" in str(problem.value)
    assert "hush" not in str(problem.value)


async def test_an_installed_application_has_no_secret(http: Client) -> None:
    bodies: list[bytes] = []

    def reply(request: Any) -> Reply:
        bodies.append(request.body)
        return Reply(status=500)

    async with ScriptedServer(reply) as server:
        source = sources(server.base, http, client_secret=None)["r/kindle"]
        with pytest.raises(Exception, match="error of its own"):
            await source.check()
    assert b"installed_client&device_id=" in bodies[0]


@pytest.mark.parametrize("burst", [1, 99, 100, 101, 650])
async def test_a_burst_is_paged_through_each_post_once(burst: int, reddit: RedditServer, http: Client) -> None:
    source = sources(reddit.base, http)["comments of r/kindle"]
    reddit.post("t1_first", "kindle", later(-1))
    _, cursor = await heard(source)
    for number in range(burst):  # all in the same second
        reddit.post(f"t1_{number}", "kindle", later(1))
    events, cursor = await heard(source, cursor, later(2))
    assert sorted(names(events)) == sorted(f"t1_{number}" for number in range(burst))
    assert not [event for event in events if isinstance(event, Gap)]
    events, _ = await heard(source, cursor, later(3))
    assert names(events) == []


async def test_more_than_a_listing_shows_is_a_gap(reddit: RedditServer, http: Client) -> None:
    source = sources(reddit.base, http)["comments of r/kindle"]
    reddit.post("t1_first", "kindle", later(-1))
    _, cursor = await heard(source)
    for number in range(1_200):
        reddit.post(f"t1_{number}", "kindle", later(1 + number / 1_000))
    events, _ = await heard(source, cursor, later(3))
    assert len(names(events)) == 1_000
    (gap,) = [event for event in events if isinstance(event, Gap)]
    assert gap.why == "Reddit shows no more than its newest 1,000"
    assert (gap.since, gap.until) == (NOON, later(1.2))


async def test_a_listing_that_breaks_off_where_a_post_was_deleted_is_a_gap(reddit: RedditServer, http: Client) -> None:
    source = sources(reddit.base, http)["r/kindle"]
    reddit.post("t3_first", "kindle", later(-1))
    _, cursor = await heard(source)
    for number in range(150):
        reddit.post(f"t3_{number}", "kindle", later(1 + number / 100))
    deleting = reddit.script

    def reply(request: Any) -> Reply:
        if "after" in request.query:
            reddit.delete(request.query["after"])
        return deleting(request)

    reddit.script = reply
    events, cursor = await heard(source, cursor, later(3))
    assert [event.why for event in events if isinstance(event, Gap)] == ["Reddit's listing broke off"]
    assert len(names(events)) == 100


async def test_what_moderators_let_through_late_is_found_within_the_hour(reddit: RedditServer, http: Client) -> None:
    source = sources(reddit.base, http)["r/kindle"]
    for number in range(300):
        reddit.post(f"t3_{number}", "kindle", later(-2 * number))
    reddit.hidden = {"t3_299"}  # ten hours old
    events, cursor = await heard(source)
    assert "t3_299" not in names(events)
    reddit.hidden = set()
    events, cursor = await heard(source, cursor, later(61))
    assert names(events) == ["t3_299"]
    assert not [event for event in events if isinstance(event, Gap)]


async def test_a_crash_anywhere_repeats_but_never_loses(reddit: RedditServer, http: Client) -> None:
    source = sources(reddit.base, http)["r/kindle"]
    cursors: list[str | None] = [None]
    for minute in range(5):
        for number in range(40):
            reddit.post(f"t3_{minute}x{number}", "kindle", later(minute - 0.5))
        _, cursor = await heard(source, cursors[-1], later(minute))
        cursors.append(cursor)
    for known, mark in enumerate(cursors):
        events, _ = await heard(source, mark, later(5))
        wanted = {f"t3_{minute}x{number}" for minute in range(known, 5) for number in range(40)}
        assert wanted <= set(names(events))


async def test_edits_are_heard_within_the_overlap_and_later_by_asking(reddit: RedditServer, http: Client) -> None:
    source = sources(reddit.base, http)["comments of r/kindle"]
    reddit.post("t1_a", "kindle dead", later(-1))
    _, cursor = await heard(source)
    reddit.post("t1_a", "kindle dead, solved", later(-1), edited=later(0.5).timestamp())
    events, cursor = await heard(source, cursor, later(1))
    (edit,) = [event for event in events if isinstance(event, Edit)]
    assert (edit.post.text, edit.post.edited_at) == ("kindle dead, solved", later(0.5))
    reddit.post("t1_a", "kindle, solved", later(-1), edited=later(1_000).timestamp())
    events, cursor = await heard(source, cursor, later(2_000))
    assert [event.post.text for event in events if isinstance(event, Edit)] == ["kindle, solved"]
    events, cursor = await heard(source, cursor, later(2_061))
    assert not [event for event in events if isinstance(event, Edit)]


async def test_what_is_deleted_is_told_within_the_hour_however_old(reddit: RedditServer, http: Client) -> None:
    source = sources(reddit.base, http)["r/kindle"]
    for number in range(250):
        reddit.post(f"t3_{number}", f"kindle {number}", later(-number))
    reddit.post("t3_other", "nothing of interest", later(-1))
    _, cursor = await heard(source)
    reddit.delete("t3_240")
    reddit.things["t3_7"] |= {"removed_by_category": "moderator"}
    events, cursor = await heard(source, cursor, later(2 * 24 * 60))
    deletions = {event.id: event.lasting for event in events if isinstance(event, Deletion)}
    assert deletions == {"t3_240": True, "t3_7": False}
    asked = [request for request in reddit.requests if request.path == "/api/info"]
    assert [len(request.query["id"].split(",")) for request in asked] == [
        100,
        100,
        50,
        100,
        100,
        49,
    ]  # one showed itself
    events, _ = await heard(source, cursor, later(2 * 24 * 60 + 61))
    assert not [event for event in events if isinstance(event, Deletion)]


async def test_a_post_is_taken_for_gone_if_it_is_missing_twice(reddit: RedditServer, http: Client) -> None:
    source = sources(reddit.base, http)["r/kindle"]
    reddit.post("t3_a", "kindle", later(-1))
    _, cursor = await heard(source)
    del reddit.things["t3_a"]
    events, cursor = await heard(source, cursor, later(61))
    assert not [event for event in events if isinstance(event, Deletion)]
    events, _ = await heard(source, cursor, later(122))
    assert [event for event in events if isinstance(event, Deletion)] == [
        Deletion(platform="reddit", id="t3_a", lasting=False)
    ]


async def test_posts_of_the_store_are_looked_up_again(reddit: RedditServer, http: Client) -> None:
    chosen = msgspec.convert({"url": reddit.base, "api": reddit.base, **KEY}, RedditOptions, dec_hook=secret)
    for number in range(120):
        reddit.post(f"t3_{number}", "kindle", NOON)
    events, _ = await heard(sources(reddit.base, http)["r/kindle"], at=later(1))
    posts = [event for event in events if isinstance(event, Post)]
    platform = Reddit(chosen, INTEREST, http)
    assert await platform.gone(posts) == []
    assert reddit.granted == 2  # one for the listings above, one for this platform
    reddit.delete("t3_7")
    reddit.things["t3_8"] |= {"title": "kindle, solved"}
    del reddit.things["t3_9"]
    deletion, edit = sorted(await platform.gone(posts), key=str)
    assert deletion == Deletion(platform="reddit", id="t3_7")
    assert isinstance(edit, Edit)
    assert edit.post.title == "kindle, solved"
    assert reddit.granted == 2
    assert await Reddit(RedditOptions(), INTEREST, http).gone(posts) == ()


async def test_a_search_is_asked_for_the_time_that_it_needs(reddit: RedditServer, http: Client) -> None:
    source = sources(reddit.base, http)["search: kindle OR tolino"]
    _, cursor = await heard(source)
    source_deep = await heard(source, cursor, later(5))
    await heard(source, source_deep[1], later(60 * 24 * 10))
    asked = [request.query["t"] for request in reddit.requests if request.path == "/search"]
    assert asked == ["week", "hour", "month"]


def test_what_is_left_is_told_in_seconds() -> None:
    told = {"x-ratelimit-remaining": "3.0", "x-ratelimit-used": "997", "x-ratelimit-reset": "525"}
    (window,) = windows_from(told, NOON)
    assert (window.left, window.ends) == (3, timedelta(seconds=525))


def test_no_more_than_the_key_allows() -> None:
    keyed = msgspec.convert(KEY, RedditOptions, dec_hook=secret)
    assert keyed.requests_per_minute == 90
    assert SECRET not in repr(keyed)


@pytest.mark.parametrize("told", [{"client_id": "a"}, {"user": "abc"}, {"client_secret": "a"}])
def test_half_a_key_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(msgspec.ValidationError, match="belong together"):
        msgspec.convert(told, RedditOptions, dec_hook=secret)


RAW = {"name": "t3_1", "title": "a &amp; b", "selftext": "x", "created_utc": 1_700_000_000.0, "created": 5.0}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, {"title": "a & b", "text": "x", "posted_at": datetime.fromtimestamp(1_700_000_000, UTC)}),
        ({"author": "[deleted]"}, {"author": None, "author_url": None, "text": "x"}),
        ({"selftext_html": "<p>one</p><p>two &lt;b&gt;</p>"}, {"text": "one\n\ntwo <b>"}),
        ({"score": -3}, {"likes": -3}),
        ({"score": 1, "hide_score": True}, {"likes": None}),
        ({"permalink": "/r/a/comments/1/x/?ref=search_posts"}, {"url": "https://www.reddit.com/r/a/comments/1/x/"}),
        ({"permalink": "javascript:alert(1)"}, {"url": None}),
        ({"url": "https://a.example/x"}, {"links": ("https://a.example/x",)}),
        ({"url": "https://a.example/x", "is_self": True}, {"links": ()}),
        ({"edited": True}, {"edited_at": None}),
        ({"created_utc": 1e20}, {"posted_at": None}),
        ({"subreddit": "KINDLE"}, {"about": "Kindle", "instance": "reddit.com/r/KINDLE"}),
        ({"title": 7, "score": "many", "author": None}, {"title": None, "likes": None, "author": None}),
    ],
)
def test_a_post_is_what_its_fields_say(more: dict[str, Any], expected: dict[str, Any]) -> None:
    post = thing_of({**RAW, **more}, {"kindle": "Kindle"})
    assert isinstance(post, Post)
    assert {name: getattr(post, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("more", "lasting"),
    [
        ({"selftext": "[deleted]"}, True),
        ({"selftext": "[removed]"}, False),
        ({"selftext": "", "removed_by_category": "deleted"}, True),
        ({"removed_by_category": "automod_filtered"}, False),
        ({"name": "t1_1", "body": "[removed]"}, False),
    ],
)
def test_what_is_gone_is_a_deletion(more: dict[str, Any], lasting: bool) -> None:
    thing = thing_of({**RAW, **more}, {})
    assert isinstance(thing, Deletion)
    assert thing.lasting is lasting


@pytest.mark.parametrize("name", ["t5_kindle", "t3_" + "a" * 30, None, 7, "t1_Ä"])
def test_other_things_are_nothing(name: object) -> None:
    assert thing_of({**RAW, "name": name}, {}) is None


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the payloads are not at hand")
@pytest.mark.parametrize("file", ["search_all", "comments_page_2017", "comments_page_2023", "deleted_comment_info"])
async def test_a_recorded_page_is_read(file: str, http: Client) -> None:
    page = (RECORDED / f"{file}.json").read_bytes()
    listed = json.loads(page)["data"]
    things = [thing_of(child["data"], {}) for child in listed["children"]]
    assert all(things)
    assert file != "deleted_comment_info" or isinstance(things[0], Deletion)
    for thing in things:
        if isinstance(thing, Post):
            assert thing.text or thing.title
            assert thing.url
            assert thing.posted_at
            assert "&gt;" not in thing.document


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the payloads are not at hand")
@pytest.mark.parametrize(
    ("file", "status", "expected"),
    [("error_400_html.html", 400, BadAnswer), ("error_403_blocked.html", 403, Refused),
     ("error_429_oauth.json", 429, RateLimited), ("error_401_token_expired.json", 401, Refused)],
)  # fmt: skip
async def test_a_recorded_refusal_is_ours(file: str, status: int, expected: type[Exception], http: Client) -> None:
    def reply(request: Any) -> Reply:
        if request.path.endswith("access_token"):
            return Reply(body=(RECORDED / "oauth_token.json").read_bytes())
        return Reply(status=status, body=(RECORDED / file).read_bytes(), headers={"x-ratelimit-reset": "312"})

    async with ScriptedServer(reply) as server:
        with pytest.raises(expected) as problem:
            await sources(server.base, http)["r/kindle"].check()
    if isinstance(problem.value, RateLimited):
        assert problem.value.wait == timedelta(seconds=312)
