"""Videos of channels, from their feeds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from listen.errors import BadAnswer
from listen.http import Client
from listen.platforms.youtube import YouTube, YouTubeOptions
from listen.post import Post
from listen.source import Interest, Source
from tests.servers.answers import FOLDER
from tests.servers.scripted import Reply, ScriptedServer

CHANNEL = "UCaaaaaaaaaaaaaaaaaaaaaa"
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
RECORDED = Path(__file__).parents[3] / "shared" / "payloads" / "youtube" / "channel_videos_feed.xml"


def source(base: str, http: Client, **more: object) -> Source:
    chosen = msgspec.convert({"url": base, "channels": [CHANNEL], **more}, YouTubeOptions)
    (only,) = YouTube(chosen, Interest(()), http).sources()
    return only


async def posts_of(body: bytes, http: Client, **more: object) -> list[Post]:
    reply = Reply(body=body, headers={"Content-Type": "text/xml; charset=UTF-8"})
    async with ScriptedServer(lambda _: reply) as server:
        heard = [event async for event in source(server.base, http, **more).hear(None, SINCE)]
    assert server.asked() == [f"/feeds/videos.xml?channel_id={CHANNEL}"]
    return [event for event in heard if isinstance(event, Post)]


async def test_a_video_is_its_title_and_description(http: Client) -> None:
    (post,) = await posts_of((FOLDER / "youtube" / "videos.xml").read_bytes(), http)
    assert (post.platform, post.id, post.kind) == ("youtube", "OCs1E0vP7Oc", "post")
    assert post.title == "Kindle & tolino < Papier?"
    assert post.text == (
        "Welcher Reader <3 ist besser?\n\n#kindle #tolino\nMehr: https://lese.example/vergleich?a=1&b=2"
    )
    assert (post.author, post.author_id, post.views) == ("Leselampe", CHANNEL, 1_234)
    assert post.url == "https://www.youtube.com/watch?v=OCs1E0vP7Oc"


async def test_a_channel_may_be_about_something(http: Client) -> None:
    body = (FOLDER / "youtube" / "videos.xml").read_bytes()
    (post,) = await posts_of(body, http, channels={CHANNEL: "Kindle"})
    assert post.about == "Kindle"


async def test_a_page_of_consent_is_a_bad_answer_and_nothing_else_is_tried(http: Client) -> None:
    page = Reply(body=b"<!doctype html><html><title>Before you continue</title></html>")
    async with ScriptedServer(lambda _: page) as server:
        with pytest.raises(BadAnswer, match="shows a page where its feed"):
            [event async for event in source(server.base, http).hear(None, None)]
        with pytest.raises(BadAnswer, match="shows a page where its feed"):
            await source(server.base, http).check()
    assert len(server.requests) == 2


@pytest.mark.parametrize("channel", ["@lampe", "https://www.youtube.com/@lampe", "UCshort", "lampe", ""])
def test_what_is_no_id_of_a_channel_is_refused(channel: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"channels": [channel]}, YouTubeOptions)


@pytest.mark.skipif(not RECORDED.is_file(), reason="the payloads are not at hand")
async def test_the_recorded_feed_is_read(http: Client) -> None:
    posts = await posts_of(RECORDED.read_bytes(), http)
    assert len(posts) == 15
    assert all(post.title and post.author_id and post.views and len(post.id) == 11 for post in posts)
