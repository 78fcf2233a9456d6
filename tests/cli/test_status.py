"""`listen status` and `export --coverage`, as users call them."""

from __future__ import annotations

import csv
import json
import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from listen.coverage import Stretch
from listen.post import Gap, Mark
from listen.store import Filing, Note, Store, Watch
from tests.cli.program import Program

HOUR = timedelta(hours=1)
NOW = datetime.now(UTC).replace(microsecond=0)
KINDLE = Watch((("kindle", "k"),))


@pytest.fixture
def heard(listen: Program) -> Program:
    """A home whose store heard one source all night but for an hour that was lost, and another one by other words."""
    with Store.open(listen.home / "a.db") as store:
        lost = Gap(NOW - 5 * HOUR, NOW - 4 * HOUR, "keeps five hours", "retention")
        store.apply("bluesky", "jetstream", [lost, Mark("77")], NOW, KINDLE)
        night = (Stretch(NOW - 10 * HOUR, NOW - 8 * HOUR), Stretch(NOW - 8 * HOUR, NOW - HOUR, "filled", "stopped"))
        store.cover([Filing(platform="bluesky", source="jetstream", stretches=night)], KINDLE)
        store.note("bluesky", "jetstream", Note(state="live", last_post=NOW - 2 * HOUR), NOW)
        other = (Stretch(NOW - 3 * HOUR, NOW - 2 * HOUR),)
        store.cover([Filing(platform="feeds", source="=blog", stretches=other)], Watch((("tolino", "t"),)))
    return listen


def test_a_machine_that_never_listened_is_told_so_kindly(listen: Program) -> None:
    done = listen.run("status")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("nothing has been heard yet")
    assert not list(listen.home.glob("data/**/*.db")), "nothing is made by asking"
    assert json.loads(listen.run("status", "--json").stdout)["sources"] == []


def test_a_store_is_enough(heard: Program) -> None:
    done = heard.run("status", "--db", "a.db")
    assert (done.returncode, done.stderr) == (0, "")
    assert "bluesky jetstream" in done.stdout
    assert "1 gap, 60 min" in done.stdout or "1 gap, 1 h" in done.stdout
    assert "nobody is listening just now" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_pipe_that_nobody_reads_ends_it_quietly_and_well(heard: Program) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = heard.into(writing, "status", "--db", "a.db")
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_facts_are_those_of_the_interface(heard: Program) -> None:
    told = json.loads(heard.run("status", "--db", "a.db", "--json").stdout)
    source = told["sources"][0]
    assert list(source)[:9] == [
        "platform", "source", "state", "last_post", "last_ok", "cursor", "covered", "gaps", "filled",
    ]  # fmt: skip
    assert source["state"] == "stopped", "who wrote 'live' lives no more"
    assert source["cursor"] == "77"
    assert [gap["why"] for gap in source["gaps"]] == ["retention"]
    assert len(source["covered"]) == 2
    assert source["quota"] is None


def test_with_a_config_only_its_topics_are_told_of(heard: Program) -> None:
    (heard.home / "c.toml").write_text('[[topic]]\nname = "kindle"\nquery = "kindle"\n', encoding="utf-8")
    told = json.loads(heard.run("status", "--db", "a.db", "-c", "c.toml", "--json").stdout)
    assert [source["platform"] for source in told["sources"]] == ["bluesky"]
    (heard.home / "c.toml").write_text('[[topic]]\nname = "new"\nquery = "new"\n', encoding="utf-8")
    told = json.loads(heard.run("status", "--db", "a.db", "-c", "c.toml", "--json").stdout)
    assert [source["platform"] for source in told["sources"]] == ["bluesky", "feeds"]


def test_on_a_terminal_it_has_colours_unless_they_are_not_wanted(heard: Program) -> None:
    code, drawn = heard.on_terminal("status", "--db", "a.db")
    assert code == 0
    assert "\x1b[31m×" in drawn
    assert "\x1b" not in heard.on_terminal("status", "--db", "a.db", "--no-color")[1]
    assert "\x1b" not in heard.on_terminal("status", "--db", "a.db", NO_COLOR="1")[1]


def test_a_terminal_without_unicode_gets_ascii(heard: Program) -> None:
    code, drawn = heard.on_terminal("status", "--db", "a.db", PYTHONIOENCODING="ascii")
    assert code == 0
    assert drawn.isascii()
    assert "==" in drawn


def test_asking_changes_nothing(heard: Program) -> None:
    with Store.open(heard.home / "a.db") as store:
        before = store._db.execute("PRAGMA data_version").fetchone()
        heard.run("status", "--db", "a.db")
        assert store._db.execute("PRAGMA data_version").fetchone() == before


def test_an_export_carries_the_coverage_of_its_time(heard: Program) -> None:
    done = heard.run(
        "export", "--db", "a.db", "-o", "m.csv", "--coverage", "c.csv", "--since", "9h", "--platform", "bluesky"
    )
    assert (done.returncode, done.stderr) == (0, "")
    with (heard.home / "c.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["platform"], row["source"], row["state"], row["why"]) for row in rows] == [
        ("bluesky", "jetstream", "heard", ""),
        ("bluesky", "jetstream", "filled", "stopped"),
        ("bluesky", "jetstream", "lost", "retention"),
        ("bluesky", "jetstream", "filled", "stopped"),
    ]
    assert rows[2]["detail"] == "keeps five hours"
    assert all(row["to"] == following["from"] for row, following in pairwise(rows))
    assert rows[2]["from"] == f"{NOW - 5 * HOUR:%Y-%m-%dT%H:%M:%SZ}"


def test_the_coverage_of_spreadsheets_is_like_their_mentions(heard: Program) -> None:
    heard.run(
        "export", "--db", "a.db", "-o", "m.csv", "--coverage", "c.csv", "--for", "excel-de", "--platform", "feeds"
    )
    raw = (heard.home / "c.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfplatform;source;from;to;state;why;detail\r\n")
    assert b"feeds;'=blog;" in raw


@pytest.mark.parametrize("file", ["m.csv", "-", "a.db"])
def test_the_coverage_needs_a_file_of_its_own(heard: Program, file: str) -> None:
    done = heard.run("export", "--db", "a.db", "-o", "m.csv", "--coverage", file)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert not (heard.home / "m.csv").exists()


def test_a_coverage_that_cannot_be_written_delivers_nothing(heard: Program) -> None:
    done = heard.run("export", "--db", "a.db", "--new", "care", "-o", "m.csv", "--coverage", "no/such/c.csv")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert not (heard.home / "m.csv").exists()
