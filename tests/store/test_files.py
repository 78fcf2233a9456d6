"""Files that cannot be used, and what the user is told about them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from listen.errors import StoreError
from listen.post import Mark
from listen.selection import Selection
from listen.store import Store, schema
from tests.store.invented import NOON, mention

AT_ONCE = timedelta(milliseconds=50)


def filled(path: Path, count: int = 500) -> Path:
    with Store.open(path) as store:
        store.apply("bluesky", "jetstream", [*(mention(id=str(n)) for n in range(count)), Mark("1")], NOON)
    return path


def test_a_new_store_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "share" / "listen" / "listen.db"
    with Store.open(path) as store:
        store.apply("bluesky", "jetstream", [mention()], NOON)
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == {"listen.db": 0o600, "listen.db-wal": 0o600, "listen.db-shm": 0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Store.open(tmp_path / "listen.db").close()
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_what_was_stored_is_there_after_closing(tmp_path: Path) -> None:
    path = filled(tmp_path / "listen.db")
    with Store.open(str(path)) as store:
        assert (store.count(), store.cursor("bluesky", "jetstream")) == (500, "1")
    assert [file.name for file in tmp_path.iterdir()] == ["listen.db"]


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "listen.db"
    path.touch()
    with Store.open(path) as store:
        assert store._db.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)


def test_a_migration_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "listen.db"
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(f"PRAGMA application_id = {schema.APPLICATION}")
    db.execute("CREATE TABLE stretch (x)")  # in the way of the first migration, but only after other tables
    with pytest.raises(sqlite3.OperationalError, match="stretch already exists"):
        Store.open(path)
    assert db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall() == [("stretch",)]
    assert db.execute("PRAGMA user_version").fetchone() == (0,)
    db.execute("DROP TABLE stretch")
    with Store.open(path) as store:
        assert store.count() == 0
    db.close()


def noise(path: Path) -> None:
    path.write_bytes(b"\xffthis is a picture\x00" * 1000)


def folder(path: Path) -> None:
    path.mkdir()


def other_program(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.close()


def newer(path: Path) -> None:
    filled(path, 1)
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 999")
    db.close()


def no_room_for_a_folder(path: Path) -> None:
    path.parent.rmdir()
    path.parent.touch()


def damaged_header(path: Path) -> None:
    filled(path)
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 3000)


UNUSABLE = [
    pytest.param(noise, "is not a store of listen; name another file with --db", id="not a database"),
    pytest.param(folder, "cannot be opened: is a directory; name another file with --db", id="a folder"),
    pytest.param(
        other_program, "is a database of another program; name another file with --db", id="another program's"
    ),
    pytest.param(newer, "was written by a newer listen (version 999", id="a newer version"),
    pytest.param(no_room_for_a_folder, "cannot be opened: ", id="a file in the place of its folder"),
    pytest.param(damaged_header, "is damaged; move it away to start anew", id="a damaged beginning"),
]


@pytest.mark.parametrize(("spoil", "told"), UNUSABLE)
def test_a_file_that_cannot_be_used_says_where_what_and_what_to_do(
    tmp_path: Path, spoil: Callable[[Path], None], told: str
) -> None:
    path = tmp_path / "listen" / "listen.db"
    path.parent.mkdir()
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError) as raised:
        Store.open(path, patience=AT_ONCE)
    assert str(raised.value).startswith(f"{path}: {told}")
    assert (path.read_bytes() if path.is_file() else None) == before, "what is not ours is left as it was"


def test_a_file_damaged_in_the_middle_says_so_when_it_is_read(tmp_path: Path) -> None:
    path = filled(tmp_path / "listen.db")
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 4)
        file.write(b"\xff" * (size // 2))
    with Store.open(path) as store, pytest.raises(StoreError, match=r"listen\.db: is damaged; "):
        list(store.mentions(Selection()))


def test_a_mention_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with Store.open(filled(tmp_path / "listen.db", 1)) as store:
        store._db.execute("UPDATE content SET json = '{}'")
        with pytest.raises(StoreError, match=r"listen\.db: holds a mention that cannot be read"):
            store.find("bluesky:0")


def test_a_locked_file_says_so_and_works_afterwards(tmp_path: Path) -> None:
    path = filled(tmp_path / "listen.db", 1)
    other = sqlite3.connect(path, isolation_level=None)
    with Store.open(path, patience=AT_ONCE) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked by another program; "):
            store.apply("bluesky", "jetstream", [mention(id="new")], NOON)
        other.execute("ROLLBACK")
        other.close()
        assert len(store.apply("bluesky", "jetstream", [mention(id="new")], NOON)) == 1


def test_a_full_disk_says_so_and_keeps_what_was_stored(tmp_path: Path) -> None:
    with Store.open(filled(tmp_path / "listen.db", 10)) as store:
        [(pages,)] = store._db.execute("PRAGMA page_count")
        store._db.execute(f"PRAGMA max_page_count = {pages}")
        more = [mention(id=f"more-{number}") for number in range(500)]
        with pytest.raises(StoreError, match="the disk is full; free some space"):
            store.apply("bluesky", "jetstream", [*more, Mark("2")], NOON)
        assert (store.count(), store.cursor("bluesky", "jetstream")) == (10, "1")
        store._db.execute(f"PRAGMA max_page_count = {pages * 1000}")
        assert len(store.apply("bluesky", "jetstream", more, NOON)) == 500


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_says_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be opened: permission denied; "):
        Store.open(tmp_path / "listen.db")


def test_a_store_that_became_read_only_says_so(tmp_path: Path) -> None:
    with Store.open(filled(tmp_path / "listen.db", 1)) as store:
        store._db.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreError, match="may not be written; check who owns the file and its folder"):
            store.begin("bluesky", "jetstream", NOON)


def test_wrong_sql_stays_a_bug(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "listen.db")
    store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        store.count()


def test_a_store_that_has_lost_a_table_is_damaged(tmp_path: Path) -> None:
    Store.open(tmp_path / "listen.db").close()
    with closing(sqlite3.connect(tmp_path / "listen.db")) as other:
        other.execute("DROP TABLE mark")
        other.commit()
    with Store.open(tmp_path / "listen.db") as store, pytest.raises(StoreError, match="is damaged; move it away"):
        store.cursor("bluesky", "jetstream")
