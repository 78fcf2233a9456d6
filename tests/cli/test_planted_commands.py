"""Every command of the program, run where secrets are planted; whatever it says and writes is searched for them.

The config names them (`env:`), logins hold them, servers repeat those that they are told. New commands are to be added.
"""

from __future__ import annotations

import asyncio
import functools
import re
import time
from collections.abc import Mapping

import pytest

from listen.cli import COMMANDS
from listen.login import Grant, Vault
from listen.when import now
from tests.cli.planting import Chatterbox, leaks, planted
from tests.cli.program import Program
from tests.cli.test_webhooks import COMMENT, Serving, of_the_page
from tests.opened import off
from tests.servers.accounts import PASSWORD, Fediverse, Graph, Pds, keys
from tests.servers.scripted import ScriptedServer

HELD = {name: planted(name, "key") for name in ("GITHUB_TOKEN", "APP_SECRET", "VERIFY", "LLM_KEY")}
LOGIN = planted("mastodon", "token")
TYPED = planted("feeds", "address")
WRITTEN = ("heard.jsonl", "mentions.csv", "mentions.jsonl", "mentions.xlsx", "copy.db", "again.db", "new.toml")
OTHERS = r"hush[\w-]*"  # what the servers of accounts give out

CONFIG = """
judge = "llm"
[[topic]]
name = "kindle"
query = "kindle"
[llm]
url = "{llm}/v1"
model = "small"
key = "env:LLM_KEY"
[platforms.github]
token = "env:GITHUB_TOKEN"
repos = ["acme/reader"]
api = "{github}"
graphql = "{github}/graphql"
[platforms.mastodon]
servers = ["{mastodon}"]
[platforms.webhooks]
app_secrets = ["env:APP_SECRET"]
verify_token = "env:VERIFY"
folder = "spool"
about = {{ "100200300" = "Kindle" }}
[platforms.feeds]
urls = []
"""

RUNS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "check": ((),),
    "watch": (
        ("--once", "-v", "--since", "2025-01-01", "--format", "jsonl", "-o", "heard.jsonl"),
        ("--once", "--format", "csv"),
    ),
    "add": (("{feeds}", "--dry-run"), ("{feeds}",), ("{feeds}",)),
    "status": ((), ("--json",)),
    "export": (("-o", "mentions.csv"), ("--format", "jsonl", "-o", "mentions.jsonl"), ("-o", "mentions.xlsx")),
    "replay": (("heard.jsonl", "--db", "again.db"),),
    "import": (("mentions.csv", "--db", "again.db"),),
    "init": (("#Kindle", "-c", "new.toml"),),
    "login": ((), ("--check",), ("mastodon", "--remove")),
    "platforms": ((),),
    "query": (("kindle",),),
    "explain": (("Mein Kindle geht nicht mehr",), ("--json", "Mein Kindle geht nicht mehr")),
    "mark": (("webhooks:1", "--status", "done", "--note", "said"),),
    "teach": (("--show",),),
    "eval": (("labelled.csv",),),
    "forget": (("webhooks:nobody", "--dry-run"), ("webhooks:ben", "--yes")),
    "purge": (("--older-than", "1d", "--dry-run"),),
    "privacy": ((), ("--json",)),
    "completion": (("bash",),),
    "db": (("check",), ("backup", "copy.db"), ("vacuum",), ("path",)),
}


def test_every_command_is_searched() -> None:
    assert {*RUNS, "serve-webhooks"} == set(COMMANDS)


async def test_no_command_lets_a_token_out(listen: Program) -> None:
    listen.environment |= HELD
    (listen.home / "labelled.csv").write_text("text,flag\nMein Kindle geht nicht mehr,complaint\n", encoding="utf-8")
    said: dict[str, str] = {}
    async with (
        ScriptedServer(Chatterbox("github", [HELD["GITHUB_TOKEN"]], kind=True)) as github,
        ScriptedServer(Chatterbox("mastodon", [LOGIN], kind=False)) as mastodon,
        ScriptedServer(Chatterbox("github", [HELD["LLM_KEY"]], kind=False)) as llm,
        ScriptedServer(Chatterbox("feeds", [TYPED], kind=True)) as feeds,
    ):
        places = {"github": github.base, "mastodon": mastodon.base, "llm": llm.base}
        config = CONFIG.format(**places) + off("github", "mastodon")
        (listen.home / "listen.toml").write_text(config, encoding="utf-8")
        Vault(listen.home / "data" / "listen" / "logins").keep(login_at(mastodon.base))
        said |= await asyncio.to_thread(pushed, listen)
        address = feeds.base.replace("://", f"://anna:{TYPED}@") + f"/feed.xml?access_token={TYPED}"
        for command, runs in RUNS.items():
            for number, arguments in enumerate(runs):
                told = [part.format(feeds=address) for part in arguments]
                there = [] if "-c" in told else ["-c", "listen.toml"]
                done = await asyncio.to_thread(listen.run, command, *told, *there)
                said[f"stdout of {command} {number}"], said[f"stderr of {command} {number}"] = done.stdout, done.stderr
                assert done.returncode in (0, 1, 4, 5), (command, arguments, done.stderr)
                assert "Traceback" not in done.stderr, done.stderr
    assert all(server.requests for server in (github, mastodon, llm, feeds)), "none of them had anything to repeat"
    for written in WRITTEN:
        assert (listen.home / written).exists(), (written, said)
    assert leaks(listen.home, said) == {}
    after = (listen.home / "listen.toml").read_text(encoding="utf-8")
    assert after.replace(address, "", 1) == config.replace("urls = []", 'urls = [""]'), "an address is added, as typed"


def login_at(place: str) -> Grant:
    return Grant(platform="mastodon", account="@anna", place=place, made_at=now(), secrets={"token": LOGIN})


def pushed(listen: Program) -> dict[str, str]:
    """`serve-webhooks` asked rightly and wrongly; what it said."""
    process = listen.start("serve-webhooks", "-v", "-c", "listen.toml", "--port", "0")
    try:
        server = Serving(process, listen.home / "spool")
        right, wrong = HELD["APP_SECRET"], HELD["VERIFY"]
        asked = f"/meta?hub.mode=subscribe&hub.challenge=1&access_token={right}&hub.verify_token="
        answers = [server.ask("GET", asked + told) for told in (HELD["VERIFY"], right, "")]
        assert [status for status, _ in answers] == [200, 403, 403]
        assert server.push(of_the_page(COMMENT), right) == 200
        assert server.push({"text": "my kindle fell", "author": "ben", "id": "1"}, right) == 200
        assert server.push(of_the_page(COMMENT), wrong) == 403
        assert server.push(b"{", right) in (200, 400)
        code, said = server.end()
        assert code == 0
        assert process.stdout is not None
        return {"webhooks' stderr": server.first + said, "answers": str(answers), "stdout": process.stdout.read()}
    finally:
        process.kill()
        process.communicate(timeout=10)


def accounts() -> dict[str, tuple[object, str, list[str]]]:
    """Of each network: its server, what its section says, and what its user types."""
    fediverse = Fediverse()
    fediverse.good = "hush-own-1"
    meta = ["1", "hush-app-secret", "hush-short"]
    api = 'api = "{base}"'
    return {
        "bluesky": (Pds(time.time() + 7_200), 'pds = "{base}"\njetstream = "{ws}"', ["anna.bsky.social", PASSWORD]),
        "facebook": (Graph(), api, meta),
        "github": (keys, api, ["hush-key-1"]),
        "instagram": (Graph(), api, meta),
        "mastodon": (fediverse, 'servers = ["{base}"]', ["hush-own-1"]),
        "reddit": (keys, f'url = "{{base}}"\n{api}', ["anna", "app-1", "hush-key-1"]),
        "threads": (Graph(), api, ["hush-app-secret", "hush-short"]),
        "tumblr": (keys, api, ["hush-key-1"]),
        "x": (keys, api, ["hush-key-1"]),
        "youtube": (keys, api, ["hush-key-1"]),
    }


def test_every_login_is_tried() -> None:
    from listen.platforms import known

    assert set(accounts()) == {name for name, platform in known().items() if platform.login}


@pytest.mark.parametrize("name", accounts())
async def test_logging_in_lets_nothing_out(listen: Program, name: str) -> None:
    script, section, answers = accounts()[name]
    wrong = [f"{answer}-wrong" if answer.startswith("hush") else answer for answer in answers]
    said: dict[str, str] = {}
    async with ScriptedServer(script) as server:  # type: ignore[arg-type]  # a function of a request each
        told = section.format(base=server.base, ws=f"ws{server.base[4:]}")
        config = f'[[topic]]\nname = "kindle"\nquery = "#kindle"\n{off(name)}[platforms.{name}]\n{told}\n'
        (listen.home / "listen.toml").write_text(config, encoding="utf-8")
        runs: list[tuple[list[str], list[str]]] = [
            (wrong, [name]), (answers[:-1], [name]), (answers, [name]), ([], [name, "--check"]), ([], []),
            ([], [name, "--remove"]),
        ]  # fmt: skip
        for number, (given, arguments) in enumerate(runs):
            lines = "".join(f"{line}\n" for line in given)
            done = await asyncio.to_thread(
                functools.partial(listen.run, "login", *arguments, "-v", "-c", "listen.toml", given=lines)
            )
            assert done.returncode == (0 if number > 1 else 2 if number else 4), (arguments, done.stderr)
            said[f"stdout {number}"], said[f"stderr {number}"] = done.stdout, done.stderr
            if number == 3:
                kept = listen.home / "data" / "listen" / "logins" / f"{name}.json"
                assert re.search(OTHERS, kept.read_text()), "it is there, so that it could have been let out"
    assert leaks(listen.home, said, re.compile(OTHERS)) == {}
