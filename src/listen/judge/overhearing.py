"""What the judge makes of a text before anything taught is applied: overheard at the place where it would be."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

from listen.judge import Judge
from listen.judge.adapting import UNMOVED, Adaptation, traits
from listen.judge.fusion import LogOdds
from listen.judge.learning import Lesson
from listen.judge.model import FLAGS
from listen.judge.words import Words
from listen.mention import Context, Flag, Verdict

_LEAST = 5e-4  # verdicts have three decimals


class Case(NamedTuple):
    """A text with its context, and the flag that a person gave it."""

    text: str
    context: Context
    label: Flag


class _Listening(Adaptation):
    """Moves nothing and remembers what it was to move; or gives always the same answer."""

    def __init__(self, answer: LogOdds | None = None) -> None:
        super().__init__()
        self.answer = answer
        self.heard: list[tuple[LogOdds, Words]] = []

    def moved(self, odds: LogOdds, words: Words) -> LogOdds:
        self.heard.append((odds, words))
        return odds if self.answer is None else self.answer


def lesson(judge: Judge, case: Case) -> Lesson:
    """The case as something to learn from."""
    listening = _Listening()
    replace(judge, adaptation=listening)(case.text, case.context)
    odds, words = listening.heard[-1]
    return Lesson(odds, _of_context(judge, case), traits(words), _target(case, odds))


def _of_context(judge: Judge, case: Case) -> LogOdds:
    """What the context adds: the verdict on these words if nothing were known of them. Whose brand it is adds none."""
    silent = replace(judge, adaptation=_Listening(UNMOVED))
    return _log_odds(silent(case.text, Context(rating=case.context.rating, kind=case.context.kind)))


def _log_odds(verdict: Verdict) -> LogOdds:
    chances = (min(1 - _LEAST, max(_LEAST, getattr(verdict, flag))) for flag in FLAGS)
    return LogOdds(*(math.log(chance / (1 - chance)) for chance in chances))


def _target(case: Case, odds: LogOdds) -> int:
    """The flag that the words alone should have. Complaints about a competitor become opportunities only later."""
    if case.label == "none":
        return len(FLAGS)
    if case.label == "opportunity" and case.context.role == "competitor" and odds.complaint > odds.opportunity:
        return FLAGS.index("complaint")
    return FLAGS.index(case.label)
