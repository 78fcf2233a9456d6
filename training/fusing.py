"""What the heads say of posts whose writers they have not seen: the ground of fusion and thresholds."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from listen.judge.cues import cues
from listen.judge.evidence import gather
from listen.judge.fusion import HEARD, signals
from listen.judge.model import FLAGS
from listen.judge.words import read
from training.corpus import Entry
from training.lessons import Floats
from training.student import Class, flag_heads, semantic_heads

FOLDS = 3
RARE = 0.3  # what a hard post counts, and a real one


def fold_of(entry: Entry) -> int:
    """All posts of one hand in one fold; real ones by chance, as each has a writer of its own."""
    number = entry.hand[2:]
    return (int(number) if number.isdigit() else zlib.crc32(entry.text.encode())) % FOLDS


def counted(posts: Class) -> Floats:
    """How much each post counts for the fusion, so that it fits what a stream is like."""
    counts: Floats = posts.about * np.array([1.0 if entry.ordinary else RARE for entry in posts.entries])
    return counts


def folds(entries: Sequence[Entry]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Posts to learn from and posts to try; every post is tried once."""
    folded = np.array([fold_of(entry) for entry in entries])
    for fold in range(FOLDS):
        yield np.flatnonzero(folded != fold), np.flatnonzero(folded == fold)


def unseen_logits(posts: Class) -> dict[str, Floats]:
    """What every head that is heard says of every post, the post's writer unseen."""
    found = {head: np.zeros(len(posts.entries)) for head in HEARD}
    for known, unseen in folds(posts.entries):
        for name, head in flag_heads(posts.some(known)).items():
            found[name][unseen] = posts.features[unseen] @ head.weights + head.bias
    return found


def unseen_meanings(posts: Class) -> Floats:
    """What the semantic heads say of every post, its writer unseen: (n, 3)."""
    found = np.zeros((len(posts.entries), len(FLAGS)))
    for known, unseen in folds(posts.entries):
        some = posts.some(known)
        found[unseen] = [*zip(*(head.of(posts.meanings[unseen]) for head in semantic_heads(some)), strict=True)]
    return found


def signal_rows(entries: Sequence[Entry], logits: Mapping[str, Floats]) -> Floats:
    """The fusion's signals of every post."""
    rows = []
    for at, entry in enumerate(entries):
        words = read(entry.text)
        said = {head: float(logits[head][at]) for head in HEARD}
        rows.append(signals(said, gather(words, cues(entry.lang)), words))
    return np.array(rows)
