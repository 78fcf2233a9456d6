"""`listen login` as people and scripts use it."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import stat
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.dialogue import Dialogue
from tests.cli.program import Program
from tests.servers.accounts import PASSWORD, Fediverse, Pds, keys
from tests.servers.scripted import ScriptedServer

KEY = "hush-key-1"


def config(listen: Program, **sections: str) -> None:
    """A config with these sections, on networks of this machine alone."""
    off = "".join(f"[platforms.{name}]\nenabled = false\n" for name in off_by_default(sections))
    on = "".join(f"[platforms.{name}]\n{text}\n" for name, text in sections.items())
    topic = '[[topic]]\nname = "kindle"\nquery = "#kindle"\n'
    path = listen.home / "config" / "listen" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(topic + off + on, encoding="utf-8")


def off_by_default(besides: dict[str, str]) -> list[str]:
    from listen.platforms import known

    return [name for name, platform in known().items() if platform.facts.needs is None and name not in besides]


def kept(listen: Program, platform: str) -> Path:
    return listen.home / "data" / "listen" / "logins" / f"{platform}.json"


def ends_in(listen: Program, platform: str, left: timedelta) -> None:
    """The stored login ends so soon."""
    path = kept(listen, platform)
    (grant,) = json.loads(path.read_bytes())
    path.write_text(json.dumps([{**grant, "ends_at": (datetime.now(UTC) + left).isoformat()}]), encoding="utf-8")


async def ran(listen: Program, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(listen.run, *arguments)


async def given(listen: Program, key: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(lambda: listen.run("login", *arguments, given=key + "\n"))


async def test_a_key_from_stdin_is_tried_kept_for_the_user_alone_and_used(listen: Program) -> None:
    async with ScriptedServer(keys) as server:
        config(listen, github=f'api = "{server.base}"')
        done = await given(listen, KEY, "github")
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert "github: logged in as anna, until 2026-12-01; kept in " in done.stderr
        path = kept(listen, "github")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert KEY in path.read_text()
        server.requests.clear()
        await ran(listen, "check")
        assert {request.headers.get("authorization") for request in server.requests} == {f"Bearer {KEY}"}
        tried = await ran(listen, "login", "github", "--check")
        assert tried.stdout == "ok      github: anna, until 2026-12-01\n"
        assert (await ran(listen, "login", "github", "--remove")).returncode == 0
    assert not path.exists()
    assert KEY not in done.stderr + tried.stdout + tried.stderr


async def test_a_key_that_is_refused_is_not_kept(listen: Program) -> None:
    async with ScriptedServer(keys) as server:
        config(listen, github=f'api = "{server.base}"')
        done = await given(listen, "hush-wrong", "github")
    assert done.returncode == 4
    assert "refuses access (401" in done.stderr
    assert "hush" not in done.stderr
    assert not kept(listen, "github").exists()


def test_nothing_on_stdin_says_what_was_wanted(listen: Program) -> None:
    done = listen.run("login", "github")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "listen: stdin has no line for 'Personal access token'; on a terminal it is asked for\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["hackernews"], "hackernews has no login; it needs nothing, says 'listen platforms'"),
        (["mastodom"], "there is no platform 'mastodom'; did you mean 'mastodon'?"),
        (["github", "anna"], "github has one login; leave 'anna' out"),
        (["github", "--check"], "nobody has logged in to github yet"),
        (["github", "--remove"], "nobody has logged in to github yet"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_said_in_a_line(listen: Program, arguments: list[str], said: str) -> None:
    done = listen.run("login", *arguments)
    assert (done.returncode, done.stderr) == (2, f"listen: {said}\n")


async def test_mastodon_on_a_terminal(listen: Program) -> None:
    fediverse = Fediverse()
    async with ScriptedServer(fediverse) as server:
        config(listen, mastodon=f'servers = ["{server.base}"]')

        def talks() -> tuple[int, str]:
            with Dialogue(listen, "login", "mastodon", server.base) as dialogue:
                dialogue.until("1. This program will be registered")
                address = re.search(r"http\S+/oauth/authorize\?\S+", dialogue.until("The code that it shows you"))
                assert address
                dialogue.types(fediverse.opened(address[0]))
                dialogue.until("logged in as @anna@")
                return dialogue.ends(), dialogue.drawn

        code, drawn = await asyncio.to_thread(talks)
        assert code == 0
        assert "hush" not in drawn
        server.requests.clear()
        done = await ran(listen, "check")
    assert done.returncode == 0, done.stdout
    asked = [request for request in server.requests if "timelines" in request.path]
    assert {request.headers.get("authorization") for request in asked} == {"Bearer hush-token-0"}


async def test_a_login_that_is_removed_is_revoked_where_the_network_has_a_way(listen: Program) -> None:
    pds = Pds(time.time() + 7_200)
    async with ScriptedServer(pds) as server:
        moved(listen, server.base)
        await given(listen, PASSWORD, "bluesky", "anna.bsky.social")
        done = await ran(listen, "login", "bluesky", "@anna.bsky.social", "--remove")
        assert "the login of @anna.bsky.social is forgotten here; its sessions are ended there" in done.stderr
        assert (done.returncode, pds.deleted, kept(listen, "bluesky").exists()) == (0, 1, False)


async def test_a_login_is_removed_also_if_the_network_is_away(listen: Program) -> None:
    async with ScriptedServer(Pds(time.time() + 7_200)) as server:
        moved(listen, server.base)
        await given(listen, PASSWORD, "bluesky", "anna.bsky.social")
    done = await ran(listen, "login", "bluesky", "--remove")
    assert "forgotten here; the network could not be told (127.0.0.1" in done.stderr
    assert "end it there, too" in done.stderr
    assert (done.returncode, kept(listen, "bluesky").exists()) == (0, False)


async def test_a_login_is_removed_also_if_the_config_is_broken(listen: Program) -> None:
    async with ScriptedServer(Pds(time.time() + 7_200)) as server:
        moved(listen, server.base)
        await given(listen, PASSWORD, "bluesky", "anna.bsky.social")
    (listen.home / "config" / "listen" / "config.toml").write_text("[[[", encoding="utf-8")
    done = await ran(listen, "login", "bluesky", "--remove")
    assert "the network could not be told (config.toml: is not TOML" in done.stderr
    assert (done.returncode, kept(listen, "bluesky").exists()) == (0, False)


def test_a_broken_login_hides_no_other_and_can_be_removed(listen: Program) -> None:
    path = kept(listen, "github")
    path.parent.mkdir(parents=True)
    path.write_text('[{"platform": "github", "acc')
    path.chmod(0o600)
    listed = listen.run("login")
    assert listed.returncode == 3
    assert f"github        {path}: holds no login; 'listen login github --remove' clears it" in listed.stdout
    assert "youtube       not logged in" in listed.stdout
    tried = listen.run("login", "--check")
    assert (tried.returncode, tried.stdout[:8]) == (3, "failed  ")
    asked = listen.run("login", "github", given="hush-key\n")
    assert (asked.returncode, asked.stderr.count("\n")) == (3, 1), "told before anything is asked"
    assert listen.run("login", "github", "--remove").returncode == 0
    assert not path.exists()


@pytest.mark.parametrize("command", [("check",), ("watch", "--once"), ("login", "github", "--check")], ids=" ".join)
def test_a_login_without_its_secret_is_one_clear_line(listen: Program, command: tuple[str, ...]) -> None:
    path = kept(listen, "github")
    path.parent.mkdir(parents=True)
    grant = {"platform": "github", "account": "anna", "made_at": "2026-11-22T06:00:00Z", "unheard": "of", "secrets": {}}
    path.write_text(json.dumps([grant]))
    path.chmod(0o600)
    config(listen, github="")
    done = listen.run(*command)
    assert done.returncode == 3
    told = "github: the stored login of anna lacks its 'token'; 'listen login github' makes it anew\n"
    assert (done.stdout + done.stderr).removeprefix("listen: ").removeprefix("failed  ") == told


async def test_a_key_that_no_header_can_hold_is_not_sent(listen: Program) -> None:
    async with ScriptedServer(keys) as server:
        config(listen, github=f'api = "{server.base}"')
        done = await given(listen, "hüsh-key", "github")
        assert server.requests == []
    assert done.returncode == 4
    told = "listen: the key (login) holds characters that cannot be sent; copy it once more; nothing is stored\n"
    assert done.stderr == told


async def test_a_login_that_the_config_leaves_out_is_told_beside_another_that_it_names(listen: Program) -> None:
    one, two = Fediverse(), Fediverse()
    one.good = two.good = "hush-own"
    async with ScriptedServer(one) as first, ScriptedServer(two) as second:
        config(listen, mastodon=f'servers = ["{first.base}"]')
        named = await given(listen, "hush-own", "mastodon", first.base)
        other = await given(listen, "hush-own", "mastodon", second.base)
    assert "does not name" not in named.stderr
    assert f"[platforms.mastodon] of the config does not name {second.base}; add it there to use it" in other.stderr


async def test_bluesky_on_a_terminal_hides_the_password(listen: Program) -> None:
    pds = Pds(time.time() + 7_200)
    async with ScriptedServer(pds) as server:
        moved(listen, server.base)

        def talks() -> tuple[int, str]:
            with Dialogue(listen, "login", "bluesky") as dialogue:
                dialogue.until("Your handle")
                dialogue.types("anna.bsky.social")
                dialogue.until("App password:")
                dialogue.types(PASSWORD)
                return dialogue.ends(), dialogue.drawn

        code, drawn = await asyncio.to_thread(talks)
        assert code == 0, drawn
        assert "logged in as @anna.bsky.social, renews itself" in drawn
        assert "anna.bsky.social\r\n" in drawn, "what is no secret is echoed"
        assert "hush" not in drawn
        pds.good = "hush-ended"
        tried = await ran(listen, "login", "bluesky", "--check")
    assert tried.stdout == "ok      bluesky: @anna.bsky.social, renews itself\n", tried.stderr
    assert (pds.made, pds.refreshed) == (1, 1), "the session is refreshed, not made anew"
    assert pds.good in kept(listen, "bluesky").read_text()


def moved(listen: Program, base: str) -> None:
    """A config that only `login` reads: `pds` is no option yet of the platform itself."""
    path = listen.home / "config" / "listen" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(f'[platforms.bluesky]\npds = "{base}"\n', encoding="utf-8")


async def test_ctrl_c_at_a_question_stores_nothing(listen: Program) -> None:
    def talks() -> int:
        with Dialogue(listen, "login", "github") as dialogue:
            dialogue.until("Personal access token:")
            dialogue.running.send_signal(signal.SIGINT)
            return dialogue.ends()

    assert await asyncio.to_thread(talks) == 130
    assert not kept(listen, "github").exists()


async def test_a_login_that_ends_soon_is_told_everywhere(listen: Program) -> None:
    async with ScriptedServer(keys) as server:
        config(listen, github=f'api = "{server.base}"')
        await given(listen, KEY, "github")
        ends_in(listen, "github", timedelta(days=30))
        assert "github: the login" not in (await ran(listen, "status")).stdout
        ends_in(listen, "github", timedelta(days=3, hours=1))
        checked, status = await ran(listen, "check"), await ran(listen, "status")
        facts: dict[str, Any] = json.loads((await ran(listen, "status", "--json")).stdout)
        watched = await ran(listen, "watch", "--once")
    line = "github: the login of anna ends in 3 d; 'listen login github' makes a new one"
    assert f"note    github: login: {line.removeprefix('github: ')}" in checked.stdout
    assert line in status.stdout
    assert facts["logins"] == [line]
    assert watched.stderr.count(line) == 1


def test_a_login_that_others_can_read_is_refused_with_what_to_do(listen: Program) -> None:
    path = kept(listen, "github")
    path.parent.mkdir(parents=True)
    path.write_text("[]")
    path.chmod(0o644)
    config(listen, github="")
    done = listen.run("check")
    assert done.returncode == 3
    assert done.stderr == f"listen: {path}: others can read it (mode 0644); make it yours alone: chmod 600 {path}\n"


def test_a_config_may_want_a_login(listen: Program) -> None:
    config(listen, github='token = "login"')
    done = listen.run("check")
    assert done.returncode == 3
    assert "[platforms.github] token: nobody has logged in yet; 'listen login github' does" in done.stderr


KEYRING = """
import json, os, pathlib

FILE = pathlib.Path(os.environ["HOME"], "keyring.json")


def _all():
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def get_password(service, user):
    return _all().get(service + " " + user)


def set_password(service, user, password):
    FILE.write_text(json.dumps(_all() | {service + " " + user: password}))


def delete_password(service, user):
    left = _all()
    del left[service + " " + user]
    FILE.write_text(json.dumps(left))
"""


async def test_the_keyring_holds_the_secret_and_the_file_the_rest(listen: Program) -> None:
    package = listen.home / "packages" / "keyring"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(KEYRING)
    (package / "errors.py").write_text("class KeyringError(Exception): ...\n")
    listen.environment["PYTHONPATH"] = str(package.parent)
    async with ScriptedServer(keys) as server:
        config(listen, github=f'api = "{server.base}"')
        done = await given(listen, KEY, "github", "--keyring")
        assert done.returncode == 0, done.stderr
        assert KEY not in kept(listen, "github").read_text()
        assert KEY in (listen.home / "keyring.json").read_text()
        tried = await ran(listen, "login", "--check")
        assert tried.returncode == 0, tried.stdout
    assert (await ran(listen, "login", "github", "--remove")).returncode == 0
    assert KEY not in (listen.home / "keyring.json").read_text()


async def test_without_a_keyring_that_is_said_before_anything_is_lost(listen: Program) -> None:
    async with ScriptedServer(keys) as server:
        config(listen, github=f'api = "{server.base}"')
        done = await given(listen, KEY, "github", "--keyring")
    if done.returncode:
        assert done.returncode == 3
        assert "keyring" in done.stderr
