"""A file is written whole or not at all, and each mention is delivered to each export once."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from listen.cli.forms import zone_from
from listen.delivery import Delivery, Form, Way
from listen.delivery import deliver as delivered
from listen.errors import OutputError, StoreError, UsageError
from listen.mention import Change, Context, Match, Mention, Span
from listen.selection import Selection
from listen.store import Delivering, Store
from tests.stations import NOON, calm, post

EVERYTHING = Selection()


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened


def hear(store: Store, *numbers: int) -> None:
    mentions = []
    for number in numbers:
        heard = post(number)
        match = Match(topic="kindle", spans=(Span(5, 12, "#Kindle"),))
        verdict = calm(heard.text, Context())
        mentions.append(Mention(post=heard, matches=(match,), verdict=verdict, seen_at=NOON))
    store.apply("test", "a", mentions, NOON)


def ids(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return [row["id"] for row in csv.DictReader(stream)]


def undelivered(store: Store, name: str = "care") -> list[str]:
    with store.delivering(name, EVERYTHING) as pending:
        return [change.mention.post.id for change in pending]


def deliver(store: Store, delivery: Delivery, form: Form, file: Path, *, append: bool = False) -> int:
    return delivered(store, delivery, form, Way(file, append=append))


def test_a_named_export_delivers_each_mention_once(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    hear(store, 1, 2)
    assert deliver(store, Delivery(EVERYTHING, "care"), Form(), file) == 2
    hear(store, 2, 3)
    assert deliver(store, Delivery(EVERYTHING, "care"), Form(), file) == 1
    assert ids(file) == ["test:3"]
    assert deliver(store, Delivery(EVERYTHING, "care"), Form(), file) == 0
    assert deliver(store, Delivery(EVERYTHING, "other"), Form(), file) == 3


def test_what_a_filter_or_limit_skipped_is_delivered_when_it_goes(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    hear(store, 1, 2, 3)
    assert deliver(store, Delivery(Selection(only=("complaint",)), "care"), Form(), file) == 0
    assert deliver(store, Delivery(Selection(limit=2), "care"), Form(), file) == 2
    assert undelivered(store) == ["3"]
    assert deliver(store, Delivery(EVERYTHING, "care"), Form(), file) == 1
    assert ids(file) == ["test:3"]


def test_appending_to_a_file_without_its_name_in_the_export_still_doubles_nothing(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    hear(store, 1)
    for _ in range(3):
        deliver(store, Delivery(EVERYTHING, "care"), Form(), file, append=True)
    assert ids(file) == ["test:1"]


def test_appending_goes_on_after_earlier_rows_under_one_header(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    for number in (1, 2, 3):
        hear(store, number)
        deliver(store, Delivery(EVERYTHING, "care"), Form(style="excel"), file, append=True)
    assert ids(file) == ["test:1", "test:2", "test:3"]
    assert file.read_bytes().count(b"\xef\xbb\xbf") == 1


def test_a_file_with_other_columns_is_not_appended_to(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    hear(store, 1)
    deliver(store, Delivery(EVERYTHING), Form(columns=("id", "text")), file)
    before = file.read_bytes()
    with pytest.raises(UsageError, match="has other columns"):
        deliver(store, Delivery(EVERYTHING, "care"), Form(), file, append=True)
    assert file.read_bytes() == before
    assert undelivered(store) == ["1"]


@pytest.mark.parametrize(
    ("style", "begun", "further", "refused"),
    [
        ("plain", None, "Europe/Berlin", True),
        ("plain", "Europe/Berlin", None, True),
        ("plain", "Europe/Berlin", "America/New_York", True),
        ("plain", "Europe/Berlin", "Europe/Berlin", False),
        ("plain", None, "UTC", False),
        ("excel-de", "Europe/Berlin", None, True),
        ("excel-de", None, "Europe/Berlin", True),
        ("excel-de", "Europe/Berlin", "Europe/Berlin", False),
    ],
)
def test_a_file_with_times_of_another_zone_is_not_appended_to(
    store: Store, tmp_path: Path, style: str, begun: str | None, further: str | None, refused: bool
) -> None:
    file, wanted = tmp_path / "all.csv", Delivery(EVERYTHING, "care")
    hear(store, 1)
    deliver(store, wanted, Form(style=style, zone=zone_from(begun)), file, append=True)
    hear(store, 2)
    if refused:
        with pytest.raises(UsageError, match="has times of another zone"):
            deliver(store, wanted, Form(style=style, zone=zone_from(further)), file, append=True)
    assert undelivered(store) == ["2"]
    told = begun if refused else further
    assert deliver(store, wanted, Form(style=style, zone=zone_from(told)), file, append=True) == 1
    assert len(file.read_text("utf-8").splitlines()) == 3


@pytest.mark.parametrize("append", [False, True], ids=["replace", "append"])
def test_a_delivery_that_breaks_leaves_the_file_and_the_mark_as_they_were(
    store: Store, tmp_path: Path, append: bool
) -> None:
    class Breaking(Delivering):
        def __iter__(self) -> Iterator[Change]:
            yield from islice(super().__iter__(), 1)
            raise StoreError("the disk broke")

    class Broken(Store):
        @contextmanager
        def delivering(self, name: str, selection: Selection, *, changes: bool = False) -> Iterator[Delivering]:
            with super().delivering(name, selection, changes=changes) as pending:
                pending.__class__ = Breaking
                yield pending

    file = tmp_path / "new.csv"
    with Broken.open(tmp_path / "listen.db") as breaking:
        hear(breaking, 1, 2)
        hear(store, 9)
        deliver(store, Delivery(EVERYTHING), Form(), file)
        before = file.read_bytes()
        with pytest.raises(StoreError, match="the disk broke"):
            deliver(breaking, Delivery(EVERYTHING, "care"), Form(), file, append=append)
    with Store.open(tmp_path / "listen.db") as sound:
        assert undelivered(sound) == ["1", "2"]
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_a_folder_that_is_not_there_is_an_error_that_says_so(store: Store, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written: no such file or directory"):
        deliver(store, Delivery(EVERYTHING), Form(), tmp_path / "none" / "new.csv")


def test_jsonl_is_delivered_the_same_way(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "new.jsonl"
    hear(store, 1)
    deliver(store, Delivery(EVERYTHING, "care"), Form(kind="jsonl"), file, append=True)
    hear(store, 2)
    deliver(store, Delivery(EVERYTHING, "care"), Form(kind="jsonl"), file, append=True)
    assert file.read_text(encoding="utf-8").count("\n") == 2
