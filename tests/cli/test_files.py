"""Files that results go into, as the commands write them: nothing is lost, doubled, or written over by mistake."""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys

import pytest

from tests.cli.program import POSTS, Program

FORMATS = ["lines", "jsonl", "csv"]


def test_replay_refuses_to_write_over_what_it_reads(listen: Program) -> None:
    before = (listen.home / "posts.jsonl").read_bytes()
    (listen.home / "link.jsonl").symlink_to("posts.jsonl")
    for file in ("posts.jsonl", "./posts.jsonl", "link.jsonl"):
        done = listen.run("replay", "posts.jsonl", "--term", "kindle", "-o", file)
        assert (done.returncode, "is the recording itself" in done.stderr) == (2, True), done.stderr
    assert (listen.home / "posts.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    "command", [["replay", "posts.jsonl", "--term", "x"], ["export"], ["watch", "--demo", "--for", "1s"]],
    ids=lambda command: command[0],
)  # fmt: skip
def test_no_command_writes_over_the_store(listen: Program, command: list[str]) -> None:
    listen.run("replay", "posts.jsonl", "--term", "kindle", "--db", "a.db")
    done = listen.run(*command, "--db", "a.db", "-o", "a.db")
    assert (done.returncode, done.stderr) == (2, "listen: a.db is the store; name another file with -o\n")
    assert len(listen.run("export", "--db", "a.db", "--format", "jsonl").stdout.splitlines()) == 2


def test_a_replay_that_fails_leaves_the_earlier_file_as_it_was(listen: Program) -> None:
    (listen.home / "out.csv").write_text("precious", encoding="utf-8")
    assert listen.run("replay", "none.jsonl", "--term", "kindle", "-o", "out.csv").returncode == 1
    assert (listen.home / "out.csv").read_text(encoding="utf-8") == "precious"
    assert listen.run("replay", "posts.jsonl", "--term", "kindle", "-o", "out.csv").returncode == 0
    with (listen.home / "out.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["author"] for row in csv.DictReader(stream)] == ["anna", "cem"]
    assert not list(listen.home.glob("*.part")) + list(listen.home.glob(".*.part"))


@pytest.mark.parametrize("command", [["export", "--new", "care", "--append"], ["replay", "posts.jsonl", "--term", "x"]],
                         ids=lambda command: command[0])  # fmt: skip
def test_a_disk_that_fills_up_leaves_the_file_and_nothing_is_marked(listen: Program, command: list[str]) -> None:
    listen.run("replay", "posts.jsonl", "--term", "kindle")
    file = listen.home / "all.csv"
    listen.run("export", "-o", "all.csv")
    before = file.read_bytes()
    for number in range(600):  # more than a buffer holds
        told = {"text": f"kindle {number} " + "x" * 5_000, "author": f"a{number}"}
        with (listen.home / "more.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(told) + "\n")
    listen.run("replay", "more.jsonl", "--term", "kindle")
    arguments = ["replay", "more.jsonl", "--term", "kindle"] if command[0] == "replay" else command
    room = 2_000_000  # bytes of any file; the store is larger than that by now, and is only read

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = subprocess.run(
        [sys.executable, "-m", "listen", *arguments, "--db", ":memory:" if command[0] == "replay" else store(listen),
         "-o", "all.csv"],
        capture_output=True, text=True, timeout=60, cwd=listen.home, env=listen.environment, check=False,
        preexec_fn=full,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "listen: all.csv: cannot be written: file too large\n")
    assert file.read_bytes() == before
    assert not list(listen.home.glob(".*.part"))
    if command[0] == "export":
        assert len(listen.run("export", "--new", "care", "--format", "jsonl").stdout.splitlines()) == 602


def store(listen: Program) -> str:
    return str(listen.home / "data" / "listen" / "listen.db")


@pytest.mark.parametrize("form", FORMATS)
def test_a_long_post_and_one_with_odd_characters_come_through(listen: Program, form: str) -> None:
    long = "kindle " + "ä" * 1_000_000
    posts = [
        {"text": long, "id": "1"},
        {"text": "kindle\0 \ud800 x", "id": "2"},
        {"text": "kindle", "author": "\0\udfff"},
    ]
    posts.append({"text": "kindle\0 with a hole", "author": "\0"})
    given = "".join(json.dumps(post) + "\n" for post in posts)
    done = listen.run("replay", "-", "--term", "kindle", "--format", form, "--db", "a.db", given=given)
    assert done.returncode == 5, done.stderr  # JSON with half a character is none, and said to be none
    assert [line.split(" is not")[0] for line in done.stderr.splitlines()] == ["-: line 2", "-: line 3"]
    assert "\0" not in done.stdout
    if form == "jsonl":
        assert [json.loads(line)["text"] == long for line in done.stdout.splitlines()] == [True, False]
    if form == "csv":
        csv.field_size_limit(2_000_000)
        assert [row["text"] == long for row in csv.DictReader(done.stdout.splitlines())] == [True, False]
    if form == "lines":
        assert [len(line) < 3_000 for line in done.stdout.splitlines()] == [True, True]


HALVES = [
    pytest.param("x.csv", b'file:9,file,,,post,"half a text, and a\r\nline end ""within', id="csv, within quotes"),
    pytest.param("x.csv", b"file:9,file,,,po", id="csv, within a cell"),
    pytest.param("x.csv", b"file:9,file,,,post\r", id="csv, within the line end"),
    pytest.param("x.jsonl", b'{"id":"file:9","text":"half', id="jsonl"),
    pytest.param("x.txt", "2026-11-21 13:02  file  compl\u00e4".encode()[:-1], id="lines, within a character"),
]


@pytest.mark.parametrize(("name", "half"), HALVES)
def test_watch_goes_on_after_the_last_whole_mention_that_a_crash_left(listen: Program, name: str, half: bytes) -> None:
    posts = [{"text": 'Mein "Kindle"\r\nist, sagen wir, kaputt', "author": "anna"}, *POSTS]
    given = "".join(json.dumps(post) + "\n" for post in posts)
    listen.run("replay", "-", "--term", "kindle", "-o", name, given=given)
    file = listen.home / name
    whole = file.read_bytes()
    file.write_bytes(whole + half)
    assert listen.run("watch", "--demo", "--for", "3s", "-o", name).returncode == 0
    after = file.read_bytes()
    assert after.startswith(whole)
    assert len(after) > len(whole)
    assert half not in after
    if name == "x.csv":
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        assert {len(row) for row in rows} == {len(rows[0])}


def test_watch_writes_the_header_anew_if_a_crash_left_half_of_it(listen: Program) -> None:
    (listen.home / "x.csv").write_bytes(b"id,platform,inst")
    assert listen.run("watch", "--demo", "--for", "3s", "-o", "x.csv").returncode == 0
    with (listen.home / "x.csv").open(encoding="utf-8", newline="") as stream:
        assert all(row["id"] and row["platform"] for row in csv.DictReader(stream))


@pytest.mark.parametrize(
    "content",
    [b"name;price\r\nKindle;99\r\n", b"just a word"],
    ids=["another table", "no table"],
)
def test_watch_leaves_a_csv_file_alone_that_is_not_its_own(listen: Program, content: bytes) -> None:
    (listen.home / "x.csv").write_bytes(content)
    done = listen.run("watch", "--demo", "--for", "3s", "-o", "x.csv")
    assert (done.returncode, "x.csv has other columns" in done.stderr) == (2, True)
    assert (listen.home / "x.csv").read_bytes() == content


def test_watch_leaves_a_file_alone_of_which_more_than_half_a_row_would_be_lost(listen: Program) -> None:
    listen.run("replay", "posts.jsonl", "--term", "kindle", "-o", "x.csv")
    file = listen.home / "x.csv"
    header, first, *_ = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(header + b'file:0,"never closed\r\n' + first + first)
    before = file.read_bytes()
    done = listen.run("watch", "--demo", "--for", "3s", "-o", "x.csv")
    assert (done.returncode, "is damaged after byte" in done.stderr) == (2, True), done.stderr
    assert file.read_bytes() == before
