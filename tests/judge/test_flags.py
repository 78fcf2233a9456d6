"""What the judge says of plain cases, in both languages."""

from __future__ import annotations

from collections import Counter

import pytest

from listen.judge import judge
from listen.mention import Context
from tests.judge.texts import TABLE


@pytest.mark.parametrize(("lang", "flag", "kind", "text"), TABLE, ids=[row[3] for row in TABLE])
def test_a_plain_case_gets_the_flag_that_a_reader_would_give(lang: str, flag: str, kind: str | None, text: str) -> None:
    verdict = judge(text, Context(lang=lang))
    assert verdict.flag == flag, verdict
    assert bool(verdict.reasons) == (flag != "none")


def test_nine_of_ten_opportunities_are_of_the_kind_that_a_reader_would_name() -> None:
    asked = [row for row in TABLE if row[1] == "opportunity"]
    right = sum(judge(text, Context(lang=lang)).opportunity_kind == kind for lang, _, kind, text in asked)
    assert right >= 0.9 * len(asked)


def test_both_languages_have_at_least_sixty_cases() -> None:
    assert min(Counter(row[0] for row in TABLE).values()) >= 60


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Der Reader geht nicht mehr und der Support antwortet nicht", {"geht nicht mehr", "Support antwortet nicht"}),
        ("Mein Akku ist KAPUTT!", {"ist KAPUTT"}),
        ("It won’t turn on any more", {"won’t turn on"}),
        ("Any recommendations for a quiet fan?", {"Any recommendations"}),
    ],
)
def test_the_reasons_are_the_words_as_written(text: str, reasons: set[str]) -> None:
    assert {span.text for span in judge(text).reasons} == reasons


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("Der Klang ist toll", "Der Klang ist nicht toll"),
        ("I am impressed by the sound", "I am not impressed by the sound"),
        ("Ich bin begeistert", "Ich bin nicht begeistert"),
    ],
)
def test_a_negator_turns_the_feeling_round(text: str, opposite: str) -> None:
    assert judge(text).sentiment > 0 > judge(opposite).sentiment


@pytest.mark.parametrize(
    "text", ["DIE APP HÄNGT SICH AUF", "Die App haengt sich auf", "Die App ha\u0308ngt sich auuuuf"]
)
def test_stretched_letters_capitals_and_umlauts_written_out_change_no_flag(text: str) -> None:
    plain, other = judge("Die App hängt sich auf"), judge(text)
    assert plain.flag == other.flag == "complaint"
    assert other.complaint >= plain.complaint - 0.05  # shouting may only add to it


def test_a_common_word_without_dots_is_not_the_one_with_them() -> None:
    assert judge("Das ist schon so").praise < judge("Das ist schön so").praise
