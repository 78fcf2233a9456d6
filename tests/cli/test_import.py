"""`listen import` as users call it: their own exports and other tools' tables."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.cli.program import Program

DIALECTS = [
    (["-o", "x.csv"], []),
    (["-o", "x.csv", "--for", "excel", "--tz", "Asia/Kathmandu"], ["--tz", "Asia/Kathmandu"]),
    (["-o", "x.csv", "--for", "excel-de", "--tz", "Europe/Berlin"], ["--tz", "Europe/Berlin"]),
    (["-o", "x.csv", "--for", "excel-de", "--delimiter", "^"], []),
    (["-o", "x.csv", "--tz", "America/New_York", "--delimiter", "\\t"], []),
    (["-o", "x.jsonl"], []),
    (["-o", "x.xlsx", "--tz", "Europe/Berlin"], []),
]
HOSTILE = [
    {"id": "1", "text": "=1+kindle\nzweite; Zeile, \"ja\"", "author": "007", "parent": "41234567890123456789",
     "posted_at": "2026-07-01T22:30:05Z", "hashtags": ["3/4", "@x"], "likes": 0, "rating": 4.5, "title": "'=1"},
    {"id": "2", "text": "kindle 😀 geht nicht mehr", "author": "TRUE", "lang": "de",
     "posted_at": "2026-11-20T08:00:00Z"},
]  # fmt: skip


@pytest.fixture
def cared(listen: Program) -> Program:
    given = "".join(json.dumps(post) + "\n" for post in HOSTILE)
    assert listen.run("replay", "-", "--term", "kindle", given=given).returncode == 0
    marks = ["--status", "answered", "--owner", "=anna", "--note", "ruft an"]
    assert listen.run("mark", "file:1", *marks).returncode == 0
    assert listen.run("mark", "file:2", "--flag", "praise").returncode == 0
    return listen


@pytest.mark.parametrize(("options", "more"), DIALECTS, ids=" ".join)
def test_an_export_comes_back_whole_and_twice_is_once(cared: Program, options: list[str], more: list[str]) -> None:
    assert cared.run("export", *options).returncode == 0
    before = cared.run("export", "--format", "jsonl").stdout
    for told in ("2 new mentions", "0 new mentions; 2 known before"):
        done = cared.run("import", options[1], *more, "--db", "b.db")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", f"{options[1]}: {told}\n")
        assert cared.run("export", "--format", "jsonl", "--db", "b.db").stdout == before
    done = cared.run("import", options[1], *more)
    assert done.stderr == f"{options[1]}: 0 new mentions; 2 known before\n", "nor does it change where it came from"
    assert cared.run("export", "--format", "jsonl").stdout == before


TABLE = "Date;From;Message\n21.11.2026 13:00;otto;Mein Kindle ist kaputt\n22.11.2026;eva;Regen\n23.11.;x;kindle\n"


def test_a_foreign_table_finds_its_topics(listen: Program) -> None:
    (listen.home / "x.csv").write_bytes(TABLE.encode())
    arguments = ["import", "x.csv", "--map", "text=Message,author=From,posted_at=Date", "--tz", "Europe/Berlin"]
    done = listen.run(*arguments, "--term", "own=kindle")
    assert (done.returncode, done.stdout) == (5, "")
    wrong, summary = done.stderr.splitlines()
    assert wrong.startswith("x.csv: line 4 is not a post: posted_at: '23.11.' is no time that is known here; say how")
    assert summary == "x.csv: 1 new mention; 1 about no topic; 1 not readable"
    [said] = map(json.loads, listen.run("export", "--format", "jsonl").stdout.splitlines())
    assert (said["topics"], said["flag"], said["posted_at"]) == (["own"], "complaint", "2026-11-21T12:00:00Z")
    done = listen.run(*arguments, "--topic", "all")
    assert done.stderr.splitlines()[1] == "x.csv: 1 new mention; 1 changed; 1 not readable"
    said = [json.loads(line)["topics"] for line in listen.run("export", "--format", "jsonl").stdout.splitlines()]
    assert said == [["own", "all"], ["all"]]


def test_what_is_about_no_topic_is_said_with_what_to_do(listen: Program) -> None:
    done = listen.run("import", "posts.jsonl")
    assert done.returncode == 0
    assert done.stderr == (
        "posts.jsonl: 0 new mentions; 3 about no topic; say what they are about with --topic NAME or --term QUERY\n"
    )
    assert listen.run("import", "posts.jsonl", "-q").stderr == ""


def frame(operation: str, rkey: str, text: str = "") -> str:
    """A line of a recording of Jetstream."""
    record = {"$type": "app.bsky.feed.post", "text": text, "langs": ["de"], "createdAt": "2026-11-21T12:00:00Z"}
    commit: dict[str, object] = {"operation": operation, "collection": "app.bsky.feed.post", "rkey": rkey, "rev": "r"}
    commit |= {} if operation == "delete" else {"cid": "c", "record": record}
    return json.dumps({"did": "did:plc:a", "time_us": 1_795_000_000_000_000, "kind": "commit", "commit": commit})


def test_frames_of_jetstream_are_imported_like_posts_and_twice_is_once(listen: Program) -> None:
    lines = [
        frame("create", "1", "Mein Kindle geht nicht mehr"),
        frame("create", "2", "Kindle: sag ich lieber doch nicht"),
        frame("delete", "2"),
        frame("delete", "before all this"),
        frame("create", "3", "Regen"),
    ]
    (listen.home / "frames.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for told in ("1 new mention", "0 new mentions; 1 known before"):
        done = listen.run("import", "frames.jsonl", "--term", "kindle")
        assert done.returncode == 0
        assert done.stderr.startswith(f"frames.jsonl: {told}; 1 left out, as their authors took them back; 1 about no")
        [said] = map(json.loads, listen.run("export", "--format", "jsonl").stdout.splitlines())
        assert (said["id"], said["flag"]) == ("bluesky:at://did:plc:a/app.bsky.feed.post/1", "complaint")


@pytest.mark.parametrize("command", ["import", "replay"])
def test_lines_that_cannot_be_read_are_named_to_the_quiet_too(listen: Program, command: str) -> None:
    (listen.home / "bad.jsonl").write_text('{"text": "kindle"}\nnonsense\n', encoding="utf-8")
    done = listen.run(command, "bad.jsonl", "--term", "kindle", "-q")
    assert (done.returncode, done.stderr.count("\n")) == (5, 1)
    assert done.stderr.startswith("bad.jsonl: line 2 is not a post")


def test_the_config_s_topics_decide_on_rows_without_any(listen: Program) -> None:
    (listen.home / "c.toml").write_text('[[topic]]\nname = "reader"\nquery = "kindle"\n', encoding="utf-8")
    given = (listen.home / "posts.jsonl").read_text(encoding="utf-8")
    assert listen.run("import", "-", "-c", "c.toml", given=given).stderr == "-: 2 new mentions; 1 about no topic\n"
    topics = [json.loads(line)["topics"] for line in listen.run("export", "--format", "jsonl").stdout.splitlines()]
    assert topics == [["reader"], ["reader"]]


def test_what_others_did_in_a_spreadsheet_comes_back_on_request(cared: Program) -> None:
    cared.run("export", "-o", "x.csv", "--for", "excel-de", "--columns", "id,text,status,owner,note")
    file = cared.home / "x.csv"
    text = file.read_text(encoding="utf-8-sig").replace("answered;'=anna;ruft an", "done;ben;")
    file.write_bytes(text.encode("cp1252", "replace"))
    stayed = "1 with another status, owner or note in the store, which stayed (--care file)"
    assert cared.run("import", "x.csv").stderr == f"x.csv: 0 new mentions; 2 known before; {stayed}\n"
    assert cared.run("import", "x.csv", "--care", "file").stderr == "x.csv: 0 new mentions; 1 changed; 1 known before\n"
    first = json.loads(cared.run("export", "--format", "jsonl").stdout.splitlines()[0])
    assert (first["status"], first["owner"], first["note"]) == ("done", "ben", None)
    assert first["answered_at"] is not None


def test_a_person_s_flag_survives_an_import(cared: Program) -> None:
    cared.run("export", "-o", "x.jsonl")
    cared.run("import", "x.jsonl", "--judge")
    assert json.loads(cared.run("export", "--format", "jsonl").stdout.splitlines()[1])["flag"] == "praise"


WRONG = [
    (["x.csv", "--map", "txt=Message"], 2, "--map: we have no column 'txt'; did you mean 'text'?"),
    (
        ["x.csv"],
        2,
        "x.csv: has no column 'text'; say which it is with --map 'text=NAME'; there are Date, From, Message",
    ),
    (["x.csv", "--tz", "Berlin"], 2, "--tz: there is no time zone 'Berlin'; did you mean 'Europe/Berlin'?"),
    (["x.csv", "--encoding", "utf-9"], 2, "--encoding: there is no 'utf-9'"),
    (["x.csv", "--topic", "a", "--term", "b"], 2, "--topic names the topic of all that is imported"),
    (["x.csv", "--topic", " "], 2, "--topic names the topic of all that is imported"),
    (["x.csv", "--delimiter", "ab"], 2, "--delimiter 'ab' is not one character that can stand between cells"),
    (["none.csv"], 1, "none.csv: cannot be read: no such file or directory"),
    (["."], 1, ".: cannot be read: is a directory"),
]


@pytest.mark.parametrize(
    ("arguments", "code", "told"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_a_wrong_wish_is_one_clear_line(listen: Program, arguments: list[str], code: int, told: str) -> None:
    (listen.home / "x.csv").write_bytes(TABLE.encode())
    done = listen.run("import", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(f"listen: {told}"), done.stderr
    assert done.stderr.count("\n") == 1


def test_rows_of_a_file_that_breaks_off_are_kept_up_to_there(listen: Program) -> None:
    rows = "".join(f"{n},kindle {n}\n" for n in range(1_200))
    (listen.home / "x.csv").write_text("id,text\n" + rows + '9999,"never closed\n', encoding="utf-8")
    assert listen.run("import", "x.csv", "--term", "kindle").returncode == 0
    with sqlite3.connect(listen.home / "data" / "listen" / "listen.db") as db:
        assert db.execute("SELECT count(*) FROM mention").fetchone()[0] >= 1_200
    db.close()
