"""What people do about mentions, in the store: it stays, whatever networks and judges say later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listen.care import Marking, marked, rejudged, response_time
from listen.errors import UsageError
from listen.mention import Flag, Mention, OpportunityKind, record
from listen.selection import Selection
from listen.store import Store
from tests.store.invented import NOON, mention, verdict

LATER = NOON + timedelta(hours=2)
IDS = ["bluesky:1", "bluesky:2"]


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        opened.apply("bluesky", "stream", [mention(id="1"), mention(id="2"), mention(id="3")], NOON)
        yield opened


def known(store: Store, id_: str = "bluesky:1") -> Mention:
    found = store.find(id_)
    assert found is not None
    return found


def test_several_mentions_are_marked_at_once(store: Store) -> None:
    after = store.care(IDS, Marking(status="pending", owner="Ayşe", note="ruft zurück"), NOON)
    assert [each.id for each in after] == IDS
    for id_ in IDS:
        care = known(store, id_).care
        assert (care.status, care.owner, care.note, care.answered_at) == ("pending", "Ayşe", "ruft zurück", None)
    assert known(store, "bluesky:3").care.status == "open"
    assert [each.id for _, each in store.mentions(Selection(statuses=("pending",)))] == IDS


def test_an_unknown_id_is_named_and_nothing_is_marked(store: Store) -> None:
    with pytest.raises(UsageError, match="'bluesky:9'"):
        store.care(["bluesky:1", "bluesky:9", "bluesky:2"], Marking(status="done", flag="none"), NOON)
    assert known(store).care.status == "open"
    assert store.corrected() == []


def test_what_is_not_said_stays_and_an_empty_name_is_taken_away(store: Store) -> None:
    store.care(IDS, Marking(owner="Ben", note="warten"), NOON)
    store.care(IDS, Marking(status="done"), NOON)
    assert (known(store).care.owner, known(store).care.note) == ("Ben", "warten")
    store.care(IDS, Marking(owner="", note=""), NOON)
    assert (known(store).care.owner, known(store).care.note, known(store).care.status) == (None, None, "done")


def test_answered_at_is_the_first_answer_until_the_mention_is_open_again(store: Store) -> None:
    store.care(IDS, Marking(status="answered"), NOON)
    store.care(IDS, Marking(status="answered"), LATER)
    store.care(IDS, Marking(status="done"), LATER)
    assert known(store).care.answered_at == NOON
    store.care(IDS, Marking(status="open"), LATER)
    assert known(store).care.answered_at is None


def test_a_corrected_flag_is_what_everybody_sees_and_selects(store: Store) -> None:
    store.care(["bluesky:1"], Marking(flag="opportunity", opportunity_kind="switching"), NOON)
    facts = record(known(store))
    assert (facts["flag"], facts["opportunity_kind"], facts["why"]) == ("opportunity", "switching", [])
    assert facts["complaint"] == 0.91, "scores stay the judge's"
    assert [each.id for _, each in store.mentions(Selection(only=("opportunity",)))] == ["bluesky:1"]
    assert [each.id for each in store.corrected()] == ["bluesky:1"]


def test_a_corrected_flag_outlasts_edits_and_repetitions(store: Store) -> None:
    store.care(["bluesky:1"], Marking(flag="none", status="not-relevant"), NOON)
    edited = mention(id="1", text="Jetzt geht er gar nicht mehr!", edited_at=LATER, verdict=verdict("complaint"))
    (change,) = store.apply("bluesky", "stream", [edited], LATER)
    assert change.mention.verdict.flag == "none"
    store.apply("bluesky", "stream", [mention(id="1", edited_at=LATER, text=edited.post.text)], LATER)
    after = known(store)
    assert after.post.text == edited.post.text
    assert (after.verdict.flag, after.verdict.urgency, after.care.status) == ("none", "low", "not-relevant")
    assert [each.id for _, each in store.mentions(Selection(only=("none",)))] == ["bluesky:1"]
    assert len(store.corrected()) == 1


def test_a_confirmed_flag_keeps_its_reasons_and_counts_as_a_label(store: Store) -> None:
    before = known(store).verdict
    store.care(["bluesky:1"], Marking(flag="complaint"), NOON)
    assert known(store).verdict == before
    assert len(store.corrected()) == 1


def test_a_second_correction_knows_what_the_judge_had_said(store: Store) -> None:
    before = known(store).verdict
    store.care(["bluesky:1"], Marking(flag="none"), NOON)
    store.care(["bluesky:1"], Marking(flag="complaint"), NOON)
    assert known(store).verdict == before


_FLAGS = st.sampled_from(("complaint", "opportunity", "praise", "none"))
_KINDS = st.sampled_from((None, "question", "buying", "switching"))


@given(_FLAGS, _FLAGS, _KINDS)
def test_any_flag_can_be_given_and_survives_any_verdict(judged: Flag, said: Flag, kind: OpportunityKind | None) -> None:
    before = mention(verdict=verdict(judged))
    after = marked(before, Marking(flag=said, opportunity_kind=kind if said == "opportunity" else None), NOON)
    assert after.verdict.flag == said
    assert (after.verdict.opportunity_kind is None) or said == "opportunity"
    assert said not in {"none", "praise"} or said == judged or after.verdict.urgency == "low"
    again = rejudged(mention(verdict=verdict("praise")), after.care)
    assert again.verdict.flag == said
    assert json.dumps(record(again))


def test_every_change_is_told_with_its_time_and_who_did_it(store: Store) -> None:
    store.care(["bluesky:1"], Marking(status="pending", owner="Ben"), NOON, "anna")
    store.care(["bluesky:1"], Marking(status="pending", owner="Ben"), LATER, "anna")
    store.care(
        ["bluesky:1"], Marking(status="answered", owner="", flag="opportunity", opportunity_kind="buying"), LATER
    )
    told = [(each.at, each.by, each.turn.field, each.turn.old, each.turn.new) for each in store.history("bluesky:1")]
    assert told == [
        (NOON, "anna", "status", "open", "pending"),
        (NOON, "anna", "owner", None, "Ben"),
        (LATER, None, "status", "pending", "answered"),
        (LATER, None, "owner", "Ben", None),
        (LATER, None, "flag", "complaint", "opportunity: buying"),
    ], "and what changes nothing is not told"
    assert store.history("bluesky:2") == []
    assert store.history("bluesky:unknown") == []


def test_history_survives_edits_repetitions_and_new_verdicts(store: Store) -> None:
    store.care(["bluesky:1"], Marking(status="answered", note="per Mail", flag="none"), LATER, "anna")
    before = store.history("bluesky:1")
    edited = mention(id="1", text="Doch nicht kaputt", edited_at=LATER, verdict=verdict("praise"))
    store.apply("bluesky", "stream", [edited, edited, mention(id="1"), mention(id="1", likes=5)], LATER)
    assert store.history("bluesky:1") == before
    care = known(store).care
    assert (care.status, care.note, care.answered_at) == ("answered", "per Mail", LATER)
    assert known(store).verdict.flag == "none"


def test_nothing_is_told_of_a_marking_that_failed(store: Store) -> None:
    with pytest.raises(UsageError):
        store.care(["bluesky:1", "bluesky:9"], Marking(status="done"), NOON, "anna")
    assert store.history("bluesky:1") == []


def test_the_response_time_runs_from_the_post_to_its_first_answer(store: Store) -> None:
    def took() -> timedelta | None:
        return response_time(known(store))

    assert took() is None
    store.care(["bluesky:1"], Marking(status="answered"), LATER)
    store.care(["bluesky:1"], Marking(status="answered"), LATER + timedelta(days=1))
    assert took() == timedelta(hours=2)
    store.care(["bluesky:1"], Marking(status="open"), LATER)
    assert took() is None
    future = mention(id="4", posted_at=NOON + timedelta(days=900))
    store.apply("bluesky", "stream", [future], NOON)
    store.care(["bluesky:4"], Marking(status="answered"), LATER)
    assert response_time(known(store, "bluesky:4")) == timedelta(hours=2), "a post from the future counts as seen"
