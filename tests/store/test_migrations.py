"""Every file that an earlier program has written becomes one of today's, whole or not at all, whatever is in it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from listen.errors import StoreError
from listen.selection import Selection
from listen.store import Extent, Store, Watch, schema
from tests.store import versions
from tests.store.versions import VERSIONS

# What a later program may do, so that the machine is tried on more than one step as long as there is but one.
LATER: tuple[tuple[str, ...], ...] = (
    *schema.MIGRATIONS,
    (
        "ALTER TABLE mention ADD COLUMN stars INTEGER",
        "UPDATE mention SET stars = number % 5",
        "CREATE TABLE place (number INTEGER PRIMARY KEY REFERENCES mention ON DELETE CASCADE, town TEXT) STRICT",
        "INSERT INTO place SELECT number, platform FROM mention",
        "CREATE INDEX place_town ON place (town)",
    ),
    ("DROP INDEX place_town", "DELETE FROM place WHERE number % 2", "ALTER TABLE place RENAME TO spot"),
)


def contents(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """All there is in the file: the schema, each table's rows, and the version."""
    found: dict[str, list[tuple[object, ...]]] = {
        "schema": db.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall(),
        "version": db.execute("PRAGMA user_version").fetchall(),
    }
    for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        found[table] = sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
    return found


def connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    return db


def test_there_is_data_of_every_earlier_version() -> None:
    assert sorted(VERSIONS) == list(range(1, len(schema.MIGRATIONS) + 1)), "add tests/store/versions/N.sql"


@pytest.mark.parametrize("version", sorted(VERSIONS))
def test_a_file_of_every_version_opens_with_everything_in_it(version: int, tmp_path: Path) -> None:
    path = versions.made(tmp_path / "listen.db", version)
    with Store.open(path) as store:
        held = [mention for _, mention in store.mentions(Selection())]
        assert [mention.id for mention in held] == ["bluesky:at://did:plc:a/app.bsky.feed.post/1", "hackernews:8863"]
        assert held[1].care.status == "answered"
        assert list(store.check()) == []
        assert store.cursor("bluesky", "jetstream", Watch((("kindle", "k1"),))) == "1732190400000000"
        with store.delivering("care", Selection(), changes=True) as pending:
            told = [(change.kind, change.mention.id) for change in pending]
        assert told == [
            ("withdrawn", "bluesky:gone"),
            ("marked", "bluesky:at://did:plc:a/app.bsky.feed.post/1"),
            ("new", "hackernews:8863"),
        ]
        assert store.appended("/home/anna/mentions.csv") == Extent("/home/anna/mentions.csv", 4_096, "0123456789abcdef")


@pytest.mark.parametrize("steps", range(1, len(LATER) + 1))
def test_each_step_leads_to_the_same_tables_as_all_at_once(steps: int, tmp_path: Path) -> None:
    with closing(connected(tmp_path / "once.db")) as once, closing(connected(tmp_path / "steps.db")) as slowly:
        schema.migrate(once, "once.db", LATER[:steps])
        for step in range(1, steps + 1):
            schema.migrate(slowly, "steps.db", LATER[:step])
        assert contents(once)["schema"] == contents(slowly)["schema"]
        assert contents(once)["version"] == [(steps,)]


def interruptions() -> list[tuple[int, int]]:
    """Each place in each step: the step, and before which of its statements it breaks off."""
    return [(step, place) for step, statements in enumerate(LATER) for place in range(len(statements) + 1)]


def broken(step: int, place: int, instead: str) -> Sequence[Sequence[str]]:
    statements = LATER[step]
    return (*LATER[:step], (*statements[:place], instead, *statements[place:]))


@pytest.mark.parametrize(("step", "place"), interruptions())
def test_a_step_that_fails_anywhere_leaves_the_file_as_it_was(step: int, place: int, tmp_path: Path) -> None:
    path = begun(tmp_path / "listen.db", step)
    with closing(connected(path)) as db:
        before = contents(db)
        with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
            schema.migrate(db, str(path), broken(step, place, "SELECT 1 FROM nowhere"))
        assert contents(db) == before
        schema.migrate(db, str(path), LATER[: step + 1])
        assert db.execute("PRAGMA user_version").fetchone() == (step + 1,)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


KILLED = """
import os, sqlite3, sys
from listen.store import schema
from tests.store.test_migrations import broken, connected
db = connected(sys.argv[1])
db.create_function("die", 0, lambda: os._exit(9))
schema.migrate(db, sys.argv[1], broken(int(sys.argv[2]), int(sys.argv[3]), "SELECT die()"))
"""


@pytest.mark.parametrize(("step", "place"), [(0, 0), (0, 20), (0, len(LATER[0])), (1, 1), (1, 5), (2, 2)])
def test_a_program_that_dies_in_the_middle_leaves_the_file_as_it_was(step: int, place: int, tmp_path: Path) -> None:
    path = begun(tmp_path / "listen.db", step)
    with closing(connected(path)) as db:
        before = contents(db)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(step), str(place)], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 9, done.stderr
    with closing(connected(path)) as db:
        assert contents(db) == before
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        schema.migrate(db, str(path), LATER[: step + 1])
        assert db.execute("PRAGMA user_version").fetchone() == (step + 1,)


def begun(path: Path, steps: int) -> Path:
    """A file after so many steps, with the data that belong there; in the journal mode that we use."""
    with closing(connected(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        schema.migrate(db, str(path), LATER[:steps])
        if steps >= 1:
            db.executescript(VERSIONS[1])
    return path


def test_a_newer_file_is_refused_with_the_program_that_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "listen.db"
    with closing(connected(path)) as db:
        schema.migrate(db, str(path), LATER, program="7.4.0")
    before = path.read_bytes()
    with pytest.raises(StoreError) as raised:
        Store.open(path)
    told = str(raised.value)
    assert "was written by a newer listen (version 3 of the tables by listen 7.4.0; this is " in told
    assert "update listen to 7.4.0, put back a copy that 'listen db backup' made before the update" in told
    assert path.read_bytes() == before, "it is left as it was"
