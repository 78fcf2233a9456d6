"""Options of `listen export` that different people wish for, all at once."""

from __future__ import annotations

import csv
import json

import openpyxl
import pyarrow.parquet
import pytest

from tests.cli.program import Program

ALL = ["--new", "team", "--changes", "--pseudonyms", "--tz", "Europe/Berlin", "--for", "excel-de", "--append"]
POSTS = [
    {"id": "1", "text": "kindle 1 von @ben@example.social", "author": "anna", "posted_at": "2026-11-20T08:00:00Z"},
    {"id": "2", "text": "1.12.", "title": "kindle", "author": "cem", "posted_at": "2026-07-20T08:00:00Z"},
    {"id": "3", "text": "=kindle;\nzwei", "author": "anna", "likes": 3},
]
GONE = {"id": "2", "event": "delete"}


def hear(listen: Program, *lines: object) -> None:
    done = listen.run("replay", "-", "--term", "kindle", given="".join(json.dumps(line) + "\n" for line in lines))
    assert done.returncode == 0, done.stderr


def export(listen: Program, *options: str) -> None:
    done = listen.run("export", *options)
    assert (done.returncode, done.stderr) == (0, "")


def rows(listen: Program, name: str) -> list[dict[str, str]]:
    text = (listen.home / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True), delimiter=";", strict=True))


def test_a_file_without_names_for_excel_grows_and_tells_what_was_withdrawn(listen: Program) -> None:
    hear(listen, *POSTS[:2])
    export(listen, *ALL, "-o", "team.csv")
    whole = (listen.home / "team.csv").read_bytes()
    hear(listen, GONE, POSTS[2])
    assert listen.run("mark", "file:1", "--status", "answered", "--note", "ruft @cem an").returncode == 0
    export(listen, *ALL, "-o", "team.csv")
    export(listen, *ALL, "-o", "team.csv")
    assert (listen.home / "team.csv").read_bytes().startswith(whole)
    told = rows(listen, "team.csv")
    assert [row["change"] for row in told] == ["new", "new", "withdrawn", "marked", "new"]
    assert [row["posted_at"] for row in told[:4]] == [
        "2026-11-20 09:00:00",
        "2026-07-20 10:00:00",
        "",
        told[0]["posted_at"],
    ]
    assert told[2]["id"] == told[1]["id"] != "file:2", "under the name that it was delivered by"
    assert {name for name, cell in told[2].items() if cell} == {"id", "platform", "topics", "change"}
    assert (told[1]["text"], told[4]["text"]) == ("'1.12.", "'=kindle;\nzwei")
    assert told[0]["author"] == told[4]["author"] != told[1]["author"]
    assert not [cell for row in told for cell in row.values() if "anna" in cell or "ben" in cell or "cem" in cell]


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_tables_tell_changes_too(listen: Program, form: str) -> None:
    options = ["--new", "team", "--changes", "--pseudonyms", "--tz", "Europe/Berlin", "-o"]

    def told(name: str) -> list[dict[str, object]]:
        if form == "parquet":
            return list(pyarrow.parquet.read_table(listen.home / name).to_pylist())
        head, *rest = openpyxl.load_workbook(listen.home / name)["mentions"].iter_rows(values_only=True)
        return [dict(zip(map(str, head), row, strict=True)) for row in rest]

    hear(listen, *POSTS)
    export(listen, *options, f"a.{form}")
    hear(listen, GONE)
    export(listen, *options, f"b.{form}")
    export(listen, *options, f"c.{form}")
    first, [gone] = told(f"a.{form}"), told(f"b.{form}")
    assert [row["change"] for row in first] == ["new"] * 3
    assert (gone["id"], gone["change"]) == (first[1]["id"], "withdrawn")
    assert {name for name, cell in gone.items() if cell} == {"id", "platform", "topics", "change"}
    assert told(f"c.{form}") == []


@pytest.mark.parametrize("name", ["all.csv", "all.jsonl"])
def test_what_was_withdrawn_is_not_imported_again(listen: Program, name: str) -> None:
    options = ["--new", "team", "--changes", "--append", "-o", name]
    hear(listen, *POSTS)
    export(listen, *options)
    hear(listen, GONE)
    export(listen, *options)
    for words in (["import"], ["replay", "--term", "kindle"]):
        there = ["--db", f"{words[0]}.db"]
        done = listen.run(*words, name, *there)
        assert done.returncode == 0, done.stderr
        held = listen.run("export", "--columns", "id", *there).stdout.split()
        assert held == ["id", "file:1", "file:3"]


def test_whoever_is_forgotten_is_not_told_as_withdrawn_any_more(listen: Program) -> None:
    hear(listen, *POSTS)
    export(listen, "--new", "team", "--changes", "-o", "x.csv")
    hear(listen, {"id": "1", "event": "delete"}, GONE)
    assert listen.run("forget", "file:anna", "--yes").returncode == 0
    done = listen.run("export", "--new", "team", "--changes", "--columns", "id,change")
    assert done.stdout.split() == ["id,change", "file:2,withdrawn"]
