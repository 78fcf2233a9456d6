"""What a few dozen labels of one stream bring: `listen teach` on complaints_en, which no weights have seen."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from statistics import mean, pstdev
from typing import Any, NamedTuple

from sklearn.metrics import f1_score

from listen.judge import Judge
from listen.judge.adapting import Adaptation
from listen.judge.learning import learnt
from listen.judge.overhearing import Case, lesson
from listen.judge.proof import proof
from listen.mention import Context

DRAWS = 6


class Gain(NamedTuple):
    """Macro-F1 of complaint or not, in %, over the draws; `proven` is how often cross-validation switched it on."""

    untaught: float
    taught: float
    spread: float
    proven: int


def gain(posts: Sequence[dict[str, Any]], labels: int) -> Gain:
    """Teach `labels` posts drawn by chance, and measure on all others."""
    judge = Judge()
    cases = [Case(post["text"], Context(), "complaint" if post["label"] == "complaint" else "none") for post in posts]
    lessons = [lesson(judge, case) for case in cases]
    taught, proven = [], 0
    for draw in range(DRAWS):
        order = random.Random(draw).sample(range(len(cases)), len(cases))
        known, rest = order[:labels], order[labels:]
        some = [lessons[at] for at in known]

        def judged(at: int, adaptation: Adaptation | None, known: Sequence[int] = known) -> str:
            return replace(judge, adaptation=adaptation)(cases[known[at]].text).flag

        proven += proof(some, [cases[at].label for at in known], judged).better
        taught.append(_macro_f1(replace(judge, adaptation=learnt(some)), [cases[at] for at in rest]))
    return Gain(_macro_f1(judge, cases), mean(taught), pstdev(taught), proven)


def _macro_f1(judge: Judge, cases: Sequence[Case]) -> float:
    wanted = [case.label == "complaint" for case in cases]
    given = [judge(case.text).flag == "complaint" for case in cases]
    return 100 * float(f1_score(wanted, given, average="macro"))
