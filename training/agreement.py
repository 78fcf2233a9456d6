"""How far two readers agree on our posts: `python -m training.agreement` prints Cohen's kappa of every label."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.metrics import cohen_kappa_score

from training.corpus import FOLDER, Entry, entries, read

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
        posts = [entry for entry in (*kept, *dropped) if entry.lang == lang]
        settled = sum(entry.written is not None for entry in posts)
        out = sum(entry.lang == lang for entry in dropped)
        figures = ", ".join(f"{label} {kappa:.3f}" for label, kappa in kappas(posts).items())
        print(f"{lang}: {len(posts)} posts, kappa {figures}; {settled} relabelled, {out} dropped")


if __name__ == "__main__":
    main()
