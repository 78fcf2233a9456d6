"""Telegram's previews are pages for people: what is read in them, and that no post of a channel is missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from listen.errors import BadAnswer, Gone
from listen.http import Client
from listen.platforms.telegram import Preview, Telegram, TelegramOptions
from listen.post import Edit, Event, Gap, Mark, Post
from listen.source import Interest
from listen.when import CLOCK
from tests.servers.answers import FOLDER
from tests.servers.scripted import Reply, Request, ScriptedServer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECORDED = Path(__file__).parents[3] / "shared" / "payloads" / "telegram" / "channel_preview.html"
ANSWERS = FOLDER / "telegram"


class Channel:
    """A channel of ours with its preview, 20 posts a page; deleted numbers are holes."""

    def __init__(self) -> None:
        self.posts: dict[int, tuple[datetime, str]] = {}
        self.last = 0

    def says(self, text: str, at: datetime = NOON) -> int:
        self.last += 1
        self.posts[self.last] = (at, text)
        return self.last

    def reply(self, request: Request) -> Reply:
        before = int(request.query.get("before", "1000000"))
        numbers = [number for number in sorted(self.posts) if number < before]
        shown, more = numbers[-20:], len(numbers) > 20
        older = (
            f'<a href="/s/C?before={shown[0]}" class="tme_messages_more js-messages_more" data-before="{shown[0]}"></a>'
        )
        parts = [
            f'<div class="tgme_widget_message js-widget_message" data-post="Canal/{number}">'
            f'<div class="tgme_widget_message_text js-message_text" dir="auto">{self.posts[number][1]}</div>'
            '<a class="tgme_widget_message_date" href="#">'
            f'<time datetime="{self.posts[number][0].isoformat()}"></time></a>'
            "</div>"
            for number in shown
        ]
        page = f'<section class="tgme_channel_history">{older if more else ""}{"".join(parts)}</section>'
        return Reply(body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def preview(base: str, http: Client, about: str = "") -> Preview:
    return Preview("canal", about, base, http, timedelta(minutes=2))


async def heard(source: Preview, cursor: str | None = None, at: datetime = NOON) -> tuple[list[Event], str | None]:
    token = CLOCK.set(lambda: at)
    try:
        events = [event async for event in source.hear(cursor, None)]
    finally:
        CLOCK.reset(token)
    return events, next((event.cursor for event in events if isinstance(event, Mark)), cursor)


async def page_of(html: bytes, http: Client, about: str = "") -> list[Post]:
    reply = Reply(body=html, headers={"Content-Type": "text/html; charset=utf-8"})
    async with ScriptedServer(lambda _: reply) as server:
        return list((await preview(server.base, http, about).page(None)).posts)


async def test_a_post_is_read_from_its_preview(http: Client) -> None:
    (post,) = await page_of((ANSWERS / "newest.html").read_bytes(), http, "Kindle")
    assert post.text == "Der #Kindle 5.18 ist da 😡\nAkku & Sync: https://lese.example/518"
    assert (post.id, post.url) == ("lesenews/101", "https://t.me/Lesenews/101")
    assert (post.author, post.author_name) == ("Lesenews", "Lese & News, Anna")
    assert (post.views, post.parent, post.about) == (1_200, "lesenews/99", "Kindle")
    assert post.posted_at == datetime(2026, 11, 22, 7, 3, 20, tzinfo=UTC)


async def test_a_channel_is_the_same_however_its_name_is_written(http: Client) -> None:
    chosen = msgspec.convert({"channels": ["@Canal", "canal"]}, TelegramOptions)
    named = [source.name for source in Telegram(chosen, Interest(()), http).sources()]
    assert named == ["@canal"]


@pytest.mark.parametrize("name", ["a b", "https://t.me/canal", "+invite", "../x", "ab", ""])
def test_what_is_no_name_of_a_channel_is_refused(name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"channels": [name]}, TelegramOptions)


async def test_every_post_is_heard_once_through_bursts_and_deletions(http: Client) -> None:
    channel = Channel()
    async with ScriptedServer(channel.reply) as server:
        source = preview(server.base, http)
        first = channel.says("first")
        events, cursor = await heard(source)
        assert [event.text for event in events if isinstance(event, Post)] == ["first"]
        for number in range(75):
            channel.says(f"burst {number}")
        events, cursor = await heard(source, cursor, NOON + timedelta(minutes=2))
        assert [event.text for event in events if isinstance(event, Post)] == [f"burst {n}" for n in range(75)]
        assert not [event for event in events if isinstance(event, Gap)]
        del channel.posts[channel.last]  # what was known last is gone
        del channel.posts[first]
        channel.says("after", NOON - timedelta(days=400))  # whatever date it bears
        channel.posts[channel.last - 2] = (NOON, "burst, mended")
        events, cursor = await heard(source, cursor, NOON + timedelta(minutes=4))
    assert [event.text for event in events if isinstance(event, Post)] == ["after"]
    assert [event.post.text for event in events if isinstance(event, Edit)] == ["burst, mended"]


async def test_a_channel_without_preview_is_gone(http: Client) -> None:
    def reply(request: Request) -> Reply:
        if request.path == "/s/canal":
            return Reply(status=302, headers={"Location": "/canal"})
        return Reply(body=b'<!doctype html><div class="tgme_page">Join</div>', headers={"Content-Type": "text/html"})

    async with ScriptedServer(reply) as server:
        with pytest.raises(Gone, match="shows no preview of @canal: it is no public channel, or wants none"):
            await heard(preview(server.base, http))


async def test_another_page_is_a_bad_answer_and_an_empty_channel_is_none(http: Client) -> None:
    with pytest.raises(BadAnswer, match="where the preview of @canal should be"):
        await page_of(b"<!doctype html><title>Just a moment</title>", http)
    assert await page_of(b'<section class="tgme_channel_history"></section>', http) == []


@pytest.mark.parametrize(
    "html",
    [
        b'<div class="tgme_widget_message " data-post="canal/1">' * 20_000,
        b'<div class="tgme_widget_message_text js-message_text">' * 50_000,
        b'<div class="tgme_widget_message x" data-post="canal/1">' + b"<div>" * 200_000,
        b'tgme_ class="tgme_widget_message_owner_name"' * 20_000,
    ],
    ids=["messages", "texts", "divs", "names"],
)
async def test_a_hostile_page_takes_no_time(html: bytes, http: Client) -> None:
    await page_of(html + b"tgme_", http)


@pytest.mark.skipif(not RECORDED.is_file(), reason="the payloads are not at hand")
async def test_the_page_at_hand_is_read(http: Client) -> None:
    posts = await page_of(RECORDED.read_bytes(), http)
    assert [post.id for post in posts] == ["kindlenews/102", "kindlenews/100"]
    assert all(post.views and post.author_name for post in posts)
