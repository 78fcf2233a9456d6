"""How far two readers agree: `python -m training.agreement` prints Cohen's kappa of every label.

Of our own posts every one was read twice; of the real ones a part, among them those that a model doubted most.
"""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.metrics import cohen_kappa_score

from training.corpus import FOLDER, Entry, entries, read
from training.real import real_entries

LABELS = ("complaint", "opportunity", "praise", "none")


def kappas(posts: Sequence[Entry]) -> dict[str, float]:
    """Of every label against the rest, and of all four under `all`; posts that nobody read twice are left out."""
    pairs = [(entry.written or entry.label, entry.blind) for entry in posts if entry.blind]
    first, second = zip(*pairs, strict=True)
    found = {"all": float(cohen_kappa_score(first, second))}
    for label in LABELS:
        found[label] = float(cohen_kappa_score([each == label for each in first], [each == label for each in second]))
    return found


def main() -> None:
    kept, dropped = entries(), read(FOLDER / "disputed.jsonl", Entry)
    for lang in ("de", "en"):
        out = [entry for entry in dropped if entry.lang == lang]
        print(_line(lang, [*(entry for entry in kept if entry.lang == lang), *out]) + f", {len(out)} dropped")
    print(_line("real", [entry for entry in real_entries() if entry.blind]))


def _line(name: str, posts: Sequence[Entry]) -> str:
    settled = sum(entry.written is not None for entry in posts)
    figures = ", ".join(f"{label} {kappa:.3f}" for label, kappa in kappas(posts).items())
    return f"{name}: {len(posts)} posts, kappa {figures}; {settled} relabelled"


if __name__ == "__main__":
    main()
