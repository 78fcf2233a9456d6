"""The file: is it whole, a copy of it while others write, and who may read it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from listen.care import Marking
from listen.errors import StoreError, UsageError
from listen.post import Deletion, Mark
from listen.selection import Selection
from listen.store import Store
from tests.store.invented import NOON, export, mention
from tests.store.writer import SIZE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "listen.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        opened.apply("bluesky", "jetstream", [*(mention(id=str(n), ref=str(n)) for n in range(300)), Mark("1")], NOON)
        yield opened


def told(store: Store) -> str:
    return " | ".join(trouble.what for trouble in store.check())


def test_a_store_in_use_has_no_trouble(store: Store) -> None:
    store.care(["bluesky:1"], Marking(status="done", flag="none"), NOON, "anna")
    export(store, Selection(limit=5))
    store.apply("bluesky", "jetstream", [Deletion(platform="bluesky", id="4"), mention(id="6", likes=3)], NOON)
    store.erase([7, 8], "forget", NOON)
    assert told(store) == ""


SPOILED = [
    ("UPDATE content SET json = '{}' WHERE number = 3", "1 mentions cannot be read", True),
    ("DELETE FROM content WHERE number IN (3, 4)", "2 mentions cannot be read", True),
    ("UPDATE mention SET flag = 'praise' WHERE number < 4", "3 mentions are filed under other columns", False),
    ("UPDATE topic SET name = 'x' WHERE number = 9", "1 mentions are filed under other topics", False),
    ("DELETE FROM topic WHERE number = 9", "1 mentions that belong to no topic", True),
    (
        "INSERT INTO export VALUES (1, 'care', 9999, NULL)",
        "1 exports that have delivered more than was ever stored",
        True,
    ),
    ("INSERT INTO export VALUES (1, 'care', 0, 9)", "1 exports that have told more changes than there ever were", True),
    (
        "INSERT INTO withdrawal VALUES (9, 1, 'p', 'i', '[]', x'', 0)",
        "1 rows of withdrawal belong to rows of export",
        True,
    ),
    ("INSERT INTO withdrawal VALUES (9, 1, 'p', 'i', '[]', x'', 0)", "1 withdrawn mentions still there", True),
    ("DELETE FROM about WHERE name = 'salt'", "1 salts that are missing", True),
    ("INSERT INTO sighting VALUES ('p', '', 'r', 9999)", "1 rows of sighting belong to rows of mention", True),
]


@pytest.mark.parametrize(("spoil", "said", "grave"), SPOILED, ids=lambda value: str(value)[:40])
def test_what_contradicts_itself_is_told_in_plain_words(store: Store, spoil: str, said: str, grave: bool) -> None:
    store._db.execute("PRAGMA foreign_keys = OFF")
    store._db.execute(spoil)
    found = [trouble for trouble in store.check() if said in trouble.what]
    assert [trouble.grave for trouble in found] == [grave], told(store)


def test_damaged_pages_are_told(store: Store, path: Path) -> None:
    store.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 9_000)
    with Store.open(path) as spoiled:
        assert "damaged" in told(spoiled)


def test_a_copy_holds_all_that_the_store_holds(store: Store, tmp_path: Path) -> None:
    store.apply("bluesky", "jetstream", [Mark("2")], NOON)
    copy = tmp_path / "copy.db"
    assert store.backup(copy) == copy.stat().st_size
    assert copy.stat().st_mode & 0o777 == 0o600
    assert sorted(file.name for file in tmp_path.iterdir() if "copy" in file.name) == ["copy.db"]
    with Store.open(copy) as other:
        assert list(other.mentions(Selection())) == list(store.mentions(Selection()))
        assert other.cursor("bluesky", "jetstream") == "2"
        assert told(other) == ""
        assert other.salt("salt") == store.salt("salt"), "what is kept away stays away from the copy"


def test_a_copy_is_one_moment_while_another_process_writes(path: Path, tmp_path: Path) -> None:
    Store.open(path).close()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.store.writer", str(path), "a", "400"], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        sizes = []
        with Store.open(path) as store:
            for number in range(4):
                store.backup(tmp_path / f"{number}.db")
                sizes.append(store.count())
        writer.terminate()
        writer.wait(timeout=30)
    assert sizes[-1] > sizes[0], "it went on writing meanwhile"
    for number in range(4):
        with Store.open(tmp_path / f"{number}.db") as copy:
            marked = int(copy.cursor("bluesky", "a") or 0)
            assert copy.count() == marked * SIZE, "a mark never without its mentions"
            assert told(copy) == ""


def test_a_copy_replaces_an_older_one_whole_or_not_at_all(store: Store, path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("yesterday's")
    store.backup(copy)
    before = copy.read_bytes()
    store._db.execute("DROP TABLE mention")  # so that the copy fails after it has begun
    with pytest.raises(StoreError, match="is damaged"):
        store.backup(copy)
    assert copy.read_bytes() == before
    assert not [file.name for file in tmp_path.iterdir() if file.name.endswith(".part")]


def itself(path: Path) -> Path:
    return path


def link_to_itself(path: Path) -> Path:
    (path.parent / "link.db").symlink_to(path)
    return path.parent / "link.db"


def folder(path: Path) -> Path:
    return path.parent


def in_use(path: Path) -> Path:
    other = path.parent / "other.db"
    other.touch()
    (path.parent / "other.db-wal").touch()
    return other


def nowhere(path: Path) -> Path:
    return path.parent / "none" / "copy.db"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (itself, "is the store itself; name another file"),
        (link_to_itself, "is the store itself; name another file"),
        (folder, "is a folder; name a file in it"),
        (in_use, "is a store that is in use; name another file"),
        (nowhere, "cannot be written: no such file or directory"),
    ],
)
def test_a_copy_that_cannot_be_made_says_why(
    store: Store, path: Path, place: Callable[[Path], Path], said: str
) -> None:
    with pytest.raises((StoreError, UsageError), match=said):
        store.backup(place(path))
    assert told(store) == ""


def test_a_store_in_memory_can_be_copied(tmp_path: Path) -> None:
    with Store.open(":memory:") as store:
        store.apply("bluesky", "jetstream", [mention()], NOON)
        store.backup(tmp_path / "copy.db")
        assert store.exposure() is None
        assert store.files() == []
    with Store.open(tmp_path / "copy.db") as copy:
        assert copy.count() == 1


def test_a_vacuum_gives_room_back(store: Store) -> None:
    store.erase(list(range(1, 290)), "purge", NOON)
    before, after = store.vacuum()
    assert after < before / 2
    assert told(store) == ""


def test_a_vacuum_that_has_to_wait_too_long_says_so(store: Store, path: Path) -> None:
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        Store.open(path, patience=timedelta(milliseconds=50)) as hasty,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked by another program"):
            hasty.vacuum()


def test_a_file_that_others_may_read_is_told_once_for_each_mode(path: Path) -> None:
    Store.open(path).close()
    heard = []
    for mode in (0o600, 0o644, 0o644, 0o600, 0o644, 0o660, 0o660, 0o600):
        path.chmod(mode)
        with Store.open(path) as store:
            heard.append(store.exposure())
    assert [None if line is None else line.partition(": ")[2][:60] for line in heard] == [
        None,
        "others on this machine may read or write it (mode 0644); 'ch",
        None,
        None,
        "others on this machine may read or write it (mode 0644); 'ch",
        "others on this machine may read or write it (mode 0660); 'ch",
        None,
        None,
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_the_copy_is_for_its_owner_only_whatever_the_umask(store: Store, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store.backup(tmp_path / "copy.db")
    finally:
        os.umask(before)
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


COPYING = """
import resource, sys
from pathlib import Path

from listen.errors import StoreError
from listen.store import Store
with Store.open(sys.argv[1]) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
    try:
        store.backup(Path(sys.argv[2]))
    except StoreError as problem:
        sys.exit(str(problem))
"""


def test_a_copy_that_has_no_room_is_told_by_its_own_name(path: Path, tmp_path: Path) -> None:
    Store.open(path).close()
    copy = tmp_path / "copy.db"
    command = [sys.executable, "-c", COPYING, str(path), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr.split(": ")[0], copy.exists()) == (1, str(copy), False), done.stderr
