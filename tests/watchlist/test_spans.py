"""Which words a match names, and where they stand in the document."""

from __future__ import annotations

import pytest

from tests.watchlist.making import post, watching, words

ROWS = [
    ("kindle", "Mein Kindle!", ["Kindle"]),
    ("#kindle", "Mein #Kindle!", ["#Kindle"]),
    ("kindle", "Kindle, kindle, KINDLE", ["Kindle", "kindle", "KINDLE"]),
    ("müller", "😡 Mu\u0308ller und MUELLER", ["Mu\u0308ller", "MUELLER"]),
    ("straße", "äöü STRASSE Straße", ["STRASSE", "Straße"]),
    ("kindle", "İİİ Kin\u00addle\u200b!", ["Kin\u00addle"]),
    ("fire", "ǆ ﬁre", ["ﬁre"]),
    ("❤", "toll ❤️!", ["❤️"]),
    ("kindle", "Ｋｉｎｄｌｅ", ["Ｋｉｎｄｌｅ"]),
    ("ガ", "x ｶﾞ y", ["ｶﾞ"]),
    ('"kindle paperwhite"', "Kindle-Paperwhite #KindlePaperwhite", ["Kindle-Paperwhite", "#KindlePaperwhite"]),
    ("kindle*", "KindleUnlimited-Abo", ["KindleUnlimited"]),
    ("kindle~", "Kindle-Hülle und Kindlehülle", ["Kindle-Hülle", "Kindlehülle"]),
    ("@kindle", "@Kindle@example.social", ["@Kindle"]),
    ("kindle OR tolino", "Tolino statt Kindle", ["Tolino", "Kindle"]),
    ("kindle OR (tolino defekt)", "Kindle oder Tolino", ["Kindle"]),
    ("kindle NOT fire", "Kindle", ["Kindle"]),
    ("kindle OR #kindle", "#Kindle", ["#Kindle"]),
    ('kindle OR "kindle fire"', "Kindle Fire", ["Kindle Fire"]),
    ("kindle NEAR/1 kaputt", "Kindle a b c Kindle ist kaputt", ["Kindle", "kaputt"]),
    ("kindle lang:de", "Kindle", []),
    ("電子", "新しい電子書籍", ["電子"]),
    ("'SIM'", "sim SIM Sim", ["SIM"]),
]


@pytest.mark.parametrize(
    ("query", "text", "expected"), [pytest.param(*row, id=f"{row[0]} in {row[1]}") for row in ROWS]
)
def test_a_match_names_its_words_as_written(query: str, text: str, expected: list[str]) -> None:
    assert words(query, text) == expected


@pytest.mark.parametrize(("query", "text"), [(row[0], row[1]) for row in ROWS], ids=[row[0] for row in ROWS])
def test_spans_cut_their_words_out_of_the_document(query: str, text: str) -> None:
    seen = post(text, title="Ä\u0308ﬁ und Grüße", alt_texts=("ein Kindle",))
    for match in watching(query).matches(seen):
        assert [seen.document[span.start : span.end] for span in match.spans] == [span.text for span in match.spans]


def test_near_names_only_the_places_that_are_near() -> None:
    (match,) = watching("kindle NEAR/1 kaputt").matches(post("Kindle a b c Kindle ist kaputt"))
    assert [span.start for span in match.spans] == [13, 24]


def test_titles_alt_texts_and_tags_beside_the_text_are_searched() -> None:
    seen = post("Neu", title="Kindle", alt_texts=("Foto vom Kindle",), hashtags=("kindle",))
    assert words("kindle", seen) == ["Kindle", "Kindle", "kindle"]
    assert words("title:kindle", seen) == ["Kindle"]
