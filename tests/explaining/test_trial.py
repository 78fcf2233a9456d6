"""A query tried on one text."""

from __future__ import annotations

import pytest

from listen.explaining.trial import Trying, marked, post_of
from listen.mention import Span


@pytest.mark.parametrize(
    ("query", "text", "matches", "matched", "spans", "shown"),
    [
        ("#kindle", "Mein #Kindle!", True, ["#Kindle"], [[5, 12]], "Mein [#Kindle]!"),
        ("kindle", "Kindle, kindle", True, ["Kindle", "kindle"], [[0, 6], [8, 14]], "[Kindle], [kindle]"),
        ("kindle", "KINDLE KINDLE", True, ["KINDLE"], [[0, 6], [7, 13]], "[KINDLE] [KINDLE]"),
        ("kindle", "Tolino", False, [], [], "Tolino"),
        ("kindle NOT fire", "Kindle Fire", False, [], [], "Kindle Fire"),
        ("straße", "😡 STRASSE", True, ["STRASSE"], [[2, 9]], "😡 [STRASSE]"),
        ("kindle spoof:on", "Kіndle", True, ["Kіndle"], [[0, 6]], "[Kіndle]"),
    ],
)
def test_a_trial_tells_words_and_places(
    query: str, text: str, matches: bool, matched: list[str], spans: list[list[int]], shown: str
) -> None:
    trial = Trying(query).tried(post_of(text))
    assert trial.record() == {"matches": matches, "matched": matched, "spans": spans}
    assert marked(text, trial.spans) == shown


def test_words_that_share_letters_are_marked_once() -> None:
    assert marked("abcd", (Span(0, 3, "abc"), Span(2, 4, "cd"))) == "[abc]d"
