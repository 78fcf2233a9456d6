"""Misskey and its kin: notes of all shapes, pages that go down, a stream beside them, and doors that are closed."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listen.errors import ConfigError, RateLimited, Refused, Unreachable
from listen.http import Client, Secret
from listen.platforms.misskey import Misskey, MisskeyOptions
from listen.platforms.misskey.note import post_of, read
from listen.post import CaughtUp, Deletion, Edit, Event, Gap, Mark, Notice, Post
from listen.query import parse
from listen.source import Interest, Source
from tests.servers.misskey import MisskeyServer as LiveServer
from tests.servers.misskey import note
from tests.servers.scripted import Reply, Request, ScriptedServer

RECORDED = Path(__file__).parents[3] / "shared/payloads/misskey"
NOW = datetime.now(UTC)
JSON = {"Content-Type": "application/json"}


class Scripted:
    """The script of a server: its notes, newest first by id, and the frames of its stream, which then ends."""

    def __init__(self, notes: Sequence[dict[str, Any]] = (), frames: Sequence[object] = ()) -> None:
        self.notes = list(notes)
        self.frames = frames
        self.asked: list[dict[str, Any]] = []
        self.searches = False

    def __call__(self, request: Request) -> Reply:
        if request.path == "/streaming":
            return Reply(frames=tuple(json.dumps(frame) for frame in self.frames))
        told = json.loads(request.body)
        self.asked.append(told)
        if request.path == "/api/notes/search" and not self.searches:
            return error(400, "UNAVAILABLE", "Search of notes unavailable.")
        found = sorted(self.notes, key=lambda note: str(note["id"]), reverse=True)
        page = [note for note in found if note["id"] < told.get("untilId", "~")][: told["limit"]]
        return Reply(body=json.dumps(page).encode(), headers=JSON)


def error(status: int, code: str, message: str) -> Reply:
    body = {"error": {"message": message, "code": code, "id": "0"}}
    return Reply(status=status, body=json.dumps(body).encode(), headers=JSON)


def channel(told: dict[str, Any]) -> dict[str, Any]:
    return {"type": "channel", "body": {"id": "listen", "type": "note", "body": told}}


def sources_of(http: Client, server: ScriptedServer, **options: Any) -> Sequence[Source]:
    interest = Interest((parse("#kindle OR tolino"),), lambda text: "kindle" in text.lower())
    return Misskey(MisskeyOptions(servers=(server.base,), **options), interest, http).sources()


async def heard(source: Source, cursor: str | None = None) -> list[Event]:
    """What is told until the stream ends."""
    events: list[Event] = []
    try:
        async for event in source.hear(cursor, None):
            events.append(event)  # noqa: PERF401  what came before the break is kept
    except Unreachable:
        pass
    return events


def texts(events: Sequence[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Post)]


def shaped(**fields: Any) -> Post:
    told = read(msgspec.Raw(json.dumps(note(1, **fields)).encode()))
    assert told is not None
    post = post_of(told, "https://mk.example", "mk.example")
    assert post is not None
    return post


def test_a_note_of_the_server_itself_is_known_by_its_page() -> None:
    post = shaped()
    assert post.id == post.url == f"https://mk.example/notes/{post.ref}"
    assert (post.author, post.author_url) == ("anna@mk.example", "https://mk.example/@anna")


def test_a_note_of_another_server_is_known_by_its_uri() -> None:
    user = {"username": "bernd", "host": "leseinsel.example"}
    post = shaped(uri="https://leseinsel.example/1", url="https://leseinsel.example/@bernd/1", user=user)
    assert (post.id, post.url) == ("https://leseinsel.example/1", "https://leseinsel.example/@bernd/1")
    assert post.author == "bernd@leseinsel.example"


@pytest.mark.parametrize("visibility", ["followers", "specified", "odd"])
def test_what_was_not_meant_for_all_is_left_out(visibility: str) -> None:
    told = read(msgspec.Raw(json.dumps(note(1, visibility=visibility)).encode()))
    assert told is not None
    assert post_of(told, "", "") is None


def test_a_renote_without_words_is_no_post_and_one_with_words_is_a_quote() -> None:
    assert shaped(renoteId="9").kind == "quote"
    told = read(msgspec.Raw(json.dumps(note(1, renoteId="9") | {"text": None}).encode()))
    assert told is not None
    assert post_of(told, "", "") is None


@pytest.mark.parametrize("odd", [{"tags": 7}, {"reactions": []}, {"user": "anna"}, {"files": [1]}, {"poll": 3}])
def test_odd_frills_do_not_cost_the_note(odd: dict[str, Any]) -> None:
    assert shaped(**odd).text == "Mein #Kindle 1"


def test_half_an_emoji_costs_no_note() -> None:
    told = read(msgspec.Raw(b'{"id": "1", "text": "Kindle \\ud83d"}'))
    assert told is not None
    assert told.text == "Kindle \ufffd"


def test_recorded_notes_are_read() -> None:
    if not RECORDED.is_dir():
        pytest.skip("no recorded answers here")
    notes = [
        read(raw)
        for raw in msgspec.json.decode((RECORDED / "notes_search_by_tag.json").read_bytes(), type=list[msgspec.Raw])
    ]
    posts = [post_of(told, "https://mk.example", "mk.example") for told in notes if told]
    assert [post.content_warning for post in posts if post] == ["rant", None]
    assert [post.likes for post in posts if post] == [3, 3]


async def test_recorded_frames_are_heard(http: Client) -> None:
    if not RECORDED.is_dir():
        pytest.skip("no recorded answers here")
    frames = [json.loads(line) for line in (RECORDED / "stream_hashtag.jsonl").read_text("utf-8").splitlines()]
    async with ScriptedServer(Scripted(frames=frames)) as server:
        events = await heard(sources_of(http, server)[0])
    assert len(texts(events)) == 2
    assert [event.ref for event in events if isinstance(event, Deletion)] == ["aeq8k2v1xz"]


async def test_what_was_there_comes_before_what_is_live_and_all_tags_are_one_question(http: Client) -> None:
    frames = [channel(note(9)), channel(note(10, text="nichts", tags=[])), {"type": "emojiAdded", "body": {}}]
    script = Scripted([note(n) for n in (1, 2)], frames)
    async with ScriptedServer(script) as server:
        events = await heard(sources_of(http, server)[0])
    assert texts(events) == ["Mein #Kindle 1", "Mein #Kindle 2", "Mein #Kindle 9"]
    assert isinstance(next(event for event in events if isinstance(event, CaughtUp)), CaughtUp)
    assert script.asked[0]["query"] == [["kindle"], ["tolino"]]


async def test_a_burst_of_1200_notes_of_one_second_is_paged_through(http: Client) -> None:
    script = Scripted([note(0, NOW - timedelta(minutes=9))])
    async with ScriptedServer(script) as server:
        source = sources_of(http, server)[0]
        (cursor,) = (event.cursor for event in await heard(source) if isinstance(event, Mark))
        script.notes += [note(n, NOW - timedelta(minutes=5)) for n in range(1, 1_201)]
        events = await heard(source, cursor)
    assert texts(events) == [f"Mein #Kindle {n}" for n in range(1, 1_201)]
    assert not [event for event in events if isinstance(event, Gap)]


async def test_a_note_that_federates_late_and_an_edit_are_found(http: Client) -> None:
    script = Scripted([note(5)])
    async with ScriptedServer(script) as server:
        source = sources_of(http, server)[0]
        (cursor,) = (event.cursor for event in await heard(source) if isinstance(event, Mark))
        script.notes[0] |= {"text": "geändert", "updatedAt": NOW.isoformat()}
        script.notes.append(note(4, NOW - timedelta(minutes=50)))
        events = await heard(source, cursor)
    assert texts(events) == ["Mein #Kindle 4"]
    assert [event.post.text for event in events if isinstance(event, Edit)] == ["geändert"]


async def test_everything_is_heard_if_the_user_wants_it(http: Client) -> None:
    script = Scripted([note(1)])
    async with ScriptedServer(script) as server:
        assert len(texts(await heard(sources_of(http, server, everything=True)[0]))) == 1
        assert "/api/notes/global-timeline" in server.asked()


async def test_words_are_searched_with_a_token_and_a_closed_search_is_said(http: Client) -> None:
    script = Scripted([note(1)])
    async with ScriptedServer(script) as server:
        tokens = {server.base: Secret("hush-hush", "test")}
        _, *searches = sources_of(http, server, tokens=tokens)
        assert [source.name.partition(" ")[2] for source in searches] == ["search kindle", "search tolino"]
        (said,) = [event for event in await heard(searches[0]) if isinstance(event, Notice)]
        assert said.deaf
        assert "does not let this account search" in said.text
        script.searches = True
        assert len(texts(await heard(searches[0]))) == 1
        assert server.requests[-1].headers["authorization"] == "Bearer hush-hush"


def test_a_token_of_no_server_is_refused(http: Client) -> None:
    chosen = MisskeyOptions(servers=("a.example",), tokens={"b.example": Secret("x", "test")})
    with pytest.raises(ConfigError, match="not one of its servers"):
        Misskey(chosen, Interest((parse("#kindle"),)), http).sources()


@pytest.mark.parametrize(
    ("reply", "family"),
    [
        (error(401, "CREDENTIAL_REQUIRED", "Credential required."), Refused),
        (error(429, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded. Please try again later."), RateLimited),
    ],
)
async def test_refusals_are_told_by_their_words(http: Client, reply: Reply, family: type[Exception]) -> None:
    def script(request: Request) -> Reply:
        return Reply(frames=()) if request.path == "/streaming" else reply

    async with ScriptedServer(script) as server:
        with pytest.raises(family):
            async for _ in sources_of(http, server)[0].hear(None, None):
                pass


# A server that really streams


async def until_live(source: Source, server: LiveServer, act: Callable[[], None]) -> list[Event]:
    """What is told after `act`, done once it is live, up to the first post, edit or deletion."""
    live, events = False, list[Event]()
    async with asyncio.timeout(5):
        async for event in source.hear(None, None):
            if isinstance(event, CaughtUp) and not live:
                live = True
                act()
            elif live and isinstance(event, Post | Edit | Deletion):
                events.append(event)
                break
    assert server.said[0]["type"] == "connect"
    return events


async def test_what_is_posted_is_heard_as_it_happens(http: Client) -> None:
    async with LiveServer() as server:
        source = sources_of(http, server)[0]
        events = await until_live(source, server, lambda: server.publish(note(1)))
    assert texts(events) == ["Mein #Kindle 1"]


async def test_the_end_of_a_note_that_was_heard_is_told(http: Client) -> None:
    async with LiveServer() as server:
        told = note(1)
        server.publish(told)
        source = sources_of(http, server)[0]

        def later() -> None:
            asyncio.get_running_loop().call_later(0.1, server.delete, told["id"])

        (event,) = await until_live(source, server, later)
    assert isinstance(event, Deletion)
    assert (event.ref, event.instance) == (told["id"], server.base.split("://")[1])


async def test_after_a_broken_link_the_notes_in_between_are_found_and_old_ones_stay_watched(http: Client) -> None:
    async with LiveServer() as server:
        source = sources_of(http, server)[0]
        old = note(1)
        server.publish(old)
        first = await heard_until_broken(source, None, server)
        server.publish(note(2))
        second = await heard_until_broken(source, next(e.cursor for e in first if isinstance(e, Mark)), server)
    assert texts(first) == ["Mein #Kindle 1"]
    assert texts(second) == ["Mein #Kindle 2"]
    captured = [told["body"]["id"] for told in server.said if told["type"] == "subNote"]
    assert captured.count(old["id"]) == 2


async def heard_until_broken(source: Source, cursor: str | None, server: LiveServer) -> list[Event]:
    events: list[Event] = []
    with contextlib.suppress(Unreachable):
        async for event in source.hear(cursor, None):
            events.append(event)
            if isinstance(event, CaughtUp):
                await asyncio.sleep(0.1)  # until what was said has arrived
                server.hang_up()
    return events


async def test_a_stream_that_is_broken_inside_is_not_believed(http: Client) -> None:
    async with LiveServer() as server:
        source = sources_of(http, server)[0]
        source.every = timedelta(seconds=0.2)
        (event,) = await until_live(source, server, lambda: server.publish(note(1), quietly=True))
    assert isinstance(event, Post)
