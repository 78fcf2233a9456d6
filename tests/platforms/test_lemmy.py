"""Lemmy in both generations of its interface, and PieFed: told apart by what they say, paged as each of them pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listen.errors import BadAnswer, Gone, RateLimited
from listen.http import Client
from listen.platforms.lemmy import Lemmy, LemmyOptions
from listen.platforms.lemmy.server import Newest
from listen.platforms.lemmy.view import post_of, read, withdrawn
from listen.post import Deletion, Edit, Event, Gap, Mark, Post
from listen.query import parse
from listen.source import Interest, Source
from tests.servers.scripted import Reply, Request, ScriptedServer

RECORDED = Path(__file__).parents[3] / "shared/payloads/lemmy"
NOW = datetime.now(UTC)
VERSIONS = {"v4": "1.0.8", "v3": "0.19.14", "alpha": "1.6.2"}
APIS = pytest.mark.parametrize("api", VERSIONS)


class LemmyServer:
    """The script of a server that speaks one interface; `comments` are shown newest first by their date.

    `numbered` is a v3 server that pages by number alone. `before` may answer anything in another way first.
    """

    def __init__(self, api: str, *, numbered: bool = False) -> None:
        self.api = api
        self.numbered = numbered
        self.comments: list[dict[str, Any]] = []
        self.asked: list[dict[str, str]] = []

    def add(self, number: int, at: datetime = NOW, text: str = "Mein Kindle") -> None:
        self.comments.append({"number": number, "at": at.isoformat(), "text": f"{text} {number}", "deleted": False})

    def __call__(self, request: Request) -> Reply:
        if request.path == f"/api/{self.api}/site":
            return answer({"version": VERSIONS[self.api], "site_view": {}})
        if request.path not in (f"/api/{self.api}/comment/list", f"/api/{self.api}/search"):
            return answer({"error": "not_found"}, 404)
        self.asked.append({**request.query, "path": request.path})
        place = request.query.get("page_cursor") or request.query.get("page") or "1"
        first = (int(place.removeprefix("P")) - 1) * 50
        found = sorted(self.comments, key=lambda told: (str(told["at"]), int(told["number"])), reverse=True)
        page = [self._view(told) for told in found[first : first + 50]]
        more = str(int(place.removeprefix("P")) + 1) if first + 50 < len(found) else None
        if self.api == "v4":
            return answer({"items": page, "next_page": more and f"P{more}", "prev_page": None})
        return answer({"comments": page} | ({} if self.numbered else {"next_page": more}))

    def _view(self, told: dict[str, Any]) -> dict[str, Any]:
        number, text = told["number"], told["text"]
        link = f"https://leseinsel.example/comment/{number}"
        common = {"id": number, "ap_id": link, "deleted": told["deleted"], "removed": False, "path": f"0.{number}"}
        names = {"v4": ("content", "published_at", "name", "ap_id"), "v3": ("content", "published", "name", "actor_id")}
        body, date, name, home = names.get(self.api, ("body", "published", "user_name", "actor_id"))
        title = "title" if self.api == "alpha" else "name"
        return {
            "comment": {**common, body: text, date: told["at"]},
            "creator": {name: "anna", home: "https://leseinsel.example/u/anna"},
            "post": {"id": 1, title: "Lesen", "ap_id": "https://leseinsel.example/post/1"},
        }


def answer(body: object, status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def source_of(http: Client, server: ScriptedServer, **options: Any) -> Newest:
    """The one for comments."""
    chosen = LemmyOptions(servers=(server.base,), **options)
    source = Lemmy(chosen, Interest((parse("kindle"),)), http).sources()[1]
    assert isinstance(source, Newest)
    return source


async def round_of(source: Source, cursor: str | None = None) -> list[Event]:
    return [event async for event in source.hear(cursor, None)]


def texts(events: Sequence[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Post)]


def cursor_of(events: Sequence[Event]) -> str:
    return [event.cursor for event in events if isinstance(event, Mark)][-1]


@APIS
async def test_the_interface_is_found_by_what_the_server_says(http: Client, api: str) -> None:
    script = LemmyServer(api)
    script.add(1)
    async with ScriptedServer(script) as server:
        (post,) = [event for event in await round_of(source_of(http, server)) if isinstance(event, Post)]
        said = await source_of(http, server).check()
    assert said.startswith(f"{'PieFed' if api == 'alpha' else 'Lemmy'} {VERSIONS[api]}, ")
    assert (post.text, post.title, post.author, post.kind) == (
        "Mein Kindle 1",
        "Lesen",
        "anna@leseinsel.example",
        "comment",
    )
    assert post.id == "https://leseinsel.example/comment/1"
    assert post.parent == "https://leseinsel.example/post/1"
    assert post.posted_at == NOW


@APIS
async def test_a_burst_of_1200_comments_of_one_second_is_paged_through(http: Client, api: str) -> None:
    script = LemmyServer(api)
    script.add(0, NOW - timedelta(minutes=20))
    async with ScriptedServer(script) as server:
        source = source_of(http, server)
        cursor = cursor_of(await round_of(source))
        for number in range(1, 1_201):
            script.add(number, NOW - timedelta(minutes=9))
        events = await round_of(source, cursor)
    assert sorted(texts(events)) == sorted(f"Mein Kindle {n}" for n in range(1, 1_201))
    assert not [event for event in events if isinstance(event, Gap)]


async def test_an_old_server_that_pages_by_number_alone_is_read_to_its_last_page_and_the_rest_is_a_gap(
    http: Client,
) -> None:
    script = LemmyServer("v3", numbered=True)
    script.add(0, NOW - timedelta(minutes=50))
    async with ScriptedServer(script) as server:
        source = source_of(http, server)
        cursor = cursor_of(await round_of(source))
        for number in range(1, 5_101):
            script.add(number, NOW - timedelta(minutes=9))
        events = await round_of(source, cursor)
    assert len(texts(events)) == 5_000
    (missed,) = [event for event in events if isinstance(event, Gap)]
    assert "100 pages" in missed.why
    assert max(int(asked.get("page", "1")) for asked in script.asked) == 100


async def test_what_federates_late_is_found_by_a_deep_round(http: Client) -> None:
    script = LemmyServer("v3")
    script.add(2, NOW)
    for number in range(10, 130):
        script.add(number, NOW - timedelta(minutes=30))
    async with ScriptedServer(script) as server:
        source = source_of(http, server)
        cursor = cursor_of(await round_of(source))
        script.add(1, NOW - timedelta(minutes=50))
        assert texts(await round_of(source, cursor)) == []
        source.deep_every = timedelta(0)  # its time has come
        assert texts(await round_of(source, cursor)) == ["Mein Kindle 1"]


async def test_edits_and_deletions_are_seen(http: Client) -> None:
    script = LemmyServer("v3")
    script.add(1)
    script.add(2)
    async with ScriptedServer(script) as server:
        source = source_of(http, server)
        cursor = cursor_of(await round_of(source))
        script.comments[0]["text"] = "geändert"
        script.comments[1] |= {"deleted": True, "text": ""}
        events = await round_of(source, cursor)
    assert [event.post.text for event in events if isinstance(event, Edit)] == ["geändert"]
    (gone,) = [event for event in events if isinstance(event, Deletion)]
    assert gone.id == "https://leseinsel.example/comment/2"
    assert not gone.lasting


@pytest.mark.parametrize(
    ("api", "path", "asked"),
    [
        ("v3", "/api/v3/search", {"q": "kindle", "type_": "Comments", "sort": "New", "listing_type": "All"}),
        ("v4", "/api/v4/comment/list", {"search_term": "kindle", "type_": "all", "sort": "new"}),
        ("alpha", "/api/alpha/comment/list", {"type_": "All", "sort": "New"}),
    ],
)
async def test_each_interface_is_searched_in_its_own_words(
    http: Client, api: str, path: str, asked: dict[str, str]
) -> None:
    script = LemmyServer(api)
    script.add(1)
    async with ScriptedServer(script) as server:
        assert len(texts(await round_of(source_of(http, server, search=True)))) == 1
    assert script.asked[0] == {**asked, "limit": "50", "path": path}


async def test_communities_are_asked_for_by_name(http: Client) -> None:
    script = LemmyServer("v4")
    async with ScriptedServer(script) as server:
        await round_of(source_of(http, server, communities=("technology@lemmy.world",)))
    assert script.asked[0]["community_name"] == "technology@lemmy.world"


async def test_a_server_that_is_no_lemmy_says_so(http: Client) -> None:
    async with ScriptedServer(lambda _: answer({"error": "not_found"}, 404)) as server:
        with pytest.raises(Gone):
            await round_of(source_of(http, server))
    async with ScriptedServer(lambda _: answer({"name": "something else"})) as server:
        with pytest.raises(BadAnswer, match="does not say that it is a Lemmy"):
            await round_of(source_of(http, server))


async def test_a_limit_that_comes_with_status_400_is_one(http: Client) -> None:
    async with ScriptedServer(lambda _: answer({"error": "rate_limit_error"}, 400)) as server:
        with pytest.raises(RateLimited):
            await round_of(source_of(http, server))


@pytest.mark.parametrize(
    ("path", "parent"), [("0.700.701", "https://x/comment/700"), ("0.701", "p"), ("", "p"), ("0.a.1", "p")]
)
def test_a_comment_names_what_it_answers(path: str, parent: str) -> None:
    told = {"comment": {"id": 701, "ap_id": "c", "path": path}, "post": {"ap_id": "p"}}
    view = read(msgspec.Raw(json.dumps(told).encode()), "comment")
    assert view is not None
    post = post_of(view, "https://x", {})
    assert post is not None
    assert post.parent == parent


@pytest.mark.parametrize("file", ["v3_comment_list", "v3_post_list", "v3_search", "v4_comment_list"])
def test_recorded_views_are_read(file: str) -> None:
    if not RECORDED.is_dir():
        pytest.skip("no recorded answers here")
    told = json.loads((RECORDED / f"{file}.json").read_text("utf-8"))
    comments = told.get("items") or told.get("comments") or []
    views = [read(msgspec.Raw(json.dumps(one).encode()), "comment") for one in comments]
    views += [read(msgspec.Raw(json.dumps(one).encode()), "post") for one in told.get("posts") or []]
    assert views
    for view in views:
        assert view is not None
        post = post_of(view, "https://lemmy.example", {37: "en"})
        assert (post is None) == (withdrawn(view) is not None)
        if post is not None:
            assert "kindle" in post.document.lower()
            assert post.author
            assert post.posted_at
