"""The second opinion that the config asks for, and which verdicts are a close call to it."""

from __future__ import annotations

from typing import Literal

import pytest

from listen.config import Config
from listen.consulting import MARGIN, opinion_of
from listen.judge.thresholds import thresholds
from listen.mention import Verdict
from listen.opinion.options import Llm

LLM = Llm(url="http://127.0.0.1:1/v1", model="x", ask="unsure")


def verdict(lang: str | None, complaint: float) -> Verdict:
    return Verdict(lang=lang, flag="none", complaint=complaint, opportunity=0.0, praise=0.0, opportunity_kind=None,
                   sentiment=0.0, urgency="low")  # fmt: skip


def test_nobody_is_consulted_unless_the_config_says_so() -> None:
    assert opinion_of(Config(), ":memory:", print) is None


@pytest.mark.parametrize("sensitivity", ["high", "normal", "low"])
@pytest.mark.parametrize(("lang", "known"), [("de", "de"), ("en", "en"), ("fr", "other"), (None, "other")])
def test_a_verdict_near_a_threshold_of_its_language_is_a_close_call(
    lang: str | None, known: str, sensitivity: Literal["high", "normal", "low"]
) -> None:
    opinion = opinion_of(Config(judge="llm", sensitivity=sensitivity, llm=LLM), ":memory:", print)
    assert opinion is not None
    least = thresholds(known, sensitivity, None)["complaint"]
    near = [least - MARGIN + 0.01, least, least + MARGIN - 0.01]
    assert [opinion._is_unsure(verdict(lang, score)) for score in near] == [True] * 3
    assert not opinion._is_unsure(verdict(lang, least + MARGIN + 0.01))
