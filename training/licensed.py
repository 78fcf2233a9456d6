"""Posts of others that may be learnt from, by their licences; `docs/model-card.md` names them all.

They are read from `LISTEN_CORPORA`, a folder of JSONL files (`text`, `label`), and are never copied into the project.
"""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

FOLDER = Path(os.environ.get("LISTEN_CORPORA", Path(__file__).parents[2] / "shared" / "corpora"))
POOL = ("germeval18_de_unlabelled", "sb10k_de", "potts_de", "emotions_de", "goemotions_en", "purchase_en")
SENTIMENT = ("sb10k_de", "potts_de", "emotions_de", "goemotions_en")
_SIGN = {"negative": -1, "neutral": 0, "positive": 1}
_GOOD = frozenset({
    "admiration", "approval", "caring", "excitement", "gratitude", "joy", "love", "optimism", "pride", "relief",
})  # fmt: skip
_BAD = frozenset({
    "anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment", "fear", "grief", "nervousness",
    "remorse", "sadness",
})  # fmt: skip


class Opinion(NamedTuple):
    text: str
    lang: str
    sentiment: int  # -1, 0 or 1


def lang_of(name: str) -> str:
    """`de` of `sb10k_de` and of `germeval18_de_unlabelled`."""
    return next(part for part in name.split("_") if part in {"de", "en"})


def texts_of(name: str) -> list[str]:
    """The texts of one corpus, each once."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(json.loads(line)["text"] for line in lines))


def opinions() -> Iterator[Opinion]:
    """Every post with a clear sentiment; raises FileNotFoundError if a file is not there."""
    for name in SENTIMENT:
        for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            post = json.loads(line)
            sign = _sign(post["label"])
            if sign is not None:
                yield Opinion(post["text"], post["lang"], sign)


def _sign(label: object) -> int | None:
    """-1, 0 or 1; of a list of emotions the one they share, None for mixed ones."""
    if isinstance(label, str) and not label.startswith("["):
        return _SIGN.get(label)
    named: frozenset[str] = frozenset(ast.literal_eval(label) if isinstance(label, str) else cast("list[str]", label))
    return 1 if named <= _GOOD else -1 if named <= _BAD else 0 if named == {"neutral"} else None
