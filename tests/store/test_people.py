"""What is erased is gone, stays away for as long as it should, and is told without names."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listen.care import Marking
from listen.mention import Mention
from listen.post import Deletion, Mark
from listen.respect import Retention
from listen.retaining import JUMP, due, expired, older, outdated, swept
from listen.selection import Selection
from listen.store import Erasure, Reason, Store, Withheld
from listen.store.people import BATCH
from tests.store.invented import NOON, export, mention

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "listen.db") as opened:
        yield opened


def aged(count: int, *, first: int = 0, **more: object) -> list[Mention]:
    """Mentions that were seen a day apart, the first one first."""
    return [mention(id=f"{n:05}", seen_at=NOON + n * DAY, **more) for n in range(first, first + count)]  # type: ignore[arg-type]


def held(store: Store) -> list[str]:
    return [known.post.id for _, known in store.mentions(Selection())]


def hear(store: Store, *heard: Mention, now: datetime = NOON) -> list[str]:
    return [change.mention.post.id for change in store.apply("bluesky", "jetstream", [*heard, Mark("1")], now)]


def test_what_has_been_kept_long_enough_goes_and_the_rest_stays(store: Store) -> None:
    hear(store, *aged(10))
    now = NOON + 12 * DAY
    assert [len(page) for page in outdated(store, Retention(5 * DAY), now)] == [7]
    assert sum(expired(store, Retention(5 * DAY), now)) == 7
    assert held(store) == ["00007", "00008", "00009"], "of what is five days old nothing is over them"
    assert sum(expired(store, Retention(5 * DAY), now)) == 0
    assert store.audit() == [Erasure(now, "retention", "bluesky", 7)]


def test_age_counts_from_when_it_was_seen_whatever_its_author_claims(store: Store) -> None:
    hear(
        store,
        mention(id="forged future", posted_at=datetime(2090, 1, 1, tzinfo=UTC)),
        mention(id="old article", posted_at=NOON - 3000 * DAY, seen_at=NOON + 9 * DAY),
    )
    list(expired(store, Retention(5 * DAY), NOON + 10 * DAY))
    assert held(store) == ["old article"]


def test_topics_and_networks_have_times_of_their_own(store: Store) -> None:
    hear(
        store,
        mention(id="1", topics=("short",)),
        mention(id="2", topics=("short", "other")),
        mention(id="3", platform="feeds", topics=("other",)),
        mention(id="4", topics=("ever",)),
    )
    retention = Retention(100 * DAY, {"short": 10 * DAY, "ever": None}, {"feeds": 20 * DAY})
    left = []
    for days in (9, 11, 21, 101, 5000):
        list(expired(store, retention, NOON + days * DAY))
        left.append(held(store))
    assert left == [["1", "2", "3", "4"], ["2", "3", "4"], ["2", "4"], ["4"], ["4"]]


def test_for_ever_keeps_everything(store: Store) -> None:
    hear(store, *aged(3))
    assert list(expired(store, Retention(None), NOON + 9999 * DAY)) == []


def test_many_are_erased_in_small_transactions_between_which_others_write(store: Store) -> None:
    hear(store, *[mention(id=str(n)) for n in range(1_700)])
    statements: list[str] = []
    store._db.set_trace_callback(statements.append)
    steps = list(expired(store, Retention(DAY), NOON + 2 * DAY))
    store._db.set_trace_callback(None)
    assert sum(steps) == 1_700
    sizes, size = [], 0
    for statement in statements:
        size += statement.startswith("INSERT INTO tombstone")
        if statement == "COMMIT":
            sizes.append(size)
            size = 0
    assert max(sizes) <= BATCH
    assert len(sizes) >= 1_700 / BATCH


def test_a_watch_that_stores_meanwhile_waits_for_no_sweep(store: Store, tmp_path: Path) -> None:
    hear(store, *[mention(id=str(n)) for n in range(2_000)])
    sweep = expired(store, Retention(DAY), NOON + 2 * DAY)
    next(sweep)
    done: list[list[str]] = []

    def other() -> None:
        with Store.open(tmp_path / "listen.db", patience=timedelta(seconds=0)) as theirs:
            done.append(hear(theirs, mention(id="new", seen_at=NOON + 2 * DAY)))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(timeout=30)
    assert done == [["new"]], "half-way through nothing is locked, so that no patience at all is needed"
    list(sweep)
    assert held(store) == ["new"]


def test_a_run_with_other_things_to_do_leaves_the_rest(store: Store) -> None:
    hear(store, *[mention(id=str(n)) for n in range(1_200)])
    first = swept(store, Retention(DAY), NOON + 2 * DAY, most=400)
    assert 400 <= first < 1_200
    assert first + swept(store, Retention(DAY), NOON + 2 * DAY, most=10_000) == 1_200


def test_a_purge_takes_what_is_wanted_and_nothing_else(store: Store) -> None:
    hear(store, *aged(4), *aged(4, first=10, platform="feeds"))
    pages = list(older(store, NOON + 12 * DAY, lambda one: one.platform == "feeds"))
    assert store.erase([number for page in pages for number in page], "purge", NOON) == 2
    assert [known for known in held(store) if known > "00009"] == ["00012", "00013"]


@pytest.mark.parametrize(
    ("reason", "days"),
    [
        ("retention", 400),
        ("purge", 400),
        ("withdrawn", 30),
        ("account deleted", 30),
        ("author's wish", 30),
        ("forget", None),
        ("taken down", 0),
        ("no longer wanted", 0),
    ],
)
def test_what_was_erased_stays_away_as_long_as_it_should(store: Store, reason: Reason, days: int | None) -> None:
    hear(store, mention(id="1"))
    store.erase([1], reason, NOON)
    for day in (0, 29, 31, 399, 401, 9999):
        back = hear(store, mention(id="1"), now=NOON + day * DAY)
        assert back == ([] if days is None or day < days else ["1"]), day
        if back:
            return


def test_an_overlap_does_not_bring_back_what_was_purged(store: Store) -> None:
    hear(store, mention(id="1"))
    list(expired(store, Retention(DAY), NOON + 2 * DAY))
    assert hear(store, mention(id="1", text="edited since", edited_at=NOON), now=NOON + 3 * DAY) == []


def test_an_export_forgets_what_it_delivered_with_the_mention(store: Store) -> None:
    hear(store, *aged(5))
    store.care(["bluesky:00001", "bluesky:00003"], Marking(status="done"), NOON)
    export(store, Selection(statuses=("done",)))
    store.erase([4], "forget", NOON)
    assert store._db.execute("SELECT number FROM delivered").fetchall() == [(2,)]
    with store.delivering("care", Selection()) as pending:
        assert [change.mention.id for change in pending] == ["bluesky:00000", "bluesky:00002", "bluesky:00004"]


def test_what_was_withdrawn_of_a_forgotten_author_waits_for_no_export(store: Store) -> None:
    export(store, Selection(), changes=True)
    ids = ("did:plc:anna/1", "2", "3", "4")
    hear(store, *(mention(id=id_, author_id=f"did:plc:{'ben' if id_ == '4' else 'x'}") for id_ in ids))
    hear(store, mention(id="5", author="cem.example"))
    export(store, Selection(), changes=True)
    store.apply("bluesky", "jetstream", [Deletion(platform="bluesky", id=id_) for id_ in (*ids, "5")], NOON)
    assert waiting(store) == {*ids, "5"}
    store.refuse("bluesky", ["did:plc:x"], NOON)
    assert waiting(store) == {"4", "5"}
    store.refuse("mastodon", ["cem.example", "did:plc:ben"], NOON)
    assert waiting(store) == {"4", "5"}, "who has this name elsewhere may be somebody else"
    store.refuse("bluesky", ["Cem.Example"], NOON)
    assert waiting(store) == {"4"}


def test_a_name_in_the_id_of_a_withdrawn_post_is_forgotten_too(store: Store) -> None:
    export(store, Selection(), changes=True)
    hear(store, mention(id="https://example.social/@anna/1", author=None), mention(id="ann/2", author=None))
    export(store, Selection(), changes=True)
    gone = [Deletion(platform="bluesky", id=id_) for id_ in ("https://example.social/@anna/1", "ann/2")]
    store.apply("bluesky", "jetstream", gone, NOON)
    store.refuse("bluesky", ["Anna", "ann"], NOON)
    assert waiting(store) == {"ann/2"}, "a name of three letters stands in too many ids"


@pytest.mark.parametrize("reason", ["retention", "purge", "forget"])
def test_what_we_let_go_of_ourselves_is_not_told(store: Store, reason: Reason) -> None:
    hear(store, mention(id="1"), mention(id="2"))
    export(store, Selection(), changes=True)
    store.erase([1], reason, NOON)
    store.erase([2], "author's wish", NOON)
    assert waiting(store) == {"2"}
    assert export(store, Selection(), changes=True) == ["bluesky:2"]


def waiting(store: Store) -> set[str]:
    return {id_ for (id_,) in store._db.execute("SELECT id FROM withdrawal")}


@pytest.mark.parametrize(
    ("deletion", "reason"),
    [
        (Deletion(platform="bluesky", id="1"), "withdrawn"),
        (Deletion(platform="bluesky", instance="a", ref="r"), "withdrawn"),
        (Deletion(platform="bluesky", author_id="did:x"), "account deleted"),
        (Deletion(platform="bluesky", author_id="did:x", lasting=False), "taken down"),
    ],
)
def test_the_audit_tells_why(store: Store, deletion: Deletion, reason: Reason) -> None:
    hear(store, mention(id="1", author_id="did:x", instance="a", ref="r"))
    store.apply("bluesky", "jetstream", [deletion, deletion], NOON)
    assert store.audit() == [Erasure(NOON, reason, "bluesky", 1)], "and tells once what happened once"


def test_the_audit_counts_by_the_hour_and_names_nobody(store: Store) -> None:
    hear(store, *[mention(id=f"at://did:plc:anna/{n}", author_id="did:plc:anna") for n in range(6)])
    for minute, number in ((1, 1), (59, 2), (60, 3)):
        store.erase([number], "purge", NOON + timedelta(minutes=minute))
    hour = timedelta(hours=1)
    assert store.audit() == [Erasure(NOON, "purge", "bluesky", 2), Erasure(NOON + hour, "purge", "bluesky", 1)]
    store.erase([4, 5, 6], "forget", NOON)
    rest = repr([store._db.execute(f"SELECT * FROM {table}").fetchall() for table in ("erasure", "tombstone")])
    assert "anna" not in rest, "not even in the ids of posts"


def test_a_forgotten_author_is_not_stored_again_whatever_they_are_called_by(store: Store) -> None:
    store.refuse("bluesky", ["did:plc:anna", "Anna.Example", "https://bsky.app/profile/x"], NOON)
    assert hear(store, mention(id="1", author="somebody", author_id="did:plc:anna")) == []
    assert hear(store, mention(id="2", author="anna.example")) == []
    assert hear(store, mention(id="3", author="@ANNA.example")) == []
    assert hear(store, mention(id="4", author=None, author_url="https://bsky.app/profile/x")) == []
    assert hear(store, mention(id="5", platform="mastodon", author="anna.example")) == ["5"], "who else has that name"
    assert hear(store, mention(id="6", author="anna.example.org")) == ["6"]
    assert hear(store, mention(id="1", author="x"), now=NOON + 9999 * DAY) == ["1"], "it is the author who is kept away"
    assert b"anna" not in bytes(repr(store._db.execute("SELECT * FROM forgotten").fetchall()), "utf-8").lower()
    assert store.refused() == 3


def test_two_stores_hash_the_same_name_differently(tmp_path: Path) -> None:
    keys = set()
    for name in ("a", "b"):
        with Store.open(tmp_path / f"{name}.db") as one:
            one.refuse("bluesky", ["anna.example"], NOON)
            keys |= set(one._db.execute("SELECT key FROM forgotten").fetchall())
            assert len(one.salt()) == 32
            assert one.salt() != one.salt("salt")
    assert len(keys) == 2


def test_a_withheld_post_is_counted_once_and_its_mention_goes(store: Store) -> None:
    hear(store, mention(id="1"))
    wish = Withheld("bluesky", "1", "no-unauthenticated")
    (change,) = store.apply("bluesky", "jetstream", [wish, wish, Withheld("mastodon", "2", "noindex")], NOON)
    assert (change.kind, change.mention.post.id) == ("withdrawn", "1")
    assert store.apply("bluesky", "jetstream", [wish], NOON + DAY) == []
    assert store.withheld() == {("bluesky", "no-unauthenticated"): 1, ("mastodon", "noindex"): 1}
    assert store.audit() == [Erasure(NOON, "author's wish", "bluesky", 1)]
    assert hear(store, mention(id="1")) == []


def test_history_and_marks_go_with_their_mention(store: Store) -> None:
    from listen.care import Marking

    hear(store, *aged(2))
    store.care(["bluesky:00000", "bluesky:00001"], Marking(note="ruft zurück"), NOON, "ben")
    store.erase([1], "forget", NOON)
    assert store._db.execute("SELECT number FROM history").fetchall() == [(2,)]


def test_a_clock_that_jumps_ahead_is_not_believed_and_one_that_goes_on_is(store: Store) -> None:
    hear(store, *aged(1))
    day_by_day = [sum(due(store, Retention(400 * DAY), NOON + n * JUMP * 0.9)) for n in range(3)]
    assert day_by_day == [0, 0, 0]
    assert list(due(store, Retention(400 * DAY), NOON + 9_000 * DAY)) == []
    assert list(due(store, Retention(400 * DAY), NOON - 9_000 * DAY)) == [], "which is forgotten again"
    assert sum(due(store, Retention(100 * DAY), NOON + 2 * JUMP)) == 1
