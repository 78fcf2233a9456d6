"""The document says what is sent, word for word."""

from __future__ import annotations

from pathlib import Path

from listen.consulting import MARGIN
from listen.opinion.cache import ANSWERS, KEPT
from listen.opinion.excerpt import Excerpt
from listen.opinion.options import Llm
from listen.opinion.prompt import SYSTEM, messages
from listen.opinion.second import IN_VAIN

DOCUMENT = (Path(__file__).parents[2] / "docs" / "llm.md").read_text(encoding="utf-8")


def test_the_instructions_stand_there() -> None:
    assert f"```text\n{SYSTEM}\n```" in DOCUMENT


def test_the_example_of_a_question_is_what_is_sent() -> None:
    excerpt = Excerpt("@anna mein Tolino spinnt, siehe https://a.example/x", 0, 2_000)
    assert f"```json\n{messages(excerpt.text, 'competitor')[1]['content']}\n```" in DOCUMENT


def test_the_bounds_are_those_of_the_program() -> None:
    options = Llm(url="http://127.0.0.1/v1", model="x")
    for told in (
        f"`timeout_seconds` ({options.timeout_seconds:g})",
        f"`parallel` ({options.parallel})",
        f"`requests_per_minute` ({options.requests_per_minute})",
        f"`requests_per_day` ({options.requests_per_day:,}, ",
        f"{ANSWERS:,}, each for {KEPT / 86_400:.0f} days",
        f"within {MARGIN} of its threshold",
        f"| {IN_VAIN:,} |",
    ):
        assert told in DOCUMENT
