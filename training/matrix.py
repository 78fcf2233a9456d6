"""Texts as a sparse matrix of the very features that the judge computes at run time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from listen.judge.features import BUCKETS, PIECE, pair_feature, shape_features, token, word_features
from listen.judge.words import read


def matrix(texts: Sequence[str]) -> sparse.csr_matrix:
    """One row a text, `BUCKETS` columns, scaled as `listen.judge.model` scales."""
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for text in texts:
        counts = _counts(text)
        columns += counts.keys()
        values += counts.values()
        ends.append(len(columns))
    parts = (np.array(values, np.float32), np.array(columns, np.int32), np.array(ends))
    return sparse.csr_matrix(parts, shape=(len(texts), BUCKETS))


def _counts(text: str) -> dict[int, float]:
    words = read(text)
    tokens = [token(key) for key in words.keys]
    counts: dict[int, float] = defaultdict(float)
    for word in tokens:
        own, *pieces = word_features(word)
        counts[own] += 1
        for piece in pieces:
            counts[piece] += PIECE
    for pair in zip(("^", *tokens), (*tokens, "$"), strict=True):
        counts[pair_feature(*pair)] += 1
    for shape in shape_features(words):
        counts[shape] += 1
    length = max(1, len(tokens)) ** 0.5
    return {feature: count / length for feature, count in counts.items()}
