"""An item of Hacker News, real or twisted, becomes a post that every later station can hold."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from listen.http import Client
from listen.platforms.hackernews import HackerNews, HackerNewsOptions
from listen.platforms.hackernews.item import post_of
from listen.platforms.hackernews.search import Algolia
from listen.post import Deletion, Edit, Gap, Post
from listen.query import parse
from listen.source import Interest
from tests.servers.scripted import Reply, Request, ScriptedServer

RECORDED = Path(__file__).parents[2] / "../shared/payloads/hackernews"
INTEREST = Interest((parse("#kindle"),))

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
ITEMS = st.dictionaries(
    st.sampled_from(["by", "text", "title", "url", "time", "type", "score", "descendants", "parent", "id"]),
    SCALARS
    | st.lists(SCALARS, max_size=2)
    | st.sampled_from(["<p>a &amp; b", "https://x.example/", "\ud800\0", 1e308]),
)


@settings(max_examples=200, deadline=None)
@given(number=st.integers(1, 2**40), item=ITEMS)
def test_any_item_is_a_post_that_can_be_stored(number: int, item: dict[str, Any]) -> None:
    post = post_of(number, item)
    assert post.id == str(number)
    assert post.posted_at is None or post.posted_at.utcoffset() == timedelta(0)
    for text in (post.document, post.author or "", post.author_url or "", *post.links):
        assert "\0" not in text
        text.encode("utf-8")
    for count in (post.likes, post.replies):
        assert count is None or abs(count) < 2**63


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not here")
class TestRecorded:
    """Answers of the real site."""

    @pytest.fixture
    def posts(self) -> dict[str, Post]:
        items = [json.loads(path.read_text("utf-8")) for path in sorted(RECORDED.glob("firebase_item_[0-9]*.json"))
                 if not path.name.endswith(".meta.json")]  # fmt: skip
        return {str(item["id"]): post_of(item["id"], item) for item in items}

    def test_items_read_as_they_look_on_the_site(self, posts: dict[str, Post]) -> None:
        assert (posts["8863"].likes, posts["8863"].replies, posts["8863"].kind) == (111, 71, "post")
        assert posts["8863"].links == ("http://www.getdropbox.com/u/2/screencast.html",)
        assert posts["2921983"].kind == "comment"
        assert posts["2921983"].parent == "2921506"
        assert all("<" not in post.document and "&#x" not in post.document for post in posts.values())

    async def test_hits_of_the_search_are_the_same_items(self, http: Client) -> None:
        body = (RECORDED / "algolia_search_by_date_comments.json").read_bytes()
        async with ScriptedServer(lambda _: Reply(body=body)) as server:
            found = Algolia(server.base, http).found(INTEREST, datetime(2025, 10, 15, tzinfo=UTC), datetime.now(UTC))
            posts = [post_of(*hit) async for hit in cast("AsyncIterator[Any]", found) if not isinstance(hit, Gap)]
        assert posts
        assert all(post.posted_at and post.author and "&#" not in post.text for post in posts)


async def test_stored_items_are_looked_up_again(http: Client) -> None:
    told = {
        1: {"id": 1, "type": "comment", "by": "a", "time": 1, "text": "my kindle"},
        2: {"id": 2, "deleted": True, "type": "comment", "time": 1},
        3: {"id": 3, "dead": True, "type": "comment", "by": "c", "time": 1, "text": "kindle"},
        4: {"id": 4, "type": "comment", "by": "d", "time": 1, "text": "my kindle works again"},
        5: None,
    }

    def script(request: Request) -> Reply:
        return Reply(body=json.dumps(told[int(request.path.split("/")[-1].removesuffix(".json"))]).encode())

    async with ScriptedServer(script) as server:
        platform = HackerNews(HackerNewsOptions(api=server.base), Interest(()), http)
        stored = [replace(post_of(n, told[1] or {}), id=str(n)) for n in told]
        news = await platform.gone([*stored, replace(stored[0], id="x")])
    deleted = [(event.id, event.lasting) for event in news if isinstance(event, Deletion)]
    assert deleted == [("2", True), ("3", False)]
    assert [event.post.text for event in news if isinstance(event, Edit)] == ["my kindle works again"]
