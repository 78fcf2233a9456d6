"""What holds for every text, however strange."""

from __future__ import annotations

import math
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.judge import judge, language
from listen.judge.thresholds import thresholds
from listen.judge.words import LIMIT
from listen.mention import Context, Verdict
from tests.judge.texts import TABLE

_PIECES = st.sampled_from(
    [row[3] for row in TABLE] + ["😡", "aber ", "nicht ", " but ", "?", "\n", "@firm ", "\ud800", "\0"]
)
_TEXTS = st.one_of(
    st.text(st.characters(), max_size=300), st.lists(_PIECES, max_size=8).map("".join), st.lists(_PIECES).map(" ".join)
)
_CONTEXTS = st.builds(
    Context,
    role=st.sampled_from(["own", "competitor", "market"]),
    lang=st.one_of(st.none(), st.sampled_from(["de", "en", "fr", "und", ""]), st.text(max_size=5)),
    rating=st.one_of(st.none(), st.floats(), st.integers(1, 5).map(float)),
    kind=st.sampled_from(["post", "repost", "review"]),
    followers=st.one_of(st.none(), st.integers()),
    reposts=st.one_of(st.none(), st.integers()),
)


def _check(text: str, verdict: Verdict) -> None:
    scores = (verdict.complaint, verdict.opportunity, verdict.praise)
    assert all(0 <= score <= 1 for score in scores)
    assert -1 <= verdict.sentiment <= 1
    assert len(verdict.reasons) <= 5
    for span in verdict.reasons:
        assert text[span.start : span.end] == span.text != ""
    spans = sorted((span.start, span.end) for span in verdict.reasons)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert (verdict.opportunity_kind is not None) == (verdict.flag == "opportunity")
    if verdict.flag == "none":
        assert not verdict.reasons
        assert verdict.urgency == "low"


@settings(max_examples=200, deadline=None)
@given(_TEXTS, _CONTEXTS)
def test_every_verdict_is_wellformed_and_its_reasons_stand_in_the_text(text: str, context: Context) -> None:
    _check(text, judge(text, context))


@settings(max_examples=50, deadline=None)
@given(_TEXTS, _CONTEXTS)
def test_the_same_text_gets_the_same_verdict(text: str, context: Context) -> None:
    assert judge(text, context) == judge(text, context)


@settings(max_examples=100, deadline=None)
@given(_TEXTS, st.one_of(st.none(), st.text(max_size=6)))
def test_the_language_is_a_code_or_none(text: str, claimed: str | None) -> None:
    lang = language(text, claimed)
    assert lang is None or (lang.islower() and 2 <= len(lang) <= 3)


@settings(max_examples=60, deadline=None)
@given(_TEXTS)
def test_a_flag_is_given_where_its_score_reaches_the_threshold(text: str) -> None:
    verdict = judge(text)
    scores = {"complaint": verdict.complaint, "opportunity": verdict.opportunity, "praise": verdict.praise}
    lang = verdict.lang if verdict.lang in {"de", "en"} else "other"
    enough = {flag for flag, least in thresholds(lang, "normal", None).items() if scores[flag] >= least}
    assert verdict.flag in (enough or {"none"})


_HUGE = {
    "one megabyte of a": "a" * 1_000_000,
    "ten thousand times nicht": "nicht " * 10_000,
    "ten thousand times nicht gut": "nicht gut aber " * 10_000,
    "waiting for ever": "warte seit " * 10_000,
    "overlapping gaps": "geht weg von still waiting " * 10_000,
    "open tags": "<a" * 500_000,
    "tag marks": "<a b " * 200_000,
    "ampersands": "&amp" * 250_000,
    "question marks": "wie? " * 100_000,
    "faces": ":(" * 300_000,
    "brackets": ":" + "(" * 999_999,
    "apostrophes": "a'" * 500_000,
    "combining marks": "a" + "\u0308" * 500_000,
    "emoji": "😡" * 250_000,
    "names": "@a " * 300_000,
    "hashes": "#" * 1_000_000,
    "addresses": "http://" * 150_000,
    "stretched": "aaab" * 250_000,
}


@pytest.mark.parametrize("text", _HUGE.values(), ids=_HUGE)
@pytest.mark.parametrize("lang", ["de", "en", None])
def test_a_huge_text_takes_less_than_two_seconds(text: str, lang: str | None) -> None:
    judge("warm up, is it good?", Context(lang=lang))
    begin = time.perf_counter()
    _check(text, judge(text, Context(lang=lang)))
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "\ud800", "😡", "<p>Der Reader geht <b>nicht</b> mehr</p>", "?", "@a?", "#"]
)
def test_odd_texts_are_judged_too(text: str) -> None:
    _check(text, judge(text))


def test_what_stands_after_the_bound_changes_nothing() -> None:
    begin = "Mein Reader ist blau. " * (LIMIT // 22 + 1)
    assert judge(begin[:LIMIT] + " geht nicht mehr, Abzocke!") == judge(begin[:LIMIT])


def test_html_left_in_a_text_is_no_word() -> None:
    assert judge('Der Reader <a href="/abzocke/frechheit">hier</a> liegt da').flag == "none"
    assert not math.isclose(judge("Der Reader, Abzocke, liegt da").complaint, judge("Der Reader liegt da").complaint)
