"""Facebook pages on a Graph API of our own and on recorded answers."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import timedelta

import msgspec
import pytest

from listen.errors import Gone, PlatformError, RateLimited, Refused, TooMuch, Unreachable
from listen.graph import Access, Graph
from listen.http import Budget, Client, Meter, Secret
from listen.platforms import known
from listen.post import Gap, Post
from listen.source import Source
from tests.platforms.meta import NOON, RECORDED, heard, secret, sources, texts
from tests.servers.graph import TOKEN, GraphServer, refusal
from tests.servers.scripted import Reply, Request, ScriptedServer

PAGE = "100200300"


def page(server: ScriptedServer, http: Client, what: str = "feed", **options: object) -> Source:
    return sources("facebook", server.base, http, pages={PAGE: "Kindle"}, **options)[f"{PAGE} {what}"]


async def test_everything_posted_is_found_once_however_many_and_late(http: Client) -> None:
    graph = GraphServer()
    graph.holes = {1}  # a page whose posts are all hidden from us
    graph.put(f"{PAGE}/feed", "old", NOON - timedelta(hours=2), message="old")
    async with ScriptedServer(graph.reply) as server:
        feed = page(server, http)
        events, cursor = await heard(feed)
        assert texts(events) == ["old"]
        graph.holes = set()
        for number in range(170):
            graph.put(f"{PAGE}/feed", f"b{number}", NOON + timedelta(seconds=number // 60), message=f"burst {number}")
        graph.put(f"{PAGE}/feed", "late", NOON - timedelta(minutes=40), message="late")
        events, again = await heard(feed, cursor, NOON + timedelta(minutes=10))
        assert sorted(texts(events)) == sorted(["late", *(f"burst {number}" for number in range(170))])
        assert not [event for event in events if isinstance(event, Gap)]
        assert texts((await heard(feed, again, NOON + timedelta(minutes=20)))[0]) == []
        # From the mark before, as after a crash, the same comes again.
        assert len(texts((await heard(feed, cursor, NOON + timedelta(minutes=20)))[0])) == 171
    assert TOKEN not in str(cursor) + str(again)


async def test_an_empty_page_in_the_middle_is_no_end(http: Client) -> None:
    graph = GraphServer()
    for number in range(120):
        graph.put(f"{PAGE}/feed", f"p{number}", NOON - timedelta(minutes=number), message=f"post {number}")
    graph.holes = {1}
    async with ScriptedServer(graph.reply) as server:
        events, _ = await heard(page(server, http))
    assert len(texts(events)) == 70  # the 50 of the second page are hidden, the third is read


async def test_the_token_goes_as_a_header_and_next_addresses_are_not_followed(http: Client) -> None:
    graph = GraphServer()
    for number in range(60):
        graph.put(f"{PAGE}/feed", f"p{number}", NOON - timedelta(minutes=number), message="post")
    async with ScriptedServer(graph.reply) as server:
        await heard(page(server, http, app_secret="hush-app"))
        asked = server.asked()
    assert len(asked) == 2
    assert not any(TOKEN in target or "access_token" in target for target in asked)
    proof = hmac.new(b"hush-app", TOKEN.encode(), hashlib.sha256).hexdigest()
    assert all(f"appsecret_proof={proof}" in target for target in asked)


async def test_what_is_too_much_is_asked_for_in_smaller_pages(http: Client) -> None:
    graph = GraphServer()
    graph.bears = 12
    for number in range(30):
        graph.put(f"{PAGE}/feed", f"p{number}", NOON - timedelta(minutes=number), message=f"post {number}")
    async with ScriptedServer(graph.reply) as server:
        feed = page(server, http)
        events, cursor = await heard(feed)
        assert len(texts(events)) == 30
        before = len(server.requests)
        await heard(feed, cursor, NOON + timedelta(minutes=1))
        assert all("limit=12" in target for target in server.asked()[before:])  # what it could bear is remembered
        graph.bears = 0
        with pytest.raises(TooMuch):
            await heard(feed, cursor)


async def test_posts_of_others_are_about_the_page_and_its_own_are_not(http: Client) -> None:
    graph = GraphServer()
    graph.put(f"{PAGE}/feed", "1", NOON, message="Sale!", **{"from": {"id": PAGE, "name": "Leseshop"}})
    graph.put(f"{PAGE}/feed", "2", NOON, message="Kaputt!", **{"from": {"id": "7", "name": "Anna"}})
    async with ScriptedServer(graph.reply) as server:
        events, _ = await heard(page(server, http))
    assert {event.text: event.about for event in events if isinstance(event, Post)} == {
        "Sale!": None,
        "Kaputt!": "Kindle",
    }


async def test_comments_and_replies_are_heard_where_something_changed_only(http: Client) -> None:
    graph = GraphServer()
    for number in range(3):
        graph.put(f"{PAGE}/feed", f"{PAGE}_{number}", NOON - timedelta(hours=9), message=f"post {number}")
        graph.put(f"{PAGE}_{number}/comments", f"{number}_1", NOON - timedelta(hours=3), message=f"first {number}")
    async with ScriptedServer(graph.reply) as server:
        comments = page(server, http, "comments")
        events, cursor = await heard(comments)
        assert sorted(texts(events)) == ["first 0", "first 1", "first 2"]
        parent = {"id": "1_1"}
        graph.put(f"{PAGE}_1/comments", "1_2", NOON + timedelta(minutes=1), message="a reply", parent=parent)
        before = len(server.requests)
        events, cursor = await heard(comments, cursor, NOON + timedelta(minutes=10))
        (reply,) = [event for event in events if isinstance(event, Post)]
        assert (reply.text, reply.kind, reply.parent, reply.about) == ("a reply", "comment", "1_1", "Kindle")
        assert len(server.requests) - before == 2  # the list of posts, and the one that changed
        graph.edges[f"{PAGE}_0/comments"] = []
        graph.put(f"{PAGE}_0/comments", "0_9", NOON + timedelta(minutes=11), message="in the place of another")
        events, cursor = await heard(comments, cursor, NOON + timedelta(minutes=20))
        assert texts(events) == ["in the place of another"]  # though their number is the same
        graph.put(f"{PAGE}/feed", f"{PAGE}_8", NOON + timedelta(minutes=21), message="new post")
        for number in range(240):
            graph.put(f"{PAGE}_8/comments", f"8_{number}", NOON + timedelta(minutes=22), message=f"storm {number}")
        events, cursor = await heard(comments, cursor, NOON + timedelta(minutes=30))
        assert len(set(texts(events))) == len(texts(events)) == 240
        assert texts((await heard(comments, cursor, NOON + timedelta(minutes=40)))[0]) == []


async def test_a_post_that_goes_while_its_comments_are_read_stops_nothing(http: Client) -> None:
    graph = GraphServer()
    for number in range(2):
        graph.put(f"{PAGE}/feed", f"{PAGE}_{number}", NOON, message="post")
        graph.put(f"{PAGE}_{number}/comments", f"{number}_1", NOON, message=f"comment {number}")
    graph.broken[f"{PAGE}_1/comments"] = refusal(100, "Unsupported get request.", 400, 33)
    async with ScriptedServer(graph.reply) as server:
        events, _ = await heard(page(server, http, "comments"))
    assert texts(events) == ["comment 0"]


async def test_recommendations_are_reviews_of_five_stars_or_one(http: Client) -> None:
    shown = [
        {"created_time": "2026-11-22T08:00:00+0000", "recommendation_type": "negative", "review_text": "Nie wieder",
         "reviewer": {"id": "7", "name": "Anna"}, "open_graph_story": {"id": "9"}},
        {"created_time": "2026-11-22T07:00:00+0000", "recommendation_type": "positive"},
        {"created_time": "2026-11-22T06:00:00+0000", "rating": 3, "review_text": "so so"},
    ]  # fmt: skip
    reply = Reply(body=json.dumps({"data": shown}).encode())
    async with ScriptedServer(lambda _: reply) as server:
        events, _ = await heard(page(server, http, "ratings"))
    posts = [event for event in reversed(events) if isinstance(event, Post)]
    assert [(post.kind, post.rating, post.text, post.about) for post in posts] == [
        ("review", 1.0, "Nie wieder", "Kindle"),
        ("review", 5.0, "", "Kindle"),
        ("review", 3.0, "so so", "Kindle"),
    ]
    assert len({post.id for post in posts}) == 3


ERRORS: dict[str, tuple[Reply, type[PlatformError], str]] = {
    "expired": (refusal(190, "expired", 401, 463), Refused, "does not accept the token: it has expired; make a"),
    "password": (refusal(190, "x", 400, 460), Refused, "the password was changed"),
    "permission named": (
        refusal(200, "(#200) Requires pages_read_engagement permission to manage the object", 403),
        Refused,
        "wants the permission pages_read_engagement (code 200); add it to your app",
    ),
    "permission unnamed": (
        refusal(10, "(#10) Application does not have permission for this action", 500),
        Refused,
        "wants the permission pages_read_engagement or pages_read_user_content (code 10)",
    ),
    "feature": (
        refusal(100, "requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature"),
        Refused,
        "wants the permission pages_read_engagement or Page Public Content Access (code 100)",
    ),
    "proof": (refusal(100, "requires either app secret proof or an app token"), Refused, "write app_secret ="),
    "gone": (refusal(100, "Unsupported get request", 400, 33), Gone, "has nothing of that name"),
    "app": (refusal(4, "limit", 403), RateLimited, "is rate limited (its app's limit)"),
    "user": (refusal(17, "limit", 400), RateLimited, "its user's limit"),
    "page": (refusal(32, "limit", 403), RateLimited, "its page's limit"),
    "custom": (refusal(613, "limit", 400), RateLimited, "a limit of this kind of request"),
    "transient": (refusal(2, "Service temporarily unavailable", 500), Unreachable, "trouble of its own (code 2)"),
    "blocked": (refusal(368, "abusive", 400), Refused, "takes something for abuse"),
    "in a good answer": (Reply(body=b'{"error": {"code": 190, "error_subcode": 467}}'), Refused, "it was withdrawn"),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
async def test_an_error_says_what_is_wrong_and_what_to_do(name: str, http: Client) -> None:
    reply, family, words = ERRORS[name]
    async with ScriptedServer(lambda _: reply) as server:
        with pytest.raises(family, match=re.escape(words)):
            await heard(page(server, http))


async def test_how_long_a_page_is_closed_is_told_in_minutes(http: Client) -> None:
    used = '{"123":[{"type":"pages","call_count":100,"total_time":20,"estimated_time_to_regain_access":19}]}'
    reply = refusal(32, "limit", 403, X_Business_Use_Case_Usage=used)
    async with ScriptedServer(lambda _: reply) as server:
        with pytest.raises(RateLimited) as problem:
            await heard(page(server, http))
    assert problem.value.wait == timedelta(minutes=19)


async def test_at_a_hundred_per_cent_nothing_more_is_asked(http: Client) -> None:
    graph = GraphServer()
    graph.put(f"{PAGE}/feed", "1", NOON, message="post")
    graph.usage = {"call_count": 100, "total_time": 25, "total_cputime": 25}
    async with ScriptedServer(graph.reply) as server:
        feed = page(server, http.metered(Meter("facebook", Budget())))
        _, cursor = await heard(feed)
        with pytest.raises(RateLimited, match="allows no more requests"):
            await heard(feed, cursor)
        assert len(server.requests) == 1


async def test_a_next_address_is_neither_shown_nor_kept_where_it_cannot_be_used(http: Client) -> None:
    told = {"data": [{"id": "1"}], "paging": {"next": f"http://[broken?access_token={TOKEN}"}}
    async with ScriptedServer(lambda _: Reply(body=json.dumps(told).encode())) as server:
        events, cursor = await heard(page(server, http))
    assert len(events) == 1
    assert TOKEN not in str(cursor)


def test_a_page_without_a_token_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="page 1 has no token; write token ="):
        msgspec.convert({"pages": ["1"]}, known()["facebook"].options)
    own = {"pages": ["1"], "tokens": {"1": "hush"}}
    assert msgspec.convert(own, known()["facebook"].options, dec_hook=secret)


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the payloads are not at hand")
class TestRecorded:
    async def test_a_feed_of_two_pages(self, http: Client) -> None:
        def reply(request: Request) -> Reply:
            name = "page_feed_p2" if "until" in request.query else "page_feed_p1"
            return Reply(body=(RECORDED / "facebook" / f"{name}.json").read_bytes())

        async with ScriptedServer(reply) as server:
            feed = page(server, http)
            events, _ = await heard(feed, at=NOON.replace(year=2021, month=6, day=20))
            asked = server.requests[1].query
        assert len(texts(events)) == 5
        assert events[0].id == "4_10113319652002411"  # type: ignore[union-attr]
        assert asked["until"] == "1624385168"
        assert "access_token" not in asked

    async def test_comments_that_leave_their_ids_out(self, http: Client) -> None:
        reply = Reply(body=(RECORDED / "facebook" / "comments_p1.json").read_bytes())
        async with ScriptedServer(lambda _: reply) as server:
            from listen.graph.pages import Page

            graph = Graph(Access(base=server.base, token=Secret(TOKEN, "test")), http)
            things = (await graph.get("1/comments", {}))["data"]
        posts = [post for thing in things for post in Page(PAGE, None).comment(thing, "1_1", "A post")]
        assert len(posts) == len(things) > 5
        assert posts[0].id == "10158407654328553_10158407835073553"
        assert {post.about for post in posts} == {"A post"}

    @pytest.mark.parametrize("name", ["100_app_secret_proof", "100_ppca_missing", "190_token_expired", "4_app_limit",
                                      "32_page_limit", "1_please_reduce"])  # fmt: skip
    async def test_errors(self, name: str, http: Client) -> None:
        body = (RECORDED / "facebook" / f"error_{name}.json").read_bytes()
        status = json.loads((RECORDED / "facebook" / f"error_{name}.meta.json").read_bytes())["status"]
        async with ScriptedServer(lambda _: Reply(status=status, body=body)) as server:
            with pytest.raises((Refused, RateLimited, TooMuch)):
                await heard(page(server, http))
