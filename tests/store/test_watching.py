"""Runs that listen for different topics: none takes anything from the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from listen.mention import Match, Mention, Span
from listen.post import Mark
from listen.selection import Selection
from listen.store import Heard, Note, Store, Unmatched, Watch
from tests.store.invented import NOON, mention

HOUR = timedelta(hours=1)
LATER = NOON + HOUR
KINDLE = Watch((("kindle", "k"),))
TOLINO = Watch((("tolino", "t"),))
BOTH = Watch((("kindle", "k"), ("tolino", "t")))


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as store:
        yield store


def heard(store: Store, watch: Watch, *events: Heard, now: datetime = NOON) -> list[tuple[str, Mention]]:
    return [(change.kind, change.mention) for change in store.apply("bluesky", "jetstream", events, now, watch)]


def marked(store: Store, watch: Watch, cursor: str, hours: float, source: str = "jetstream") -> None:
    store.apply("bluesky", source, [Mark(cursor)], NOON + hours * HOUR, watch)


def resumed(store: Store, *topics: tuple[str, str]) -> str | None:
    return store.cursor("bluesky", "jetstream", Watch(topics))


def only(store: Store) -> Mention:
    [(_, found)] = store.mentions(Selection())
    return found


def test_an_edit_heard_under_other_topics_leaves_the_mention(store: Store) -> None:
    heard(store, KINDLE, mention())
    assert heard(store, TOLINO, Unmatched("bluesky", "1")) == []
    assert only(store) == mention(), "its words are the old ones still, and so are its spans"


def test_an_edit_takes_away_the_topics_that_were_listened_for_and_no_others(store: Store) -> None:
    heard(store, BOTH, mention(topics=["kindle", "tolino"]))
    assert heard(store, TOLINO, Unmatched("bluesky", "1")) == []
    assert only(store) == mention(topics=["kindle"])
    assert not list(store.mentions(Selection(topics=("tolino",))))
    assert heard(store, KINDLE, Unmatched("bluesky", "1")) == [("withdrawn", mention(topics=["kindle"]))]
    assert store.count() == 0


def test_an_edit_heard_under_one_topic_keeps_the_other_without_its_spans(store: Store) -> None:
    heard(store, BOTH, mention(topics=["kindle", "tolino"]))
    [(kind, told)] = heard(store, TOLINO, mention(text="Mein Tolino geht", topics=["tolino"]))
    assert (kind, told.post.text) == ("edited", "Mein Tolino geht")
    assert told.matches == (*mention(topics=["tolino"]).matches, Match("kindle", ()))
    assert only(store) == told
    assert list(store.mentions(Selection(topics=("kindle",)))) == [(1, told)]


def test_spans_come_back_when_the_edit_is_heard_under_their_topic(store: Store) -> None:
    heard(store, KINDLE, mention())
    heard(store, TOLINO, mention(text="jetzt anders", topics=["tolino"]))
    assert heard(store, KINDLE, mention(text="jetzt anders", topics=["kindle"])) == []
    assert set(only(store).matches) == set(mention(topics=["kindle", "tolino"]).matches)


def test_spans_of_another_rendering_are_not_taken_over(store: Store) -> None:
    heard(store, KINDLE, mention(text="kaputt https://example.org/lang", instance="a.example"))
    heard(store, TOLINO, mention(text="kaputt example.org/l…", instance="b.example", topics=["tolino"]))
    assert only(store).matches == (*mention().matches, Match("tolino", ()))


def test_an_edit_that_all_topics_heard_replaces_them_all(store: Store) -> None:
    heard(store, BOTH, mention(topics=["kindle", "tolino"]))
    heard(store, BOTH, mention(text="Mein Tolino geht", topics=["tolino"]))
    assert only(store).topics == ("tolino",)


def test_an_older_edit_does_not_take_a_newer_mention_away(store: Store) -> None:
    heard(store, KINDLE, mention(edited_at=LATER))
    assert heard(store, KINDLE, Unmatched("bluesky", "1", NOON)) == []
    assert [kind for kind, _ in heard(store, KINDLE, Unmatched("bluesky", "1", LATER))] == ["withdrawn"]


def test_topics_that_utf8_cannot_hold_are_told_apart_all_the_same(store: Store) -> None:
    odd = Watch((("\udcff", "\udcff"),))
    heard(store, odd, mention(topics=["\udcff"]), Mark("1"))
    heard(store, odd, mention(topics=["\udcff"]))
    assert len(only(store).matches) == 1
    assert store.cursor("bluesky", "jetstream", odd) == "1"
    assert [kind for kind, _ in heard(store, odd, Unmatched("bluesky", "1"))] == ["withdrawn"]


def test_an_ad_hoc_watch_does_not_move_the_cursor_of_the_config(store: Store) -> None:
    marked(store, KINDLE, "100", 0)
    marked(store, TOLINO, "900", 8)
    assert store.cursor("bluesky", "jetstream", KINDLE) == "100"
    assert store.cursor("bluesky", "jetstream", TOLINO) == "900"


@pytest.mark.parametrize("watches", [(KINDLE, TOLINO), (TOLINO, KINDLE)], ids=["kindle", "tolino"])
@pytest.mark.parametrize("cursors", [("100", "900"), ('{"seen":1}', "b"), ("z", "9")], ids=["numbers", "words", "both"])
def test_a_watch_of_both_resumes_where_the_one_further_behind_is(
    store: Store, cursors: tuple[str, str], watches: tuple[Watch, Watch]
) -> None:
    marked(store, watches[0], cursors[0], 0)
    marked(store, watches[1], cursors[1], 8)
    assert store.cursor("bluesky", "jetstream", BOTH) == cursors[0]


def test_a_watch_stopped_while_it_caught_up_is_behind_one_that_was_live_before(store: Store) -> None:
    marked(store, TOLINO, "900", 8)
    marked(store, KINDLE, "110", 9)
    assert store.cursor("bluesky", "jetstream", BOTH) == "110"


def test_topics_heard_together_go_on_alone_from_there(store: Store) -> None:
    marked(store, KINDLE, "100", 0)
    marked(store, BOTH, "500", 5)
    assert resumed(store, ("tolino", "t")) == "500"
    assert resumed(store, ("kindle", "k")) == "500"


def test_a_topic_that_is_new_does_not_hold_the_others_back(store: Store) -> None:
    marked(store, KINDLE, "100", 0)
    assert resumed(store, ("kindle", "k"), ("new", "n")) == "100"
    assert resumed(store, ("new", "n")) is None


def test_an_edited_query_goes_on_where_the_old_one_was(store: Store) -> None:
    marked(store, KINDLE, "100", 0)
    marked(store, Watch((("kindle", "k2"),)), "200", 1)
    assert resumed(store, ("kindle", "k3")) == "200"
    assert resumed(store, ("kindle", "k")) == "100", "what only the other query heard, this one has missed"


def test_order_and_repetition_of_topics_do_not_matter(store: Store) -> None:
    marked(store, BOTH, "1", 0)
    marked(store, Watch((*reversed(BOTH.topics), *BOTH.topics)), "2", 1)
    assert store._db.execute("SELECT cursor FROM mark").fetchall() == [("2",)]


def test_a_watch_without_topics_has_a_cursor_of_its_own(store: Store) -> None:
    marked(store, Watch(), "1", 0)
    marked(store, KINDLE, "2", 1)
    assert store.cursor("bluesky", "jetstream") == "1"


def test_a_mark_is_one_row_however_many_topics_there_are(store: Store) -> None:
    many = Watch(tuple((f"topic {number}", "x") for number in range(1_000)))
    marked(store, many, "1", 0)
    before = store._db.total_changes
    marked(store, many, "2", 1)
    assert store._db.total_changes == before + 1


def test_sources_show_the_newest_cursor_of_any_watch(store: Store) -> None:
    marked(store, KINDLE, "100", 3)
    marked(store, TOLINO, "900", 1)
    marked(store, TOLINO, "7", 2, source="search")
    assert [(known.source, known.cursor, known.marked_at) for known in store.sources()] == [
        ("jetstream", "100", NOON + 3 * HOUR),
        ("search", "7", NOON + 2 * HOUR),
    ]


def test_a_watch_left_behind_for_ninety_days_is_forgotten(store: Store) -> None:
    marked(store, TOLINO, "1", 0)
    marked(store, KINDLE, "2", 90 * 24)
    assert resumed(store, ("tolino", "t")) == "1"
    marked(store, KINDLE, "3", 90 * 24 + 1)
    assert resumed(store, ("tolino", "t")) is None
    assert store._db.execute("SELECT name FROM watch_topic").fetchall() == [("kindle",)]


def test_a_watch_that_rested_for_ninety_days_goes_on_where_it_was(store: Store) -> None:
    marked(store, KINDLE, "1", 0)
    marked(store, TOLINO, "7", 200 * 24, source="search")
    store.note("bluesky", "jetstream", Note(state="live"), NOON + timedelta(days=200))
    assert resumed(store, ("kindle", "k")) == "1"


def test_the_words_of_a_match_are_those_of_the_text_it_is_stored_with(store: Store) -> None:
    heard(store, KINDLE, mention())
    longer = mention(text="Ach, mein Lesegerät geht nicht mehr", topics=["tolino"])
    heard(store, TOLINO, longer)
    assert [match.spans for match in only(store).matches] == [(Span(5, 15, "Lesegerät"),), ()]
