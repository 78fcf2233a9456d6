"""X: nothing is missed, nothing is read twice, and what is read is paid before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.errors import OutOfQuota, PlatformError, RateLimited, Refused, Unacceptable, Unknown
from listen.http import Client, Secret
from listen.platforms.x import X, XOptions
from listen.post import Edit, Post
from listen.query import parse
from listen.source import Interest, Source
from tests.platforms.rounds import Ear, gaps, posts, texts
from tests.servers.scripted import Reply, Request, ScriptedServer
from tests.servers.x import AUTHOR, POST, XServer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
INTEREST = Interest((parse("kindle"),))


def source(base: str, http: Client, interest: Interest = INTEREST, **more: Any) -> Source:
    told = {"api": base, "stream": False, "budget": "100 USD/day", **more}
    chosen = msgspec.convert({"token": "hush-hush", **told}, XOptions, dec_hook=lambda _, value: Secret(value, "test"))
    (only,) = X(chosen, interest, http).sources()
    return only


async def test_a_post_is_what_x_says(http: Client) -> None:
    server = XServer(NOON)
    id_ = server.post(
        "Mein Kindle &amp; ich: &lt;3 https://t.co/abc https://t.co/pic #Kindle",
        NOON - 5 * MINUTE,
        public_metrics={"like_count": 3, "retweet_count": 1, "reply_count": 2, "impression_count": 99},
        entities={
            "urls": [
                {"url": "https://t.co/abc", "expanded_url": "https://lese.example/?a=1&b=2"},
                {"url": "https://t.co/pic", "expanded_url": "https://x.com/anna/status/1/photo/1"},
            ],
            "hashtags": [{"start": 1, "end": 2, "tag": "Kindle"}],
        },
        referenced_tweets=[{"type": "replied_to", "id": "12"}],
    )
    async with ScriptedServer(server) as running:
        (post,) = posts(await Ear(source(running.base, http)).round(NOON))
    assert post == Post(
        platform="x", id=id_, url=f"https://x.com/anna/status/{id_}", author="anna", author_id="7", author_name="Anna",
        author_url="https://x.com/anna", followers=120,
        text="Mein Kindle & ich: <3 https://lese.example/?a=1&b=2  #Kindle",
        posted_at=NOON - 5 * MINUTE, kind="reply", parent="12", lang="de", hashtags=("Kindle",),
        links=("https://lese.example/?a=1&b=2",), likes=3, reposts=1, replies=2, views=99,
    )  # fmt: skip


async def test_a_long_post_is_read_whole(http: Client) -> None:
    server = XServer(NOON)
    server.post("Mein Kindle ist…", NOON - MINUTE, note_tweet={"text": "Mein Kindle ist " + "sehr " * 80 + "alt"})
    async with ScriptedServer(server) as running:
        (text,) = texts(await Ear(source(running.base, http)).round(NOON))
    assert text.endswith("sehr alt")


async def test_without_authors_no_names_are_bought(http: Client) -> None:
    server = XServer(NOON)
    id_ = server.post("kindle", NOON - MINUTE)
    async with ScriptedServer(server) as running:
        (post,) = posts(await Ear(source(running.base, http, authors=False)).round(NOON))
    assert (post.author, post.author_id, post.url) == (None, "7", f"https://x.com/i/web/status/{id_}")
    assert server.spent == POST


async def test_an_edited_post_is_the_same_post(http: Client) -> None:
    server = XServer(NOON)
    first = server.post("kindle tot", NOON - 5 * MINUTE)
    async with ScriptedServer(server) as running:
        ear = Ear(source(running.base, http))
        assert texts(await ear.round(NOON)) == ["kindle tot"]
        server.clock += 5 * MINUTE
        last = server.edit(first, "kindle lebt", NOON + MINUTE)
        (event,) = [one for one in await ear.round(server.clock) if isinstance(one, Edit)]
    assert event.post.id == first
    assert event.post.url == f"https://x.com/anna/status/{last}"
    assert (event.post.posted_at, event.post.edited_at) == (NOON - 5 * MINUTE, NOON + MINUTE)


@pytest.mark.parametrize("spelling", ["tweet", "post"])
async def test_a_burst_is_paged_through_in_either_spelling(http: Client, spelling: str) -> None:
    server = XServer(NOON)
    server.spelling = spelling
    ids = [server.post(f"kindle {number}", NOON - MINUTE, number) for number in range(1, 251)]
    async with ScriptedServer(server) as running:
        ear = Ear(source(running.base, http))
        heard = posts(await ear.round(NOON))
        assert posts(await ear.round(NOON + MINUTE)) == []
    assert sorted(post.id for post in heard) == sorted(ids)
    assert len(server.read) == len(set(server.read)) == 250


async def test_a_stop_of_more_than_a_week_is_a_gap(http: Client) -> None:
    server = XServer(NOON)
    server.post("kindle alt", NOON - MINUTE)
    async with ScriptedServer(server) as running:
        ear = Ear(source(running.base, http))
        await ear.round(NOON)
        server.clock += timedelta(days=9)
        server.post("kindle neu", server.clock - timedelta(days=6))
        events = await ear.round(server.clock)
    assert ear.problem is None
    assert texts(events) == ["kindle neu"]
    (gap,) = gaps(events)
    assert gap.reason == "retention"
    assert gap.since == NOON - MINUTE
    assert timedelta(days=2) <= gap.until - gap.since < timedelta(days=2, hours=1)


async def test_weeks_without_a_post_are_no_gap(http: Client) -> None:
    server = XServer(NOON)
    server.post("kindle", NOON - MINUTE)
    async with ScriptedServer(server) as running:
        ear = Ear(source(running.base, http))
        for _ in range(30):
            events = await ear.round(server.clock)
            assert ear.problem is None
            assert gaps(events) == []
            server.clock += timedelta(hours=12)
        server.post("kindle, endlich", server.clock - MINUTE)
        assert texts(await ear.round(server.clock)) == ["kindle, endlich"]


async def test_the_first_start_reads_a_few_minutes(http: Client) -> None:
    server = XServer(NOON)
    server.post("kindle, vor einer Stunde", NOON - timedelta(hours=1))
    server.post("kindle, eben", NOON - 5 * MINUTE)
    async with ScriptedServer(server) as running:
        assert texts(await Ear(source(running.base, http)).round(NOON)) == ["kindle, eben"]
        back = await Ear(source(running.base, http)).round(NOON, since=NOON - timedelta(hours=2))
    assert texts(back) == ["kindle, vor einer Stunde", "kindle, eben"]


async def test_a_new_topic_goes_on_where_the_others_are(http: Client) -> None:
    server = XServer(NOON)
    server.post("kindle", NOON - MINUTE)
    server.post("tolino, schon gelesen wäre er nicht", NOON - 2 * MINUTE)
    async with ScriptedServer(server) as running:
        ear = Ear(source(running.base, http))
        await ear.round(NOON)
        ear.source = source(running.base, http, Interest((parse("kindle"), parse("tolino"))))
        server.clock += MINUTE
        server.post("tolino", NOON)
        assert texts(await ear.round(server.clock)) == ["tolino"]
    assert len(server.read) == len(set(server.read))


async def test_a_budget_ends_the_reading_and_the_next_day_goes_on_where_it_stopped(http: Client) -> None:
    server = XServer(NOON)
    ids = [server.post(f"kindle {number}", NOON - MINUTE, number) for number in range(1, 121)]
    heard: list[Post] = []
    async with ScriptedServer(server) as running:
        told = source(running.base, http, budget="0.30 USD/day", authors=False)
        ear = Ear(told)
        for _ in range(6):
            heard += posts(await ear.round(server.clock))
            if ear.problem is None:
                break
            assert isinstance(ear.problem, OutOfQuota)
            assert str(ear.problem) == "the budget of the day is used up (budget = 0.30 USD/day)"
            assert ear.problem.wait == timedelta(hours=12)
            server.clock += timedelta(days=1)
    assert sorted(post.id for post in heard) == sorted(ids)
    assert len(heard) == len(set(server.read)) == len(server.read)
    days = {day: sum(cost for (of, name), cost in server.bill.items() if of == day and " " not in name)
            for day, _ in server.bill}  # fmt: skip
    assert sorted(days.values()) == [300_000, 300_000]


async def test_the_newest_are_read_before_what_a_budget_left(http: Client) -> None:
    server = XServer(NOON)
    for number in range(1, 61):
        server.post(f"kindle {number}", NOON - MINUTE, number)
    async with ScriptedServer(server) as running:
        ear = Ear(source(running.base, http, budget="0.15 USD/day", authors=False))
        assert len(posts(await ear.round(NOON))) == 30
        server.clock += timedelta(days=1)
        server.post("kindle neu", server.clock - MINUTE)
        assert texts(await ear.round(server.clock))[0] == "kindle neu"


async def test_an_author_is_bought_once_a_day(http: Client) -> None:
    server = XServer(NOON)
    for number in range(1, 11):
        server.post("kindle", NOON - MINUTE, number)
    async with ScriptedServer(server) as running:
        hearing = source(running.base, http)
        await Ear(hearing).round(NOON)
        assert server.spent == 10 * POST + AUTHOR
        assert await hearing.api.costs.paid.used() == server.spent  # type: ignore[attr-defined]


async def test_what_fails_costs_nothing(http: Client) -> None:
    async with ScriptedServer(lambda _: Reply(status=503)) as running:
        hearing = source(running.base, http)
        ear = Ear(hearing)
        await ear.round(NOON)
        assert isinstance(ear.problem, PlatformError)
        assert await hearing.api.costs.paid.used() == 0  # type: ignore[attr-defined]


async def test_no_money_no_request(http: Client) -> None:
    server = XServer(NOON)
    async with ScriptedServer(server) as running:
        ear = Ear(source(running.base, http, budget="0.14 USD/day"))
        await ear.round(NOON)
        assert isinstance(ear.problem, OutOfQuota)
        assert running.requests == []


async def test_a_check_tells_what_it_will_cost(http: Client) -> None:
    server = XServer(NOON)
    for number in range(1, 71):
        server.post("kindle", NOON - MINUTE, number)
    async with ScriptedServer(server) as running:
        said = await source(running.base, http, budget="2 USD/day").check()
    assert said == "about 10 posts a day = 0.15 USD, with their authors, at most; budget = 2.00 USD/day"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (402, {"title": "CreditsDepleted", "detail": "no credits"}, OutOfQuota),
        (429, {"title": "UsageCapExceeded", "type": "https://api.x.com/2/problems/usage-capped"}, OutOfQuota),
        (429, {"title": "Too Many Requests", "status": 429}, RateLimited),
        (401, {"title": "Unauthorized"}, Unknown),
        (403, {"title": "Forbidden", "type": "https://api.x.com/2/problems/client-forbidden"}, Refused),
        (400, {"title": "Invalid Request", "detail": "There were errors"}, Unacceptable),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
async def test_refusals_are_what_they_mean(status: int, body: object, error: type[Exception], http: Client) -> None:
    reply = Reply(status=status, body=msgspec.json.encode(body))
    async with ScriptedServer(lambda _: reply) as running:
        ear = Ear(source(running.base, http))
        await ear.round(NOON)
    assert type(ear.problem) is error
    assert "hush" not in str(ear.problem)


async def test_errors_beside_posts_take_nothing_from_them(http: Client) -> None:
    body = {
        "data": [{"id": "123", "text": "kindle"}, {"id": "x"}, {"id": "124", "text": "kindle", "entities": 7}],
        "errors": [
            {"resource_id": "456", "title": "Not Found Error", "detail": "Could not find tweet with id: [456]."}
        ],
    }
    async with ScriptedServer(lambda _: Reply(body=msgspec.json.encode(body))) as running:
        assert [post.id for post in posts(await Ear(source(running.base, http)).round(NOON))] == ["123", "124"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"budget": "2 USD/day"}, "has no token; write token"),
        ({"token": "t", "budget": "2 dollars"}, "budget: '2 dollars' is no budget; write it like"),
        ({"token": "t", "budget": "0 USD/day"}, "leaves nothing to read with"),
        ({"token": "t", "budget": "2 EUR/month"}, "budget: is in EUR, but price in USD; write both in one currency"),
        ({"token": "t", "price": "cheap"}, "price: 'cheap' is no price"),
        ({"token": "t", "price_author": "0.01 EUR"}, "price_author: is in another currency"),
        ({"token": "t", "budget": "2 CHF/day"}, "'CHF' is not known here; use USD or EUR"),
    ],
)
def test_what_the_config_gets_wrong_is_said(told: dict[str, Any], said: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=said):
        msgspec.convert(told, XOptions, dec_hook=lambda _, value: Secret(value, "test"))


def test_a_section_without_anything_in_it_is_no_network() -> None:
    assert X(XOptions(), INTEREST, Client()).sources() == []


Step = tuple[str, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("posts"), st.integers(1, 60)),
        st.tuples(st.just("time"), st.integers(1, 400)),
        st.tuples(st.just("round"), st.just(0)),
        st.tuples(st.just("breaks"), st.integers(0, 3)),
        st.tuples(st.just("restart"), st.just(0)),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(STEPS)
async def test_all_that_is_posted_is_read_once(steps: list[Step]) -> None:
    """Bursts within a millisecond, pages of 20, failures in the middle of a walk, restarts from the last mark."""
    server, heard, number, left = XServer(NOON), list[str](), 0, [99]
    server.page_size = 20

    def script(request: Request) -> Reply:
        left[0] -= 1
        return server(request) if left[0] >= 0 else Reply(status=503)

    async with ScriptedServer(script) as running, Client(patience=10) as http:
        ear = Ear(source(running.base, http, budget="1000 USD/day"))
        await ear.round(server.clock)
        for step, amount in [*steps, ("time", 60), ("round", 0)]:
            if step == "posts":
                for _ in range(amount):
                    number += 1
                    server.post(f"kindle {number}", number=number)
            elif step == "time":
                server.clock += timedelta(seconds=amount)
            elif step == "restart":
                ear.source = source(running.base, http, budget="1000 USD/day")
            else:
                left[0] = 99 if step == "round" else amount
                heard += [post.id for post in posts(await ear.round(server.clock))]
    assert sorted(heard) == sorted(server.posts)
    assert len(server.read) == len(set(server.read))
