"""`listen completion`: the scripts it prints, sourced by real shells, with the Tab key pressed."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from listen.cli import COMMANDS
from tests.cli.program import Program

END = "that was it"


def version_of_bash() -> tuple[int, ...]:
    if not shutil.which("bash"):
        return ()
    said = subprocess.run(["bash", "-c", "echo $BASH_VERSION"], capture_output=True, text=True, check=True).stdout
    return tuple(int(number) for number in re.findall(r"\d+", said)[:2])


needs_bash = pytest.mark.skipif(version_of_bash() < (4, 4), reason="there is no bash 4.4 or later here")


@pytest.fixture
def installed(listen: Program) -> Program:
    """The program under its own name on the PATH, and what it prints for bash in a file."""
    folder = listen.home / "bin"
    folder.mkdir()
    (folder / "listen").write_text(f'#!/bin/sh\nexec {sys.executable} -m listen "$@"\n', encoding="utf-8")
    (folder / "listen").chmod(0o755)
    listen.environment["PATH"] = f"{folder}:{listen.environment.get('PATH', '')}"
    done = listen.run("completion", "bash")
    assert (done.returncode, done.stderr) == (0, "")
    (listen.home / "listen.bash").write_text(done.stdout, encoding="utf-8")
    return listen


def typed(installed: Program, keys: str) -> str:
    """What a bash on a terminal writes after these keys and Return, up to its prompt."""
    ours, theirs = pty.openpty()
    environment = {**installed.environment, "PS1": "", "TERM": "dumb", "HISTFILE": "", "INPUTRC": "/dev/null"}
    shell = subprocess.Popen(
        ["bash", "--norc", "--noprofile", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=installed.home,
        env=environment, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        os.write(ours, b"stty -echo; source listen.bash; bind 'set bell-style none'; PS1=no''w:\n")
        until(ours, "now:")  # bash reads the keys itself from here on; before, the terminal takes ^U for its own
        os.write(ours, f"{keys}\n".encode())
        os.write(ours, f"\necho {END[:4]}''{END[4:]}\n".encode())
        return until(ours, END)
    finally:
        shell.kill()
        shell.wait(timeout=20)
        os.close(ours)


def until(terminal: int, mark: str) -> str:
    drawn, end = "", time.monotonic() + 30
    while mark not in drawn and time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            drawn += os.read(terminal, 10_000).decode(errors="replace")
    assert mark in drawn, drawn
    return drawn


@needs_bash
@pytest.mark.parametrize(
    ("keys", "said"),
    [
        pytest.param("listen --versi\t", "listen 0.", id="an option of all"),
        pytest.param("listen pla\t --json", '"name": "bluesky"', id="a command"),
        pytest.param("listen db pa\t", "listen.db", id="a command of a command"),
        pytest.param("listen replay po\t --te\t kindle --format js\t", '"id":"file:', id="a file, an option, a value"),
        pytest.param("listen replay posts.jsonl --term kindle --only praise,com\t", "complaint/", id="one of several"),
        pytest.param("listen db path --db pos\t", "posts.jsonl", id="a file for an option"),
    ],
)
def test_the_tab_key_completes_in_a_real_bash(installed: Program, keys: str, said: str) -> None:
    assert said in typed(installed, keys)


@needs_bash
def test_two_tabs_tell_all_commands(installed: Program) -> None:
    told = typed(installed, "listen \t\t\x15")
    assert [name for name in COMMANDS if not re.search(rf"(?<!\S){name}(?!\S)", told)] == []


@pytest.mark.parametrize(("shell", "mark"), [("zsh", "#compdef listen"), ("fish", "--command listen")])
def test_other_shells_get_a_script_of_their_own(listen: Program, shell: str, mark: str) -> None:
    done = listen.run("completion", shell)
    assert (done.returncode, done.stderr, mark in done.stdout) == (0, "", True)
    if shutil.which(shell):
        Path(listen.home / "script").write_text(done.stdout, encoding="utf-8")
        assert subprocess.run([shell, "-n", "script"], cwd=listen.home, check=False).returncode == 0


@pytest.mark.parametrize("arguments", [[], ["tcsh"]], ids=["none", "unknown"])
def test_a_shell_that_is_not_known_is_wrong_usage(listen: Program, arguments: list[str]) -> None:
    done = listen.run("completion", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert all(shell in done.stderr for shell in ("bash", "zsh", "fish"))
