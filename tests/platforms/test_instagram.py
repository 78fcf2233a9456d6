"""Instagram on a Graph API of our own and on recorded answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from listen.errors import Refused
from listen.http import Client
from listen.platforms.instagram import hashtags
from listen.post import Event, Gap, Notice, Post
from tests.platforms.meta import NOON, RECORDED, heard, sources, texts
from tests.servers.graph import ACCOUNT, GraphServer, refusal
from tests.servers.scripted import Reply, Request, ScriptedServer


def graph_of(tags: Sequence[str]) -> GraphServer:
    graph = GraphServer()
    graph.hashtags = {tag: str(17_843_000_000_000_000 + number) for number, tag in enumerate(tags)}
    return graph


def notices(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Notice)]


async def test_media_with_a_hashtag_has_no_author_and_none_is_invented(http: Client) -> None:
    graph = graph_of(["kindle"])
    media = f"{graph.hashtags['kindle']}/recent_media"
    graph.put(media, "1", NOON, caption="My #kindle", username="anna", permalink="https://www.instagram.com/p/C1/")
    graph.put(media, "2", NOON)  # a video without words
    async with ScriptedServer(graph.reply) as server:
        events, _ = await heard(sources("instagram", server.base, http, account=ACCOUNT)["hashtags"])
    posts = {event.id: event for event in events if isinstance(event, Post)}
    assert (posts["1"].author, posts["1"].author_url, posts["1"].text) == (None, None, "My #kindle")
    assert posts["1"].url == "https://www.instagram.com/p/C1/"
    assert posts["2"].text == ""


async def test_a_burst_is_paged_through_though_the_cursor_stays_the_same(http: Client) -> None:
    graph = graph_of(["kindle"])
    media = f"{graph.hashtags['kindle']}/recent_media"
    async with ScriptedServer(graph.reply) as server:
        tags = sources("instagram", server.base, http, account=ACCOUNT)["hashtags"]
        _, cursor = await heard(tags)
        for number in range(180):
            graph.put(media, str(number), NOON + timedelta(seconds=number // 40), caption=f"#kindle {number}")
        events, cursor = await heard(tags, cursor, NOON + timedelta(minutes=15))
        assert len(texts(events)) == len(set(texts(events))) == 180
        graph.put(media, "late", NOON - timedelta(minutes=3), caption="#kindle late")  # not strictly by date
        graph.put(media, "new", NOON + timedelta(minutes=20), caption="#kindle new")
        events, cursor = await heard(tags, cursor, NOON + timedelta(minutes=30))
        assert texts(events) == ["#kindle new"]
        assert not [event for event in events if isinstance(event, Gap)]


async def test_a_page_that_comes_again_and_again_is_a_gap_and_no_endless_loop(http: Client) -> None:
    graph = graph_of(["kindle"])
    shown: list[str] = ["1"]

    def reply(request: Request) -> Reply:
        if not request.path.endswith("recent_media"):
            return graph.reply(request)
        things = [{"id": identity, "caption": "#kindle", "timestamp": "2026-11-22T11:00:00+0000"} for identity in shown]
        paging = {"cursors": {"after": "same"}, "next": "https://graph.facebook.com/x?after=same"}
        return Reply(body=json.dumps({"data": things, "paging": paging}).encode())

    async with ScriptedServer(reply) as server:
        tags = sources("instagram", server.base, http, account=ACCOUNT)["hashtags"]
        _, cursor = await heard(tags)
        shown[:] = ["2", "3"]
        events, _ = await heard(tags, cursor, NOON + timedelta(minutes=15))
        assert [event.why for event in events if isinstance(event, Gap)] == ["the same page comes again and again"]
        assert len(server.requests) < 12


async def test_never_more_than_thirty_hashtags_are_asked_for_in_seven_days(http: Client) -> None:
    names = [f"tag{number:02}" for number in range(40)]
    graph = graph_of([*names, "elsewhere"])
    graph.searched["elsewhere"] = NOON - timedelta(days=1)  # by another program
    options = {"account": ACCOUNT}
    async with ScriptedServer(graph.reply) as server:
        first = sources("instagram", server.base, http, *(f"#{name}" for name in names[:20]), **options)["hashtags"]
        _, cursor = await heard(first)
        assert len(graph.searched) == 21
        more = sources("instagram", server.base, http, *(f"#{name}" for name in names), **options)["hashtags"]
        events, cursor = await heard(more, cursor, NOON + timedelta(days=1))
        assert len(graph.searched) == 30
        (said,) = notices(events)
        assert said.startswith("Instagram allows 30 hashtags in 7 days; not heard: #tag29, #tag30")
        for day in range(2, 6):
            events, cursor = await heard(more, cursor, NOON + timedelta(days=day))
            assert notices(events) == [said]
        assert len(graph.searched) == 30
        # Without a cursor, as after the store was lost, Instagram's own list keeps the promise.
        await heard(more, None, NOON + timedelta(days=5))
        assert len(graph.searched) == 30
        # When a week is over, another has its turn, and no tag is refused by Instagram on the way.
        for day in (6, 7, 8, 9):
            events, cursor = await heard(more, cursor, NOON + timedelta(days=day, minutes=1))
            week = [at for at in graph.searched.values() if graph.moment - at < timedelta(days=7)]
            assert len(week) == 30
            assert notices(events) == [
                said.replace("#tag29, ", "").replace("#tag33", "#tag33, #tag34").replace("6", "5")
            ]
        assert graph.refused == []


async def test_the_same_hashtag_is_looked_up_once(http: Client) -> None:
    graph = graph_of(["kindle"])
    async with ScriptedServer(graph.reply) as server:
        tags = sources("instagram", server.base, http, account=ACCOUNT)["hashtags"]
        _, cursor = await heard(tags)
        for minutes in (15, 30, 45):
            _, cursor = await heard(tags, cursor, NOON + timedelta(minutes=minutes))
        assert sum("ig_hashtag_search" in target for target in server.asked()) == 1
        assert sum("recently_searched" in target for target in server.asked()) == 1


async def test_a_week_that_is_used_up_by_others_is_told_and_does_not_stop_the_rest(http: Client) -> None:
    graph = graph_of(["kindle", "tolino"])
    graph.searched = {"kindle": NOON}
    graph.put(f"{graph.hashtags['kindle']}/recent_media", "1", NOON, caption="#kindle")
    said = "(#18) The maximum number of hashtags that can be queried within the time period has been reached"
    graph.broken["ig_hashtag_search"] = refusal(18, said, 400, 2_207_034)
    async with ScriptedServer(graph.reply) as server:
        tags = sources("instagram", server.base, http, "#tolino", "#kindle", account=ACCOUNT)["hashtags"]
        events, _ = await heard(tags)
    assert texts(events) == ["#kindle"]
    assert notices(events) == ["Instagram allows 30 hashtags in 7 days; not heard: #tolino"]


async def test_a_hashtag_that_nobody_uses_is_said(http: Client) -> None:
    async with ScriptedServer(graph_of([]).reply) as server:
        events, _ = await heard(sources("instagram", server.base, http, account=ACCOUNT)["hashtags"])
    assert notices(events) == ["nobody has used #kindle on Instagram yet"]


async def test_more_than_a_day_without_listening_is_a_gap(http: Client) -> None:
    async with ScriptedServer(graph_of(["kindle"]).reply) as server:
        tags = sources("instagram", server.base, http, account=ACCOUNT)["hashtags"]
        _, cursor = await heard(tags)
        events, _ = await heard(tags, cursor, NOON + timedelta(days=3))
    (gap,) = [event for event in events if isinstance(event, Gap)]
    assert (gap.since, gap.until, gap.reason) == (NOON, NOON + timedelta(days=2), "retention")


async def test_checking_uses_no_hashtag_up(http: Client) -> None:
    graph = graph_of(["kindle", "tolino"])
    graph.searched["tolino"] = NOON
    async with ScriptedServer(graph.reply) as server:
        (tags, *_) = sources("instagram", server.base, http, account=ACCOUNT).values()
        assert "of 30 hashtags of the week are used" in await tags.check()
    assert set(graph.searched) == {"tolino"}
    assert hashtags.MOST == 30


async def test_comments_on_own_posts_and_replies_to_old_ones(http: Client) -> None:
    graph = GraphServer()
    graph.put(
        f"{ACCOUNT}/media", "18001", NOON - timedelta(days=5), caption="New in the shop", permalink="javascript:1"
    )
    graph.put("18001/comments", "1", NOON - timedelta(hours=3), text="When?", username="anna")
    async with ScriptedServer(graph.reply) as server:
        comments = sources("instagram", server.base, http, account=ACCOUNT)["comments"]
        events, cursor = await heard(comments)
        (post,) = [event for event in events if isinstance(event, Post)]
        assert (post.kind, post.author, post.parent, post.about) == ("comment", "anna", "18001", "New in the shop")
        assert post.url is None
        answer = {"id": "2", "text": "Soon?", "username": "ben", "timestamp": "2026-11-22T13:00:00+0000"}
        graph.edges["18001/comments"][0]["replies"] = {"data": [answer]}
        graph.put("18001/comments", "3", NOON + timedelta(hours=1), text="me too", username="cem")
        events, _ = await heard(comments, cursor, NOON + timedelta(hours=2))
        assert sorted(texts(events)) == ["Soon?", "me too"]


async def test_a_missing_permission_is_named(http: Client) -> None:
    graph = GraphServer()
    graph.broken[f"{ACCOUNT}/tags"] = refusal(10, "(#10) Application does not have permission for this action", 403)
    async with ScriptedServer(graph.reply) as server:
        with pytest.raises(Refused, match="wants the permission instagram_manage_comments"):
            await heard(sources("instagram", server.base, http, account=ACCOUNT)["tags"])


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the payloads are not at hand")
async def test_recorded_answers_are_read(http: Client) -> None:
    files = {
        "recently_searched_hashtags": "recently_searched_hashtags", "ig_hashtag_search": "ig_hashtag_search",
        "tags": "tagged_medias", "media": "business_discovery_medias_p1", "recent_media": "hashtag_recent_media_p1",
    }  # fmt: skip

    def reply(request: Request) -> Reply:
        name = files[request.path.rpartition("/")[2]]
        name = "hashtag_recent_media_p2" if "after" in request.query and "recent" in name else name
        return Reply(body=(RECORDED / "instagram" / f"{name}.json").read_bytes())

    async with ScriptedServer(reply) as server:
        found = sources("instagram", server.base, http, "#developers", account=ACCOUNT)
        events, _ = await heard(found["hashtags"])
        assert len({event.id for event in events if isinstance(event, Post)}) == 10
        events, _ = await heard(found["tags"], at=NOON.replace(year=2018, month=1))
        assert "Cute.. #cute #loveyou  @ikroskun" in texts(events)
