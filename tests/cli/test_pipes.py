"""stdout that is gone, full, or no friend of colours; and words that want to command the terminal."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.opened import off

CLOSED = [
    pytest.param(["watch", "--demo", "--format", "lines"], id="watch"),
    pytest.param(["watch", "--demo", "--format", "csv"], id="watch csv"),
    pytest.param(["replay", "posts.jsonl", "--term", "kindle"], id="replay"),
    pytest.param(["export"], id="export"),
    pytest.param(["platforms"], id="platforms"),
    pytest.param(["explain", "Mein Kindle geht nicht mehr"], id="explain"),
    pytest.param(["--help"], id="help"),
    pytest.param(["watch", "--help"], id="help of a command"),
]


@pytest.fixture
def nobody() -> Iterator[int]:
    """The writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.parametrize("arguments", CLOSED)
def test_a_closed_pipe_ends_quietly_and_well(listen: Program, nobody: int, arguments: list[str]) -> None:
    done = listen.into(nobody, *arguments)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_pipe_closed_after_the_first_mention_ends_watch_quietly_and_well(listen: Program) -> None:
    with listen.start("watch", "--demo", "--format", "lines") as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr is not None
        said = running.stderr.read()
        assert (running.wait(timeout=30), said) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to offer")
@pytest.mark.parametrize("arguments", CLOSED)
def test_a_full_disk_is_told_in_one_line(listen: Program, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = listen.into(full.fileno(), *arguments)
    assert (done.returncode, done.stderr) == (1, "listen: stdout: cannot be written: no space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to offer")
def test_a_full_disk_is_told_by_the_version_too(listen: Program) -> None:
    with Path("/dev/full").open("wb") as full:
        done = listen.into(full.fileno(), "--version")
    assert (done.returncode, done.stderr) == (1, "listen: stdout: cannot be written: no space left on device\n")


@pytest.mark.parametrize("arguments", [*CLOSED, pytest.param(["--version"], id="version")])
def test_a_stdout_that_is_closed_is_an_error_told_in_one_line(listen: Program, arguments: list[str]) -> None:
    done = listen.without(">&-", *arguments)
    assert (done.returncode, done.stderr) == (1, "listen: stdout: cannot be written: it is closed\n")


def test_a_closed_stdout_is_no_matter_to_who_writes_into_a_file(listen: Program) -> None:
    done = listen.without(">&-", "replay", "posts.jsonl", "--term", "kindle", "-o", "out.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    assert (listen.home / "out.jsonl").read_text(encoding="utf-8").count("\n") == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["replay", "-", "--term", "kindle"], 0, id="replay"),
        pytest.param(["import", "-"], 0, id="import"),
        pytest.param(["query", "kindle", "--file", "-"], 0, id="query --file"),
        pytest.param(["query", "kindle", "--text", "-"], 0, id="query --text"),
        pytest.param(["explain", "-"], 0, id="explain"),
        pytest.param(["mark", "-", "--status", "done"], 0, id="mark"),
        pytest.param(["eval", "-"], 1, id="eval"),
        pytest.param(["teach", "-"], 1, id="teach"),
        pytest.param(["teach", "--ask"], 2, id="teach --ask"),
        pytest.param(["init"], 0, id="init"),
    ],
)
def test_a_closed_stdin_is_an_empty_one(listen: Program, arguments: list[str], code: int) -> None:
    done = listen.without("<&-", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_what_belongs_to_a_closed_stderr_does_not_come_out_of_stdout(listen: Program) -> None:
    (listen.home / "bad.jsonl").write_text('nonsense\n{"text": "my kindle"}\n', encoding="utf-8")
    done = listen.without("2>&-", "replay", "bad.jsonl", "--term", "kindle", "--format", "jsonl")
    assert done.returncode == 5
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == ["my kindle"]


@pytest.mark.parametrize("command", ["platforms", "check"])
def test_colour_comes_on_a_terminal_and_goes_when_it_is_not_wanted(listen: Program, command: str) -> None:
    off = listen.home / "off.toml"
    off.write_text(OFFLINE, encoding="utf-8")
    assert "\x1b[" in listen.on_terminal(command, "-c", "off.toml")[1]
    for arguments, environment in (
        ([command, "-c", "off.toml", "--no-color"], {}),
        (["--no-color", command, "-c", "off.toml"], {}),
        ([command, "-c", "off.toml"], {"NO_COLOR": "1"}),
        ([command, "-c", "off.toml"], {"TERM": "dumb"}),
    ):
        drawn = listen.on_terminal(*arguments, **environment)[1]
        assert "hackernews" in drawn
        assert "\x1b" not in drawn


OFFLINE = off("hackernews") + '[platforms.hackernews]\napi = "http://127.0.0.1:1"\nalgolia = "http://127.0.0.1:1"\n'
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202efine\r\nFORGED"


def test_what_a_file_says_in_names_and_errors_cannot_command_the_terminal(listen: Program) -> None:
    name = "\x1b]0;owned\x07posts\n.jsonl"
    (listen.home / name).write_text('{"text": "kindle", "kind": "\\u001b[31m"}\n', encoding="utf-8")
    done = listen.run("replay", name, "--term", "kindle")
    assert done.returncode == 5
    assert harmless(done.stderr)
    assert done.stderr.startswith("posts .jsonl: line 1 is not a post")
    missing = listen.run("replay", HOSTILE, "--term", "kindle")
    assert missing.returncode == 1
    assert harmless(missing.stderr)


def test_what_the_config_says_cannot_command_the_terminal(listen: Program) -> None:
    (listen.home / "bad.toml").write_text(f"[platforms.{json.dumps('x' + HOSTILE)}]\n", encoding="utf-8")
    done = listen.run("platforms", "-c", "bad.toml")
    assert done.returncode == 0  # it reads no config
    done = listen.run("check", "-c", "bad.toml")
    assert done.returncode == 3
    assert harmless(done.stderr)


def harmless(said: str) -> bool:
    """One line, and none of the marks that a terminal obeys."""
    return said.endswith("\n") and said[:-1].isprintable()
