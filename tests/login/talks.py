"""Somebody who logs in, with their answers prepared."""

from __future__ import annotations

from collections.abc import Callable

from listen.errors import UsageError
from listen.login import Question


class Prepared:
    """Answers by the question's name; `reads` may look at what it was told and prepare more."""

    def __init__(self, answers: dict[str, str], reads: Callable[[str], dict[str, str]] | None = None) -> None:
        self.answers = answers
        self.reads = reads
        self.patient = reads is not None
        self.told: list[str] = []
        self.asked: list[Question] = []

    def tell(self, text: str) -> None:
        self.told.append(text)
        if self.reads:
            self.answers |= self.reads(text)

    def ask(self, question: Question) -> str:
        self.asked.append(question)
        if question.name not in self.answers:
            raise UsageError(f"nobody prepared an answer to {question.words!r}")
        return self.answers[question.name]
