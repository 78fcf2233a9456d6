"""Which language the judge takes a text for."""

from __future__ import annotations

import pytest

from listen.judge import judge, language


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Ich habe gestern eine neue Lampe gekauft", "de"),
        ("Das isch nöd guet", "de"),
        ("Staubsauger kaputt, Frechheit", "de"),
        ("I bought a new lamp yesterday", "en"),
        ("terrible support", "en"),
        ("Ik heb gisteren een nieuwe lamp gekocht en het werkt niet", "nl"),
        ("J'ai acheté une lampe et elle ne marche pas", "fr"),
        ("He comprado una lámpara y no funciona muy bien", "es"),
        ("Comprei uma lâmpada e não funciona muito bem", "pt"),
        ("Ho comprato una lampada e non funziona molto bene", "it"),
        ("新しいランプを買いましたが動きません", "ja"),
        ("Я купил новую лампу", "ru"),
        ("새 램프를 샀어요", "ko"),
        ("我买了一盏新灯", "zh"),
        ("", None),
        ("😡😡", None),
        ("12345", None),
        ("https://der.die.das.example/und/ich", None),
    ],
)
def test_the_language_is_told_by_the_words(text: str, lang: str | None) -> None:
    assert language(text) == lang


@pytest.mark.parametrize(
    ("claimed", "lang"),
    [("de", "de"), ("de-AT", "de"), ("EN_us", "en"), ("und", None), ("", None), ("klingonisch", None), (None, None)],
)
def test_a_claim_decides_where_the_words_do_not(claimed: str | None, lang: str | None) -> None:
    assert language("Kindle 😡", claimed) == lang


def test_words_beat_a_wrong_claim() -> None:
    assert language("Ich habe gestern eine neue Lampe gekauft, die ist schon kaputt", "en") == "de"
    assert language("I bought a new lamp yesterday and it broke", "de") == "en"


def test_another_language_is_not_judged_by_german_or_english_cues() -> None:
    assert judge("Ik ben die worst niet meer van plan te eten, het is geen probleem").flag == "none"
    assert (
        judge(
            "J'adore, c'est très bien 😍😍 ❤ 👍",
        ).flag
        == "praise"
    )
