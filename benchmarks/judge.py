"""Measure the judge on labelled posts that lie outside the project; prints figures, never a text.

Run from the project root: `python benchmarks/judge.py [FOLDER]`; FOLDER is `../shared/corpora` unless named.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from listen.judge import judge, language
from listen.mention import Context

FLAGS = ("complaint", "opportunity", "praise", "none")
_FOLDER = Path(__file__).parents[1] / "../shared/corpora"
_BINARY = {
    "complaints_en": "complaint",
    "airline_en": "negative",
    "germeval17_dev_de": "negative",
    "germeval17_dia_de": "negative",
}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER
    if not folder.is_dir():
        sys.exit(f"{folder}: no such folder")
    print("warm-up", f"{_seconds(lambda: judge('hello, is it in stock?')):.3f} s with TextBlob's import")
    for name in ("silver4_en_dev", "silver4_de_dev"):
        _four_flags(name, _read(folder, name))
    for name, label in _BINARY.items():
        _one_flag(name, _read(folder, name), label)
    _languages(folder)


def _read(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def _four_flags(name: str, posts: list[dict[str, Any]]) -> None:
    wanted = ["none" if post["label"] == "neutral" else post["label"] for post in posts]
    given = [judge(post["text"], Context(lang=post["lang"])).flag for post in posts]
    figures = {flag: _figures([w == flag for w in wanted], [g == flag for g in given]) for flag in FLAGS}
    print(f"{name}: n {len(posts)}, macro-F1 {sum(f[2] for f in figures.values()) / 4:.1f}")
    for flag, (precision, recall, f1) in figures.items():
        print(f"    {flag:12} P {precision:5.1f}  R {recall:5.1f}  F1 {f1:5.1f}  n {wanted.count(flag)}")


def _one_flag(name: str, posts: list[dict[str, Any]], label: str) -> None:
    begin = time.process_time()
    verdicts = [judge(post["text"], Context(lang=post["lang"])) for post in posts]
    rate = len(posts) / max(time.process_time() - begin, 1e-9)
    wanted = [post["label"] == label for post in posts]
    flagged = [verdict.flag == "complaint" for verdict in verdicts]
    precision, recall, f1 = _figures(wanted, flagged)
    rest = _figures([not w for w in wanted], [not f for f in flagged])[2]
    auc = _auc(wanted, [verdict.complaint for verdict in verdicts])
    print(f"{name}: n {len(posts)}, complaint P {precision:.1f} R {recall:.1f} F1 {f1:.1f}, "
          f"mF1 {(f1 + rest) / 2:.1f}, AUC {auc:.1f}, {rate:,.0f} texts/s")  # fmt: skip


def _languages(folder: Path) -> None:
    """Without a claim, and with the wrong one of German and English claimed."""
    for path in sorted(folder.glob("*.jsonl")):
        posts = [post for post in _read(folder, path.stem) if post.get("lang") in {"de", "en"}][:3000]
        if not posts:
            continue
        plain = [language(post["text"]) for post in posts]
        misled = [language(post["text"], "en" if post["lang"] == "de" else "de") for post in posts]
        right, despite = (
            100 * sum(lang == post["lang"] for lang, post in zip(langs, posts, strict=True)) / len(posts)
            for langs in (plain, misled)
        )
        unsure = 100 * plain.count(None) / len(posts)
        print(f"{path.stem}: language {right:.1f} % right, {unsure:.1f} % unsure; wrong claim {despite:.1f} % right")


def _figures(wanted: list[bool], given: list[bool]) -> tuple[float, float, float]:
    """Precision, recall and F1 in percent."""
    both = sum(w and g for w, g in zip(wanted, given, strict=True))
    precision, recall = both / max(1, sum(given)), both / max(1, sum(wanted))
    return 100 * precision, 100 * recall, 200 * both / max(1, sum(given) + sum(wanted))


def _auc(wanted: list[bool], scores: list[float]) -> float:
    """The chance that a complaint scores higher than another post, in percent; ties count half."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks, place = [0.0] * len(order), 0
    while place < len(order):
        end = place
        while end < len(order) and scores[order[end]] == scores[order[place]]:
            end += 1
        for tied in order[place:end]:
            ranks[tied] = (place + end + 1) / 2
        place = end
    yes = sum(wanted)
    above = sum(rank for rank, w in zip(ranks, wanted, strict=True) if w) - yes * (yes + 1) / 2
    return 100 * above / max(1, yes * (len(wanted) - yes))


def _seconds(work: Any) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
