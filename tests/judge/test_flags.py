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
    assert (verdict.flag, verdict.opportunity_kind) == (flag, kind), verdict
    assert bool(verdict.reasons) == (flag != "none")


def test_both_languages_have_at_least_sixty_cases() -> None:
    assert min(Counter(row[0] for row in TABLE).values()) >= 60


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Der Reader geht nicht mehr und der Support antwortet nicht", {"geht nicht mehr", "Support antwortet nicht"}),
        ("Mein Akku ist KAPUTT!", {"ist KAPUTT"}),
        ("It won’t turn on any more", {"won’t turn on"}),
        ("Any recommendations for a quiet fan?", {"Any recommendations"}),
        ("Ich bin nicht zufrieden", {"nicht zufrieden"}),
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


def test_stretched_letters_capitals_and_umlauts_written_out_change_nothing() -> None:
    plain = judge("Die App hängt sich auf").complaint
    assert judge("DIE APP HÄNGT SICH AUF").complaint == plain
    assert judge("Die App haengt sich auf").complaint == plain
    assert judge("Die App hängt sich auuuuf").complaint == plain
    assert judge("Die App ha\u0308ngt sich auf").complaint == plain


def test_a_common_word_without_dots_is_not_the_one_with_them() -> None:
    assert judge("Das ist schon so").praise < judge("Das ist schön so").praise
