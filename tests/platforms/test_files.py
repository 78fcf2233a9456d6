"""Files that other programs write are followed however they grow, are rotated, cut, packed or replaced."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from listen.errors import BadAnswer, PlatformError, Refused, Unreachable
from listen.following.reading import Known, batches
from listen.platforms.files import Lines as Follower
from listen.post import Deletion, Edit, Event, Gap, Mark, Notice, Post
from listen.recorded import LINE_LIMIT
from listen.recording import read

EVERY = timedelta(seconds=1)


def line(text: str, **more: Any) -> bytes:
    return msgspec.json.encode({"text": text, **more}) + b"\n"


class Reader:
    """Somebody who follows a path from round to round, across restarts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cursor: str | None = None
        self.events: list[Event] = []

    async def round(self, since: datetime | None = None) -> list[str]:
        self.events = []
        async for event in Follower(str(self.path), EVERY).hear(self.cursor, since):
            self.events.append(event)
            if isinstance(event, Mark):
                self.cursor = event.cursor
        return [event.text for event in self.events if isinstance(event, Post)]

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(line("one"))
    return path


@pytest.fixture
def reader(file: Path) -> Reader:
    return Reader(file)


def add(path: Path, *lines: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(b"".join(lines))


def put(path: Path, *lines: bytes) -> None:
    path.write_bytes(b"".join(lines))


def move(path: Path, name: str) -> None:
    path.rename(path.with_name(name))


async def test_what_is_added_is_heard_once(file: Path, reader: Reader) -> None:
    assert await reader.round() == ["one"]
    assert await reader.round() == []
    add(file, line("two"), line("three"))
    assert await reader.round() == ["two", "three"]
    assert reader.of(Gap) == []


async def test_a_half_written_line_waits_for_its_other_half(file: Path, reader: Reader) -> None:
    await reader.round()
    add(file, b'{"text": "tw')
    assert await reader.round() == []
    add(file, b"o, aber gr\xc3")
    assert await reader.round() == []
    add(file, b'\xbcn"}\n', line("three"))
    assert await reader.round() == ["two, aber grün", "three"]
    assert reader.of(Notice) == []


async def test_a_last_line_that_never_ends_is_heard_if_it_is_whole(file: Path, reader: Reader) -> None:
    add(file, line("two").rstrip())
    assert await reader.round() == ["one", "two"]
    add(file, b"\n" + line("three"))
    assert await reader.round() == ["three"]


@pytest.mark.parametrize("rotated", ["posts.jsonl.1", "posts-20261122.jsonl", "old"])
async def test_a_rotated_file_is_read_to_its_end_and_then_the_new_one(file: Path, reader: Reader, rotated: str) -> None:
    await reader.round()
    add(file, line("last of the old"))
    move(file, rotated)
    put(file, line("first of the new"))
    assert await reader.round() == ["last of the old", "first of the new"]
    add(file.with_name(rotated), line("written on"))  # the writer had it open still
    add(file, line("second of the new"))
    assert sorted(await reader.round()) == ["second of the new", "written on"]
    assert reader.of(Gap) == []


async def test_a_file_that_was_cut_is_read_anew_and_the_loss_is_told(file: Path, reader: Reader) -> None:
    add(file, line("two"), line("three"))
    await reader.round()
    put(file, line("after"))  # copytruncate
    assert await reader.round() == ["after"]
    (gap,) = reader.of(Gap)
    assert gap.why == "posts.jsonl was cut or written anew, and what it held after the last look is lost"
    assert gap.reason == "retention"
    assert await reader.round() == []
    assert reader.of(Gap) == []


async def test_a_file_that_was_replaced_is_read_anew_and_the_loss_is_told(file: Path, reader: Reader) -> None:
    await reader.round()
    new = file.with_name("new.tmp")
    put(new, line("another") * 3)
    new.replace(file)
    assert await reader.round() == ["another"] * 3
    (gap,) = reader.of(Gap)
    assert gap.why.startswith("posts.jsonl was ")


async def test_a_file_of_the_same_inode_and_size_but_another_content_is_read_anew(file: Path, reader: Reader) -> None:
    await reader.round()
    put(file, line("eno"))
    os.utime(file, ns=(1, 1))
    assert await reader.round() == ["eno"]


async def test_a_folder_is_followed_whatever_comes_and_goes(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    assert await reader.round() == []
    put(tmp_path / "a.jsonl", line("a"))
    put(tmp_path / "b.ndjson", line("b"))
    put(tmp_path / "c.jsonl.gz", gzip.compress(line("c")))
    put(tmp_path / "notes.txt", line("no"))
    (tmp_path / "d.jsonl").mkdir()
    assert sorted(await reader.round()) == ["a", "b", "c"]
    (tmp_path / "a.jsonl").rename(tmp_path / "z.jsonl")
    add(tmp_path / "z.jsonl", line("a2"))
    (tmp_path / "b.ndjson").unlink()
    assert await reader.round() == ["a2"]
    assert reader.of(Gap) == []
    assert reader.cursor is not None
    assert "b.ndjson" not in reader.cursor


async def test_a_packed_file_that_is_still_written_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    packed = gzip.compress(b"".join(line(f"{number} {os.urandom(40).hex()}") for number in range(500)))
    file, reader = tmp_path / "posts.jsonl.gz", Reader(tmp_path / "posts.jsonl.gz")
    put(file, packed[: len(packed) // 2])
    first = await reader.round()
    put(file, packed)
    second = await reader.round()
    add(file, gzip.compress(line("appended")))
    assert [text.split()[0] for text in first + second] == [str(number) for number in range(500)]
    assert first
    assert await reader.round() == ["appended"]


async def test_a_file_that_only_claims_to_be_packed_is_said_and_the_others_are_read(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl.gz", line("plain"))
    put(tmp_path / "b.jsonl", line("b"))
    os.utime(tmp_path / "a.jsonl.gz", (1, 1))
    reader = Reader(tmp_path)
    assert await reader.round() == ["b"]
    (notice,) = reader.of(Notice)
    assert notice.text == "a.jsonl.gz: skipped a line is not packed, as its name says"


async def test_lines_that_are_no_posts_are_counted_and_skipped(file: Path, reader: Reader) -> None:
    add(file, b"nonsense\n", b'{"txt": 1}\n', b"\n", b'{"text": "a", "rating": "x"}\n', line("two"), b"\xff\xfe\n")
    assert await reader.round() == ["one", "two"]
    (notice,) = reader.of(Notice)
    assert notice.text.startswith("posts.jsonl: skipped 4 lines, the first of which is not a post: JSON is malformed")


async def test_a_line_without_end_costs_no_memory_and_is_skipped(file: Path, reader: Reader) -> None:
    add(file, b'{"text": "' + b"a" * (LINE_LIMIT + 3_000_000) + b'"}\n', line("two"))
    assert await reader.round() == ["one", "two"]
    (notice,) = reader.of(Notice)
    assert notice.text == f"posts.jsonl: skipped a line is longer than {LINE_LIMIT:,} characters"


async def test_edits_and_deletions_are_told(file: Path, reader: Reader) -> None:
    add(file, line("new", id=1, event="edit"), b'{"id": 1, "event": "delete"}\n')
    await reader.round()
    assert [event.post.text for event in reader.of(Edit)] == ["new"]
    assert [event.id for event in reader.of(Deletion)] == ["1"]


async def test_a_post_is_the_same_as_when_it_is_replayed(file: Path, reader: Reader) -> None:
    add(file, line("two", id="bluesky:at://x/1", platform="bluesky", about="Kindle"))
    await reader.round()
    assert reader.of(Post) == list(read(str(file)))


async def test_the_first_round_begins_where_it_is_told_to(file: Path, reader: Reader) -> None:
    add(file, line("old", posted_at="2020-01-01T00:00:00Z"), line("new", posted_at="2026-11-22T00:00:00Z"))
    assert await reader.round(datetime(2026, 1, 1, tzinfo=UTC)) == ["one", "new"]
    add(file, line("late", posted_at="2020-01-01T00:00:00Z"))
    assert await reader.round(datetime(2026, 1, 1, tzinfo=UTC)) == ["late"]


async def test_a_crash_within_a_file_repeats_but_never_loses(tmp_path: Path) -> None:
    for name in ("a", "b"):
        put(tmp_path / f"{name}.jsonl", line(name) * 3)
    marks = [event.cursor async for event in Follower(str(tmp_path), EVERY).hear(None, None) if isinstance(event, Mark)]
    reader = Reader(tmp_path)
    reader.cursor = marks[0]
    assert await reader.round() == ["b"] * 3


@pytest.mark.parametrize(
    ("make", "kind", "says"),
    [
        (lambda path: None, Unreachable, "there is no such file yet"),
        (os.mkfifo, Unreachable, "neither a file nor a folder"),
    ],
    ids=["missing", "a pipe"],
)
async def test_what_cannot_be_read_is_an_error_of_ours(
    make: Any, kind: type[PlatformError], says: str, tmp_path: Path
) -> None:
    make(tmp_path / "posts.jsonl")
    with pytest.raises(kind, match=says):
        await Reader(tmp_path / "posts.jsonl").round()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_file_of_somebody_else_is_refused(file: Path, reader: Reader) -> None:
    os.chmod(file, 0)  # noqa: PTH101
    with pytest.raises(Refused, match="may not be read by this user"):
        await reader.round()


async def test_a_check_says_what_is_there(file: Path, tmp_path: Path) -> None:
    add(file, b"nonsense\n")
    assert await Follower(str(tmp_path), EVERY).check() == "1 file; posts.jsonl has 1 post in its first 2 lines"
    put(file, b"a,b\n1,2\n")
    with pytest.raises(BadAnswer, match=r"posts\.jsonl: its first line is not a post"):
        await Follower(str(file), EVERY).check()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(steps=some.lists(some.integers(1, 60), max_size=12), count=some.integers(0, 12))
def test_however_a_file_is_written_every_line_is_read_once(tmp_path: Path, steps: list[int], count: int) -> None:
    whole = b"".join(line(f"post {number} äöü 😡") for number in range(count))
    file, known, read_ = tmp_path / "law.jsonl", Known(), list[str]()
    put(file, b"")
    at = 0
    for step in [*steps, len(whole)]:
        add(file, whole[at : at + step])
        at += step
        os.utime(file, ns=(at + 1, at + 1))
        for lines in batches(file, known):
            read_ += [msgspec.json.decode(one)["text"] for one in lines if one and one.strip()]
    assert read_ == [f"post {number} äöü 😡" for number in range(count)]
