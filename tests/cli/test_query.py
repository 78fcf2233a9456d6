"""`listen query` as its users call it."""

from __future__ import annotations

import json

import pytest

from tests.cli.program import Program


def test_a_query_is_explained_for_people(listen: Program) -> None:
    done = listen.run("query", "a1 OR b1 NOT c1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("query   a1 OR (b1 AND NOT c1)\nbeware  `NOT c1` applies to `b1` only")
    assert "\nmastodon\n" in done.stdout
    assert not (listen.home / "data").exists()


def test_a_query_is_explained_for_programs(listen: Program) -> None:
    facts = json.loads(listen.run("query", "#kindle", "--json").stdout)
    assert list(facts) == ["query", "platforms", "warnings"]
    assert facts["platforms"]["mastodon"]["asked"] == ["#kindle"]


def test_a_text_is_tried(listen: Program) -> None:
    facts = json.loads(listen.run("query", "#kindle", "--text", "Das #Kindle ist da", "--json").stdout)
    assert list(facts) == ["query", "platforms", "warnings", "matches", "matched", "spans"]
    assert (facts["matches"], facts["matched"], facts["spans"]) == (True, ["#Kindle"], [[4, 11]])
    assert listen.run("query", "#kindle", "--text", "-", given="Das #Kindle").stdout.splitlines() == [
        "query    #kindle", "matches  yes", "Das [#Kindle]", "  4-11  #Kindle"
    ]  # fmt: skip
    assert listen.run("query", "#kindle", "--text", "nichts").stdout.splitlines()[1:] == ["matches  no"]


def test_a_file_is_tried_post_by_post(listen: Program) -> None:
    done = listen.run("query", "kindle", "--file", "posts.jsonl", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [line["matches"] for line in lines] == [True, False, True]
    assert lines[0]["matched"] == ["Kindle"]
    shown = listen.run("query", "kindle", "--file", "posts.jsonl")
    assert "I love my [Kindle], works great" in shown.stdout
    assert shown.stderr == "2 of 3 posts match\n"


def test_a_line_that_cannot_be_read_is_named_and_skipped(listen: Program) -> None:
    done = listen.run("query", "kindle", "--file", "-", given='{"text": "Kindle"}\nnonsense\n')
    assert done.returncode == 5
    assert "-: line 2 is not a post" in done.stderr
    assert "[Kindle]" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["kindle OR"], 2, "listen: query 'kindle OR', column 10: expected a word"),
        (["/(a/"], 2, "column 2: this '(' is never closed"),
        (["/(a/", "--json", "--text", "a"], 2, "column 2: this '(' is never closed"),
        (["a", "--text", "a", "--file", "b"], 2, "--text and --file do not go together"),
        (["a", "--file", "none.jsonl"], 1, "none.jsonl: cannot be read"),
        (["a", "-c", "none.toml"], 3, "none.toml: there is no such file"),
        (["a", "--since", "soon"], 2, "'soon' is not a time"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_wrong_is_said_in_one_line(listen: Program, arguments: list[str], code: int, said: str) -> None:
    done = listen.run("query", *arguments)
    assert (done.returncode, done.stdout, said in done.stderr) == (code, "", True), done.stderr
    assert done.stderr.count("\n") == 1


def test_the_store_tells_hits_by_day(listen: Program) -> None:
    assert listen.run("replay", "posts.jsonl", "--term", "kindle").returncode == 0
    lines = listen.run("query", "kindle", "--since", "2026-01-01").stdout.splitlines()
    (told,) = [line for line in lines if line.startswith("in the store, since 202")]
    assert told.endswith("2 hits, 0 marked not relevant")
    assert any(line.startswith("  2026-11-20        1  ▇") for line in lines)


def test_a_config_leaves_out_its_own_accounts_everywhere(listen: Program) -> None:
    (listen.home / "own.toml").write_text('own_accounts = ["@anna"]\nexclude = "love"\n', encoding="utf-8")
    done = listen.run("replay", "posts.jsonl", "--term", "kindle OR nothing", "-c", "own.toml", "--format", "jsonl")
    assert [json.loads(line)["author"] for line in done.stdout.splitlines()] == ["ben"]
