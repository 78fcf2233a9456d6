"""Tokens of every platform are planted, and whatever the program writes is searched for them.

Each platform is pointed at a server that repeats every secret it is told, or has ever been told of: in bodies, words of
errors, headers, addresses of next pages, redirects. New platforms are found by themselves, with all their secrets.
"""

from __future__ import annotations

import asyncio
import base64
import json
import zipfile
from pathlib import Path

import pytest

from listen.login import Vault
from listen.login.grant import Grant
from listen.platforms import known
from listen.when import now
from tests.cli.planting import (
    PLANTED,
    Chatterbox,
    leaks,
    planted,
    platform_of,
    secret_options,
    sections,
    sown,
    written,
)
from tests.cli.program import Program
from tests.servers.answers import answers_of
from tests.servers.scripted import Reply, ScriptedServer

COMMANDS = (
    ("check",),
    ("watch", "--once", "-v", "--format", "jsonl", "-o", "heard.jsonl"),
    ("status", "--json"),
    ("export", "-o", "mentions.csv"),
    ("privacy",),
)


@pytest.mark.parametrize("kind", [True, False], ids=["answers", "refuses"])
@pytest.mark.parametrize("folder", sections())
async def test_no_token_lands_in_anything_that_is_written(listen: Program, folder: str, kind: bool) -> None:
    async with ScriptedServer(lambda request: Reply()) as server:
        section = sown(folder, server.base)
        secrets = PLANTED.findall(json.dumps(section))
        server.script = Chatterbox(folder, secrets, kind=kind)
        (listen.home / "listen.toml").write_text(written(platform_of(folder), section), encoding="utf-8")
        outputs = {}
        for arguments in COMMANDS:
            done = await asyncio.to_thread(listen.run, *arguments, "-c", "listen.toml")
            outputs[f"stdout of {arguments[0]}"], outputs[f"stderr of {arguments[0]}"] = done.stdout, done.stderr
            assert "Traceback" not in done.stderr, done.stderr
        assert server.requests or answers_of(folder).offline, outputs
    assert (listen.home / "data" / "listen" / "listen.db").exists()
    assert leaks(listen.home, outputs) == {}


def test_every_secret_of_every_platform_is_planted() -> None:
    found = {
        (platform_of(folder), option)
        for folder in sections()
        for option, value in sown(folder, "http://127.0.0.1:1").items()
        if PLANTED.search(json.dumps(value))
    }
    assert {(name, option) for name in known() for option in secret_options(name)} <= found


@pytest.mark.parametrize("name", [name for name, platform in known().items() if platform.login])
async def test_no_login_leaves_the_file_it_is_kept_in(listen: Program, name: str) -> None:
    login = known()[name].login
    assert login is not None
    options = [option for option in login.options if option in secret_options(name)]
    tokens = {
        option: planted(name, option)
        for option in (*options, login.renewable or "token", "token", "refresh", "app_password")
    }
    values = {"did": "x", "handle": "anna.example", "user": "anna", "account": "12345", "page": "12345"}
    async with ScriptedServer(lambda request: Reply()) as server:
        server.script = Chatterbox(name, list(tokens.values()), kind=False)
        place = server.base if name == "mastodon" else ""
        grant = Grant(platform=name, account="anna", place=place, made_at=now(), secrets=tokens, values=values)
        Vault(listen.home / "data" / "listen" / "logins").keep(grant)
        section = json.loads(json.dumps(answers_of(name).options).replace("{base}", server.base).replace("{ws}", "ws"))
        plain = {key: value for key, value in section.items() if key not in secret_options(name)}
        config = {**plain, "pds": server.base} if name == "bluesky" else plain
        (listen.home / "listen.toml").write_text(written(name, config), encoding="utf-8")
        outputs = {}
        commands = [("login", name, "--check"), ("login",)] + ([("check",), ("status",)] if name != "bluesky" else [])
        commands.append(("login", name, "--remove"))
        for arguments in commands:
            done = await asyncio.to_thread(listen.run, *arguments, "-c", "listen.toml")
            outputs[f"stdout of {arguments}"], outputs[f"stderr of {arguments}"] = done.stdout, done.stderr
            assert "Traceback" not in done.stderr, done.stderr
        assert server.requests
    assert leaks(listen.home, outputs) == {}


def test_what_is_planted_would_be_found(tmp_path: Path) -> None:
    token = planted("x", "token")
    (tmp_path / "a.db").write_bytes(b"\0\0" + token.encode() + b"\0")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sheet.xml", f"<t>{token}</t>" * 9)
    basic = base64.b64encode(f"app:{token}".encode()).decode()
    assert set(leaks(tmp_path, {"stderr": f"Authorization: Basic {basic}", "stdout": "fine"})) == {
        "a.db", "b.xlsx", "stderr",
    }  # fmt: skip
