"""Recorded answers of X are read whole; Prism with X's own specification accepts what we ask, where it is up."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listen.http import Client
from listen.platforms.x.status import heard, status_of, users_of
from listen.post import Edit, Post
from tests.platforms.rounds import Ear
from tests.platforms.test_x import source
from tests.servers.scripted import Reply, ScriptedServer

RECORDED = Path(__file__).parents[3] / "shared" / "payloads" / "x"
PRISM = "http://127.0.0.1:4010"
LATER = datetime(2026, 11, 22, 12, tzinfo=UTC)

needs_recordings = pytest.mark.skipif(not RECORDED.is_dir(), reason="no recorded answers beside the tree")


def is_up() -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", 4010)) == 0


@needs_recordings
@pytest.mark.parametrize(
    ("name", "number"),
    [("search_recent_minimal", 10), ("search_two_tweets", 1), ("search_kpop_page", 25), ("lookup_mentions", 1)],
)
async def test_recorded_pages_are_read_whole(name: str, number: int, http: Client) -> None:
    told = json.loads((RECORDED / f"{name}.json").read_bytes())
    told["data"] = told["data"] if isinstance(told["data"], list) else [told["data"]]
    told["meta"] = {key: value for key, value in told.get("meta", {}).items() if key != "next_token"}
    async with ScriptedServer(lambda _: Reply(body=json.dumps(told).encode())) as running:
        events = await Ear(source(running.base, http)).round(LATER)
    found = [one.post if isinstance(one, Edit) else one for one in events if isinstance(one, Post | Edit)]
    assert len(found) == len(told["data"]) >= number
    assert all(post.posted_at and post.text for post in found)
    if told.get("includes", {}).get("users"):
        assert all(post.author for post in found)
        assert not any("https://t.co/" in post.text for post in found if not post.text.startswith("RT @"))


@needs_recordings
def test_a_recorded_stream_is_read_whole() -> None:
    lines = (RECORDED / "filtered_stream.txt").read_bytes().split(b"\n")
    told = [json.loads(line) for line in lines if line.strip()]
    posts = [one for one in told if "data" in one]
    assert posts
    for one in posts:
        status = status_of(msgspec.json.encode(one["data"]))
        users = users_of([msgspec.Raw(msgspec.json.encode(user)) for user in one["includes"]["users"]])
        assert status is not None
        post = heard(status, users)
        assert isinstance(post, Post)
        assert post.author
        assert abs((post.posted_at or LATER) - datetime.fromisoformat(one["data"]["created_at"])).total_seconds() < 1


@needs_recordings
def test_a_recorded_edit_is_one() -> None:
    told: dict[str, Any] = json.loads((RECORDED / "lookup_edited_after.json").read_bytes())
    data = told["data"][0] if isinstance(told["data"], list) else told["data"]
    status = status_of(msgspec.json.encode(data))
    assert status is not None
    event = heard(status, {})
    assert isinstance(event, Edit)
    assert event.post.id == "1576994746135764992"


@pytest.mark.skipif(not is_up(), reason="no Prism on port 4010")
async def test_the_official_specification_accepts_what_we_ask(http: Client) -> None:
    """Prism answers 422 to what breaks the specification; its values are invented."""
    hearing = source(PRISM, http, stream=True)
    await hearing.check()
    ear = Ear(hearing)
    events = await ear.round(LATER)
    assert any(isinstance(event, Post) for event in events)
    assert "422" not in str(ear.problem)
