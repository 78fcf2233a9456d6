"""What counts as a post about a product, and how much it then teaches."""

from __future__ import annotations

import numpy as np

from listen.mention import Flag
from training.about import shares
from training.corpus import Entry
from training.lessons import flag_lesson


def real(label: Flag, about: bool | None = None) -> Entry:
    return Entry(text="t", label=label, trade="file_de", hand="de-file_de", about=about)


OWN = Entry(text="t", label="none", trade="parcel", hand="de1")
MARKED = [real("none", about=True)] * 20 + [real("none", about=False)] * 20


def test_invented_and_flagged_posts_are_about_a_product_whatever_they_look_like() -> None:
    posts = [*MARKED, OWN, real("complaint"), real("praise")]
    assert shares(posts, np.zeros((len(posts), 2)))[-3:].tolist() == [1, 1, 1]


def test_a_reader_is_believed_and_the_rest_is_guessed_from_what_readers_marked() -> None:
    posts = [*MARKED, real("none"), real("none")]
    known = np.array([[1.0, 0.0]] * 20 + [[0.0, 1.0]] * 20 + [[1.0, 0.0], [0.0, 1.0]]) * 6
    found = shares(posts, known)
    assert found[:40].tolist() == [1.0] * 20 + [0.0] * 20
    assert found[-2] > 0.9
    assert found[-1] < 0.1


def test_what_is_beside_the_matter_teaches_nothing_about_flags() -> None:
    posts = [*MARKED, real("complaint")]
    lesson = flag_lesson(posts, "complaint", shares(posts, np.zeros((len(posts), 2))))
    assert lesson.weight.tolist() == [1.0] * 20 + [0.0] * 20 + [1.0]
