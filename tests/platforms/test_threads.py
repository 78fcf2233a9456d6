"""Threads on a Graph API of our own; its answers are constructed, as none of a search were at hand."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from listen.errors import OutOfQuota, Refused, Unreachable
from listen.graph import Standing
from listen.http import Client
from listen.post import Event, Mark, Notice, Post
from tests.platforms.meta import NOON, RECORDED, heard, sources, texts
from tests.servers.graph import GraphServer, refusal
from tests.servers.scripted import Reply, ScriptedServer

EDGE = "keyword_search"


def thread(graph: GraphServer, identity: str, at: timedelta, text: str, username: str = "anna", **more: object) -> None:
    graph.put(EDGE, identity, NOON + at, text=text, username=username, **more)


def deaf(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Notice) and event.deaf]


async def test_words_and_topics_are_searched_each_in_their_mode(http: Client) -> None:
    graph = GraphServer()
    thread(graph, "0", -timedelta(hours=1), "the weather")
    thread(graph, "1", -timedelta(hours=1), "my kindle is broken")
    thread(graph, "2", -timedelta(hours=1), "look at this", topic_tag="Kindle")
    async with ScriptedServer(graph.reply) as server:
        events, cursor = await heard(sources("threads", server.base, http)["search"])
        assert sorted(texts(events)) == ["look at this", "my kindle is broken"]
        modes = {request.query["search_mode"] for request in server.requests if request.query.get("q") == "kindle"}
        assert modes == {"KEYWORD", "TAG"}
        assert texts((await heard(sources("threads", server.base, http)["search"], cursor))[0]) == []


async def test_without_approval_the_user_is_told_in_each_round(http: Client) -> None:
    graph = GraphServer()
    graph.approved = False
    thread(graph, "1", -timedelta(hours=1), "the kindle is here", "leseshop")
    thread(graph, "2", -timedelta(hours=1), "the kindle is broken", "anna")
    async with ScriptedServer(graph.reply) as server:
        search = sources("threads", server.base, http)["search"]
        events, cursor = await heard(search)
        assert texts(events) == ["the kindle is here"]
        (said,) = deaf(events)
        assert said.startswith("searches find posts of @leseshop only: Meta has not approved threads_keyword_search")
        with pytest.raises(Refused, match="searches find posts of @leseshop only"):
            await search.check()
        assert deaf((await heard(search, cursor, NOON + timedelta(hours=1)))[0]) == [said]
        graph.approved = True
        events, cursor = await heard(search, cursor, NOON + timedelta(hours=2))
        assert deaf(events) == []
        before = len(graph.searches)
        await heard(search, cursor, NOON + timedelta(hours=3))
        assert graph.searches[before:] == ["kindle", "kindle"]  # nobody asks again whether it is approved


async def test_the_searches_of_a_week_are_counted_over_restarts_and_pages(http: Client) -> None:
    graph = GraphServer()
    thread(graph, "0", -timedelta(hours=1), "the")
    async with ScriptedServer(graph.reply) as server:
        options = {"searches_per_week": 10}
        _, cursor = await heard(sources("threads", server.base, http, **options)["search"])
        for number in range(250):
            thread(graph, str(number + 1), timedelta(seconds=number), f"kindle {number}")
        search = sources("threads", server.base, http, **options)["search"]  # another run
        events, cursor = await heard(search, cursor, NOON + timedelta(hours=1))
        assert len(texts(events)) == 250
        assert len(graph.searches) == 3 + 3 + 1  # the probe and two; three pages of one, and the other
        _, cursor = await heard(search, cursor, NOON + timedelta(hours=2))
        assert len(graph.searches) == 9  # what is known is not paid for again
        with pytest.raises(OutOfQuota, match=r"the week's searches are used up \(searches_per_week = 10\)") as problem:
            await heard(search, cursor, NOON + timedelta(hours=3))
        assert len(graph.searches) == 10
        assert problem.value.wait == timedelta(days=7) - timedelta(hours=2)
        _, cursor = await heard(search, cursor, NOON + timedelta(days=7, hours=2))
        assert sum(msgspec.json.decode(str(cursor), type=Standing).ledger.values()) <= 10


async def test_a_search_is_counted_before_it_is_asked(http: Client) -> None:
    graph = GraphServer()
    thread(graph, "0", -timedelta(hours=1), "the")
    async with ScriptedServer(graph.reply) as server:
        search = sources("threads", server.base, http)["search"]
        graph.broken[EDGE] = refusal(2, "try later", 500)
        round_ = aiter(search.hear(None, None))
        mark = await anext(round_)
        with pytest.raises(Unreachable, match="trouble of its own"):
            await anext(round_)
    assert isinstance(mark, Mark)
    assert sum(msgspec.json.decode(mark.cursor, type=Standing).ledger.values()) == 1


async def test_the_searches_are_spread_so_that_they_last_for_the_week(http: Client) -> None:
    many = sources("threads", "http://127.0.0.1:9", http, "kindle OR tolino OR kobo")["search"]
    assert many.every == timedelta(days=7) * 6 / 400
    assert sources("threads", "http://127.0.0.1:9", http, searches_per_week=15_400)["search"].every == timedelta(
        minutes=15
    )


async def test_what_a_post_is_shows_in_its_kind(http: Client) -> None:
    graph = GraphServer()
    graph.put("me/mentions", "1", NOON, text="@leseshop?", username="anna", topic_tag="E Reader", alt_text="A screen")
    graph.put("me/mentions", "2", NOON, text="no", username="b", is_reply=True, replied_to={"id": "7"})
    graph.put("me/mentions", "3", NOON, text="so", username="c", is_quote_post=True)
    async with ScriptedServer(graph.reply) as server:
        events, _ = await heard(sources("threads", server.base, http)["mentions"])
    posts = {event.id: event for event in events if isinstance(event, Post)}
    assert [posts[number].kind for number in "123"] == ["post", "reply", "quote"]
    assert (posts["1"].hashtags, posts["1"].alt_texts, posts["2"].parent) == (("E Reader",), ("A screen",), "7")


async def test_a_missing_permission_is_named_whatever_the_status(http: Client) -> None:
    reply = refusal(10, "Application does not have permission for this action", 500)
    async with ScriptedServer(lambda _: reply) as server:
        with pytest.raises(Refused, match="wants the permission threads_basic or threads_manage_mentions"):
            await heard(sources("threads", server.base, http)["mentions"])


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the payloads are not at hand")
async def test_the_answers_at_hand_are_read(http: Client) -> None:
    reply = Reply(body=(RECORDED / "threads" / "user_threads.json").read_bytes())
    async with ScriptedServer(lambda _: reply) as server:
        events, _ = await heard(
            sources("threads", server.base, http)["mentions"], at=NOON.replace(year=2024, month=1, day=2)
        )
    assert texts(events) == ["First post", "Second post"]
