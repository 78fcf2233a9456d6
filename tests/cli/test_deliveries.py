"""`listen export --new` for cron: killed anywhere, twice at once, under names with dates, with nothing to say."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.program import Program

ROOT = Path(__file__).parents[2]


def hear(listen: Program, *names: str, padding: int = 0) -> None:
    """A post of each of these names comes to the store."""
    lines = [json.dumps({"id": name, "text": f"kindle, {name}\n{'x' * padding}", "author": name}) for name in names]
    done = listen.run("replay", "-", "--term", "kindle", "--format", "jsonl", given="\n".join(lines))
    assert done.returncode == 0, done.stderr


def export(listen: Program, *arguments: str, code: int = 0, **environment: str) -> str:
    done = listen.run("export", *arguments, **environment)
    assert done.returncode == code, done.stderr
    return done.stderr


def killed(listen: Program, step: str, *arguments: str, room: int = 0) -> None:
    environment = {**listen.environment, "PYTHONPATH": str(ROOT), "LISTEN_ROOM": str(room)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.killed", step, "export", *arguments],
        cwd=listen.home, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode < 0, f"it was not killed at {step!r}: {done.stderr}"


def authors(listen: Program, name: str = "new.csv") -> list[str]:
    csv.field_size_limit(10_000_000)
    with (listen.home / name).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    assert not [row for row in rows if None in row or None in row.values()], "half a row"
    return [row["author"] for row in rows]


def clutter(listen: Program) -> set[str]:
    return {path.name for path in listen.home.iterdir() if path.name.startswith(".")}


def test_killed_before_the_rename_the_old_file_stays_and_the_next_run_delivers(listen: Program) -> None:
    hear(listen, "anna")
    export(listen, "--new", "care", "-o", "new.csv")
    hear(listen, "ben")
    killed(listen, "rename", "--new", "care", "-o", "new.csv")
    assert authors(listen) == ["anna"]
    export(listen, "--new", "care", "-o", "new.csv")
    assert authors(listen) == ["ben"]
    assert clutter(listen) == set()


def test_killed_after_the_rename_the_new_file_is_whole_and_the_next_run_delivers_the_same_again(
    listen: Program,
) -> None:
    hear(listen, "anna")
    killed(listen, "settle", "--new", "care", "-o", "new.csv")
    assert authors(listen) == ["anna"]
    hear(listen, "ben")
    export(listen, "--new", "care", "-o", "new.csv")
    assert authors(listen) == ["anna", "ben"]


def test_killed_when_all_is_remembered_nothing_is_delivered_again(listen: Program) -> None:
    hear(listen, "anna")
    killed(listen, "unlock", "--new", "care", "-o", "new.csv")
    assert authors(listen) == ["anna"]
    export(listen, "--new", "care", "-o", "new.csv")
    assert authors(listen) == []
    assert clutter(listen) == set()


@pytest.mark.parametrize("name", ["all.csv", "all.jsonl"])
def test_killed_in_the_middle_of_adding_rows_no_half_row_stays_and_no_mention_is_lost_or_doubled(
    listen: Program, name: str
) -> None:
    hear(listen, "anna", padding=900_000)
    export(listen, "--new", "care", "--append", "-o", name)
    whole = (listen.home / name).read_bytes()
    hear(listen, "ben", "cem", padding=300_000)
    killed(listen, "rows", "--new", "care", "--append", "-o", name, room=1_300_000)  # the new rows alone have room
    torn = (listen.home / name).read_bytes()
    assert torn.startswith(whole)
    assert len(torn) == 1_300_000
    export(listen, "--new", "care", "--append", "-o", name)
    after = (listen.home / name).read_bytes()
    assert after.startswith(whole)
    if name == "all.csv":
        assert authors(listen, name) == ["anna", "ben", "cem"]
    else:
        assert [json.loads(line)["author"] for line in after.splitlines()] == ["anna", "ben", "cem"]


def test_killed_between_adding_and_remembering_the_rows_are_added_once(listen: Program) -> None:
    hear(listen, "anna")
    export(listen, "--new", "care", "--append", "-o", "new.csv")
    hear(listen, "ben")
    before = (listen.home / "new.csv").stat().st_size
    store = listen.home / "data" / "listen" / "listen.db"
    with subprocess.Popen(
        [sys.executable, "-c", HELD, str(store), str(listen.home / "new.csv"), str(before)],
        stdout=subprocess.PIPE, text=True, env={**listen.environment, "PYTHONPATH": str(ROOT)}, cwd=listen.home,
    ) as run:  # fmt: skip
        run.wait(timeout=60)
    assert run.returncode < 0
    assert authors(listen) == ["anna", "ben"], "the rows are there, but do not count yet"
    export(listen, "--new", "care", "--append", "-o", "new.csv")
    assert authors(listen) == ["anna", "ben"]
    export(listen, "--new", "care", "--append", "-o", "new.csv")
    assert authors(listen) == ["anna", "ben"]


HELD = """
import os, signal, sys
from contextlib import contextmanager
from pathlib import Path

from listen.delivery import Delivery, Form, Way, deliver
from listen.selection import Selection
from listen.store import Delivering, Store

class Killed(Delivering):
    def remember(self, added=None):
        assert added.length > int(sys.argv[3])
        os.kill(os.getpid(), signal.SIGKILL)

class Mortal(Store):
    @contextmanager
    def delivering(self, *arguments, **more):
        with super().delivering(*arguments, **more) as pending:
            pending.__class__ = Killed
            yield pending

with Mortal.open(sys.argv[1]) as store:
    deliver(store, Delivery(Selection(), "care"), Form(), Way(Path(sys.argv[2]), append=True))
"""

TORN = [
    pytest.param("new.csv", b'file:9,file,,,post,"half a text, and a\r\nline end ""within', id="within quotes"),
    pytest.param("new.csv", b"file:9,file,,,po", id="within a cell"),
    pytest.param("new.jsonl", b'{"id":"file:9","text":"half', id="jsonl"),
]


@pytest.mark.parametrize(("name", "half"), TORN)
def test_half_a_row_of_somebody_else_is_cut_off(listen: Program, name: str, half: bytes) -> None:
    hear(listen, "anna")
    export(listen, "--new", "care", "--append", "-o", name)
    file = listen.home / name
    whole = file.read_bytes()
    file.write_bytes(whole + half)
    hear(listen, "ben")
    export(listen, "--new", "care", "--append", "-o", name)
    after = file.read_bytes()
    assert after.startswith(whole)
    assert after.count(b"ben") == file.read_bytes()[len(whole) :].count(b"ben") > 0
    assert half not in after


def test_a_row_of_a_semicolon_file_that_ends_within_quotes_is_cut_off(listen: Program) -> None:
    hear(listen, "anna")
    export(listen, "--new", "care", "--append", "--for", "excel-de", "-o", "new.csv")
    file = listen.home / "new.csv"
    whole = file.read_bytes()
    file.write_bytes(whole + b'file:9;file;;;post;"half\r\n')
    hear(listen, "ben")
    export(listen, "--new", "care", "--append", "--for", "excel-de", "-o", "new.csv")
    assert file.read_bytes().startswith(whole + b"file:ben;")


@pytest.mark.parametrize("name", ["new.csv", "new.jsonl"])
def test_an_editor_that_left_out_the_last_line_end_costs_no_row(listen: Program, name: str) -> None:
    hear(listen, "anna")
    export(listen, "--new", "care", "--append", "-o", name)
    file = listen.home / name
    whole = file.read_bytes()
    file.write_bytes(whole.rstrip(b"\r\n"))
    hear(listen, "ben")
    export(listen, "--new", "care", "--append", "-o", name)
    assert file.read_bytes().startswith(whole)


def test_a_file_that_was_replaced_by_hand_after_a_crash_is_not_cut(listen: Program) -> None:
    hear(listen, "anna")
    export(listen, "--new", "care", "--append", "-o", "new.csv")
    file = listen.home / "new.csv"
    header = file.read_bytes().splitlines(keepends=True)[0]
    by_hand = header + b"".join(b"file:%d%s\r\n" % (number, b"," * 35) for number in range(99))
    from listen.store import Extent, Store  # as a killed run would have left it

    with Store.open(listen.home / "data" / "listen" / "listen.db") as store:
        known = store.appended(str(file))
        assert known is not None
        store.append(Extent(known.file, known.length, known.tail, writing=True))
    file.write_bytes(by_hand)
    hear(listen, "ben")
    export(listen, "--new", "care", "--append", "-o", "new.csv")
    assert file.read_bytes().startswith(by_hand)


OTHERS = [
    pytest.param(("--columns", "id,text"), id="columns"),
    pytest.param(("--for", "excel-de"), id="delimiter"),
    pytest.param(("--for", "excel"), id="byte order mark"),
    pytest.param(("--delimiter", ";"), id="semicolons"),
    pytest.param(("--changes",), id="with changes"),
    pytest.param(("--format", "jsonl"), id="jsonl"),
]


@pytest.mark.parametrize("arguments", OTHERS)
def test_a_file_of_another_form_is_refused_and_left_alone(listen: Program, arguments: tuple[str, ...]) -> None:
    hear(listen, "anna")
    export(listen, "--append", "-o", "new.csv")
    before = (listen.home / "new.csv").read_bytes()
    said = export(listen, "--new", "care", "--append", "-o", "new.csv", *arguments, code=2)
    assert said.startswith("listen: new.csv ")
    assert said.count("\n") == 1
    assert (listen.home / "new.csv").read_bytes() == before
    assert listen.run("export", "--new", "care", "--format", "jsonl").stdout.count("\n") == 1


@pytest.mark.parametrize("arguments", [("--new", "care"), ("--append", "-o", "new.csv")], ids=["name", "file"])
def test_a_run_that_overlaps_waits_and_then_leaves_with_a_clear_line(
    listen: Program, arguments: tuple[str, ...]
) -> None:
    hear(listen, "anna", padding=200_000)  # more than a pipe holds
    fifo = listen.home / "slow"
    os.mkfifo(fifo)
    slow = ("--new", "care", "-o", "slow")
    if "--append" in arguments:  # hold the file's lock as another run would
        lock = (listen.home / ".new.csv.lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = export(listen, *arguments, "--wait", "0s", code=1)
        assert said == (
            "listen: new.csv: is being written by another listen; nothing was done, try again later or --wait longer\n"
        )
        assert not (listen.home / "new.csv").exists()
        lock.close()
    else:
        with listen.start("export", *slow) as running, fifo.open("rb") as reader:  # it has the lock as it opens it
            said = export(listen, *arguments, "--wait", "0s", code=1)
            assert said == (
                f"listen: export 'care': is being written by another listen (process {running.pid}); nothing was done, "
                "try again later or --wait longer\n"
            )
            assert b"anna" in reader.read()
            running.wait(timeout=30)
    export(listen, *arguments)


def test_a_run_that_waits_goes_on_when_the_other_one_is_done(listen: Program) -> None:
    hear(listen, "anna", padding=200_000)
    os.mkfifo(listen.home / "slow")
    with listen.start("export", "--new", "care", "-o", "slow") as first:
        reader = (listen.home / "slow").open("rb")
        with listen.start("export", "--new", "care", "--wait", "30s", "--fail-empty", "-q") as second:
            time.sleep(1)
            assert second.poll() is None, "it waits"
            assert b"anna" in reader.read()
            reader.close()
            assert first.wait(timeout=30) == 0
            assert second.wait(timeout=30) == 1, "nothing is left for it"


def test_many_runs_at_once_on_one_file_deliver_each_mention_once(listen: Program) -> None:
    hear(listen, *(f"a{number}" for number in range(50)))
    runs = [listen.start("export", "--new", "care", "--append", "-o", "new.csv", "--limit", "20") for _ in range(4)]
    assert [run.wait(timeout=60) for run in runs] == [0] * 4
    for run in runs:
        run.communicate()
    assert sorted(authors(listen)) == sorted(f"a{number}" for number in range(50))
    assert clutter(listen) == set()


def test_names_may_hold_the_local_date(listen: Program) -> None:
    hear(listen, "anna")
    export(listen, "--new", "care", "-o", "m-%Y-%m-%d_%H%%.csv", TZ="Pacific/Kiritimati")
    export(listen, "-o", "m-%G-W%V-%u-%j-%y-%F.csv", "--coverage", "c-%d.csv", TZ="UTC")
    from zoneinfo import ZoneInfo

    far, here = datetime.now(ZoneInfo("Pacific/Kiritimati")), datetime.now(ZoneInfo("UTC"))
    names = {path.name for path in listen.home.glob("[mc]-*")}
    assert names == {f"m-{far:%Y-%m-%d_%H}%.csv", f"m-{here:%G-W%V-%u-%j-%y-%F}.csv", f"c-{here:%d}.csv"}


@pytest.mark.parametrize("name", ["m-%q.csv", "m-%D.csv", "m-%"])
def test_a_mark_that_is_no_date_is_refused_before_anything_is_done(listen: Program, name: str) -> None:
    hear(listen, "anna")
    said = export(listen, "--new", "care", "-o", name, code=2)
    assert "there is no date in" in said
    assert "%Y %m %d" in said
    assert said.count("\n") == 1
    assert {path.name for path in listen.home.iterdir()} == {"posts.jsonl", "data"}


def test_with_nothing_new_the_file_has_a_header_alone(listen: Program) -> None:
    hear(listen, "anna")
    assert export(listen, "--new", "care", "-o", "new.csv") == ""
    assert export(listen, "--new", "care", "-o", "new.csv") == ""
    assert authors(listen) == []
    export(listen, "--new", "care", "-o", "new.jsonl")
    assert (listen.home / "new.jsonl").read_bytes() == b""


def test_with_nothing_new_fail_empty_leaves_everything_as_it_was(listen: Program) -> None:
    hear(listen, "anna")
    export(listen, "--new", "care", "--fail-empty", "-o", "new.csv")
    before = (listen.home / "new.csv").read_bytes()
    said = export(listen, "--new", "care", "--fail-empty", "-o", "new.csv", code=1)
    assert said == "listen: there is nothing to export for 'care'; nothing was written\n"
    assert (listen.home / "new.csv").read_bytes() == before
    assert export(listen, "--new", "care", "--fail-empty", "-q", "-o", "other.csv", code=1) == ""
    assert not (listen.home / "other.csv").exists()
    assert listen.run("export", "--new", "care", "--fail-empty", "-q").stdout == ""


def test_new_without_a_name_is_an_export_of_its_own(listen: Program) -> None:
    hear(listen, "anna")
    assert listen.run("export", "--new", "-o", "-").stdout.count("anna") > 0
    assert len(list(csv.reader(io.StringIO(listen.run("export", "--new").stdout)))) == 1
    assert len(list(csv.reader(io.StringIO(listen.run("export", "--new", "care").stdout)))) == 2


def test_changes_are_told_in_a_last_column_and_key(listen: Program) -> None:
    hear(listen, "anna", "ben")
    arguments = ("--new", "care", "--changes", "--append", "-o", "new.csv")
    export(listen, *arguments)
    listen.run("mark", "file:ben", "--status", "answered", "--owner", "ute")
    export(listen, *arguments)
    with (listen.home / "new.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header[-2:] == ["about", "change"]
    assert [(row[0], row[-1]) for row in rows] == [("file:anna", "new"), ("file:ben", "new"), ("file:ben", "marked")]
    listen.run("mark", "file:ben", "--flag", "praise")
    told = json.loads(listen.run("export", "--new", "care", "--changes", "--format", "jsonl").stdout)
    assert list(told)[-1] == "change"
    assert (told["id"], told["flag"], told["change"]) == ("file:ben", "praise", "flagged")


def test_changes_go_with_a_named_export(listen: Program) -> None:
    said = export(listen, "--changes", code=2)
    assert said == "listen: --changes tells what has changed since a delivery; it goes with --new NAME\n"


def test_the_column_of_changes_can_be_chosen_with_changes_alone(listen: Program) -> None:
    hear(listen, "anna")
    arguments = ("export", "--new", "--changes", "--columns")
    assert listen.run(*arguments, "id,author").stdout == "id,author,change\nfile:anna,anna,new\n"
    assert listen.run(*arguments, "change,id").stdout == "change,id\n"
    assert "there is no column 'change'" in export(listen, "--columns", "id,change", code=2)


def test_a_reader_who_leaves_early_is_not_said_to_have_had_it(listen: Program) -> None:
    hear(listen, *(f"a{number}" for number in range(60)), padding=5_000)
    with listen.start("export", "--new", "care") as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(timeout=30) == 0
    assert listen.run("export", "--new", "care", "--format", "jsonl").stdout.count("\n") == 60
