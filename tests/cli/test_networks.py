"""`watch --once`, `check` and `export` against networks of our own: what they print, and with which exit code."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import subprocess
import time

from tests.cli.program import Program
from tests.cli.test_pipes import HOSTILE, harmless
from tests.opened import off
from tests.servers.hackernews import HackerNewsServer
from tests.servers.mastodon import MastodonServer, status
from tests.servers.scripted import Reply, Request, ScriptedServer

DOWN = "http://127.0.0.1:1"
Done = subprocess.CompletedProcess[str]


def refusing(_: Request) -> Reply:
    return Reply(
        status=401, body=b'{"error": "The access token is invalid"}', headers={"Content-Type": "application/json"}
    )


def site() -> HackerNewsServer:
    return HackerNewsServer(start=int(time.time()) - 40_000)


def networks(listen: Program, hackernews: str | None = None, mastodon: str | None = None) -> None:
    """Write the config: these networks are on, at these addresses, and nothing else is."""
    on = {"hackernews": hackernews and f'api = "{hackernews}/v0"\nalgolia = "{hackernews}/api/v1"',
          "mastodon": mastodon and f'servers = ["{mastodon}"]'}  # fmt: skip
    lines = ['[[topic]]\nname = "kindle"\nquery = "kindle"', off(*(name for name, told in on.items() if told))]
    lines += [f"[platforms.{name}]\n{told}" for name, told in on.items() if told]
    (listen.home / "listen.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


async def ran(listen: Program, *arguments: str) -> Done:
    return await asyncio.to_thread(listen.run, *arguments, "-c", "listen.toml")


def texts(done: Done) -> list[str]:
    return [json.loads(line)["text"] for line in done.stdout.splitlines()]


async def test_a_second_round_prints_and_stores_only_what_is_new(listen: Program) -> None:
    news = site()
    news.post("My Kindle died")
    news.post("nothing of ours")
    round_ = ("watch", "--once", "--quiet", "--since", "2d", "--format", "jsonl")
    async with news.serving() as server:
        networks(listen, server.base)
        first = await ran(listen, *round_)
        again = await ran(listen, *round_)
        news.post("A new Kindle question", after=20_000)
        third = await ran(listen, *round_)
    assert [first.returncode, again.returncode, third.returncode] == [0, 0, 0], first.stderr
    assert [texts(first), texts(again), texts(third)] == [["My Kindle died"], [], ["A new Kindle question"]]
    assert first.stderr == ""
    assert len(texts(await ran(listen, "export", "--format", "jsonl"))) == 2


async def test_a_round_that_a_network_refuses_exits_4_and_one_that_others_answered_5(listen: Program) -> None:
    news = site()
    news.post("My Kindle died")
    async with news.serving() as server, ScriptedServer(refusing) as closed:
        networks(listen, mastodon=closed.base)
        refused = await ran(listen, "watch", "--once")
        networks(listen, server.base, closed.base)
        partly = await ran(listen, "watch", "--once", "--since", "2d", "--format", "jsonl")
    assert (refused.returncode, partly.returncode) == (4, 5), refused.stderr
    assert texts(partly) == ["My Kindle died"]
    assert partly.stderr.startswith("mastodon: ")


async def test_check_says_what_works(listen: Program) -> None:
    async with site().serving() as server, ScriptedServer(MastodonServer([status("1")])) as open_:
        networks(listen, server.base, open_.base)
        done = await ran(listen, "check")
        facts = await ran(listen, "check", "--json")
    assert done.returncode == 0, done.stdout
    assert all(line.startswith("ok ") for line in done.stdout.splitlines())
    told = json.loads(facts.stdout)
    assert {finding["platform"]: finding["ok"] for finding in told} == {"hackernews": True, "mastodon": True}
    assert facts.returncode == 0


async def test_check_exits_4_if_everything_is_refused_5_if_something_works_1_if_nothing_does(listen: Program) -> None:
    async with site().serving() as server, ScriptedServer(refusing) as closed:
        networks(listen, mastodon=closed.base)
        refused = await ran(listen, "check")
        networks(listen, server.base, closed.base)
        mixed = await ran(listen, "check")
        networks(listen, DOWN, closed.base)
        nothing = await ran(listen, "check")
    networks(listen, DOWN)
    down = await ran(listen, "check", "--json")
    assert [refused.returncode, mixed.returncode, nothing.returncode, down.returncode] == [4, 5, 1, 1]
    assert "see that the token is right" in refused.stdout
    (finding,) = json.loads(down.stdout)
    assert (finding["ok"], finding["refused"], finding["platform"]) == (False, False, "hackernews")
    assert "127.0.0.1" in finding["said"]
    assert "online" in finding["advice"]


async def test_what_a_server_says_cannot_command_the_terminal(listen: Program) -> None:
    page = json.dumps({"error": HOSTILE, "title": HOSTILE, "version": HOSTILE}).encode()
    for code in (200, 403, 422, 500):
        reply = Reply(status=code, body=page, headers={"Content-Type": "application/json"})
        async with ScriptedServer(lambda _, reply=reply: reply) as server:  # type: ignore[misc]
            networks(listen, mastodon=server.base)
            checked, watched = await ran(listen, "check"), await ran(listen, "watch", "--once")
        assert all(harmless(line + "\n") for line in checked.stdout.splitlines())
        assert not any(line.startswith("FORGED") for line in (checked.stdout + watched.stderr).splitlines())
        assert not watched.stderr or all(harmless(line + "\n") for line in watched.stderr.splitlines())


async def test_export_can_catch_up_first_and_its_exit_code_tells_how_that_went(listen: Program) -> None:
    news = site()
    async with news.serving() as server, ScriptedServer(refusing) as closed:
        networks(listen, server.base)
        empty = await ran(listen, "export", "--catch-up", "--new", "care", "--format", "jsonl", "-q")
        news.post("My Kindle died", after=35_000)
        done = await ran(listen, "export", "--catch-up", "--new", "care", "--format", "jsonl", "-q")
        networks(listen, server.base, closed.base)
        partly = await ran(listen, "export", "--catch-up", "--new", "care", "--format", "jsonl", "-q")
    assert (empty.returncode, texts(empty)) == (0, []), empty.stderr
    assert (done.returncode, texts(done)) == (0, ["My Kindle died"]), done.stderr
    assert (partly.returncode, texts(partly)) == (5, []), partly.stderr


def test_export_new_delivers_everything_once_whatever_filters_came_between(listen: Program) -> None:
    listen.run("replay", "posts.jsonl", "--term", "kindle")
    complaints = listen.run("export", "--new", "care", "--only", "complaint")
    assert authors(complaints) == ["anna"]
    assert authors(listen.run("export", "--new", "care", "--only", "complaint")) == []
    assert authors(listen.run("export", "--new", "care", "--limit", "1")) == ["cem"]
    assert authors(listen.run("export", "--new", "care")) == []
    assert authors(listen.run("export", "--new")) == ["anna", "cem"]


def authors(done: Done) -> list[str]:
    assert done.returncode == 0, done.stderr
    return [row["author"] for row in csv.DictReader(io.StringIO(done.stdout))]
