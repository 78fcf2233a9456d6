"""NodeBB, Flarum, Lobsters and DEV: paging over what guests may not see, comments without a list, recorded shapes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listen.errors import Unreachable
from listen.http import Client
from listen.platforms import known
from listen.source import Source
from tests.platforms.rounds import Ear, deletions, edits, gaps, posts, texts
from tests.servers.answers import INTEREST, answers_of
from tests.servers.scripted import Reply, Request, ScriptedServer

RECORDED = Path(__file__).parents[3] / "shared/payloads/forums_misc"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = (timedelta(seconds=n) for n in (1, 60, 3_600))


def sources_at(name: str, base: str, http: Client) -> list[Source]:
    platform = known()[name]
    places = "forums" if "forums" in platform.options.__struct_fields__ else "sites"
    return list(platform(msgspec.convert({places: [base]}, platform.options), INTEREST, http).sources())


class Board:
    """A forum or site: `shown` are its posts, newest first, None where guests may not see one; paged as it pages."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.shown: list[dict[str, Any] | None] = []

    def post(self, text: str, at: datetime, number: int | None = None) -> None:
        self.shown.insert(0, SHAPES[self.name](text, at, number or len(self.shown) + 1))

    def __call__(self, request: Request) -> Reply:
        asked = request.query
        match self.name:
            case "nodebb":
                return said([post for post in self._slice(int(asked["page"]), 20) if post])
            case "flarum":
                begin = int(asked["page[offset]"])
                data = self.shown[begin : begin + 50]
                more = "x" if len(self.shown) > begin + 50 else None
                return said({"data": data, "links": {"next": more}, "included": []})
            case "lobsters" if request.path.endswith(".json"):
                number = request.path.removeprefix("/newest").removeprefix("/page/").removesuffix(".json")
                return said(self._slice(int(number or 1), 25))
            case "devto" if request.path == "/api/articles/latest":
                return said(self._slice(int(asked["page"]), 100))
        return Reply(status=404)

    def _slice(self, number: int, size: int) -> list[dict[str, Any] | None]:
        return self.shown[(number - 1) * size : number * size]


def said(told: object) -> Reply:
    return Reply(body=json.dumps(told).encode(), headers={"Content-Type": "application/json"})


SHAPES: dict[str, Callable[[str, datetime, int], dict[str, Any]]] = {
    "nodebb": lambda text, at, number: {"pid": number, "content": text, "timestamp": at.timestamp() * 1_000},
    "flarum": lambda text, at, number: {
        "type": "posts",
        "id": str(number),
        "attributes": {"number": 2, "contentHtml": f"<p>{text}</p>", "createdAt": at.isoformat()},
    },
    "lobsters": lambda text, at, number: {
        "short_id": f"s{number}",
        "short_id_url": "https://l.example/s/1",
        "created_at": at.isoformat(),
        "title": "A story",
        "description": f"<p>{text}</p>",
    },
    "devto": lambda text, at, number: {
        "id": number,
        "title": "An article",
        "url": "https://d.example/a",
        "description": text,
        "published_timestamp": at.isoformat(),
    },
}


@pytest.fixture(params=sorted(SHAPES))
def board(request: pytest.FixtureRequest) -> Board:
    return Board(request.param)


async def test_everything_is_heard_once_over_bursts_ties_late_posts_and_restarts(board: Board, http: Client) -> None:
    board.post("first", NOON)
    async with ScriptedServer(board) as server:
        ear = Ear(sources_at(board.name, server.base, http)[0])
        heard = texts(await ear.round(NOON + MINUTE))
        for number in range(230):
            board.post(f"burst {number}", NOON + 2 * MINUTE + number // 50 * SECOND)
        events = await ear.round(NOON + 5 * MINUTE)
        heard += texts(events)
        assert not gaps(events)
        ear.source = sources_at(board.name, server.base, http)[0]
        board.post("a tie", NOON + 2 * MINUTE + 4 * SECOND)
        heard += texts(await ear.round(NOON + 6 * MINUTE))
        assert [type(event).__name__ for event in await ear.round(NOON + 7 * MINUTE)] == ["Mark"]
    assert len(heard) == len(set(heard)) == 232


async def test_an_edit_is_told_once(board: Board, http: Client) -> None:
    board.post("first", NOON, 7)
    async with ScriptedServer(board) as server:
        ear = Ear(sources_at(board.name, server.base, http)[0])
        await ear.round(NOON + MINUTE)
        board.shown.clear()
        board.post("first, mended", NOON, 7)
        assert edits(await ear.round(NOON + 2 * MINUTE)) == ["first, mended"]
        assert edits(await ear.round(NOON + 3 * MINUTE)) == []


async def test_pages_of_which_guests_see_nothing_end_no_walk(http: Client) -> None:
    board = Board("nodebb")
    board.post("behind the staff's chat", NOON)
    board.shown[:0] = [None] * 75
    async with ScriptedServer(board) as server:
        assert texts(await Ear(sources_at("nodebb", server.base, http)[0]).round(NOON)) == ["behind the staff's chat"]


async def test_flarum_takes_back_what_is_hidden(http: Client) -> None:
    async with ScriptedServer(answers_of("flarum").reply) as server:
        events = await Ear(sources_at("flarum", server.base, http)[0]).round(NOON)
        base = server.base
    first, reply = posts(events)
    assert deletions(events) == [f"{base}/api/posts/51"]
    assert (reply.text, reply.author, reply.author_name) == ("Mein Kindle & ich 😢", "tolle", "Tolle K.")
    assert (reply.url, reply.title, reply.kind) == (f"{base}/d/11/2", "Readers", "comment")
    assert (first.kind, first.author, first.parent) == ("post", None, None)


async def test_posts_of_the_fediverse_in_nodebb_keep_their_addresses(http: Client) -> None:
    async with ScriptedServer(answers_of("nodebb").reply) as server:
        main, far, near = posts(await Ear(sources_at("nodebb", server.base, http)[0]).round(NOON))
    assert (far.id, far.url) == ("https://far.example/note/7",) * 2
    assert near.text == "My #Kindle lost everything & more"
    assert (near.title, near.kind, main.kind) == ("Kobo & Kindle", "comment", "post")
    assert near.posted_at == datetime(2026, 11, 22, 9, 1, tzinfo=UTC)


async def test_lobsters_stories_and_comments_know_their_authors(http: Client) -> None:
    async with ScriptedServer(answers_of("lobsters").reply) as server:
        stories, comments = sources_at("lobsters", server.base, http)
        older, story = posts(await Ear(stories).round(NOON))
        [comment] = posts(await Ear(comments).round(NOON))
    assert (story.author, older.author) == ("ana", "ben")
    assert story.links == ("https://spoons.example/kindle",)
    assert older.text == "Not a Kindle & not a Kobo."
    assert (comment.platform, comment.kind, comment.author) == ("lobsters", "comment", "bob")
    assert comment.text == "My kindle & I prefer forks."
    assert comment.parent == "https://lobste.example/s/abc123/opening_kindle_with_spoon"


async def test_comments_on_dev_are_asked_for_where_an_article_matches_and_has_new_ones(http: Client) -> None:
    async with ScriptedServer(answers_of("devto").reply) as server:
        comments = sources_at("devto", server.base, http)[1]
        ear = Ear(comments)
        top, below = sorted(posts(await ear.round(NOON)), key=lambda post: post.id)
        assert texts(await ear.round(NOON + HOUR)) == []
        asked = [request.target for request in server.requests]
    assert [target for target in asked if "comments" in target] == ["/api/comments?a_id=2031"]
    assert (top.text, top.title, top.kind) == ("My Kindle fails…", "Kindle highlights to Markdown", "comment")
    assert (below.text, below.author) == ("same", None)


async def test_comments_of_a_broken_walk_are_asked_for_again(http: Client) -> None:
    broken = True

    def script(request: Request) -> Reply:
        return Reply(status=502) if broken and request.path == "/api/comments" else answers_of("devto").reply(request)

    async with ScriptedServer(script) as server:
        ear = Ear(sources_at("devto", server.base, http)[1])
        await ear.round(NOON)
        assert isinstance(ear.problem, Unreachable)
        broken = False
        assert len(posts(await ear.round(NOON + MINUTE))) == 2


async def test_an_article_that_matches_is_asked_for_whole(http: Client) -> None:
    def script(request: Request) -> Reply:
        if request.path == "/api/articles/2031":
            whole = {"id": 2031, "title": "x", "url": "https://d.example", "tag_list": "kindle, python"}
            return said({**whole, "body_html": "<p>All of <b>it</b></p>"})
        return answers_of("devto").reply(request)

    async with ScriptedServer(script) as server:
        source = sources_at("devto", server.base, http)[0]
        heard = posts(await Ear(source).round(NOON))
        spoons, about = await source.complete(heard)
    assert (about.text, about.title, about.hashtags) == ("All of it", heard[1].title, ("kindle", "python"))
    assert spoons == heard[0]  # which has gone meanwhile


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not at hand")
@pytest.mark.parametrize(
    ("name", "number", "files", "expected"),
    [
        ("devto", 0, {"/api/articles/latest": "devto_articles.json"}, ["..."]),
        ("devto", 1, {"/api/articles/latest": "devto_articles.json", "/api/comments": "devto_comments.json"},
         ["My Kindle fails…", "same"]),
        ("lobsters", 0, {"/newest.json": "lobsters_newest.json"}, [""]),
        ("lobsters", 1, {"/comments.rss": "lobsters_comments_rss.xml"}, ["my kindle..."]),
    ],
)  # fmt: skip
async def test_prepared_answers_of_others_become_posts(
    http: Client, name: str, number: int, files: dict[str, str], expected: list[str]
) -> None:
    def script(request: Request) -> Reply:
        named = files.get(request.path)
        return Reply(body=(RECORDED / named).read_bytes()) if named else Reply(status=404)

    async with ScriptedServer(script) as server:
        source = sources_at(name, server.base, http)[number]
        heard = posts(await Ear(source).round(datetime(2026, 10, 15, 12, tzinfo=UTC), NOON - 90 * 24 * HOUR))
    assert sorted(post.text for post in heard) == sorted(expected)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_an_address_without_a_scheme_is_named(name: str) -> None:
    options = known()[name].options
    places = "forums" if "forums" in options.__struct_fields__ else "sites"
    with pytest.raises(msgspec.ValidationError, match="is not an address"):
        msgspec.convert({places: ["forum.example.com"]}, options)
