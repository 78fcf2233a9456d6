"""Streams and search with a user's token: what the wire brings, what it hides, and how it ends."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listen.errors import BadAnswer, PlatformError, Refused, Unreachable
from listen.http import Client, Secret
from listen.pipeline import Pipeline
from listen.platforms.mastodon import Mastodon, MastodonOptions
from listen.platforms.mastodon.server import _streaming_address
from listen.platforms.mastodon.software import Configuration, Instance, Urls
from listen.post import CaughtUp, Deletion, Edit, Event, Gap, Mark, Notice, Post
from listen.query import Query, parse
from listen.selection import Selection
from listen.source import Interest, Source
from listen.store import Store
from listen.watchlist import Topic, Watchlist
from tests.servers.mastodon import MastodonServer, answer, snowflake, sse, status, update
from tests.servers.scripted import Reply, ScriptedServer
from tests.stations import Remembering, calm

NOW = datetime.now(UTC)
STREAM = {"Content-Type": "text/event-stream"}


def at(moment: datetime, sequence: int = 0, **fields: Any) -> dict[str, Any]:
    return status(snowflake(moment, sequence), posted_at=moment, **fields)


OLD, NEW, NEXT = at(NOW - timedelta(minutes=9)), at(NOW), at(NOW, 1)


def flowing(*pieces: bytes) -> Reply:
    """A stream that sends these bytes, one packet each, and ends in good order."""
    return Reply(body=b":)\n", pieces=pieces, headers=STREAM, length=-1, ending="close")


def sources_of(http: Client, server: ScriptedServer, *terms: Query, wanted: str = "") -> list[Source]:
    interest = Interest(terms or (parse("#kindle"),), lambda text: wanted in text.lower())
    options = MastodonOptions(servers=(server.base,), token=Secret("hush-hush", "env:T"))
    return list(Mastodon(options, interest, http).sources())


async def heard(source: Source, cursor: str | None = None) -> tuple[list[Event], PlatformError | None]:
    events: list[Event] = []
    try:
        async for event in source.hear(cursor, None):
            events.append(event)  # noqa: PERF401  what came before the error counts
    except PlatformError as problem:
        return events, problem
    return events, None


async def streamed(http: Client, reply: Reply, *, wanted: str = "") -> tuple[list[Event], PlatformError | None]:
    """What comes after `CaughtUp` from a server whose timeline holds one old post."""
    async with ScriptedServer(script := MastodonServer([OLD])) as server:
        script.stream = reply
        events, problem = await heard(sources_of(http, server, wanted=wanted)[0])
    return events[events.index(CaughtUp()) + 1 :], problem


async def test_a_stream_is_open_before_the_catch_up_and_live_after_it(http: Client) -> None:
    async with ScriptedServer(script := MastodonServer([OLD])) as server:
        script.stream = flowing(sse(update(NEW)))
        events, problem = await heard(sources_of(http, server)[0])
    assert [type(event) for event in events] == [Post, Mark, CaughtUp, Post, Mark]
    paths = [request.path for request in server.requests]
    assert paths.index("/api/v1/streaming/hashtag") < paths.index("/api/v1/timelines/tag/kindle")
    assert isinstance(problem, Unreachable)


async def test_what_was_missed_while_away_is_read_before_the_stream_goes_on(http: Client) -> None:
    missed = [at(NOW - timedelta(minutes=5), n) for n in range(100)]
    async with ScriptedServer(script := MastodonServer([OLD, *missed])) as server:
        script.stream = flowing()
        events, _ = await heard(sources_of(http, server)[0], OLD["id"])
    assert [event.ref for event in events if isinstance(event, Post)] == [told["id"] for told in (OLD, *missed)]
    assert events[-1] == CaughtUp()


async def test_line_separators_inside_a_post_do_not_cut_its_event(http: Client) -> None:
    odd = at(NOW, content="<p>eins\u2028zwei\u0085drei\u2029vier\x0bfünf #Kindle</p>")
    events, _ = await streamed(http, flowing(sse(update(odd))))
    assert isinstance(events[0], Post)
    assert events[0].text.startswith("eins\u2028zwei\u0085drei\u2029vier")


async def test_heartbeats_pieces_and_carriage_returns_leave_events_whole(http: Client) -> None:
    wire = b":thump\n" + sse(update(NEW)) + b":thump\n\n:thump\n" + sse(update(NEXT)).replace(b"\n", b"\r\n")
    events, _ = await streamed(http, flowing(*(wire[n : n + 7] for n in range(0, len(wire), 7))))
    assert [event.ref for event in events if isinstance(event, Post)] == [NEW["id"], NEXT["id"]]


async def test_edits_and_deletions_arrive_and_other_events_are_passed_over(http: Client) -> None:
    other = [("filters_changed", "undefined"), ("notification", '{"id":"1"}'), ("announcement.delete", "5")]
    events, _ = await streamed(http, flowing(sse(*other, update(NEW, "status.update"), ("delete", NEW["id"]))))
    assert [type(event) for event in events] == [Edit, Mark, Deletion]
    assert isinstance(events[0], Edit)
    assert isinstance(events[2], Deletion)
    assert (events[2].instance, events[2].ref) == (events[0].post.instance, events[0].post.ref)


async def test_marks_follow_every_update_and_never_go_back(http: Client) -> None:
    events, _ = await streamed(http, flowing(sse(update(NEXT), update(NEW))))
    assert [event.cursor for event in events if isinstance(event, Mark)] == [NEXT["id"], NEXT["id"]]


async def test_an_event_that_is_cut_by_the_end_is_not_taken_for_whole(http: Client) -> None:
    events, problem = await streamed(http, flowing(sse(update(NEW)), sse(update(NEXT))[:-1]))
    assert [event.ref for event in events if isinstance(event, Post)] == [NEW["id"]]
    assert isinstance(problem, Unreachable)


async def test_a_server_that_throws_us_out_in_good_order_is_a_broken_stream(http: Client) -> None:
    chunked = {**STREAM, "Transfer-Encoding": "chunked"}
    killed = Reply(body=b"3\r\n:)\n\r\n0\r\n\r\n", headers=chunked, length=-1, ending="close")
    events, problem = await streamed(http, killed)
    assert events == []
    assert isinstance(problem, Unreachable)
    assert "closed the stream" in str(problem)


async def test_updates_that_are_no_json_are_passed_over_and_said_once(http: Client) -> None:
    broken = [("update", '{"id": "1'), ("update", "undefined"), ("update", "[" * 5_000)]
    events, _ = await streamed(http, flowing(sse(*broken, update(NEW))))
    assert [type(event) for event in events] == [Notice, Post, Mark]


async def test_half_an_emoji_costs_no_update(http: Client) -> None:
    half = json.dumps(at(NOW, content="Kindle \ud83d kaputt"))
    events, _ = await streamed(http, flowing(sse(("update", half))))
    assert [event.text for event in events if isinstance(event, Post)] == ["Kindle \ufffd kaputt"]


async def test_unwanted_posts_are_not_parsed_but_move_the_cursor(http: Client) -> None:
    events, _ = await streamed(http, flowing(sse(update(NEW))), wanted="tolino")
    assert events == [Mark(NEW["id"])]


async def test_an_edit_that_takes_the_wanted_words_away_is_still_told(http: Client) -> None:
    events, _ = await streamed(http, flowing(sse(update(NEW, "status.update"))), wanted="tolino")
    assert isinstance(events[0], Edit)


@pytest.mark.parametrize("content", ["Kindle<br>Paper<i>white</i>", "#<span>Kindle</span> P&#97;perwhite"])
async def test_markup_inside_wanted_words_does_not_hide_them_from_the_watchlist(http: Client, content: str) -> None:
    interest = Watchlist((Topic(name="kindle", query="Kindle Paperwhite"),)).interest()
    async with ScriptedServer(script := MastodonServer()) as server:
        script.stream = flowing(sse(update(at(NOW, content=content)), update(at(NOW, 1, content="Tolino", tags=[]))))
        options = MastodonOptions(servers=(server.base,), token=Secret("t", "env:T"))
        events, _ = await heard(Mastodon(options, interest, http).sources()[0])
    assert [event.ref for event in events if isinstance(event, Post)] == [snowflake(NOW)]


async def test_a_server_without_streams_is_polled(http: Client) -> None:
    async with ScriptedServer(MastodonServer([OLD], version="0.19.1")) as server:
        events, problem = await heard(sources_of(http, server)[0])
    assert [type(event) for event in events] == [Post, Mark]
    assert problem is None
    assert "/api/v1/streaming/hashtag?tag=kindle" not in server.asked()


async def test_a_stream_that_is_not_where_it_should_be_is_asked_for_once(http: Client) -> None:
    async with ScriptedServer(script := MastodonServer([OLD])) as server:
        script.stream = answer({"error": "Not Found"}, 404)
        source = sources_of(http, server)[0]
        for _ in range(2):
            events, problem = await heard(source)
            assert [type(event) for event in events] == [Post, Mark]
            assert problem is None
    assert server.asked().count("/api/v1/streaming/hashtag?tag=kindle") == 1


async def test_a_stream_that_is_down_does_not_keep_the_timeline_from_being_read(http: Client) -> None:
    async with ScriptedServer(script := MastodonServer([OLD])) as server:
        script.stream = answer({}, 503)
        events, problem = await heard(sources_of(http, server)[0])
    assert [type(event) for event in events] == [Post, Mark]
    assert isinstance(problem, Unreachable)


@pytest.mark.parametrize(
    "reply",
    [
        answer({"error": "Invalid access token"}, 401),
        answer({"error": "Unauthorized: user not supplied"}, 401),
        Reply(status=401, body=b"<p>no</p>", headers={"Content-Type": "text/html"}),
        Reply(status=400, body=b"Invalid Bearer token", headers={"Content-Type": "text/html"}),
    ],
    ids=["401 JSON", "401 for an app-only token (GoToSocial)", "401 HTML", "400 HTML"],
)
async def test_a_wrong_token_is_refused_and_not_shown(http: Client, reply: Reply) -> None:
    async with ScriptedServer(script := MastodonServer([OLD])) as server:
        script.stream = reply
        _, problem = await heard(sources_of(http, server)[0])
    assert isinstance(problem, Refused)
    assert "check the access token (env:T)" in str(problem)
    assert "hush" not in str(problem)


async def test_a_stream_that_would_stay_silent_is_said_and_not_opened(http: Client) -> None:
    async with ScriptedServer(script := MastodonServer(local="disabled", remote="disabled")) as server:
        script.stream = flowing()
        events, problem = await heard(sources_of(http, server)[0])
    assert [type(event) for event in events] == [Notice]
    assert problem is None
    assert not [target for target in server.asked() if "hashtag" in target]


async def test_a_page_that_is_no_stream_is_a_bad_answer(http: Client) -> None:
    _, problem = await streamed(http, Reply(body=b"<html></html>", headers={"Content-Type": "text/html"}))
    assert isinstance(problem, BadAnswer)


@pytest.mark.parametrize(
    ("told", "base", "address"),
    [
        ("wss://streaming.a.example", "https://a.example", "https://streaming.a.example"),
        ("ws://a.example:4000/x/", "http://a.example", "http://a.example:4000/x"),
        ("ws://a.example", "https://a.example", "https://a.example"),
        (None, "https://a.example", "https://a.example"),
        ("javascript:alert(1)", "https://a.example", "https://a.example"),
    ],
    ids=["another host", "plain, with a path", "never from https to plain", "not told", "nonsense"],
)
def test_the_stream_is_where_the_server_says(told: str | None, base: str, address: str) -> None:
    assert _streaming_address(Instance(configuration=Configuration(urls=Urls(streaming=told))), base) == address


async def test_search_finds_all_of_a_second_and_marks_the_highest(http: Client) -> None:
    posts = [at(NOW - timedelta(minutes=30), n) for n in range(90)]
    async with ScriptedServer(MastodonServer([OLD, *posts])) as server:
        search = sources_of(http, server, parse('"Kindle Paperwhite"'))[1]
        events, problem = await heard(search, snowflake(NOW - timedelta(minutes=31)))
    found = [event.ref for event in events if isinstance(event, Post)]
    assert found == [told["id"] for told in (*posts, OLD)]
    assert events[-1] == Mark(OLD["id"])
    assert problem is None
    assert "q=%22kindle+paperwhite%22" in server.asked()[-1]


async def test_a_search_that_never_finds_anything_says_so_once_for_its_server(http: Client) -> None:
    async with ScriptedServer(MastodonServer()) as server:
        searches = sources_of(http, server, parse("kindle"), parse("tolino"))[2:]
        rounds = [(await heard(search))[0] for search in (*searches, *searches)]
    assert [type(event) for events in rounds for event in events] == [Notice, Mark, Mark, Mark, Mark]


async def test_more_finds_than_can_be_read_back_leave_a_gap_on_record(http: Client) -> None:
    posts = [at(NOW - timedelta(minutes=30), n) for n in range(1_200)]
    async with ScriptedServer(MastodonServer(posts)) as server:
        search = sources_of(http, server, parse("kindle"))[1]
        events, _ = await heard(search, snowflake(NOW - timedelta(hours=1)))
    assert isinstance(events[0], Gap)
    assert len([event for event in events if isinstance(event, Post)]) == 1_000


async def test_search_is_off_without_a_token_or_by_option(http: Client) -> None:
    interest = Interest((parse("kindle"),))
    token = Secret("t", "env:T")
    for options in (
        MastodonOptions(servers=("a.example",)),
        MastodonOptions(servers=("a.example",), token=token, search=False),
    ):
        assert [source.name for source in Mastodon(options, interest, http).sources()] == ["a.example #kindle"]


def test_the_wire_of_these_tests_is_that_of_mastodon() -> None:
    """`JSON.stringify` leaves U+2028 and U+0085 raw; if these tests escaped them, they would prove nothing."""
    assert "\u2028\u0085" in sse(update({"id": "\u2028\u0085"})).decode()
    assert json.loads(update(NEW)[1]) == NEW


async def test_an_edit_that_overtakes_its_post_wins(http: Client) -> None:
    """GoToSocial was seen to send `status.update` before `update`; the store decides by the time of the edit."""
    edited = {**NEW, "content": "<p>#kindle, jetzt kaputt</p>", "edited_at": NEXT["created_at"]}
    events, _ = await streamed(http, flowing(sse(update(edited, "status.update"), update(NEW))))
    heard_posts = [event for event in events if isinstance(event, Edit | Post)]
    assert [type(event) for event in heard_posts] == [Edit, Post]
    with Store.open(":memory:") as store:
        path = Pipeline(Watchlist([Topic(name="kindle", query="#kindle")]), calm, store, Remembering())
        path.take_recorded("stream", heard_posts)
        ((_, mention),) = store.mentions(Selection())
    assert mention.post.text == "#kindle, jetzt kaputt"
