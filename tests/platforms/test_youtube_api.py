"""YouTube with a key: 100 searches a day are enough to miss nothing, and answers to comments are heard."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from listen.errors import OutOfQuota, Refused
from listen.http import Client, Secret
from listen.platforms.youtube import YouTube, YouTubeOptions
from listen.post import Edit, Notice, Post
from listen.query import parse
from listen.source import Interest, Source
from tests.platforms.rounds import Ear, posts, texts
from tests.servers.scripted import Reply, Request, ScriptedServer
from tests.servers.youtube import CHANNEL, YouTubeServer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
INTEREST = Interest((parse("kindle"),))
RECORDED = Path(__file__).parents[3] / "shared" / "payloads" / "youtube"
PRISM = "http://127.0.0.1:4011"

needs_recordings = pytest.mark.skipif(not RECORDED.is_dir(), reason="no recorded answers beside the tree")


def sources(base: str, http: Client, **more: Any) -> list[Source]:
    told = {"api": base, "key": "hush-hush", **more}
    chosen = msgspec.convert(told, YouTubeOptions, dec_hook=lambda _, value: Secret(value, "test"))
    return list(YouTube(chosen, INTEREST, http).sources())


def search(base: str, http: Client, **more: Any) -> Source:
    (only,) = sources(base, http, **more)
    return only


def comments(base: str, http: Client, **more: Any) -> Source:
    (only,) = sources(base, http, search=False, comments=[CHANNEL], **more)
    return only


async def test_a_video_is_found_in_full(http: Client) -> None:
    server = YouTubeServer(NOON - HOUR)
    id_ = server.video("Kindle & Co <3")
    server.clock = NOON
    async with ScriptedServer(server) as running:
        (post,) = posts(await Ear(search(running.base, http)).round(NOON))
    assert (post.id, post.title, post.text) == (id_, "Kindle & Co <3", "Kindle & Co <3 und mehr")
    assert (post.url, post.posted_at) == (f"https://www.youtube.com/watch?v={id_}", NOON - HOUR)


async def test_a_day_of_searches_stays_within_a_hundred_and_misses_nothing(http: Client) -> None:
    """Videos that are found hours late, and a burst of 120 at once."""
    server = YouTubeServer(datetime(2026, 11, 22, 8, tzinfo=UTC))  # midnight in California
    heard: list[Post] = []
    async with ScriptedServer(server) as running:
        ear = Ear(search(running.base, http))
        end = server.clock + timedelta(hours=30)
        while server.clock < end:
            if server.clock < end - 8 * HOUR:
                server.video("kindle", late=timedelta(minutes=len(server.videos) * 37 % 300))
                if len(server.videos) == 20:
                    for _ in range(120):
                        server.video("kindle")
            heard += posts(await ear.round(server.clock))
            assert ear.problem is None
            server.clock += ear.source.every
    assert sorted(post.id for post in heard) == sorted(server.videos)
    assert max(server.searches.values()) <= 100


async def test_a_day_s_searches_that_are_used_up_come_back_at_midnight_in_california(http: Client) -> None:
    server = YouTubeServer(NOON)
    async with ScriptedServer(server) as running:
        source = search(running.base, http, searches_per_day=3)
        ear, problems = Ear(source), []
        for _ in range(10):
            await ear.round(server.clock)
            problems.append(ear.problem)
            server.clock += 2 * HOUR
        assert sum(server.searches.values()) <= 4
        refused = [problem for problem in problems if problem is not None]
        assert refused
        assert all(isinstance(problem, OutOfQuota) for problem in refused)
    assert source.every == timedelta(days=1) * 1.25 / 3


async def test_a_quota_that_somebody_else_used_is_waited_for_until_midnight_there(http: Client) -> None:
    server = YouTubeServer(NOON)
    server.limit = 0
    async with ScriptedServer(server) as running:
        ear = Ear(search(running.base, http))
        await ear.round(NOON)
    assert isinstance(ear.problem, OutOfQuota)
    assert ear.problem.wait is not None
    assert timedelta(0) < ear.problem.wait <= timedelta(days=1)
    assert "<a" not in str(ear.problem)


async def test_a_wrong_key_is_refused_and_not_shown(http: Client) -> None:
    told = {"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.",
                      "errors": [{"reason": "badRequest"}], "status": "INVALID_ARGUMENT"}}  # fmt: skip
    async with ScriptedServer(lambda _: Reply(status=400, body=json.dumps(told).encode())) as running:
        with pytest.raises(Refused, match="API key not valid") as raised:
            await search(running.base, http).check()
    assert "hush" not in str(raised.value)


async def test_a_check_spends_no_search(http: Client) -> None:
    server = YouTubeServer(NOON)
    async with ScriptedServer(server) as running:
        said = await search(running.base, http).check()
    assert said.startswith("the key works; 0 of today's 100 searches are used")
    assert server.searches == {}


async def test_comments_and_their_answers_are_heard_once(http: Client) -> None:
    server = YouTubeServer(NOON - HOUR)
    thread = server.comment("Geht der Kindle noch?")
    heard: list[str] = []
    async with ScriptedServer(server) as running:
        ear = Ear(comments(running.base, http))
        for number in range(8):
            for one in range(9):  # of which five come with the thread
                server.answer(thread, f"Antwort {number}{one}")
            server.comment(f"Faden {number}")
            server.clock += 5 * MINUTE
            heard += texts(await ear.round(server.clock))
    answers = [f"Antwort {number}{one}" for number in range(8) for one in range(9)]
    assert sorted(heard) == sorted(["Geht der Kindle noch?", *answers, *(f"Faden {number}" for number in range(8))])


async def test_an_answer_to_an_old_comment_is_found_within_six_hours(http: Client) -> None:
    server = YouTubeServer(NOON)
    thread = server.comment("Geht der Kindle noch?")
    async with ScriptedServer(server) as running:
        ear = Ear(comments(running.base, http))
        await ear.round(server.clock)
        server.clock += timedelta(days=2)
        await ear.round(server.clock)
        server.answer(thread, "Nein.")
        heard: list[Post] = []
        for _ in range(6):
            server.clock += HOUR
            heard += posts(await ear.round(server.clock))
    (post,) = heard
    assert (post.text, post.kind, post.parent, post.author) == ("Nein.", "reply", thread["id"], "anna")


async def test_a_burst_of_comments_is_paged_through(http: Client) -> None:
    server = YouTubeServer(NOON)
    async with ScriptedServer(server) as running:
        ear = Ear(comments(running.base, http))
        await ear.round(NOON)
        for number in range(350):
            server.comment(f"kindle {number}")
        server.clock += MINUTE
        assert len(posts(await ear.round(server.clock))) == 350


async def test_an_edited_comment_is_an_edit(http: Client) -> None:
    server = YouTubeServer(NOON)
    thread = server.comment("kindle tot")
    async with ScriptedServer(server) as running:
        ear = Ear(comments(running.base, http))
        await ear.round(NOON)
        thread["snippet"]["topLevelComment"]["snippet"] |= {"textDisplay": "lebt", "updatedAt": "2026-11-22T12:01:00Z"}
        (edit,) = [one for one in await ear.round(NOON + 2 * MINUTE) if isinstance(one, Edit)]
    assert (edit.post.text, edit.post.edited_at) == ("lebt", NOON + MINUTE)


async def test_comments_that_are_switched_off_are_said_and_no_error(http: Client) -> None:
    server = YouTubeServer(NOON)
    server.disabled = True
    async with ScriptedServer(server) as running:
        ear = Ear(comments(running.base, http))
        (notice,) = await ear.round(NOON)
    assert ear.problem is None
    assert notice == Notice(f"comments are switched off on YouTube's {CHANNEL}", deaf=True)


def test_comments_without_a_key_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="names comments but has no key"):
        msgspec.convert({"comments": [CHANNEL]}, YouTubeOptions)


@needs_recordings
async def test_recorded_searches_are_read_whole(http: Client) -> None:
    def script(request: Request) -> Reply:
        if request.path == "/videos":
            return Reply(body=b'{"items": []}')
        name = "search_keywords_p2.json" if "pageToken" in request.query else "search_keywords_p1.json"
        told = json.loads((RECORDED / name).read_bytes())
        if "pageToken" in request.query:
            told.pop("nextPageToken", None)
        return Reply(body=json.dumps(told).encode())

    async with ScriptedServer(script) as running:
        found = posts(await Ear(search(running.base, http)).round(NOON, datetime(2000, 1, 1, tzinfo=UTC)))
    pages = [json.loads((RECORDED / f"search_keywords_p{number}.json").read_bytes())["items"] for number in (1, 2)]
    assert {post.id for post in found} == {one["id"]["videoId"] for items in pages for one in items}
    assert not any("&amp;" in post.document for post in found)
    assert all(post.posted_at and post.author for post in found)


@needs_recordings
@pytest.mark.parametrize(("name", "number"), [("comment_threads_by_video_p1", 5), ("comment_threads_with_search", 1)])
async def test_recorded_comments_are_read_whole(name: str, number: int, http: Client) -> None:
    told = json.loads((RECORDED / f"{name}.json").read_bytes())
    told.pop("nextPageToken", None)
    answers = (RECORDED / "comments_by_parent_p1.json").read_bytes().replace(b"nextPageToken", b"turned")

    def script(request: Request) -> Reply:
        return Reply(body=answers if request.path == "/comments" else json.dumps(told).encode())

    async with ScriptedServer(script) as running:
        found = posts(await Ear(comments(running.base, http)).round(NOON, datetime(2000, 1, 1, tzinfo=UTC)))
    assert len([post for post in found if post.kind == "comment"]) == number
    assert all(post.text and post.author and post.url and post.posted_at for post in found)


def is_up() -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", 4011)) == 0


@pytest.mark.skipif(not is_up(), reason="no Prism on port 4011")
async def test_the_official_specification_accepts_what_we_ask(http: Client) -> None:
    """Prism wants a Bearer token where YouTube takes a key, so that requests go through a server that adds one."""

    def forwarded(request: Request) -> Reply:
        headers = {"Authorization": "Bearer x"}
        answer = httpx.get(f"{PRISM}/youtube/v3{request.target}", headers=headers, timeout=5)
        return Reply(status=answer.status_code, body=answer.content)

    async with ScriptedServer(forwarded) as running:
        for source in sources(running.base, http, comments=[CHANNEL]):
            await source.check()
            ear = Ear(source)
            await ear.round(NOON)
            assert ear.problem is None
