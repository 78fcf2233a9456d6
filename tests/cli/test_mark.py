"""`listen mark` as scripts use it."""

from __future__ import annotations

import json

import pytest

from tests.cli.program import Program


@pytest.fixture
def stored(listen: Program) -> Program:
    """The program with two mentions in its store."""
    done = listen.run("replay", "posts.jsonl", "--term", "kindle", "--format", "jsonl", "-o", "was.jsonl")
    assert done.returncode == 0, done.stderr
    return listen


def exported(listen: Program, *options: str) -> list[dict[str, object]]:
    done = listen.run("export", "--format", "jsonl", *options)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_ids_from_an_export_are_marked_and_exports_show_it(stored: Program) -> None:
    ids = "".join(f"{each['id']}\n" for each in exported(stored))
    done = stored.run("mark", "-", "--status", "answered", "--owner", "anna", "--note", "per Mail", given=ids)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "2 mentions marked\n")
    for each in exported(stored, "--status", "answered"):
        assert (each["owner"], each["note"]) == ("anna", "per Mail")
        assert str(each["answered_at"]).endswith("Z")


def test_the_flag_that_a_person_gives_is_the_flag(stored: Program) -> None:
    first = str(exported(stored)[0]["id"])
    done = stored.run("mark", first, "--flag", "opportunity", "--kind", "buying", "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert (facts["id"], facts["flag"], facts["opportunity_kind"]) == (first, "opportunity", "buying")
    assert [each["id"] for each in exported(stored, "--only", "opportunity")] == [first]
    stored.run("replay", "posts.jsonl", "--term", "kindle", "-o", "again.txt")
    assert exported(stored)[0]["flag"] == "opportunity", "heard again, it stays"
    assert json.loads(stored.run("explain", first, "--json").stdout)["flag"] == "opportunity"


def test_an_unknown_id_is_named_and_nothing_is_marked(stored: Program) -> None:
    first = str(exported(stored)[0]["id"])
    done = stored.run("mark", first, "bluesky:gone", "--status", "done")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "listen: the store has no mention 'bluesky:gone'; nothing was marked\n"
    assert {each["status"] for each in exported(stored)} == {"open"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x:1"], "there is nothing to mark"),
        (["x:1", "--kind", "buying"], "--kind tells opportunities apart"),
        (["x:1", "--flag", "praise", "--kind", "buying"], "--kind tells opportunities apart"),
        (["x:1", "--status", "closed"], "'closed' is not one of"),
        (["--status", "done"], "Missing argument 'ID...'"),
    ],
    ids=" ".join,
)
def test_wrong_usage_says_what_to_do(listen: Program, arguments: list[str], said: str) -> None:
    done = listen.run("mark", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_no_ids_on_stdin_mark_nothing(stored: Program) -> None:
    done = stored.run("mark", "-", "--status", "done", given="\n")
    assert (done.returncode, done.stderr) == (0, "0 mentions marked\n")
