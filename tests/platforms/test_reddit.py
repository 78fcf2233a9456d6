"""Reddit by its feeds: one request at a time, in turn, and what its entries are."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listen.errors import BadAnswer, Gone, RateLimited, Refused
from listen.http import Client, Secret
from listen.platforms.reddit import Reddit, RedditOptions
from listen.post import Event, Gap, Mark, Post
from listen.query import parse
from listen.source import Interest, Source
from listen.when import CLOCK
from tests.servers.answers import FOLDER
from tests.servers.scripted import Reply, Request, ScriptedServer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECORDED = Path(__file__).parents[3] / "shared" / "payloads" / "reddit"
INTEREST = Interest((parse('kindle OR "pocket book"'),))
ATOM = {"Content-Type": "application/atom+xml; charset=UTF-8"}


def source(base: str, http: Client, **more: Any) -> Source:
    told = {"url": base, "subreddits": ["kindle", "ereader"], **more}
    chosen = msgspec.convert(told, RedditOptions, dec_hook=lambda _, value: Secret(value, "test"))
    (only,) = Reddit(chosen, INTEREST, http).sources()
    return only


async def heard(of: Source, cursor: str | None = None, at: datetime = NOON) -> tuple[list[Event], str | None]:
    """A round at that time, and the mark after it, also if it failed."""
    token, events = CLOCK.set(lambda: at), list[Event]()
    try:
        async for event in of.hear(cursor, None):
            events.append(event)
    except (Gone, Refused, RateLimited):
        pass
    finally:
        CLOCK.reset(token)
    return events, next((event.cursor for event in events if isinstance(event, Mark)), cursor)


def posts(events: list[Event]) -> list[Post]:
    return [event for event in events if isinstance(event, Post)]


def feed(*entries: str) -> Reply:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>newest</title>{"".join(entries)}</feed>'
    return Reply(body=body.encode(), headers=ATOM)


def entry(name: str, text: str = "kindle", at: datetime = NOON, title: str = "T") -> str:
    return (
        f"<entry><author><name>/u/anna</name></author><category term='kindle'/><content type='html'>{text}</content>"
        f"<id>{name}</id><updated>{at.isoformat()}</updated><title>{title}</title></entry>"
    )


async def test_an_entry_is_what_its_author_wrote(http: Client) -> None:
    reply = Reply(body=(FOLDER / "reddit" / "new.atom").read_bytes(), headers=ATOM)
    async with ScriptedServer(lambda _: reply) as server:
        events, _ = await heard(source(server.base, http, subreddits={"kindle": "Kindle", "ereader": ""}))
    link, own = posts(events)  # and no subreddit
    assert (own.id, own.author, own.kind) == ("t3_1abc", "page_turner", "post")
    assert (own.title, own.text) == ("Kindle dead & no answer", "After the update it won't wake up. Notes")
    assert (own.instance, own.about, own.hashtags) == ("reddit.com/r/kindle", "Kindle", ())
    assert (link.title, link.text, link.about) == ("tolino or kindle?", "", None)


async def test_a_comment_is_not_what_it_is_said_to(http: Client) -> None:
    said = entry("t1_9", "&lt;p&gt;Mine works.&lt;/p&gt;", title="/u/anna on Kindle dead &amp; gone")
    async with ScriptedServer(lambda _: feed(said)) as server:
        events, _ = await heard(source(server.base, http))
    (post,) = posts(events)
    assert (post.kind, post.title, post.text) == ("comment", "Kindle dead & gone", "Mine works.")


async def test_feeds_are_asked_in_turn_one_a_round(http: Client) -> None:
    async with ScriptedServer(lambda _: feed()) as server:
        reddit, cursor = source(server.base, http, search=True), None
        for minute in range(4):
            _, cursor = await heard(reddit, cursor, NOON + timedelta(minutes=minute))
    assert server.asked() == [
        "/r/kindle+ereader/new/.rss?limit=100",
        "/r/kindle+ereader/comments/.rss?limit=100",
        "/search.rss?q=kindle+OR+%22pocket+book%22+OR+pocketbook&sort=new&t=week&limit=100",
        "/r/kindle+ereader/new/.rss?limit=100",
    ]


def test_nobody_asks_reddit_more_than_once_a_minute_unless_told_to() -> None:
    assert RedditOptions().requests_per_minute == 1


async def test_a_feed_that_fails_does_not_keep_the_others_from_their_turn(http: Client) -> None:
    def reply(request: Request) -> Reply:
        return Reply(status=404) if "/comments/" in request.path else feed(entry("t3_1"))

    async with ScriptedServer(reply) as server:
        reddit, cursor = source(server.base, http), None
        _, cursor = await heard(reddit, cursor)
        events, cursor = await heard(reddit, cursor)
        assert not posts(events)
        _, cursor = await heard(reddit, cursor)
    assert [re.sub(r".*ereader|\?.*", "", asked) for asked in server.asked()] == [
        "/new/.rss",
        "/comments/.rss",
        "/new/.rss",
    ]


async def test_every_entry_is_heard_once_and_an_overflow_is_a_gap(http: Client) -> None:
    shown = [entry("t3_0")]
    async with ScriptedServer(lambda _: feed(*shown)) as server:
        reddit = source(server.base, http, comments=False)
        events, cursor = await heard(reddit)
        assert [post.id for post in posts(events)] == ["t3_0"]
        shown[:] = [*(entry(f"t3_{number}") for number in range(60, 0, -1)), shown[0]]
        events, cursor = await heard(reddit, cursor, NOON + timedelta(minutes=1))
        assert {post.id for post in posts(events)} == {f"t3_{number}" for number in range(1, 61)}
        assert not [event for event in events if isinstance(event, Gap)]
        shown[:] = [entry(f"t3_{number}") for number in range(300, 200, -1)]
        events, cursor = await heard(reddit, cursor, NOON + timedelta(minutes=2))
    assert len(posts(events)) == 100
    (gap,) = [event for event in events if isinstance(event, Gap)]
    assert (gap.since, gap.until) == (NOON + timedelta(minutes=1), NOON + timedelta(minutes=2))


async def test_the_private_token_is_sent_and_nowhere_kept(http: Client) -> None:
    secret = "0123456789abcdef0123"
    moved: list[str] = []

    def reply(request: Request) -> Reply:
        if not moved:
            moved.append(request.target)
            return Reply(status=301, headers={"Location": request.target.replace("/new/", "/new2/")})
        return feed(entry("t3_1"))

    async with ScriptedServer(reply) as server:
        reddit = source(server.base, http, comments=False, feed_token=secret, feed_user="lampe")
        events, cursor = await heard(reddit)
    assert server.requests[0].query["feed"] == secret
    assert server.requests[0].query["user"] == "lampe"
    assert secret not in repr(events) + reddit.name + (cursor or "")


async def test_a_limit_in_html_is_a_limit(http: Client) -> None:
    body = b"<!doctype html><html><title>Too Many Requests</title><h1>whoa there, pardner!</h1></html>"
    headers = {
        "Content-Type": "text/html",
        "x-ratelimit-remaining": "0.0",
        "x-ratelimit-reset": "41",
        "retry-after": "0",
    }
    async with ScriptedServer(lambda _: Reply(status=429, body=body, headers=headers)) as server:
        with pytest.raises(RateLimited) as problem:
            await source(server.base, http).check()
    assert problem.value.wait == timedelta(seconds=41)


async def test_a_page_is_a_bad_answer_and_no_further_request(http: Client) -> None:
    page = Reply(body=b"<!doctype html><html><title>Blocked</title></html>", headers={"Content-Type": "text/html"})
    async with ScriptedServer(lambda _: page) as server:
        with pytest.raises(BadAnswer, match="shows a page where its feed"):
            await source(server.base, http).check()
    assert len(server.requests) == 1


def test_a_token_without_its_user_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="belong together"):
        msgspec.convert({"feed_user": "lampe"}, RedditOptions)


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the payloads are not at hand")
async def test_the_feed_at_hand_is_read(http: Client) -> None:
    body = (RECORDED / "search_rss_constructed.xml").read_bytes()
    async with ScriptedServer(lambda _: Reply(body=body, headers=ATOM)) as server:
        events = [event async for event in source(server.base, http).hear(None, datetime(2000, 1, 1, tzinfo=UTC))]
    assert len(posts(events)) == body.count(b"<entry>")
    assert not any("submitted by" in post.text or (post.author or "").startswith("/u/") for post in posts(events))
