"""Teaching as a whole: labels from files and marks, what is switched on and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from listen.asking import margin, questions
from listen.care import Marking
from listen.judge import Judge
from listen.judge.taught import Labelled, load
from listen.mention import Flag
from listen.store import Store
from listen.teaching import LEAST, cases, moved_words, skip, teach, undo
from tests.judge.stream import COMPLAINTS, MENTIONS
from tests.store.invented import NOON, mention, verdict

JUDGE = Judge()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "a.db") as opened:
        yield opened


def labels(flag: Flag, texts: Sequence[str]) -> list[Labelled]:
    return [Labelled(text=text, label=flag, lang="de") for text in texts]


STREAM = labels("complaint", COMPLAINTS) + labels("none", MENTIONS)


def test_a_word_of_the_users_own_is_learnt_proved_and_switched_on(store: Store) -> None:
    taught = teach(JUDGE, store, STREAM)
    assert taught.proof is not None
    assert taught.proof.better
    assert taught.proof.taught.log_loss < taught.proof.untaught.log_loss
    assert taught.adaptation is not None
    assert load(store.path) == taught
    assert "verglorpt" in " ".join(word.text for word in moved_words(taught.adaptation, cases(taught.labels, store)))
    adapted = Judge(adaptation=taught.adaptation)
    new = "Ein Schnurps ist morgens verglorpt"
    assert adapted(new).complaint > JUDGE(new).complaint


def test_the_same_labels_teach_the_same(store: Store, tmp_path: Path) -> None:
    with Store.open(tmp_path / "b.db") as other:
        assert teach(JUDGE, store, STREAM) == teach(JUDGE, other, STREAM)


def test_too_few_labels_change_nothing_but_are_kept_and_add_up(store: Store) -> None:
    first, *rest = (STREAM[at::4] for at in range(4))
    assert len(first) < LEAST
    few = teach(JUDGE, store, first)
    assert few.adaptation is None
    assert f"{LEAST} labels are the least" in few.why
    for more in rest:
        taught = teach(JUDGE, store, more)
    assert len(taught.labels) == len(STREAM)
    assert taught.proof is not None


def test_labels_of_one_kind_change_nothing(store: Store) -> None:
    assert "all 30 labels are 'none'" in teach(JUDGE, store, labels("none", MENTIONS)).why


def test_nothing_but_mistakes_changes_nothing(store: Store) -> None:
    texts = [*COMPLAINTS, *MENTIONS]
    wrong = [
        Labelled(text=text, label="praise" if JUDGE(text).flag != "praise" else "none", lang="de") for text in texts
    ]
    taught = teach(JUDGE, store, [*wrong, Labelled(text="x", label="opportunity")])
    assert taught.adaptation is None
    assert "as if only its mistakes had been marked" in taught.why


def test_what_does_no_better_is_not_switched_on(store: Store) -> None:
    agreed = [Labelled(text=text, label=JUDGE(text).flag, lang="de") for text in (*COMPLAINTS, *MENTIONS)]
    other: Flag = "praise"
    spoilt = [
        each if at % 3 else Labelled(text=each.text, label=other if each.label != other else "none")
        for at, each in enumerate(agreed)
    ]
    taught = teach(JUDGE, store, spoilt)
    if taught.adaptation is None:
        assert "does no better" in taught.why
    else:
        assert taught.proof is not None
        assert taught.proof.better


def test_undone_the_judge_is_as_shipped_and_the_labels_are_kept(store: Store) -> None:
    teach(JUDGE, store, STREAM)
    undo(store)
    after = load(store.path)
    assert after.adaptation is None
    assert len(after.labels) == len(STREAM)
    assert teach(JUDGE, store).adaptation is not None


def test_marked_mentions_are_labels_and_go_with_their_mentions(store: Store) -> None:
    store.apply("bluesky", "s", [mention(id=str(at), text=text) for at, text in enumerate(COMPLAINTS)], NOON)
    store.care(["bluesky:0", "bluesky:1"], Marking(flag="none"), NOON)
    assert [(case.text, case.label) for case in cases((), store)] == [(text, "none") for text in COMPLAINTS[:2]]
    from_file = labels("praise", COMPLAINTS[:1])
    assert {case.text: case.label for case in cases(from_file, store)}[COMPLAINTS[0]] == "none"


def test_questions_are_about_the_least_certain_in_both_languages_and_no_two_alike(store: Store) -> None:
    texts = {
        "1": ("Der Zug kam heute wieder zu spät an", "de", 0.91),
        "2": ("Die Lampe am Eingang blinkt seltsam", "de", 0.48),
        "3": ("Die Lampe am Eingang blinkt seltsam!!", "de", 0.49),
        "4": ("the kettle whistles at noon in winter", "en", 0.60),
        "5": ("a lamp post stands near our harbour", "en", 0.45),
        "6": ("una lámpara cerca del puerto viejo", "es", 0.47),
    }
    heard = [
        mention(id=id_, text=text, verdict=replace(verdict(lang=lang), complaint=score, opportunity=0.0, praise=0.0))
        for id_, (text, lang, score) in texts.items()
    ]
    store.apply("bluesky", "s", heard, datetime.now(UTC))
    assert [each.post.id for each in questions(store, 10)] == ["3", "5", "4", "1", "6"]
    assert [each.post.id for each in questions(store, 2)] == ["3", "5"]
    assert margin(heard[1].verdict) == pytest.approx(0.04)
    store.care(["bluesky:3"], Marking(flag="none"), NOON)
    skip(store, ["bluesky:5"])
    assert [each.post.id for each in questions(store, 10, load(store.path).skipped)] == ["4", "1", "6"]
