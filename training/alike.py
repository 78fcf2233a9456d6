"""Posts that are too much alike: `python -m training.alike` names the pairs, and fails if there are any.

Exact Jaccard similarity of the sets of five-letter pieces, over all pairs; at ten thousand posts that takes seconds,
so nothing needs to be estimated.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from training.corpus import entries

ALIKE = 0.5
_CHUNK = 500


def alike(texts: Sequence[str], least: float = ALIKE) -> Iterator[tuple[int, int, float]]:
    """The pairs of places whose texts share at least that part of their pieces, each pair once."""
    plain = [" ".join(re.findall(r"\w+", text.casefold())) for text in texts]
    pieces = CountVectorizer(analyzer="char_wb", ngram_range=(5, 5), binary=True).fit_transform(plain).tocsr()
    sizes = np.asarray(pieces.sum(axis=1)).ravel()
    for start in range(0, len(texts), _CHUNK):
        shared = (pieces[start : start + _CHUNK] @ pieces.T).tocoo()
        for row, other, common in zip(shared.row + start, shared.col, shared.data, strict=True):
            similarity = common / (sizes[row] + sizes[other] - common)
            if row < other and similarity >= least:
                yield int(row), int(other), float(similarity)


def main() -> None:
    texts = [entry.text for entry in entries()]
    pairs = list(alike(texts))
    for first, second, similarity in pairs:
        print(f"{similarity:.2f}  {texts[first]!r}\n      {texts[second]!r}")
    print(f"{len(texts)} posts, {len(pairs)} pairs share {ALIKE:.0%} of their pieces or more")
    sys.exit(bool(pairs))


if __name__ == "__main__":
    main()
