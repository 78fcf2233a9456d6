"""A network that is described in the config is listened to like any other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listen.errors import BadAnswer
from listen.http import Client, Secret
from listen.platforms.json import Json, JsonOptions
from listen.post import Edit, Event, Gap, Mark, Post
from listen.query import parse
from listen.source import Interest, Source
from listen.when import CLOCK
from tests.servers.scripted import Reply, Request, ScriptedServer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIELDS = {"id": "id", "text": "text", "posted_at": "at"}
INTEREST = Interest((parse("kindle OR tolino"),), lambda text: "kindle" in text.lower())


class Board:
    """A network with the newest post on top, five a page, paged as `rule` says."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.posts: list[dict[str, Any]] = []
        self.base = ""

    def says(self, text: str, at: datetime) -> None:
        self.posts.append({"id": len(self.posts) + 1, "text": text, "at": at.timestamp()})

    def reply(self, request: Request) -> Reply:
        asked = request.query.get("from", "0")
        begin = int(asked.removeprefix("c")) if self.rule != "page" else 5 * (int(asked or 1) - 1)
        shown = sorted(self.posts, key=lambda post: -post["at"])
        following = begin + 5 if begin + 5 < len(shown) else None
        told: dict[str, Any] = {"posts": shown[begin : begin + 5]}
        headers = {"Content-Type": "application/json"}
        if following is not None:
            told |= {"after": f"c{following}", "next": f"/board?from={following}"}
            headers["Link"] = f'<{self.base}/board?from={following}>; rel="next"'
        return Reply(body=msgspec.json.encode(told), headers=headers)


PAGINGS: dict[str, dict[str, Any]] = {
    "page": {"by": "page", "parameter": "from", "start": 1},
    "offset": {"by": "offset", "parameter": "from"},
    "cursor": {"by": "cursor", "parameter": "from", "path": "after"},
    "link": {"by": "link"},
    "next": {"by": "next", "path": "next"},
}


def sources(url: str, http: Client, **more: Any) -> list[Source]:
    told = {"name": "board", "url": url, "posts": "posts", "fields": FIELDS, **more}
    chosen = msgspec.convert({"source": [told]}, JsonOptions, dec_hook=lambda _, value: Secret(value, "test"))
    return list(Json(chosen, INTEREST, http).sources())


async def heard(source: Source, cursor: str | None = None, at: datetime = NOON) -> tuple[list[Event], str | None]:
    token = CLOCK.set(lambda: at)
    try:
        events = [event async for event in source.hear(cursor, None)]
    finally:
        CLOCK.reset(token)
    return events, next((event.cursor for event in events if isinstance(event, Mark)), cursor)


@pytest.mark.parametrize("rule", PAGINGS)
async def test_every_post_is_heard_once_whatever_the_paging(rule: str, http: Client) -> None:
    board = Board(rule)
    async with ScriptedServer(board.reply) as server:
        board.base = server.base
        (source,) = sources(f"{server.base}/board", http, paging=PAGINGS[rule])
        board.says("first", NOON)
        events, cursor = await heard(source)
        assert [event.id for event in events if isinstance(event, Post)] == ["board:1"]
        for number in range(23):
            board.says(f"burst {number}", NOON + timedelta(seconds=number % 3))
        board.says("late", NOON - timedelta(minutes=30))
        events, cursor = await heard(source, cursor, NOON + timedelta(minutes=1))
        assert sorted(event.text for event in events if isinstance(event, Post)) == sorted(
            ["late", *(f"burst {number}" for number in range(23))]
        )
        assert not [event for event in events if isinstance(event, Gap)]
        board.posts[0]["text"] = "first, mended"
        events, cursor = await heard(source, cursor, NOON + timedelta(minutes=2))
        assert [event.post.text for event in events if isinstance(event, Edit)] == ["first, mended"]
        assert not [event for event in events if isinstance(event, Post)]


async def test_a_board_of_one_page_says_when_it_may_have_lost_something(http: Client) -> None:
    board = Board("none")
    async with ScriptedServer(board.reply) as server:
        (source,) = sources(f"{server.base}/board", http)
        board.says("first", NOON)
        _, cursor = await heard(source)
        for number in range(7):
            board.says(f"burst {number}", NOON + timedelta(seconds=number + 1))
        events, _ = await heard(source, cursor, NOON + timedelta(minutes=1))
    (gap,) = [event for event in events if isinstance(event, Gap)]
    assert (gap.since, gap.until) == (NOON, NOON + timedelta(seconds=3))


async def test_a_search_is_asked_word_by_word(http: Client) -> None:
    board = Board("none")
    async with ScriptedServer(board.reply) as server:
        found = sources(f"{server.base}/board?q={{query}}&sort=new", http)
        for source in found:
            await heard(source)
    assert sorted(source.name for source in found) == ["board: kindle", "board: tolino"]
    assert sorted(server.asked()) == ["/board?q=kindle&sort=new", "/board?q=tolino&sort=new"]


async def test_keys_are_sent_and_nowhere_else(http: Client) -> None:
    board = Board("none")
    async with ScriptedServer(board.reply) as server:
        (source,) = sources(
            f"{server.base}/board?a=1", http, token="hush-token", headers={"X-App": "listen"},
            secret_headers={"X-Key": "hush-header"}, secret_parameters={"key": "hush ä"},
        )  # fmt: skip
        events, _ = await heard(source)
    (request,) = server.requests
    assert request.headers["authorization"] == "Bearer hush-token"
    assert (request.headers["x-key"], request.headers["x-app"]) == ("hush-header", "listen")
    assert request.query == {"a": "1", "key": "hush ä"}
    assert "hush" not in repr(events) + source.name


async def test_a_key_is_not_taken_to_another_server(http: Client) -> None:
    board = Board("none")
    async with ScriptedServer(board.reply) as other:
        elsewhere = Reply(status=302, headers={"Location": f"{other.base}/board"})
        async with ScriptedServer(lambda _: elsewhere) as server:
            (source,) = sources(f"{server.base}/board", http, secret_headers={"X-Key": "hush"})
            with pytest.raises(BadAnswer, match="where this request does not belong"):
                await heard(source)
        further = Reply(body=msgspec.json.encode({"posts": [{"id": 1}], "next": f"{other.base}/board"}))
        async with ScriptedServer(lambda _: further) as server:
            (source,) = sources(f"{server.base}/board", http, paging={"by": "next", "path": "next"})
            with pytest.raises(BadAnswer, match="leads to another server"):
                await heard(source)
        assert not other.requests


async def test_the_definition_for_google_play_in_the_documents_reads_its_reviews(http: Client) -> None:
    told: dict[str, Any] = {
        "reviews": [
            {
                "reviewId": "gp:1",
                "authorName": "Lampe",
                "comments": [
                    {
                        "userComment": {
                            "text": "\tStürzt ab",
                            "lastModified": {"seconds": "1795348800", "nanos": 1},
                            "starRating": 1,
                            "reviewerLanguage": "de",
                        }
                    }
                ],
            }
        ],
        "tokenPagination": {"nextPageToken": "more"},
    }
    text = (Path(__file__).parents[2] / "docs" / "platforms.md").read_text("utf-8")
    (block,) = re.findall(r"```toml\n(\[\[platforms\.json\.source\]\].*?)```", text, re.DOTALL)
    (definition,) = tomllib.loads(block)["platforms"]["json"]["source"]
    ask = lambda request: Reply(body=msgspec.json.encode({} if "token" in request.query else told))  # noqa: E731
    async with ScriptedServer(ask) as server:
        definition["url"] = definition["url"].replace("https://androidpublisher.googleapis.com", server.base)
        (source,) = sources(**{"http": http, **definition})
        events, _ = await heard(source)
        assert (await source.check()).startswith("1 post: 2026-11-22 12:00 Lampe 1/5 “Stürzt ab Reader”")
    (post,) = [event for event in events if isinstance(event, Post)]
    assert (post.id, post.rating, post.lang, post.posted_at) == ("google-play:gp:1", 1.0, "de", NOON)
    assert server.asked()[1].endswith("?maxResults=100&token=more")


CHECKS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "posts": (
        {"posts": [{"id": 1, "text": "Mein Kindle", "at": 1795348800, "by": "anna"}]},
        {"fields": {**FIELDS, "author": "by", "title": "headline"}, "about": "Reader"},
        "1 post: 2026-11-22 12:00 anna “Mein Kindle Reader”; none has title; no topic matches 'Reader', so that",
    ),
    "none yet": ({"posts": []}, {}, "answers; nothing there yet"),
}


@pytest.mark.parametrize("name", CHECKS)
async def test_a_check_shows_the_first_posts(name: str, http: Client) -> None:
    told, more, expected = CHECKS[name]
    async with ScriptedServer(lambda _: Reply(body=msgspec.json.encode(told))) as server:
        (source,) = sources(f"{server.base}/board", http, **more)
        assert (await source.check()).startswith(expected)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"items": [1], "total": 1}, "has no list at 'posts'; there are 'items', 'total'"),
        ([], "has no list at 'posts'; there is a list"),
        ({"posts": [{"uid": 1, "body": "x"}]}, "has no id at 'id'; there are 'uid', 'body'"),
    ],
    ids=["no list", "a list", "no id"],
)
async def test_a_path_that_leads_nowhere_says_what_there_is(told: Any, expected: str, http: Client) -> None:
    ask: Callable[[Request], Reply] = lambda _: Reply(body=msgspec.json.encode(told))  # noqa: E731
    async with ScriptedServer(ask) as server:
        (source,) = sources(f"{server.base}/board", http)
        with pytest.raises(BadAnswer) as problem:
            await source.check()
    assert str(problem.value).endswith(expected)
