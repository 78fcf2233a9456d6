"""What a model is told, and what counts as its answer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listen.errors import BadAnswer
from listen.opinion.prompt import SCHEMA, SYSTEM, Answer, messages, read
from tests.servers.llm import view

GOOD = json.dumps(view("opportunity", "buying", 0.8, why=["suche einen Reader"]))


@given(st.text())
def test_no_post_can_leave_its_quotation(post: str) -> None:
    system, user = messages(post, "own")
    assert system["content"] == SYSTEM
    assert json.loads(user["content"]) == {"role": "own", "post": post}


def test_the_schema_and_the_answer_have_the_same_fields() -> None:
    assert list(SCHEMA["properties"]) == SCHEMA["required"] == list(Answer.__struct_fields__)
    assert all(f'"{field}"' in SYSTEM for field in SCHEMA["required"])


@pytest.mark.parametrize(
    "said",
    [GOOD, f"\n {GOOD}\n", f"```json\n{GOOD}\n```", f"```\n{GOOD}```", f"<think>It is {{}} ...</think>\n{GOOD}"],
    ids=["plain", "with spaces", "in a block", "in a nameless block", "after thinking aloud"],
)
def test_an_answer_is_read(said: str) -> None:
    answer = read(said)
    assert (answer.flag, answer.kind, answer.confidence, answer.why) == (
        "opportunity", "buying", 0.8, ["suche einen Reader"],
    )  # fmt: skip


def test_urgency_and_kind_may_be_missing_where_they_say_nothing() -> None:
    answer = read('{"flag": "praise", "confidence": 1, "why": []}')
    assert (answer.kind, answer.urgency) == (None, None)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "complaint",
        "null",
        "[]",
        GOOD[:-5],
        f"Here you are: {GOOD}",
        f"{GOOD} {GOOD}",
        f"```json\n{GOOD}\n``` as asked",
        json.dumps(view("angry")),
        json.dumps(view(confidence=95)),
        json.dumps(view(confidence=-0.1)),
        json.dumps(view(confidence="high")),  # type: ignore[arg-type]
        json.dumps(view(why="kaputt")),
        json.dumps(view(why=[1])),
        json.dumps(view(urgency="now")),
        json.dumps(view("opportunity", "none")),
        json.dumps(view(status="done")),
        '{"flag": "praise", "confidence": NaN, "why": []}',
        '{"flag": "praise", "why": []}',
        "[" * 100_000,
    ],
    ids=lambda said: said[:30] or "nothing",
)
def test_everything_else_is_no_answer(said: str) -> None:
    with pytest.raises(BadAnswer, match="something else than the schema"):
        read(said)
