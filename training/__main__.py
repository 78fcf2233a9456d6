"""`make judge`: the weights in `src/listen/judge/weights/`, made anew from the corpora, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from listen.judge.fusion import SIGNALS
from listen.judge.model import HEADS, WEIGHTS
from training.about import shares
from training.corpus import TEST, entries
from training.fusing import counted, signal_rows, unseen_logits, unseen_meanings
from training.languages import language_lessons, language_texts, without_shape
from training.lessons import KINDS, kind_lesson
from training.limits import precision_curve, sensitivities, unseen_chances
from training.matrix import matrix
from training.real import real_entries
from training.student import Class, Head, flag_heads, idf, learnt, rounded, semantic_heads, sentiment_head
from training.teacher import knowledge
from training.voices import fusion

LANGUAGES = ("de", "en")
# Of other languages emoji and stars alone are understood, as the cue tables know no words of theirs.
_OTHER = {
    "complaint": {"bias": -2.0, "cues: complaint": 1.0, "cues: praise": -0.5},
    "opportunity": {"bias": -4.0},
    "praise": {"bias": -2.0, "cues: complaint": -0.8, "cues: praise": 1.0},
}


def main() -> None:
    posts = everything()
    heads = {**flag_heads(posts), **_kind_heads(posts), **_language_heads(posts)}
    heads["sentiment"] = sentiment_head(posts.entries)
    table, scales, biases = rounded(heads)
    facts = {"heads": HEADS, "scales": scales, "biases": biases, **_judgement(posts)}
    WEIGHTS.mkdir(exist_ok=True)
    (WEIGHTS / "table.int8").write_bytes(table.tobytes())
    _write("judge.json", facts)
    _write("semantic.json", _semantic(posts))


def _write(name: str, facts: Mapping[str, object]) -> None:
    (WEIGHTS / name).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _semantic(posts: Class) -> dict[str, object]:
    """The heads over the encoder's vectors, as `listen.judge.semantic` reads them."""
    heads = semantic_heads(posts)
    return {
        "weights": [[float(f"{weight:.4g}") for weight in head.weights] for head in heads],
        "biases": [float(f"{head.bias:.4g}") for head in heads],
    }


def everything() -> Class:
    """Our own posts but those of the test's trades, and the real ones that we labelled."""
    own = [entry for entry in entries() if entry.trade not in TEST]
    posts = [*own, *real_entries()]
    texts = [entry.text for entry in posts]
    known = np.zeros((len(posts), 0))
    for lang in LANGUAGES:
        rows = np.array([at for at, entry in enumerate(posts) if entry.lang == lang])
        told = knowledge([texts[at] for at in rows], lang)
        known = known if known.shape[1] else np.zeros((len(posts), told.shape[1]))
        known[rows] = told
    return Class(posts, matrix(texts), known, shares(posts, known))


def _kind_heads(posts: Class) -> dict[str, Head]:
    rarity = idf(posts.features)
    return {kind: learnt(posts.features, kind_lesson(posts.entries, kind), rarity) for kind in KINDS}


def _language_heads(posts: Class) -> dict[str, Head]:
    texts, langs = language_texts(posts.entries)
    features = matrix(texts)
    rarity = idf(features)
    lessons = language_lessons(langs)
    return {lang: without_shape(learnt(features, lesson, rarity)) for lang, lesson in lessons.items()}


def _judgement(posts: Class) -> dict[str, object]:
    """Fusion, thresholds and precision curves of each language."""
    rows = signal_rows(posts.entries, unseen_logits(posts))
    fuller, counts = np.hstack([rows, unseen_meanings(posts)]), counted(posts)
    found: dict[str, dict[str, object]] = {
        "fusion": {"other": _listed(_OTHER)}, "semantic fusion": {}, "thresholds": {}, "precision": {}
    }  # fmt: skip
    for lang in LANGUAGES:
        chosen = np.array([at for at, entry in enumerate(posts.entries) if entry.lang == lang])
        own = [posts.entries[at] for at in chosen]
        chances = unseen_chances(own, rows[chosen], counts[chosen])
        found["fusion"][lang] = fusion(own, rows[chosen], counts[chosen])
        found["semantic fusion"][lang] = fusion(own, fuller[chosen], counts[chosen])
        found["thresholds"][lang] = sensitivities(own, chances)
        found["precision"][lang] = precision_curve(own, chances)
    for table in ("thresholds", "precision"):
        found[table]["other"] = found[table]["en"]
    return dict(found)


def _listed(named: Mapping[str, Mapping[str, float]]) -> dict[str, list[float]]:
    """Weights by name, in the order in which the fusion holds them."""
    return {flag: [weights.get(name, 0.0) for name in ("bias", *SIGNALS)] for flag, weights in named.items()}


if __name__ == "__main__":
    main()
