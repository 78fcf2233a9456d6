"""`listen export` into files for spreadsheets and for programs, as users call it."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys

import openpyxl
import pyarrow.parquet
import pytest

from tests.cli.program import Program


@pytest.fixture
def stored(listen: Program) -> Program:
    assert listen.run("replay", "posts.jsonl", "--term", "kindle").returncode == 0
    return listen


def test_the_name_of_the_file_says_its_form(stored: Program) -> None:
    assert stored.run("export", "-o", "x.xlsx", "--columns", "id,author").returncode == 0
    assert stored.run("export", "-o", "x.parquet", "--columns", "id,author").returncode == 0
    sheet = openpyxl.load_workbook(stored.home / "x.xlsx")["mentions"]
    assert [row[1].value for row in sheet.iter_rows()] == ["author", "anna", "cem"]
    table = pyarrow.parquet.read_table(stored.home / "x.parquet")
    assert table.to_pydict()["author"] == ["anna", "cem"]


def test_a_zone_makes_dates_for_excel_and_offsets_for_programs(stored: Program) -> None:
    def times(*options: str) -> list[str]:
        done = stored.run("export", "--columns", "author,posted_at", "--tz", "Europe/Berlin", *options)
        rows = csv.reader(done.stdout.removeprefix("\ufeff").splitlines(), delimiter=";" if options else ",")
        return [posted_at for author, posted_at in rows if author == "cem"]

    assert times() == ["2026-11-20T09:00:00+01:00"]
    assert times("--for", "excel-de") == ["2026-11-20 09:00:00"]


def test_the_coverage_is_in_the_same_zone(stored: Program) -> None:
    assert stored.run("watch", "--demo", "--for", "2s").returncode == 0
    options = ["export", "-o", "x.csv", "--coverage", "c.csv", "--for", "excel", "--tz", "Asia/Kathmandu"]
    assert stored.run(*options).returncode == 0
    rows = list(csv.DictReader((stored.home / "c.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert all(row["from"][10] == " " and "Z" not in row["from"] for row in rows)


WRONG = [
    (["--tz", "Berlin"], "--tz: there is no time zone 'Berlin'; did you mean 'Europe/Berlin'?"),
    (["--tz", "new york"], "--tz: there is no time zone 'new york'; did you mean 'America/New_York'?"),
    (["--tz", "Europe"], "--tz: there is no time zone 'Europe'; write Europe/Berlin, +01:00 or UTC"),
    (["--tz", "../../etc/passwd"], "--tz: there is no time zone '../../etc/passwd'; write Europe/Berlin"),
    (["--tz", ""], "--tz: there is no time zone ''; write Europe/Berlin"),
    (["--format", "jsonl", "--tz", "UTC"], "--tz is for tables; the times of JSONL are always UTC"),
    (["--format", "jsonl", "--line-breaks", "fold"], "--delimiter, --for and --line-breaks shape CSV; leave them out"),
    (["--format", "jsonl", "--columns", "id"], "--columns chooses columns of a table; leave it out for JSONL"),
    (["--format", "xlsx"], "--format xlsx needs a file; name it with -o"),
    (["--format", "parquet", "-o", "-"], "--format parquet needs a file; name it with -o"),
    (["-o", "x.xlsx", "--append"], "--append goes on with CSV and JSONL; a file of XLSX is whole or not at all"),
    (["-o", "x.parquet", "--for", "excel"], "--delimiter, --for and --line-breaks shape CSV; leave them out for PARQ"),
    (["-o", "x.xlsx", "--columns", "txt"], "--columns: there is no column 'txt'; did you mean 'text'?"),
]


@pytest.mark.parametrize(
    ("options", "told"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_what_does_not_go_together_is_refused_in_one_line(listen: Program, options: list[str], told: str) -> None:
    done = listen.run("export", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"listen: {told}"), done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(listen.home.glob("*x.*"))


@pytest.mark.parametrize(("form", "package"), [("xlsx", "xlsxwriter"), ("parquet", "pyarrow")])
def test_a_missing_extra_is_named_before_anything_happens(listen: Program, form: str, package: str) -> None:
    program = f"import sys; sys.modules[{package!r}] = None; from listen.cli import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", program, "export", "-o", f"x.{form}"],
        capture_output=True, text=True, timeout=60, cwd=listen.home, env=listen.environment, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"pip install 'listen-mentions[{form}]'" in done.stderr
    assert not list(listen.home.glob("*x.*"))


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_a_table_that_cannot_be_written_leaves_the_earlier_one_and_marks_nothing(stored: Program, form: str) -> None:
    file = stored.home / f"x.{form}"
    stored.run("export", "-o", file.name)
    before = file.read_bytes()
    posts = [{"text": f"kindle {random.Random(n).randbytes(3_000).hex()}"} for n in range(60)]  # nobody can pack these
    stored.run("replay", "-", "--term", "kindle", given="".join(json.dumps(post) + "\n" for post in posts))
    program = (
        "import resource, sys; from listen.cli import run;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); sys.exit(run(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "export", "--new", "care", "-o", file.name],
        capture_output=True, text=True, timeout=60, cwd=stored.home, env=stored.environment, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, f"listen: x.{form}: cannot be written: file too large\n")
    assert file.read_bytes() == before
    assert not list(stored.home.glob(".*.part"))
    assert len(stored.run("export", "--new", "care", "--format", "jsonl").stdout.splitlines()) == 62
