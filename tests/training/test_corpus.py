"""The corpus is what its README says, and the training sees texts as the judge does."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from listen.judge.features import BUCKETS
from listen.judge.model import HEADS, WEIGHTS, facts, shipped
from listen.judge.words import read
from training.agreement import kappas
from training.alike import ALIKE, alike
from training.corpus import FOLDER, TEST, Entry, entries
from training.corpus import read as read_lines
from training.lessons import flag_lesson
from training.matrix import matrix
from training.student import idf, learnt

POSTS = entries()


@pytest.mark.parametrize("lang", ["de", "en"])
def test_each_language_has_its_posts_of_every_flag_and_trade(lang: str) -> None:
    own = [entry for entry in POSTS if entry.lang == lang]
    assert len(own) >= 3_000
    assert len({entry.trade for entry in own}) == 60
    assert {entry.trade for entry in own} >= TEST
    shares = Counter(entry.label for entry in own)
    assert all(0.18 <= count / len(own) <= 0.32 for count in shares.values()), shares


def test_kinds_go_with_opportunities_and_reasons_stand_in_the_text() -> None:
    for entry in POSTS:
        assert (entry.kind is not None) == (entry.label == "opportunity"), entry
        assert all(why in entry.text or why in entry.text.replace("\n", " ") for why in entry.why), entry


def test_no_two_posts_are_alike() -> None:
    assert not [pair for pair in alike([entry.text for entry in POSTS]) if pair[2] >= ALIKE]


def test_the_readers_agree() -> None:
    posts = [*POSTS, *read_lines(FOLDER / "disputed.jsonl", Entry)]
    assert all(kappa >= 0.9 for kappa in kappas(posts).values())


def test_training_sees_a_text_as_the_judge_does() -> None:
    texts = [entry.text for entry in POSTS[::400]]
    table = np.frombuffer((WEIGHTS / "table.int8").read_bytes(), np.int8).reshape(BUCKETS, len(HEADS))
    trained = (matrix(texts) @ table.astype(float)) * np.array(facts()["scales"]) + np.array(facts()["biases"])
    judged = [[shipped().logits(read(text))[head] for head in HEADS] for text in texts]
    np.testing.assert_allclose(trained, judged, rtol=1e-3, atol=1e-3)


def test_training_again_gives_the_same_weights() -> None:
    some = POSTS[::20]
    features = matrix([entry.text for entry in some])
    lesson = flag_lesson(some, "complaint", np.ones(len(some)))
    once, again = (learnt(features, lesson, idf(features)) for _ in range(2))
    assert once.weights.tobytes() == again.weights.tobytes()
    assert once.bias == again.bias


def test_the_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) <= 2_000_000
