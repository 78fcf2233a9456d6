"""`listen teach`: by file, by marks, by answering questions, and back again."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import termios
import time

import pytest

from tests.cli.program import Program
from tests.judge.stream import COMPLAINTS, MENTIONS, as_csv

NEW = "Ein Schnurps ist morgens verglorpt"


@pytest.fixture
def stream(listen: Program) -> Program:
    (listen.home / "l.csv").write_text(as_csv(), encoding="utf-8")
    return listen


def complaint(listen: Program) -> float:
    score: float = json.loads(listen.run("explain", NEW, "--lang", "de", "--json").stdout)["complaint"]
    return score


def test_taught_by_a_file_the_judge_changes_and_undone_it_is_as_shipped(stream: Program) -> None:
    before = complaint(stream)
    done = stream.run("teach", "l.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert "labels  60 (30 complaint, 0 opportunity, 0 praise, 30 none)" in done.stdout
    assert "state   taught" in done.stdout
    assert complaint(stream) > before
    assert "verglorpt" in stream.run("teach", "--show").stdout
    (stream.home / "one.csv").write_text(f"text,label\n{NEW},complaint\n", encoding="utf-8")
    taught, shipped = (
        json.loads(stream.run("eval", "one.csv", "--json", "--errors", "1", *more).stdout)
        for more in ((), ("--untaught",))
    )
    assert taught["n"] == shipped["n"] == 1
    assert "taken back" in stream.run("teach", "--undo").stdout
    assert complaint(stream) == before


def test_facts_for_scripts(stream: Program) -> None:
    facts = json.loads(stream.run("teach", "l.csv", "--json").stdout)
    assert facts["state"] == "on"
    assert facts["labels"] == {"complaint": 30, "opportunity": 0, "praise": 0, "none": 30}
    assert facts["taught"]["log_loss"] < facts["untaught"]["log_loss"]
    assert len(facts["biases"]) == 3


def test_a_judge_that_was_taught_with_other_weights_says_so_and_is_as_shipped(stream: Program) -> None:
    before = complaint(stream)
    stream.run("teach", "l.csv")
    (path,) = (stream.home / "data").rglob("*.taught.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**told, "weights": "older"}), encoding="utf-8")
    done = stream.run("explain", NEW, "--lang", "de", "--json")
    assert json.loads(done.stdout)["complaint"] == before
    assert done.stderr.startswith("listen: the judge has changed since it was taught; 'listen teach'")
    assert "state   taught" in stream.run("teach").stdout


def test_marks_are_labels_and_too_few_of_them_change_nothing(listen: Program) -> None:
    listen.run("replay", "posts.jsonl", "--term", "kindle", "-o", "was.txt")
    ids = [json.loads(line)["id"] for line in listen.run("export", "--format", "jsonl").stdout.splitlines()]
    listen.run("mark", *ids, "--flag", "none")
    done = listen.run("teach")
    assert done.returncode == 0
    assert "labels  2 (0 complaint, 0 opportunity, 0 praise, 2 none)" in done.stdout
    assert "nothing was changed: 20 labels are the least to learn from, and there are 2" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--show", "--undo"], "do not go together"),
        (["l.csv", "--ask"], "do not go together"),
        (["--ask"], "--ask needs a terminal"),
    ],
    ids=" ".join,
)
def test_wrong_usage_says_what_to_do(stream: Program, arguments: list[str], said: str) -> None:
    done = stream.run("teach", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_wrong_file_teaches_nothing(stream: Program) -> None:
    (stream.home / "l.csv").write_text("text,label\na,none\nb,nix\n", encoding="utf-8")
    done = stream.run("teach", "l.csv")
    assert done.returncode == 1
    assert done.stderr.startswith("listen: l.csv: line 3: there is no label 'nix'")
    assert not list(stream.home.rglob("*.taught.json"))


@pytest.fixture
def asked(listen: Program) -> Program:
    """The program with six mentions that it can ask about."""
    posts = [{"text": f"{text} Bormel", "author": "a", "lang": "de"} for text in (*COMPLAINTS[::10], *MENTIONS[::10])]
    (listen.home / "posts.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts), encoding="utf-8")
    done = listen.run("replay", "posts.jsonl", "--term", "bormel", "-o", "was.txt")
    assert done.returncode == 0, done.stderr
    return listen


def answered(listen: Program, keys: str, *options: str) -> tuple[int, str]:
    """Press a key whenever the program asks; the exit code and all that was drawn."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "listen", "teach", "--ask", *options], stdin=theirs, stdout=theirs, stderr=theirs,
        cwd=listen.home, env={**listen.environment, "TERM": "xterm"}, start_new_session=True,
    ) as running:  # fmt: skip
        os.close(theirs)
        drawn, left, deadline = b"", list(keys), time.monotonic() + 60
        while time.monotonic() < deadline and select.select([ours], [], [], 30)[0]:
            try:
                piece = os.read(ours, 10_000)
            except OSError:  # EIO: nobody has the terminal open any more
                break
            drawn += piece
            if left and drawn.endswith(b"(q)uit: "):
                while termios.tcgetattr(ours)[3] & termios.ICANON and running.poll() is None:
                    time.sleep(0.01)  # until it reads keys: what was typed before is thrown away
                os.write(ours, left.pop(0).encode())
        code = running.wait(timeout=30)
    os.close(ours)
    return code, drawn.decode()


def flags(listen: Program) -> list[str]:
    lines = listen.run("teach", "--show", "--json").stdout
    counts: dict[str, int] = json.loads(lines)["labels"]
    return [flag for flag, count in counts.items() for _ in range(count)]


def test_questions_are_answered_with_one_key_and_the_next_time_goes_on(asked: Program) -> None:
    code, drawn = answered(asked, "cnq")
    assert code == 0, drawn
    assert "1 of " in drawn
    assert "the judge says" in drawn
    assert "thank you: 2 answers kept" in drawn
    assert flags(asked) == ["complaint", "none"]
    first = drawn.split("of ")[1].split()[0]
    code, drawn = answered(asked, "sq")
    assert f"1 of {int(first) - 2}" in drawn
    assert "thank you: 0 answers kept" in drawn


def test_ctrl_c_keeps_the_answers_that_were_given(asked: Program) -> None:
    code, drawn = answered(asked, "o\x03")
    assert code == 0, drawn
    assert "1 answer kept; 'listen teach' learns from them" in drawn
    assert flags(asked) == ["opportunity"]


def test_a_store_with_nothing_to_ask_says_so(listen: Program) -> None:
    code, drawn = answered(listen, "")
    assert code == 0, drawn
    assert "there is nothing to ask" in drawn
