"""What becomes of a verdict when a second opinion is heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listen.mention import Flag, Urgency, Verdict
from listen.opinion.cache import View
from listen.opinion.merging import reconsidered
from tests.opinion.making import BROKEN, span, verdict

KAPUTT, NICHTS = span(BROKEN, "kaputt"), span(BROKEN, "danke für nichts")


def view(flag: Flag, confidence: float, urgency: Urgency | None = None, kind: str | None = None) -> View:
    return View(flag=flag, kind=kind, confidence=confidence, urgency=urgency, why=())  # type: ignore[arg-type]


def scores(judged: Verdict) -> tuple[float, float, float]:
    return judged.complaint, judged.opportunity, judged.praise


def test_the_same_flag_is_made_surer_and_keeps_the_local_words() -> None:
    local = verdict(complaint=0.6, reasons=[KAPUTT])
    after = reconsidered(local, view("complaint", 0.9), (NICHTS,))
    assert (after.flag, scores(after)) == ("complaint", (0.9, 0.025, 0.025))
    assert after.reasons == (KAPUTT,)
    assert reconsidered(local, view("complaint", 0.55), (NICHTS,)) == local
    assert reconsidered(verdict(), view("complaint", 0.9), (NICHTS,)).reasons == (NICHTS,)


def test_another_flag_counts_with_its_own_words() -> None:
    local = verdict("none", complaint=0.2, reasons=[])
    after = reconsidered(local, view("complaint", 0.8, "high"), (NICHTS,))
    assert (after.flag, after.urgency, after.reasons) == ("complaint", "high", (NICHTS,))
    assert scores(after) == (0.8, 0.025, 0.025)
    assert after.sentiment < local.sentiment


def test_a_flag_can_be_taken_away() -> None:
    after = reconsidered(verdict(complaint=0.6, reasons=[KAPUTT]), view("none", 0.9, "high"), (KAPUTT,))
    assert (after.flag, after.urgency, after.reasons, after.opportunity_kind) == ("none", "low", (), None)
    assert sum(scores(after)) == pytest.approx(0.1, abs=0.002)


def test_another_flag_of_which_the_model_is_no_more_than_half_sure_changes_nothing() -> None:
    local = verdict()
    assert reconsidered(local, view("praise", 0.5), ()) is local
    assert reconsidered(local, view("praise", 0.51), ()).flag == "praise"


@pytest.mark.parametrize(
    ("local", "said", "expected"),
    [("medium", "high", "high"), ("high", "low", "high"), ("medium", None, "medium")],
)
def test_urgency_of_the_same_flag_only_rises(local: str, said: Urgency | None, expected: str) -> None:
    assert reconsidered(verdict(urgency=local), view("complaint", 0.9, said), ()).urgency == expected


def test_an_opportunity_has_a_kind_and_nothing_else_has() -> None:
    after = reconsidered(verdict(), view("opportunity", 0.8, kind="switching"), ())
    assert (after.flag, after.opportunity_kind, after.urgency) == ("opportunity", "switching", "medium")
    assert reconsidered(after, view("complaint", 0.9, kind="switching"), ()).opportunity_kind is None


FLAGS = st.sampled_from(["complaint", "opportunity", "praise", "none"])
SHARES = st.lists(st.floats(0, 1), min_size=4, max_size=4).filter(any)


@given(SHARES, FLAGS, FLAGS, st.floats(0, 1))
def test_probabilities_stay_probabilities(shares: list[float], flag: Flag, said: Flag, confidence: float) -> None:
    complaint, opportunity, praise = (share / sum(shares) for share in shares[:3])
    local = verdict(flag, complaint, opportunity, praise=praise)
    after = reconsidered(local, view(said, confidence, kind="buying"), ())
    assert all(0 <= score <= 1 for score in scores(after))
    assert sum(scores(after)) <= 1.002
    assert -1 <= after.sentiment <= 1
    assert after.flag in {flag, said}
    if after.flag != flag and said != "none":
        assert max(scores(after)) == getattr(after, said) == round(confidence, 3)
