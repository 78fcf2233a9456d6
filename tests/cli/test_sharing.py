"""Two `listen` on one store share the work; when one dies at any moment, the other takes over and nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import subprocess
from collections.abc import AsyncIterator, Callable

from tests.cli.posting import OFF, Poster
from tests.cli.program import Program
from tests.servers.feedsite import FeedSite, item, rss
from tests.servers.jetstream import Jetstream

TOPIC = '[[topic]]\nname = "kindle"\nquery = "kindle"\n'
WATCH = ("watch", "-c", "c.toml", "--format", "jsonl")
Running = subprocess.Popen[str]


def on_jetstream(listen: Program, server: Jetstream) -> None:
    bluesky = f'[platforms.bluesky]\njetstream = "{server.ws}"\napi = "{server.base}"\nreplay_minutes = 60\n'
    (listen.home / "c.toml").write_text(TOPIC + bluesky + OFF, encoding="utf-8")


def subscriptions(server: Jetstream) -> int:
    return sum("wantedCollections" in target for target in server.asked)


async def until(condition: Callable[[], bool], what: str) -> None:
    for _ in range(400):
        if await asyncio.to_thread(condition):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(what)


async def ran(listen: Program, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(listen.run, *arguments)


async def stored(listen: Program) -> dict[str, str]:
    done = await ran(listen, "export", "-c", "c.toml", "--format", "jsonl")
    mentions = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(mentions) == len({mention["id"] for mention in mentions})
    return {mention["id"].removeprefix("bluesky:"): mention["text"] for mention in mentions}


@contextlib.asynccontextmanager
async def watching(listen: Program, *more: str) -> AsyncIterator[Running]:
    with listen.start(*WATCH, *more) as running:
        try:
            yield running
        finally:
            running.terminate()
            await asyncio.to_thread(running.communicate)


def states(listen: Program) -> list[str]:
    return [source["state"] for source in json.loads(listen.run("status", "-c", "c.toml", "--json").stdout)["sources"]]


async def test_the_second_watch_shows_what_the_first_one_hears(listen: Program) -> None:
    async with Jetstream() as server:
        on_jetstream(listen, server)
        async with watching(listen):
            await until(lambda: states(listen) == ["live"], "the first watch did not get live")
            async with watching(listen) as second:
                assert second.stdout is not None
                await asyncio.sleep(1.5)
                uri = server.post("Mein Kindle ist da")
                line = await asyncio.wait_for(asyncio.to_thread(second.stdout.readline), 20)
                assert json.loads(line)["text"] == "Mein Kindle ist da"
                server.edit(uri, "Mein Kindle ist wieder weg")
                line = await asyncio.wait_for(asyncio.to_thread(second.stdout.readline), 20)
                assert json.loads(line)["text"] == "Mein Kindle ist wieder weg"
                server.post("Noch ein Kindle")
                line = await asyncio.wait_for(asyncio.to_thread(second.stdout.readline), 20)
                assert json.loads(line)["text"] == "Noch ein Kindle", "each edit is shown once"
        assert subscriptions(server) == 1


async def test_a_watch_for_other_words_listens_for_itself(listen: Program) -> None:
    async with Jetstream() as server:
        on_jetstream(listen, server)
        async with watching(listen):
            await until(lambda: states(listen) == ["live"], "the first watch did not get live")
            done = await ran(listen, *WATCH, "tolino", "--once")
        assert done.returncode == 0
        assert subscriptions(server) == 2


async def test_cron_beside_a_watch_doubles_no_request(listen: Program) -> None:
    async with FeedSite() as site:
        site.serves("/feed", rss(item(1, "Mein Kindle")))
        off = OFF + "[platforms.bluesky]\nenabled = false\n"
        feeds = f'[platforms.feeds]\nurls = ["{site.base}/feed"]\ncomments = false\n'
        (listen.home / "c.toml").write_text(TOPIC + feeds + off, encoding="utf-8")
        async with watching(listen):
            await until(lambda: states(listen) == ["waiting"], "the watch did not hear the feed")
            asked = len(site.server.requests)
            once = await ran(listen, *WATCH, "--once")
            export = await ran(listen, "export", "-c", "c.toml", "--catch-up", "--format", "jsonl")
            assert (once.returncode, once.stderr, export.returncode, export.stderr) == (0, "", 0, "")
            assert len(export.stdout.splitlines()) == 1
            assert len(site.server.requests) == asked
        again = await ran(listen, *WATCH, "--once")
        assert again.returncode == 0
        assert len(site.server.requests) == asked + 1


async def test_status_tells_the_problem_of_a_watch_that_fails(listen: Program) -> None:
    async with Jetstream() as server:
        on_jetstream(listen, server)
    async with watching(listen):
        await until(lambda: states(listen) == ["failing"], "the watch should have failed")
        told = json.loads((await ran(listen, "status", "-c", "c.toml", "--json")).stdout)
    assert "127.0.0.1" in told["sources"][0]["problem"]


async def test_killed_in_turns_two_watches_lose_nothing_and_double_nothing(listen: Program) -> None:
    chance = random.Random(7)
    async with Jetstream() as server:
        on_jetstream(listen, server)
        poster = Poster(server, chance)
        posting = asyncio.create_task(poster.post())
        commands = [(*WATCH, "-o", f"{name}.jsonl") for name in "ab"]  # nobody reads a pipe here
        running = [listen.start(*command) for command in commands]
        for kill in range(8):
            await asyncio.sleep(chance.uniform(0.2, 1.5))
            dying = running[kill % 2]
            dying.kill()
            await asyncio.to_thread(dying.communicate)
            running[kill % 2] = listen.start(*commands[kill % 2])
        await asyncio.sleep(1)
        posting.cancel()
        await asyncio.gather(posting, return_exceptions=True)
        for process in running:
            process.kill()
            await asyncio.to_thread(process.communicate)
        assert (await ran(listen, *WATCH, "--once")).returncode == 0
        assert len(poster.texts) > 100
        assert await stored(listen) == poster.texts
        (source,) = json.loads((await ran(listen, "status", "-c", "c.toml", "--json")).stdout)["sources"]
        assert source["gaps"] == []
        assert len(source["covered"]) <= 1, "no kill has left a hole in the ledger"


async def test_who_waits_takes_over_within_seconds_of_a_death(listen: Program) -> None:
    async with Jetstream() as server:
        on_jetstream(listen, server)
        with listen.start(*WATCH) as first:
            await until(lambda: states(listen) == ["live"], "the first watch did not get live")
            async with watching(listen) as second:
                await asyncio.sleep(1)
                first.kill()
                await asyncio.to_thread(first.communicate)
                await until(lambda: subscriptions(server) == 2, "nobody took over")
                await until(lambda: states(listen) == ["live"], "the second watch did not get live")
                told = json.loads((await ran(listen, "status", "-c", "c.toml", "--json")).stdout)
                assert told["running"] == [second.pid]
                assert told["sources"][0]["gaps"] == []
