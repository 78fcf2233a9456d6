"""What becomes of mentions, edits, deletions and marks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listen.mention import Care, Mention
from listen.post import Deletion, Mark
from listen.selection import Selection
from listen.store import Heard, Store, Unmatched
from tests.store.invented import NOON, mention, post, verdict

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as store:
        yield store


def heard(store: Store, *events: Heard, now: datetime = NOON) -> list[tuple[str, Mention]]:
    return [(change.kind, change.mention) for change in store.apply("bluesky", "jetstream", events, now)]


def kinds(store: Store, *events: Heard, now: datetime = NOON) -> list[str]:
    return [kind for kind, _ in heard(store, *events, now=now)]


def test_a_new_mention_is_told_and_found_again_as_it_was(store: Store) -> None:
    written = mention(
        mention().post,
        care=Care(status="pending", owner="Ayşe", note="ruft zurück", answered_at=LATER),
    )
    assert heard(store, written) == [("new", written)]
    assert store.find("bluesky:1") == written
    assert store.count() == 1


def test_a_mention_that_comes_again_is_not_told_again(store: Store) -> None:
    assert kinds(store, mention(), mention()) == ["new"]
    assert kinds(store, mention(seen_at=LATER)) == []
    assert store.find("bluesky:1") == mention()


def test_ids_of_two_networks_do_not_meet(store: Store) -> None:
    assert kinds(store, mention(id="7"), mention(id="7", platform="hackernews")) == ["new", "new"]
    assert store.find("hackernews:7") != store.find("bluesky:7")


@pytest.mark.parametrize("id_", ["", "bluesky", "bluesky:", ":1", "mastodon:1", "bluesky:1:1", "\udcff:\udcff"])
def test_nothing_is_found_under_an_unknown_id(store: Store, id_: str) -> None:
    heard(store, mention())
    assert store.find(id_) is None


def test_an_id_may_hold_colons(store: Store) -> None:
    heard(store, mention(id="at://did:plc:x/app.bsky.feed.post/3l"))
    assert store.find("bluesky:at://did:plc:x/app.bsky.feed.post/3l") is not None


def test_counters_and_missing_names_are_refreshed_without_a_word(store: Store) -> None:
    heard(store, mention(likes=1, views=10, author_name=None))
    assert kinds(store, mention(likes=5, replies=2, followers=120, author_name="Anna", seen_at=LATER)) == []
    assert store.find("bluesky:1") == mention(likes=5, views=10, replies=2, followers=120, author_name="Anna")


def test_a_name_that_is_known_stays(store: Store) -> None:
    heard(store, mention(author_name="Anna"))
    heard(store, mention(author_name="Other"))
    assert store.find("bluesky:1") == mention(author_name="Anna")


def test_a_topic_that_is_listened_for_only_now_is_added(store: Store) -> None:
    heard(store, mention(topics=["kindle"]))
    assert kinds(store, mention(topics=["reader", "kindle"])) == []
    assert [found.topics for _, found in store.mentions(Selection(topics=("reader",)))] == [("kindle", "reader")]


EDITS: dict[str, dict[str, Any]] = {
    "text": {"text": "doch nicht"},
    "title": {"title": "Neu"},
    "content warning": {"content_warning": "Technik"},
    "alt texts": {"alt_texts": ("ein Riss im Glas",)},
    "hashtags": {"hashtags": ("kindle", "kaputt")},
}


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS.keys())
def test_other_words_are_an_edit(store: Store, change: dict[str, Any]) -> None:
    heard(store, mention())
    assert heard(store, mention(**change)) == [("edited", mention(**change))]
    assert store.find("bluesky:1") == mention(**change)


def test_hashtags_in_another_spelling_and_order_are_no_edit(store: Store) -> None:
    heard(store, mention(hashtags=("Kindle", "Kaputt")))
    assert kinds(store, mention(hashtags=("kaputt", "kindle"))) == []


def test_an_edit_brings_its_verdict_and_topics_and_keeps_care_first_sight_and_number(store: Store) -> None:
    care = Care(status="answered", owner="Ben", answered_at=LATER)
    heard(store, mention(care=care, likes=3, topics=["kindle", "reader"]))
    new = mention(text="jetzt geht er", verdict=verdict("praise", "low", "en"), topics=["kindle"], seen_at=LATER)
    [(kind, told)] = heard(store, new)
    assert kind == "edited"
    assert told == mention(
        text="jetzt geht er", verdict=verdict("praise", "low", "en"), topics=["kindle"], care=care, likes=3
    )
    assert list(store.mentions(Selection(only=("praise",), statuses=("answered",), langs=("en",)))) == [(1, told)]
    assert not list(store.mentions(Selection(topics=("reader",))))


VERSIONS = [
    pytest.param(None, None, True, id="neither says when: the later one to arrive counts"),
    pytest.param(None, LATER, True, id="only the new one says when"),
    pytest.param(LATER, None, False, id="only the known one says when"),
    pytest.param(LATER, NOON, False, id="an older edit"),
    pytest.param(NOON, LATER, True, id="a newer edit"),
    pytest.param(LATER, LATER, True, id="two edits in one second"),
]


@pytest.mark.parametrize(("known", "new", "replaced"), VERSIONS)
def test_an_old_version_never_replaces_a_newer_one(
    store: Store, known: datetime | None, new: datetime | None, replaced: bool
) -> None:
    heard(store, mention(text="alt", edited_at=known))
    assert kinds(store, mention(text="neu", edited_at=new)) == ["edited"] * replaced
    found = store.find("bluesky:1")
    assert found is not None
    assert found.post.text == ("neu" if replaced else "alt")


def test_an_edit_that_left_the_words_alone_keeps_older_versions_away_too(store: Store) -> None:
    heard(store, mention(text="neu"))
    assert kinds(store, mention(text="neu", edited_at=LATER)) == []
    assert kinds(store, mention(text="alt", edited_at=NOON)) == []


def test_another_servers_rendering_of_the_same_version_is_no_edit(store: Store) -> None:
    heard(store, mention(text="kaputt https://example.org/lang", instance="a.example"))
    assert kinds(store, mention(text="kaputt example.org/l…", instance="b.example", likes=2)) == []
    found = store.find("bluesky:1")
    assert found is not None
    assert (found.post.text, found.post.likes) == ("kaputt https://example.org/lang", 2)


@pytest.mark.parametrize(
    "deletion",
    [
        pytest.param(Deletion(platform="bluesky", id="1"), id="by id"),
        pytest.param(Deletion(platform="bluesky", instance="b.example", ref="b7"), id="by the second server's name"),
        pytest.param(Deletion(platform="bluesky", instance="a.example", ref="a7"), id="by the first server's name"),
        pytest.param(Deletion(platform="bluesky", author_id="did:1"), id="by author"),
    ],
)
def test_a_deletion_withdraws_the_mention_and_keeps_late_repeats_away(store: Store, deletion: Deletion) -> None:
    first = mention(instance="a.example", ref="a7", author_id="did:1")
    again = mention(instance="b.example", ref="b7", author_id="did:1")
    assert kinds(store, first, again) == ["new"]
    assert heard(store, deletion) == [("withdrawn", first)]
    assert kinds(store, again, first, deletion) == []
    assert store.count() == 0


def test_a_deletion_by_author_takes_all_of_his_mentions_and_no_others(store: Store) -> None:
    heard(
        store, *(mention(id=id_, author_id=author) for id_, author in [("1", "x"), ("2", "y"), ("3", "x"), ("4", None)])
    )
    assert kinds(store, Deletion(platform="bluesky", author_id="x")) == ["withdrawn", "withdrawn"]
    assert [found.post.id for _, found in store.mentions(Selection())] == ["2", "4"]


@pytest.mark.parametrize(
    "deletion",
    [
        pytest.param(Deletion(platform="bluesky", id="2"), id="id"),
        pytest.param(Deletion(platform="mastodon", id="1"), id="platform"),
        pytest.param(Deletion(platform="bluesky", instance="b.example", ref="a7"), id="instance"),
        pytest.param(Deletion(platform="bluesky", instance="a.example", ref="a8"), id="ref"),
        pytest.param(Deletion(platform="bluesky", ref="a7"), id="ref without instance"),
        pytest.param(Deletion(platform="bluesky", author_id="y"), id="author"),
        pytest.param(Deletion(platform="bluesky"), id="nothing at all"),
    ],
)
def test_a_deletion_of_something_unknown_does_nothing(store: Store, deletion: Deletion) -> None:
    heard(store, mention(instance="a.example", ref="a7", author_id="x"))
    assert kinds(store, deletion) == []
    assert kinds(store, mention(id="2", author_id="y", ref="a8", instance="a.example")) == ["new"]
    assert store.count() == 2


def test_a_withdrawn_posts_words_are_gone_from_the_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("store") / "listen.db"
    with Store.open(path) as store:
        heard(store, *(mention(id=str(number), text=f"geheim-{number}") for number in range(20)))
        heard(store, Deletion(platform="bluesky", id="7"))
    kept = path.read_bytes()
    assert b"geheim-8" in kept
    assert b"geheim-7" not in kept


def test_deletions_are_forgotten_after_thirty_days(store: Store) -> None:
    heard(store, mention(), Deletion(platform="bluesky", id="1"))
    assert kinds(store, mention(), now=NOON + timedelta(days=30)) == []
    heard(store, Mark("x"), now=NOON + timedelta(days=30, seconds=1))
    assert kinds(store, mention()) == ["new"]


def test_a_post_that_was_only_hidden_comes_back(store: Store) -> None:
    heard(store, mention())
    assert kinds(store, Deletion(platform="bluesky", id="1", lasting=False)) == ["withdrawn"]
    assert kinds(store, mention()) == ["new"]


def test_a_post_that_was_deleted_stays_away_even_if_it_was_hidden_too(store: Store) -> None:
    heard(store, mention(), Deletion(platform="bluesky", id="1"), Deletion(platform="bluesky", id="1", lasting=False))
    assert kinds(store, mention()) == []


def test_an_edit_that_matches_no_more_withdraws_but_may_come_back(store: Store) -> None:
    heard(store, mention())
    assert heard(store, Unmatched("bluesky", "1")) == [("withdrawn", mention())]
    assert kinds(store, Unmatched("bluesky", "1"), mention()) == ["new"]


def test_numbers_are_never_used_twice(store: Store) -> None:
    heard(store, mention(id="1"), mention(id="2"), Deletion(platform="bluesky", id="2"))
    heard(store, mention(id="3"))
    assert [number for number, _ in store.mentions(Selection())] == [1, 3]


def test_changes_are_told_in_the_order_of_the_events(store: Store) -> None:
    told = heard(
        store,
        mention(id="1"),
        Mark("x"),
        mention(id="2"),
        mention(id="1", text="anders"),
        Deletion(platform="bluesky", id="2"),
    )
    assert [(kind, of.post.id) for kind, of in told] == [
        ("new", "1"),
        ("new", "2"),
        ("edited", "1"),
        ("withdrawn", "2"),
    ]


def test_a_batch_that_fails_half_way_leaves_nothing_behind(store: Store) -> None:
    naive = mention(id="2", posted_at=None, seen_at=datetime(2026, 1, 1))
    with pytest.raises(TypeError):
        heard(store, Mark("1"), mention(), naive, Mark("2"))
    assert store.count() == 0
    assert store.cursor("bluesky", "jetstream") is None
    assert kinds(store, mention()) == ["new"]


@pytest.mark.parametrize("year", [1, 1969, 2036, 9999])
def test_claimed_dates_of_any_year_survive(store: Store, year: int) -> None:
    written = mention(posted_at=datetime(year, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
    heard(store, written)
    assert store.find("bluesky:1") == written


def test_text_that_utf8_cannot_hold_is_mended_and_stored(store: Store) -> None:
    broken = mention(id="\ud83d1", text="a\ud83db\0c", ref="\udcff", author_id="\udcff", topics=["\udcff"])
    assert kinds(store, broken, Mark("\udcff")) == ["new"]
    found = store.find("bluesky:\ud83d1")
    assert found is not None
    assert found.post.text == "a\ufffdb\ufffdc"
    assert len(list(store.mentions(Selection(topics=("\udcff",))))) == 1
    assert kinds(store, Deletion(platform="bluesky", ref="\udcff")) == ["withdrawn"]


def test_numbers_of_any_size_survive(store: Store) -> None:
    written = mention(likes=10**30, rating=4.5)
    heard(store, written)
    assert store.find("bluesky:1") == written


def test_a_post_of_a_million_characters_survives(store: Store) -> None:
    written = mention(post("1", "ä" * 1_000_000))
    heard(store, written)
    assert store.find("bluesky:1") == written


def test_a_deletion_that_names_its_author_takes_nothing_of_others_away(store: Store) -> None:
    store.apply("bluesky", "jetstream", [mention(post(author_id="did:1"))], NOON)
    assert kinds(store, Deletion(platform="bluesky", id="1", author_id="did:2")) == []
    assert kinds(store, Deletion(platform="bluesky", id="1", author_id="did:1")) == ["withdrawn"]
