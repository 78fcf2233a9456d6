"""Limits as users meet them: a budget in the config, a server that wants to be left alone, and what status says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.cli.posting import OFF
from tests.cli.program import Program
from tests.servers.feedsite import item, rss
from tests.servers.scripted import Reply, Request, ScriptedServer

TOPIC = '[[topic]]\nname = "kindle"\nquery = "kindle"\n'
OTHERS = OFF + "[platforms.bluesky]\nenabled = false\n"
ROUND = ("watch", "-c", "c.toml", "--once", "--format", "jsonl", "-o", "a.jsonl")
FEED = rss(item(1, "Mein Kindle")).encode()


def configure(listen: Program, server: ScriptedServer, feeds: int, more: str) -> None:
    urls = json.dumps([f"{server.base}/{number}" for number in range(feeds)])
    feeds_of = f"[platforms.feeds]\nurls = {urls}\ncomments = false\n{more}\n"
    (listen.home / "c.toml").write_text(TOPIC + feeds_of + OTHERS, encoding="utf-8")


async def told(listen: Program, *arguments: str) -> tuple[int, str, str]:
    done = await asyncio.to_thread(listen.run, *arguments)
    return done.returncode, done.stdout, done.stderr


async def status(listen: Program) -> list[dict[str, Any]]:
    _, said, _ = await told(listen, "status", "-c", "c.toml", "--json")
    sources: list[dict[str, Any]] = json.loads(said)["sources"]
    return sources


def answering(reply: Callable[[Request], Reply]) -> ScriptedServer:
    return ScriptedServer(reply)


async def test_runs_of_a_cron_job_spend_the_budget_of_a_day_once(listen: Program) -> None:
    async with answering(lambda _: Reply(body=FEED)) as server:
        configure(listen, server, 4, "requests_per_day = 1")
        first = await told(listen, *ROUND)
        second = await told(listen, *ROUND)
        assert len(server.requests) == 1
        sources = await status(listen)
        _, drawn, _ = await told(listen, "status", "-c", "c.toml")
    assert first[0] == 5, "one source was heard"
    assert "feeds: the budget of the day is used up (requests_per_day = 1)" in second[2]
    assert all(source["quota"]["used"] == source["quota"]["limit"] == 1 for source in sources)
    assert "1 of 1 used, new in" in drawn
    missed = [gap for source in sources for gap in source["gaps"]]
    assert {gap["why"] for gap in missed} == {"quota"}
    assert {gap["state"] for gap in missed} == {"open"}


async def test_a_server_that_says_when_is_not_asked_before_by_the_next_run_either(listen: Program) -> None:
    async with answering(lambda _: Reply(status=429, headers={"Retry-After": "600"})) as server:
        configure(listen, server, 1, "")
        for _ in range(3):
            code, _, said = await told(listen, *ROUND)
            assert code == 1
            assert "is rate limited" in said or "wants to be left alone for" in said
        assert len(server.requests) == 1


async def test_status_shows_what_a_server_says_is_left_and_when_it_is_new(listen: Program) -> None:
    headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "290", "X-RateLimit-Reset": "250"}
    async with answering(lambda _: Reply(body=FEED, headers=headers)) as server:
        configure(listen, server, 1, "")
        assert (await told(listen, *ROUND))[0] == 0
        (source,) = await status(listen)
        _, drawn, _ = await told(listen, "status", "-c", "c.toml")
    assert (source["quota"]["used"], source["quota"]["limit"]) == (10, 300)
    left = datetime.fromisoformat(source["quota"]["resets_at"]) - datetime.now(UTC)
    assert 100 < left.total_seconds() <= 251
    assert "10 of 300 used, new in" in drawn


async def test_a_budget_of_the_minute_spreads_what_would_be_a_burst(listen: Program) -> None:
    async with answering(lambda _: Reply(body=FEED)) as server:
        configure(listen, server, 4, "requests_per_minute = 120")
        begin = asyncio.get_running_loop().time()
        assert (await told(listen, *ROUND))[0] == 0
        assert asyncio.get_running_loop().time() - begin >= 1.5
        assert len(server.requests) == 4
