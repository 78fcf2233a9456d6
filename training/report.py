"""`make judge-report`: how good the shipped judge is, into docs/judge.md. Prints figures, never a text."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score

from listen.judge import Judge, language
from listen.judge.model import FLAGS
from listen.mention import Context, Verdict
from training.corpus import FOLDER as CORPUS
from training.corpus import TEST, Entry, entries
from training.licensed import FOLDER
from training.streams import DRAWS, gain

DOCUMENT = Path(__file__).parents[1] / "docs" / "judge.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
LABELS = (*FLAGS, "none")
BINARY = {
    "complaints_en": "complaint", "airline_en": "negative", "germeval17_dev_de": "negative",
    "germeval17_dia_de": "negative",
}  # fmt: skip
DIRECTED = "complaints_en, to brands"  # without the two in five that are tweets drawn by chance
SHORT = 50  # characters
_STEPS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


def main() -> None:
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    lines = [f"{time.strftime('%Y-%m-%d')}, in %. `shipped` / `semantic`.", "", *_tables()]
    told = "\n".join(lines)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{after}", encoding="utf-8")
    print(told)


def _tables() -> Iterator[str]:
    judges = (Judge(), Judge(semantic=True))
    yield "| posts of others, complaint or not | n | AUC | macro-F1 | precision | recall | texts/s |"
    yield "|---|---|---|---|---|---|---|"
    for name, label in {**BINARY, DIRECTED: "complaint"}.items():
        posts = _posts(name)
        found = [_one_flag(judge, posts, label) for judge in judges]
        yield f"| {name} | {len(posts):,} | " + " | ".join(map(" / ".join, zip(*found, strict=True))) + " |"
    yield from (
        "",
        "| four flags | n | macro-F1 | complaint | opportunity | praise | none |",
        "|---|---|---|---|---|---|---|",
    )
    for name in ("silver4_en_dev", "silver4_de_dev"):
        posts = _posts(name)
        wanted = ["none" if post["label"] == "neutral" else str(post["label"]) for post in posts]
        yield _four(
            name, wanted, [[judge(post["text"], Context(lang=post["lang"])) for post in posts] for judge in judges]
        )
    unseen = [entry for entry in entries() if entry.trade in TEST]
    for lang in ("en", "de"):
        own = [entry for entry in unseen if entry.lang == lang]
        verdicts = [[judge(entry.text, Context(role=entry.role)) for entry in own] for judge in judges]
        yield _four(f"own corpus, unseen trades, {lang}", [entry.label for entry in own], verdicts)
    yield from ("", *_taught(), "", *_languages(unseen), "", *_reliability(unseen))


def _posts(name: str) -> list[dict[str, Any]]:
    file, _, directed = name.partition(", ")
    posts = [json.loads(line) for line in (FOLDER / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [post for post in posts if not (directed and post["domain"].startswith("random"))]


def _taught() -> Iterator[str]:
    """What labels of complaints_en bring on the rest of it."""
    yield f"| taught labels of complaints_en | untaught macro-F1 | taught, {DRAWS} draws | switched on |"
    yield "|---|---|---|---|"
    for labels in (50, 150):
        untaught, taught, spread, proven = gain(_posts("complaints_en"), labels)
        yield f"| {labels} | {untaught:.1f} | {taught:.1f} ± {spread:.1f} | {proven} of {DRAWS} |"


def _languages(unseen: Sequence[Entry]) -> Iterator[str]:
    """Of short posts, without what a network claims."""
    texts = {lang: [entry.text for entry in unseen if entry.lang == lang] for lang in ("de", "en")}
    lines = (CORPUS / "short.tsv").read_text(encoding="utf-8").splitlines()
    texts["other"] = [line.partition("\t")[2] for line in lines]
    yield f"| language, under {SHORT} characters | posts | right |"
    yield "|---|---|---|"
    rates = []
    for lang, all_of_it in texts.items():
        short = [text for text in all_of_it if len(text) < SHORT]
        told = [one if (one := language(text)) in {"de", "en"} else "other" for text in short]
        rates.append(100 * told.count(lang) / len(told))
        yield f"| {lang} | {len(short)} | {rates[-1]:.1f} |"
    yield f"| mean of the three | | {sum(rates) / len(rates):.1f} |"


def _one_flag(judge: Judge, posts: Sequence[dict[str, Any]], label: str) -> list[str]:
    begin = time.process_time()
    verdicts = [judge(post["text"], Context(lang=post["lang"])) for post in posts]
    rate = len(posts) / (time.process_time() - begin)
    wanted = [post["label"] == label for post in posts]
    given = [verdict.flag == "complaint" for verdict in verdicts]
    figures = (
        roc_auc_score(wanted, [verdict.complaint for verdict in verdicts]),
        f1_score(wanted, given, average="macro"),
        precision_score(wanted, given),
        recall_score(wanted, given),
    )
    return [*(f"{100 * figure:.1f}" for figure in figures), f"{rate:,.0f}"]


def _four(name: str, wanted: Sequence[str], judged: Sequence[Sequence[Verdict]]) -> str:
    columns = []
    for verdicts in judged:
        given = [verdict.flag for verdict in verdicts]
        each = f1_score(wanted, given, average=None, labels=LABELS, zero_division=0)
        columns.append([f"{100 * figure:.1f}" for figure in (sum(each) / len(LABELS), *each)])
    return f"| {name} | {len(wanted)} | " + " | ".join(map(" / ".join, zip(*columns, strict=True))) + " |"


def _reliability(posts: Sequence[Entry]) -> Iterator[str]:
    """How often a complaint is one, by the probability it was given; `shipped`, on the unseen trades."""
    judge = Judge()
    scored = [(judge(entry.text, Context(role=entry.role)).complaint, entry.label == "complaint") for entry in posts]
    yield "| complaint given, unseen trades | posts | complaints |"
    yield "|---|---|---|"
    for low, high in pairwise(_STEPS):
        within = [right for score, right in scored if low <= score < high]
        if within:
            yield f"| {low:.1f} to {min(high, 1):.1f} | {len(within)} | {100 * sum(within) / len(within):.0f} % |"


if __name__ == "__main__":
    main()
