"""How well a judge does on labelled texts.

Of each text only label, flag and scores are kept; of the worst errors also the beginning of the text.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

import msgspec

from listen.figures import Figures, Scorebook
from listen.judge.taught import Labelled
from listen.labels import FLAGS
from listen.mention import Context, Flag, Verdict

REST = "rest"
UNKNOWN = "und"  # ISO 639-2: a language nobody could tell
_SHOWN = 300  # characters of an error's text that are kept

Judge = Callable[[str, Context], Verdict]


class Error(msgspec.Struct, frozen=True):
    """A text that was judged wrongly; `sure` is how likely the wrong flag was thought to be, 0..1."""

    text: str
    lang: str
    said: str
    judged: str
    sure: float


class Measured(msgspec.Struct, frozen=True):
    """`errors` begins with the worst."""

    figures: Figures
    confusion: dict[str, dict[str, int]]
    per_lang: dict[str, Figures]
    errors: list[Error]

    def record(self) -> dict[str, object]:
        """What scripts get; key names are an interface."""
        whole: dict[str, object] = msgspec.to_builtins(self.figures)
        return {**whole, "per_lang": msgspec.to_builtins(self.per_lang), "confusion": self.confusion}


def measured(texts: Iterable[Labelled], judge: Judge, *, only: Flag | None = None, errors: int = 0) -> Measured:
    """Judge all texts; with `only` that flag against the rest. Raises what reading the texts raises."""
    flags = FLAGS if only is None else (only, REST)
    books: dict[str, Scorebook] = {}
    worst: list[tuple[float, int, Error]] = []
    for number, labelled in enumerate(texts):
        verdict = judge(labelled.text, labelled.context)
        said, flag, scores = _entry(labelled, verdict, only)
        lang = _code(labelled.lang) or verdict.lang or UNKNOWN
        books.setdefault(lang, Scorebook(flags)).enter(said, flag, scores)
        if flag != said and errors:
            error = Error(labelled.text[:_SHOWN], lang, said, flag, scores[flag])
            badness = scores[flag] - scores[said]
            heapq.heappush(worst, (badness, -number, error))
            if len(worst) > errors:
                heapq.heappop(worst)
    return _summed(books, flags, worst)


def _summed(books: dict[str, Scorebook], flags: tuple[str, ...], worst: list[tuple[float, int, Error]]) -> Measured:
    whole = Scorebook(flags)
    for book in books.values():
        whole.add(book)
    return Measured(
        figures=whole.figures(),
        confusion=whole.confusion(),
        per_lang={lang: books[lang].figures() for lang in sorted(books)},
        errors=[error for _, _, error in sorted(worst, key=lambda entry: entry[:2], reverse=True)],
    )


def _entry(labelled: Labelled, verdict: Verdict, only: Flag | None) -> tuple[str, str, dict[str, float]]:
    """The label, the flag, and how likely each flag was thought to be; with `only` there are that one and the rest."""
    scores = _scores(verdict)
    if only is None:
        return labelled.label, verdict.flag, scores
    return _one(labelled.label, only), _one(verdict.flag, only), {only: scores[only], REST: 1 - scores[only]}


def _scores(verdict: Verdict) -> dict[str, float]:
    three = {"complaint": verdict.complaint, "opportunity": verdict.opportunity, "praise": verdict.praise}
    return {**three, "none": max(0.0, 1 - sum(three.values()))}


def _one(flag: str, only: str) -> str:
    return flag if flag == only else REST


def _code(lang: str | None) -> str:
    """`de` of `de-AT` and `de_AT`."""
    return (lang or "").replace("_", "-").partition("-")[0][:20]
