"""PeerTube: comments as its feed words them, videos page by page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from listen.http import Client
from listen.platforms.peertube import PeerTube, PeerTubeOptions
from listen.post import Edit, Event, Gap, Mark, Post
from listen.query import parse
from listen.source import Interest, Source
from tests.servers.answers import answers_of
from tests.servers.scripted import Reply, Request, ScriptedServer

NOW = datetime.now(UTC)


def video(number: int, at: datetime = NOW, **fields: Any) -> dict[str, Any]:
    return {"uuid": f"u{number}", "name": f"Kindle {number}", "publishedAt": at.isoformat(), "views": 1} | fields


class Site:
    """The script of a server with videos, newest first by `publishedAt`."""

    def __init__(self) -> None:
        self.videos: list[dict[str, Any]] = []

    def __call__(self, request: Request) -> Reply:
        query = request.query
        assert query["sort"] == "-publishedAt"
        start, count = int(query["start"]), int(query["count"])
        assert count <= 100
        found = sorted(self.videos, key=lambda told: (str(told["publishedAt"]), str(told["uuid"])), reverse=True)
        body = {"total": len(found), "data": found[start : start + count]}
        return Reply(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def source_of(http: Client, server: ScriptedServer) -> Source:
    chosen = PeerTubeOptions(servers=(server.base,), comments=False)
    return PeerTube(chosen, Interest((parse("kindle"),)), http).sources()[0]


async def round_of(source: Source, cursor: str | None = None) -> list[Event]:
    return [event async for event in source.hear(cursor, None)]


def ids(events: Sequence[Event]) -> list[str]:
    return [event.id for event in events if isinstance(event, Post)]


async def test_a_comment_is_told_from_its_video_and_its_author(http: Client) -> None:
    answers = answers_of("peertube")
    async with ScriptedServer(answers.reply) as server:
        posts = [event for event in await round_of(answers.sources(server.base, http)[0]) if isinstance(event, Post)]
    told = {post.title: post for post in posts}
    assert set(told) == {"Kindle im Test", "Lesen"}
    complaint = told["Kindle im Test"]
    assert (complaint.platform, complaint.kind, complaint.author) == ("peertube", "comment", "Anna Müller")
    assert complaint.text == "Meiner geht nach zwei Wochen nicht mehr an 😡"
    assert complaint.url == "https://leseroehre.example/w/abc;threadId=12"


async def test_a_video_has_its_description_language_and_counts(http: Client) -> None:
    answers = answers_of("peertube")
    async with ScriptedServer(answers.reply) as server:
        events = await round_of(answers.sources(server.base, http)[1])
    post = next(event for event in events if isinstance(event, Post) and event.lang)
    assert (post.title, post.author, post.views, post.likes, post.lang) == (
        "Kindle im Test", "leserin@leseroehre.example", 120, 7, "de",
    )  # fmt: skip


async def test_a_burst_of_1200_videos_of_one_second_is_paged_through(http: Client) -> None:
    site = Site()
    site.videos.append(video(0, NOW - timedelta(days=2)))
    async with ScriptedServer(site) as server:
        source = source_of(http, server)
        (cursor,) = (event.cursor for event in await round_of(source) if isinstance(event, Mark))
        site.videos += [video(n, NOW - timedelta(minutes=5)) for n in range(1, 1_201)]
        events = await round_of(source, cursor)
    assert sorted(ids(events)) == sorted(f"u{n}" for n in range(1, 1_201))
    assert not [event for event in events if isinstance(event, Gap)]


async def test_a_video_that_federates_hours_late_and_a_new_title_are_found(http: Client) -> None:
    site = Site()
    site.videos += [video(2), *(video(n, NOW - timedelta(hours=10)) for n in range(10, 160))]
    async with ScriptedServer(site) as server:
        source = source_of(http, server)
        (cursor,) = (event.cursor for event in await round_of(source) if isinstance(event, Mark))
        site.videos.append(video(1, NOW - timedelta(hours=20)))
        site.videos[0]["name"] = "Kindle, neu"
        events = await round_of(source, cursor)
    assert ids(events) == ["u1"]
    assert [event.post.title for event in events if isinstance(event, Edit)] == ["Kindle, neu"]


def test_an_index_is_searched_and_not_heard(http: Client) -> None:
    chosen = PeerTubeOptions(servers=("a.example",), index="sepiasearch.org")
    sources = PeerTube(chosen, Interest((parse("kindle"),)), http).sources()
    assert [source.name for source in sources] == [
        "a.example comments", "a.example search kindle", "sepiasearch.org search kindle",
    ]  # fmt: skip
