"""The program as its users call it: real processes, real files, exit codes and words."""

from __future__ import annotations

import csv
import io
import json
import signal
import time

import pytest

from listen.platforms import known
from tests.cli.program import Program
from tests.opened import off


def test_replay_prints_mentions_and_export_finds_them_in_the_store(listen: Program) -> None:
    replayed = listen.run("replay", "posts.jsonl", "--term", "kindle", "--format", "jsonl")
    assert replayed.returncode == 0, replayed.stderr
    first, second = map(json.loads, replayed.stdout.splitlines())
    assert (first["author"], first["flag"], first["topics"], first["matched"]) == (
        "anna", "complaint", ["kindle"], ["Kindle"])  # fmt: skip
    assert "geht nicht mehr" in " ".join(first["why"])
    assert (second["author"], second["flag"]) == ("cem", "praise")
    exported = listen.run("export")
    rows = list(csv.DictReader(io.StringIO(exported.stdout)))
    assert [row["author"] for row in rows] == ["anna", "cem"]
    assert list(rows[0]) == list(first)


def test_a_second_replay_prints_the_same_again_and_stores_nothing_twice(listen: Program) -> None:
    first = listen.run("replay", "posts.jsonl", "--term", "kindle", "--format", "csv")
    second = listen.run("replay", "posts.jsonl", "--term", "kindle", "--format", "csv")
    authors = [[row["author"] for row in csv.DictReader(io.StringIO(run.stdout))] for run in (first, second)]
    assert authors == [["anna", "cem"], ["anna", "cem"]]
    assert len(listen.run("export", "--format", "jsonl").stdout.splitlines()) == 2


def test_replay_reads_stdin_and_filters(listen: Program) -> None:
    lines = (listen.home / "posts.jsonl").read_text(encoding="utf-8")
    done = listen.run("replay", "-", "--term", "own=kindle", "--only", "complaint", "--format", "jsonl", given=lines)
    (mention,) = map(json.loads, done.stdout.splitlines())
    assert (mention["author"], mention["topics"]) == ("anna", ["own"])


def test_german_words_for_and_in_capitals_are_pointed_out(listen: Program) -> None:
    done = listen.run("replay", "posts.jsonl", "--term", "kindle ODER tolino")
    said = "listen: query 'kindle ODER tolino': `ODER` is looked for as a word; what joins is `OR`\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, "", said)
    assert listen.run("replay", "posts.jsonl", "--term", "kindle ODER tolino", "--quiet").stderr == ""


def test_a_bad_line_is_named_and_the_exit_code_tells(listen: Program) -> None:
    done = listen.run("replay", "-", "--term", "kindle", "--format", "jsonl", given='{"text": "kindle"}\nnonsense\n')
    assert done.returncode == 5
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.startswith("-: line 2 is not a post: ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["watch"], 2, "there is nothing to listen for"),
        (["watch", "(kindle"], 2, "column 1"),
        (["watch", "kindle", "--for", "soon"], 2, "'soon' is not a duration"),
        (["watch", "kindle", "--only", "complaints"], 2, "'complaints' is none of complaint, opportunity"),
        (["watch", "kindle", "-c", "none.toml"], 3, "there is no such file"),
        (["wach"], 2, "there is no command 'wach'; did you mean 'watch'?"),
        (["#Kindle"], 2, "there is no command '#Kindle'; 'listen --help' shows what there is"),
        (["db", "bakcup", "x.db"], 2, "there is no command 'bakcup'; did you mean 'backup'?"),
        (
            ["export", "--platform", "blusky"],
            2,
            "--platform: neither config nor store has 'blusky'; did you mean 'bluesky'?",
        ),
        (["export", "--lang", "deutsch"], 2, "'deutsch' is not the code of a language; write de, en"),
        (
            ["export", "-o", "x.xls"],
            2,
            "x.xls: is no kind of file that is written here; name it .csv, or say --format",
        ),
        (["export", "--append"], 2, "--append needs a file"),
        (["export", "--delimiter", ";;"], 2, "is not one character"),
        (["export", "--columns", "id,txt"], 2, "text"),
        (["export", "--since", "soon"], 2, "'soon' is not a time"),
        (["export", "--since", ""], 2, "'' is not a time"),
        (["export", "--format", "jsonl", "--columns", "id"], 2, "leave it out for JSONL"),
        (["watch", "kindle", "--topic", "kindel"], 2, "there is no topic 'kindel'; there are kindle"),
        (["watch", "kindle", "--platform", "blusky"], 2, "platform 'blusky' is not on"),
        (["export", "-o", "none/x.csv"], 1, "none/x.csv: cannot be written: no such file or directory"),
        (["export", "--db", "posts.jsonl"], 1, "posts.jsonl"),
        (["replay", "none.jsonl", "--term", "x"], 1, "none.jsonl: cannot be read: no such file or directory"),
        (["explain", "hackernews:1"], 2, "the store has no mention 'hackernews:1'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_input_gets_one_clear_line_and_the_documented_code(
    listen: Program, arguments: list[str], code: int, said: str
) -> None:
    done = listen.run(*arguments)
    assert (done.returncode, said in done.stderr, done.stdout) == (code, True, ""), done.stderr
    assert "Traceback" not in done.stderr


def test_topics_that_neither_config_nor_store_knows_are_refused(listen: Program) -> None:
    (listen.home / "c.toml").write_text('[[topic]]\nname = "kindle"\nquery = "kindle"\n', encoding="utf-8")
    assert listen.run("replay", "posts.jsonl", "--term", "old=kindle").returncode == 0
    done = listen.run("export", "-c", "c.toml", "--topic", "kindel")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "listen: --topic: neither config nor store has 'kindel'; did you mean 'kindle'?\n"
    assert listen.run("export", "-c", "c.toml", "--topic", "old").stdout.count("old") == 2
    assert listen.run("export", "--topic", "kindle").returncode == 0, "without a config it may come"


def test_a_terminal_gets_errors_broken_between_words_and_a_file_gets_one_line(listen: Program) -> None:
    code, drawn = listen.on_terminal("watch", COLUMNS="40")
    lines = drawn.splitlines()
    whole = listen.run("watch").stderr.rstrip("\n")
    assert (code, max(map(len, lines)) < 40, " ".join(lines)) == (2, True, whole)
    assert whole.count("\n") == 0


def test_help_may_be_asked_for_as_a_command(listen: Program) -> None:
    assert listen.run("help").stdout == listen.run("--help").stdout
    assert listen.run("help", "export").stdout == listen.run("export", "--help").stdout


def test_the_demo_needs_no_network_and_keeps_nothing(listen: Program) -> None:
    done = listen.run("watch", "--demo", "--for", "4s", "--format", "jsonl")
    mentions = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert mentions
    assert not (listen.home / "data").exists()


@pytest.mark.parametrize("code", ["de", "DE", "fr, De"])
def test_codes_of_languages_mean_the_same_in_either_case(listen: Program, code: str) -> None:
    done = listen.run("replay", "posts.jsonl", "--term", "kindle", "--format", "jsonl", "--lang", code)
    assert [json.loads(line)["lang"] for line in done.stdout.splitlines()] == ["de"]


@pytest.mark.parametrize(
    ("term", "topic"),
    [
        ("kindle", "kindle"),
        ("own=kindle", "own"),
        ("Unser Gerät 2.0=kindle", "Unser Gerät 2.0"),
        ('kindle "a=b" OR kindle', 'kindle "a=b" OR kindle'),
        ("/kindle(a=b)?/", "/kindle(a=b)?/"),
    ],
)
def test_a_term_is_called_by_its_name_or_by_its_query(listen: Program, term: str, topic: str) -> None:
    done = listen.run("replay", "posts.jsonl", "--term", term, "--format", "jsonl")
    assert [json.loads(line)["topics"] for line in done.stdout.splitlines()] == [[topic], [topic]]


def test_a_name_without_a_query_is_wrong_usage(listen: Program) -> None:
    done = listen.run("replay", "posts.jsonl", "--term", "own=")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the query is empty" in done.stderr


def test_one_round_over_the_demo_is_all_of_the_tape_at_once(listen: Program) -> None:
    done = listen.run("watch", "--demo", "--once", "--format", "jsonl")
    flags = {json.loads(line)["flag"] for line in done.stdout.splitlines()}
    assert (done.returncode, done.stderr, flags) == (0, "", {"complaint", "opportunity", "praise", "none"})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_the_first_signal_ends_in_order(listen: Program, number: signal.Signals) -> None:
    with listen.start("watch", "--demo", "--format", "jsonl") as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        running.send_signal(number)
        rest, said = running.communicate(timeout=20)
    assert running.returncode == 0, said
    assert all(json.loads(line)["platform"] for line in [first, *rest.splitlines()])
    assert "Traceback" not in said


def test_offline_each_network_says_so_in_one_line_and_goes_on(listen: Program) -> None:
    config = listen.home / "off.toml"
    config.write_text(
        off("bluesky", "mastodon", "hackernews")
        + '[platforms.bluesky]\njetstream = ["ws://127.0.0.1:1"]\n[platforms.mastodon]\n'
        'servers = ["http://127.0.0.1:1", "http://127.0.0.1:2"]\n'
        '[platforms.hackernews]\napi = "http://127.0.0.1:1"\nalgolia = "http://127.0.0.1:1"\n',
        encoding="utf-8",
    )
    done = listen.run("watch", "#Kindle", "-c", "off.toml", "--for", "4s")
    lines = done.stderr.splitlines()
    assert done.returncode == 0
    assert sorted(line.split(":")[0] for line in lines) == ["bluesky", "hackernews", "mastodon"], done.stderr
    assert all("127.0.0.1" in line and "next try in" in line for line in lines)
    assert listen.run("watch", "#Kindle", "-c", "off.toml", "--once", "-q").returncode == 1


def test_watching_into_a_csv_file_goes_on_under_one_header(listen: Program) -> None:
    for _ in range(2):
        assert listen.run("watch", "--demo", "--for", "3s", "-o", "all.csv").returncode == 0
    lines = (listen.home / "all.csv").read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("id,platform,") for line in lines) == 1
    assert len(lines) >= 3


def test_init_writes_a_config_without_asking_and_never_over_another(listen: Program) -> None:
    done = listen.run("init", "#Kindle", "tolino")
    path = listen.home / "config" / "listen" / "config.toml"
    assert done.returncode == 0, done.stderr
    assert 'query = "#Kindle"' in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    again = listen.run("init")
    assert again.returncode == 2
    assert "--force writes over it" in again.stderr


def test_platforms_as_json_has_the_documented_keys(listen: Program) -> None:
    facts = json.loads(listen.run("platforms", "--json").stdout)
    assert [fact["name"] for fact in facts] == sorted(known())
    for fact in facts:
        assert {"name", "needs", "streams", "searches", "deletions", "proved", "limits"} <= set(fact)
    assert "bluesky" in listen.run("platforms").stdout


def test_explain_as_json_has_the_documented_keys_and_spans_into_the_text(listen: Program) -> None:
    text = "Mein Kindle geht nicht mehr, Support antwortet nicht."
    facts = json.loads(listen.run("explain", text, "--json").stdout)
    assert list(facts) == ["lang", "flag", "complaint", "opportunity", "praise", "opportunity_kind", "sentiment",
                           "urgency", "why", "spans"]  # fmt: skip
    assert (facts["lang"], facts["flag"]) == ("de", "complaint")
    assert [text[start:end] for start, end in facts["spans"]] == facts["why"]


def test_options_may_stand_before_or_after_the_command(listen: Program) -> None:
    for arguments in (["--db", "a.db", "export"], ["export", "--db", "a.db"]):
        assert listen.run(*arguments).returncode == 0
        assert (listen.home / "a.db").exists()
        (listen.home / "a.db").unlink()


def test_a_watch_killed_with_no_warning_leaves_a_sound_store(listen: Program) -> None:
    for _ in range(3):
        with listen.start("watch", "--demo", "--db", "a.db", "--format", "jsonl") as running:
            assert running.stdout is not None
            shown = json.loads(running.stdout.readline())
            time.sleep(0.3)
            running.kill()
        exported = listen.run("export", "--db", "a.db", "--format", "jsonl")
        assert exported.returncode == 0, exported.stderr
        ids = [json.loads(line)["id"] for line in exported.stdout.splitlines()]
        assert shown["id"] in ids
        assert len(ids) == len(set(ids))
