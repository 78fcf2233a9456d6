"""`judge = "llm"` as its user has it: watch, replay and check with a server on loopback, and nothing without it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time

from tests.cli.program import Program
from tests.opened import off
from tests.servers.hackernews import HackerNewsServer
from tests.servers.llm import MODEL, LlmServer, error, says, view
from tests.servers.scripted import ScriptedServer

PRAISE = view("praise", confidence=0.93, why=["Kindle"])
Done = subprocess.CompletedProcess[str]


def configure(listen: Program, base: str, *, judge: str = "llm", hackernews: str | None = None, more: str = "") -> None:
    network = f'[platforms.hackernews]\napi = "{hackernews}/v0"\nalgolia = "{hackernews}/api/v1"' if hackernews else ""
    config = f"""
        judge = "{judge}"
        [[topic]]
        name = "kindle"
        query = "kindle"
        {off(*["hackernews"] * bool(network))}
        {network}
        [llm]
        url = "{base}/v1"
        model = "{MODEL}"
        key = "env:LLM_KEY"
        ask = "all"
        {more}
    """
    (listen.home / "listen.toml").write_text(config, encoding="utf-8")


async def ran(listen: Program, *arguments: str) -> Done:
    return await asyncio.to_thread(listen.run, *arguments, "-c", "listen.toml", LLM_KEY="hush-hush")


def told(done: Done) -> list[tuple[str, list[str]]]:
    """Flag and reasons of each mention."""
    lines = map(json.loads, done.stdout.splitlines())
    return [(mention["flag"], mention["why"]) for mention in lines]


REPLAY = ("replay", "posts.jsonl", "--format", "jsonl")


async def test_a_replay_hears_the_model_once_for_each_text(listen: Program) -> None:
    llm = LlmServer(says(PRAISE))
    llm.key = "hush-hush"
    async with ScriptedServer(llm) as server:
        configure(listen, server.base)
        first, again = await ran(listen, *REPLAY), await ran(listen, *REPLAY)
    assert (first.returncode, first.stderr, again.stderr) == (0, "", "")
    assert [flag for flag, _ in told(first)] == ["praise", "praise"]
    assert told(again) == told(first)
    assert sorted(llm.posts) == ["I love my Kindle, works great",
                                 "Mein #Kindle geht nicht mehr und der Support antwortet nicht!"]  # fmt: skip
    kept = listen.home / "data" / "listen" / "listen.opinions.db"
    assert kept.stat().st_mode & 0o777 == 0o600


async def test_a_store_in_memory_keeps_no_answers_on_disk(listen: Program) -> None:
    llm = LlmServer(says(PRAISE))
    async with ScriptedServer(llm) as server:
        configure(listen, server.base)
        done = await ran(listen, *REPLAY, "--db", ":memory:")
    assert [flag for flag, _ in told(done)] == ["praise", "praise"]
    assert not list(listen.home.rglob("*.db"))


async def test_a_round_of_watch_hears_it_and_goes_on_without_it(listen: Program) -> None:
    news = HackerNewsServer(start=int(time.time()) - 40_000)
    news.post("My Kindle died")
    llm = LlmServer(says(PRAISE))
    round_ = ("watch", "--once", "--since", "2d", "--format", "jsonl")
    async with news.serving() as network, ScriptedServer(llm) as server:
        configure(listen, server.base, hackernews=network.base)
        heard = await ran(listen, *round_)
        llm.before = lambda _: error(401, "hush-hush is no key of ours")
        news.post("A new Kindle question", after=20_000)
        alone = await ran(listen, *round_)
    assert (heard.returncode, heard.stderr, told(heard)) == (0, "", [("praise", ["Kindle"])])
    assert (alone.returncode, len(told(alone))) == (0, 1)
    (line,) = alone.stderr.splitlines()
    assert line.startswith("llm: 127.0.0.1:")
    assert line.endswith("(401: *** is no key of ours); the local judge decides alone, next try in 1 min")
    assert "hush-hush" not in alone.stderr + alone.stdout


async def test_a_server_that_is_not_there_costs_a_line(listen: Program) -> None:
    configure(listen, "http://127.0.0.1:1", more="parallel = 1")
    posts = "".join(json.dumps({"text": f"Mein Kindle Nummer {number}"}) + "\n" for number in range(4))
    (listen.home / "posts.jsonl").write_text(posts, encoding="utf-8")
    done = await ran(listen, *REPLAY)
    assert (done.returncode, len(told(done))) == (0, 4)
    assert done.stderr == (
        "llm: 127.0.0.1:1 cannot be reached (connection refused); the local judge decides alone, next try in 1 min\n"
    )


async def test_check_tries_it_and_says_what_to_do(listen: Program) -> None:
    news, llm = HackerNewsServer(start=int(time.time()) - 40_000), LlmServer(says(view(why=["antwortet nicht"])))
    async with news.serving() as network, ScriptedServer(llm) as server:
        configure(listen, server.base, hackernews=network.base)
        fine = await ran(listen, "check")
        llm.before = lambda _: error(404, "model 'small-one' not found")
        missing = await ran(listen, "check", "--json")
        llm.before = lambda _: error(400, "no")
        refusing = await ran(listen, "check", "--json")
    assert (fine.returncode, missing.returncode, refusing.returncode) == (0, 5, 5)
    line = fine.stdout.splitlines()[-1]
    assert f"llm: {MODEL}: 127.0.0.1:" in line
    assert "answered in " in line
    assert line.endswith("a sample is complaint, 90% sure, for 'antwortet nicht'")
    gone, no = json.loads(missing.stdout)[-1], json.loads(refusing.stdout)[-1]
    assert (gone["platform"], gone["ok"]) == ("llm", False)
    assert "model 'small-one' not found" in gone["said"]
    assert "that the server has the model" in gone["advice"]
    assert "OpenAI-compatible" in no["advice"]


async def test_a_model_that_is_not_asked_for_is_not_asked(listen: Program) -> None:
    llm = LlmServer(says(PRAISE))
    async with ScriptedServer(llm) as server:
        configure(listen, server.base, judge="local")
        done = await asyncio.to_thread(listen.run, *REPLAY, "-c", "listen.toml")
    assert (done.returncode, len(told(done))) == (0, 2), done.stderr
    assert server.requests == []
    assert not list(listen.home.rglob("*.opinions.db"))


ALONE = """
import sys
from listen.cli import run

def watched(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"):
        print("NETWORK", event, arguments[1:], file=sys.__stderr__)

sys.addaudithook(watched)
sys.exit(run(sys.argv[1:]))
"""


def alone(listen: Program, *arguments: str) -> Done:
    return subprocess.run(
        [sys.executable, "-c", ALONE, *arguments], capture_output=True, text=True, encoding="utf-8", timeout=60,
        cwd=listen.home, env=listen.environment, check=False,
    )  # fmt: skip


def test_as_it_comes_judging_opens_no_connection(listen: Program) -> None:
    assert listen.run("init").returncode == 0
    for arguments in (("replay", "posts.jsonl", "--term", "kindle"), ("explain", "Mein Kindle ist kaputt")):
        done = alone(listen, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout
    configure(listen, "http://127.0.0.1:1")
    listen.environment["LLM_KEY"] = "hush-hush"
    assert "NETWORK" in alone(listen, *REPLAY, "-c", "listen.toml").stderr  # the hook does hear of connections


async def test_check_tries_a_model_where_no_network_is_on(listen: Program) -> None:
    async with ScriptedServer(LlmServer()) as server:
        configure(listen, server.base)
        fine = await ran(listen, "check")
        configure(listen, server.base, judge="local")
        nothing = await ran(listen, "check")
    assert (fine.returncode, len(fine.stdout.splitlines())) == (0, 1)
    assert fine.stdout.startswith(f"ok      llm: {MODEL}: 127.0.0.1:")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "no network is on" in nothing.stderr
