"""Imported mentions in the store: nothing is doubled, nothing that is known there is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from listen.care import Marking
from listen.importing.filing import BATCH, Filer, Filing, Tally
from listen.importing.row import Row
from listen.mention import Care, Context, Mention, Verdict, record
from listen.post import Deletion
from listen.selection import Selection
from listen.store import Store
from listen.watchlist import Topic, Watchlist
from tests.store.invented import NOON, mention, verdict

LATER = NOON + timedelta(hours=1)
WATCHLIST = Watchlist([Topic(name="kindle", query="kindle"), Topic(name="tolino", query="tolino", role="competitor")])


def judge(text: str, context: Context) -> Verdict:
    """Sure of itself, and to be told apart from what a file says."""
    return replace(verdict("praise", "low", "en"), praise=0.99, complaint=0.0, sentiment=0.9, reasons=())


FILING = Filing(watchlist=WATCHLIST, judge=judge)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened


def row(said: Mention | None = None, **more: Any) -> Row:
    """A row as an export of ours has it; without a mention one of a foreign table."""
    facts = {} if said is None else record(said)
    times = ("posted_at", "seen_at", "edited_at", "answered_at")
    lists = ("hashtags", "topics", "matched", "why")
    told: dict[str, Any] = {key: tuple(value) if key in lists else value for key, value in facts.items()}  # type: ignore[arg-type]
    if said is not None:
        told |= dict(
            zip(times, (said.post.posted_at, said.seen_at, said.post.edited_at, said.care.answered_at), strict=True)
        )
    return Row(**{"text": "Mein Kindle streikt", **told, **more})


def filed(store: Store, *rows: Row, **how: Any) -> Tally:
    filer = Filer(store, replace(FILING, **how), "x.csv")
    for each in rows:
        filer.take(each)
    filer.finish()
    return filer.tally


def kept(store: Store) -> list[Mention]:
    return [said for _, said in store.mentions(Selection())]


@pytest.mark.parametrize("between", [0, BATCH], ids=["soon", "much later"])
def test_what_an_export_has_told_as_withdrawn_does_not_come_in(store: Store, between: int) -> None:
    others = [row(mention(id=f"other {number}"), change="new") for number in range(between)]
    gone = Row(id="bluesky:1", platform="bluesky", change="withdrawn")
    tally = filed(store, row(mention(id="1"), change="new"), *others, gone, gone)
    assert tally == Tally(new=between, withdrawn=1)
    assert "bluesky:1" not in {said.id for said in kept(store)}
    assert filed(store, row(mention(id="1"))) == Tally(new=1), "elsewhere it may still be wanted"


def test_what_the_store_had_before_an_export_told_it_as_withdrawn_stays(store: Store) -> None:
    filed(store, row(mention(id="1", care=CARED)))
    gone = Row(id="bluesky:1", platform="bluesky", change="withdrawn", status=None, owner=None, note=None)
    assert filed(store, row(mention(id="1", care=CARED), change="marked"), gone) == Tally(known=1)
    assert kept(store)[0].care == CARED


CARED = Care(status="answered", owner="anna", note="ruft an", answered_at=LATER)


def test_an_own_row_comes_in_as_it_was(store: Store) -> None:
    said = mention(text="Mein Lesegerät geht nicht mehr", topics=["reader", "kindle"], care=CARED)
    assert filed(store, row(said)) == Tally(new=1)
    assert [record(each) for each in kept(store)] == [record(said)]
    assert [span.text for match in kept(store)[0].matches for span in match.spans] == ["Lesegerät", "Lesegerät"]


def test_importing_twice_changes_nothing(store: Store) -> None:
    rows = [row(mention(id=str(n), care=CARED)) for n in range(3)] + [row(text="kindle", author="x")]
    assert filed(store, *rows) == Tally(new=4)
    before = kept(store)
    assert filed(store, *rows) == Tally(known=4)
    assert filed(store, *rows, overrule=True) == Tally(known=4)
    assert kept(store) == before


def test_what_the_store_knows_better_stays(store: Store) -> None:
    """An export has no alt texts and content warnings, and may be older."""
    rich = mention(text="Mein Lesegerät", content_warning="Ärger", alt_texts=("ein Bild",), likes=9, care=CARED)
    store.apply("bluesky", "jetstream", [rich], NOON)
    poor = mention(text="Mein Lesegerät", likes=1, care=Care(status="pending"))
    assert filed(store, row(poor)) == Tally(known=1, other_care=1)
    assert kept(store) == [rich]


def test_a_later_version_of_a_post_is_taken(store: Store) -> None:
    store.apply("bluesky", "jetstream", [mention(text="alt", topics=["kindle", "tolino"], care=CARED)], NOON)
    assert filed(store, row(mention(text="neu", edited_at=LATER))) == Tally(changed=1)
    [now] = kept(store)
    assert (now.post.text, now.topics, now.care) == ("neu", ("kindle", "tolino"), CARED)
    assert filed(store, row(mention(text="alt"))) == Tally(known=1)


def test_the_last_row_of_a_mention_counts(store: Store) -> None:
    """A file that was appended to holds a mention again when it was edited or cared for."""
    rows = [
        row(mention(text="eins")),
        row(mention(text="zwei", edited_at=LATER, care=Care(status="pending", owner="ben"))),
        row(mention(text="zwei", edited_at=LATER, care=CARED)),
    ]
    assert filed(store, *rows) == Tally(new=1, changed=2)
    assert [(said.post.text, said.care) for said in kept(store)] == [("zwei", CARED)]


def test_care_is_filled_in_where_nobody_has_cared(store: Store) -> None:
    store.apply("bluesky", "jetstream", [mention()], NOON)
    assert filed(store, row(mention(care=CARED))) == Tally(changed=1)
    assert kept(store)[0].care == CARED


@pytest.mark.parametrize("status", ["answered", "done", "not-relevant"])
def test_when_it_was_answered_is_kept_whatever_became_of_it(store: Store, status: Any) -> None:
    store.apply("bluesky", "jetstream", [mention()], NOON)
    filed(store, row(mention(care=replace(CARED, status=status))))
    assert kept(store)[0].care == replace(CARED, status=status)


def test_the_store_goes_before_the_file_unless_it_is_asked_otherwise(store: Store) -> None:
    ours = Care(status="pending", owner="ben", note="alt")
    store.apply("bluesky", "jetstream", [mention(care=ours)], NOON)
    assert filed(store, row(mention(care=CARED))) == Tally(known=1, other_care=1)
    assert kept(store)[0].care == ours
    emptied = row(mention(), status="done", owner=None, note="neu")
    assert filed(store, emptied, overrule=True) == Tally(changed=1)
    assert kept(store)[0].care == Care(status="done", note="neu")


def test_a_file_without_columns_for_care_leaves_it_alone(store: Store) -> None:
    store.apply("bluesky", "jetstream", [mention(care=CARED)], NOON)
    said = Row(platform="bluesky", id="1", text="x", topics=("kindle",))
    assert filed(store, said, overrule=True) == Tally(known=1)
    assert kept(store)[0].care == CARED


def test_a_flag_that_a_person_gave_stays(store: Store) -> None:
    store.apply("bluesky", "jetstream", [mention()], NOON)
    store.care(["bluesky:1"], Marking(flag="praise"), NOON)
    filed(store, row(mention(care=CARED)))
    assert (kept(store)[0].verdict.flag, kept(store)[0].care.owner) == ("praise", "anna")


def test_foreign_rows_are_judged_and_find_their_topics(store: Store) -> None:
    rows = [row(text="Mein Kindle"), row(text="tolino oder Kindle?"), row(text="nichts davon")]
    assert filed(store, *rows) == Tally(new=2, unmatched=1)
    first, second = kept(store)
    assert (first.topics, second.topics) == (("kindle",), ("kindle", "tolino"))
    assert second.matches[1].role == "competitor"
    assert first.verdict == judge("", Context())


def test_topics_of_the_file_count_unless_others_are_asked_for(store: Store) -> None:
    said = mention(text="tolino", topics=["reader"])
    assert filed(store, row(said), asked=True) == Tally(new=1)
    assert kept(store)[0].topics == ("tolino",)
    assert filed(store, row(said)) == Tally(changed=1)
    assert kept(store)[0].topics == ("tolino", "reader")
    assert filed(store, row(said), topic="all") == Tally(changed=1)
    assert filed(store, row(said), topic="all") == Tally(known=1)
    assert kept(store)[0].topics == ("tolino", "reader", "all")


def test_a_forced_topic_that_is_known_has_its_words(store: Store) -> None:
    filed(store, row(text="Mein tolino"), row(text="nichts davon"), topic="tolino")
    first, second = kept(store)
    assert [(match.role, [span.text for span in match.spans]) for match in first.matches] == [
        ("competitor", ["tolino"])
    ]
    assert [(match.role, match.spans) for match in second.matches] == [("competitor", ())]


def test_verdicts_are_kept_or_judged_anew_or_filled_in(store: Store) -> None:
    filed(store, row(mention(id="1")), row(mention(id="2"), opportunity_kind=None, sentiment=None))
    filed(store, row(mention(id="3")), anew=True)
    filed(store, row(text="kindle", flag="opportunity", opportunity_kind="buying"))
    whole, partly, anew, flagged = (said.verdict for said in kept(store))
    assert replace(whole, reasons=()) == replace(verdict(), reasons=())
    assert [reason.text for reason in whole.reasons] == ["geht nicht mehr"]
    assert (partly.flag, partly.complaint, partly.sentiment) == ("complaint", 0.91, 0.9)
    assert anew == judge("", Context())
    assert (flagged.flag, flagged.opportunity_kind, flagged.praise) == ("opportunity", "buying", 0.99)


def test_a_post_that_its_author_took_back_stays_away(store: Store) -> None:
    store.apply("bluesky", "jetstream", [mention()], NOON)
    store.apply("bluesky", "jetstream", [Deletion(platform="bluesky", id="1")], NOON)
    assert filed(store, row(mention())) == Tally(withdrawn=1)
    assert kept(store) == []


def test_more_than_a_batch_comes_in_whole(store: Store) -> None:
    rows = [row(mention(id=str(n))) for n in range(BATCH * 2 + 1)]
    assert filed(store, *rows) == Tally(new=BATCH * 2 + 1)
    assert store.count() == BATCH * 2 + 1


def test_words_that_do_not_stand_in_the_text_are_kept_all_the_same(store: Store) -> None:
    filed(store, row(mention(text="ganz anders")))
    [said] = kept(store)
    assert (said.matched, [reason.text for reason in said.verdict.reasons]) == (("Lesegerät",), ["geht nicht mehr"])
    assert said.matches[0].spans[0].start == said.matches[0].spans[0].end
