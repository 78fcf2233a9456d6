"""What more would bring: how well complaints are told from the rest as what the judge learns from grows.

`python -m training.curve` prints the table that docs/judge.md shows. The posts measured are those of `training.report`,
which nothing learns from; the figure is the area under the ROC curve, in %.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.metrics import roc_auc_score

from listen.judge.fusion import HEARD, SIGNALS
from training.__main__ import everything
from training.corpus import Entry
from training.fusing import signal_rows
from training.lessons import Floats
from training.licensed import FOLDER, lang_of
from training.matrix import matrix
from training.report import BINARY
from training.student import Class, Head, flag_heads, semantic_heads
from training.teacher import MEANING, MEANINGS, knowledge
from training.voices import voices

SHARES = (0.1, 0.25, 0.5, 1.0)
MOST = 2_500  # posts of one file


class Measured(NamedTuple):
    """Posts of one file, with what does not depend on what was learnt."""

    entries: Sequence[Entry]
    yes: NDArray[np.bool_]
    features: sparse.csr_matrix
    meanings: Floats


def main() -> None:
    posts, files = everything(), {name: _measured(name, label) for name, label in BINARY.items()}
    print(f"| learnt from | posts | {' | '.join(files)} |")
    print("|---|---|" + "---|" * len(files))
    real = np.array([entry.real for entry in posts.entries])
    for share in SHARES:
        _row(f"{share:.0%} of our own posts, all labelled real ones", posts, _some(posts, ~real, share), files)
    for share in (0.02, *SHARES[:-1]):
        _row(f"all our own posts, {share:.0%} of the labelled real ones", posts, _some(posts, real, share), files)
    everyone = np.arange(len(posts.entries))
    for name, score in ALONE.items():
        _row(f"everything, {name} alone", posts, everyone, files, score)


def _some(posts: Class, of: NDArray[np.bool_], share: float) -> NDArray[np.int64]:
    """All rows but those of one sort, of which only a share stays; the same each time."""
    drawn = np.random.default_rng(7).random(len(posts.entries)) < share
    return np.flatnonzero(~of | drawn)


def _measured(name: str, label: str) -> Measured:
    lines = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    chosen = np.random.default_rng(7).permutation(len(lines))[:MOST]
    posts = [lines[at] for at in chosen]
    texts, lang = [post["text"] for post in posts], lang_of(name)
    entries = [Entry(text=text, label="none", trade=name, hand=f"{lang}-{name}") for text in texts]
    yes = np.array([post["label"] == label for post in posts])
    return Measured(entries, yes, matrix(texts), knowledge(texts, lang)[:, :MEANINGS] / MEANING)


Score = Callable[[Mapping[str, Floats]], Floats]


def _together(said: Mapping[str, Floats]) -> Floats:
    """The voices of the shipped judge, each with its say."""
    whole: Floats = np.zeros(len(next(iter(said.values()))))
    for voice in voices("complaint"):
        if all(name in said for name in voice.sums) and not any(name.startswith("meant") for name in voice.sums):
            told = sum(share * said[name] for name, share in voice.sums.items())
            whole = whole + voice.say * told / (np.std(told) + 1e-9)
    return whole


ALONE: Mapping[str, Score] = {
    "the head learnt from labels": lambda said: said["model: complaint"],
    "the head learnt from the teacher": lambda said: said["model: complaint, distilled"],
    "the cues": lambda said: said["cues: complaint"] - 0.5 * said["cues: praise"],
    "the sentence encoder": lambda said: said["meant: complaint"],
}


def _row(
    title: str, posts: Class, rows: NDArray[np.int64], files: Mapping[str, Measured], score: Score = _together
) -> None:
    some = posts.some(rows)
    heads, meaning = flag_heads(some), semantic_heads(some)[0]
    areas = [roc_auc_score(measured.yes, score(_said(measured, heads, meaning))) for measured in files.values()]
    print(f"| {title} | {len(rows):,} | {' | '.join(f'{100 * area:.1f}' for area in areas)} |", flush=True)


def _said(measured: Measured, heads: Mapping[str, Head], meaning: Head) -> dict[str, Floats]:
    """Every signal of every post by its name."""
    logits = {name: heads[name].of(measured.features) for name in HEARD}
    rows = signal_rows(measured.entries, logits)
    return {**dict(zip(SIGNALS, rows.T, strict=True)), "meant: complaint": meaning.of(measured.meanings)}


if __name__ == "__main__":
    main()
