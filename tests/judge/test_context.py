"""What stars, roles, reach and danger do to a verdict."""

from __future__ import annotations

import math

import pytest

from listen.judge import judge
from listen.mention import Context

_PAIN = "My kettle stopped working after two days, worst support ever"


@pytest.mark.parametrize(
    ("rating", "text", "flag"),
    [
        (1, "Habe ich im Mai gekauft.", "complaint"),
        (2, "Bought it in May.", "complaint"),
        (5, "Habe ich im Mai gekauft.", "praise"),
        (4, "Bought it in May.", "praise"),
        (3, "Bought it in May.", "none"),
        (1, "Absolutely love it, highly recommend, never had a problem.", "praise"),
        (5, "Stopped working after two days, want my money back, worst support.", "complaint"),
        (math.nan, "Bought it in May.", "none"),
        (math.inf, "Bought it in May.", "none"),
        (0, "Bought it in May.", "none"),
    ],
)
def test_stars_decide_unless_the_text_says_otherwise(rating: float, text: str, flag: str) -> None:
    assert judge(text, Context(rating=rating, kind="review")).flag == flag


def test_strong_pain_with_a_competitor_is_a_chance_to_win_a_customer() -> None:
    verdict = judge(_PAIN, Context(role="competitor"))
    assert (verdict.flag, verdict.opportunity_kind) == ("opportunity", "switching")
    assert verdict.reasons
    assert judge(_PAIN, Context(role="own")).flag == "complaint"


def test_a_competitors_customer_who_asks_for_help_is_an_opportunity() -> None:
    text = "Mailfix stürzt ständig ab. Suche eine Alternative zu dem Schrott."
    assert judge(text, Context(role="competitor")).opportunity_kind == "switching"
    assert judge(text, Context(role="own")).flag != "none"


def test_praise_of_a_competitor_stays_praise() -> None:
    assert judge("I absolutely love my kettle", Context(role="competitor")).flag == "praise"


def test_a_repost_weighs_less_than_a_post() -> None:
    post, repost = judge(_PAIN), judge(_PAIN, Context(kind="repost"))
    assert repost.complaint < post.complaint


@pytest.mark.parametrize(
    ("text", "context", "urgency"),
    [
        ("Das Ladegerät ist kaputt und hat gebrannt!", Context(), "high"),
        ("The charger is broken and caught fire", Context(), "high"),
        ("Abzocke, ich gehe zum Anwalt", Context(), "high"),
        ("This is a scam, my lawyer will call you, worst company", Context(), "high"),
        ("Der Reader geht nicht mehr", Context(followers=50_000), "high"),
        ("Der Reader geht nicht mehr, warte seit 3 Wochen, Frechheit!!!", Context(), "high"),
        ("Der Reader geht nicht mehr", Context(), "medium"),
        ("Should I buy the blue kettle?", Context(), "medium"),
        ("Does the kettle work with Linux?", Context(), "low"),
        ("I love my kettle, it caught fire in my heart", Context(followers=50_000), "low"),
        ("Reading on the train.", Context(followers=50_000, reposts=900), "low"),
    ],
)
def test_urgency_follows_strength_reach_and_danger(text: str, context: Context, urgency: str) -> None:
    assert judge(text, context).urgency == urgency


def test_more_followers_never_make_it_less_urgent() -> None:
    order = {"low": 0, "medium": 1, "high": 2}
    steps = [order[judge(_PAIN, Context(followers=many)).urgency] for many in (0, 500, 5_000, 500_000)]
    assert steps == sorted(steps)


def test_a_bot_has_no_trouble_and_no_wish_of_its_own() -> None:
    wish = "Looking for a new e-reader, any recommendations?"
    assert judge(wish).flag == "opportunity"
    assert judge(wish, Context(by_bot=True)).flag == "none"
    assert judge(_PAIN, Context(by_bot=True)).complaint < judge(_PAIN).complaint


def test_who_names_our_account_waits_for_an_answer() -> None:
    question = "How do I reset it?"
    plain, to_us = judge(question), judge(question, Context(to_us=True))
    assert to_us.opportunity > plain.opportunity
    assert (plain.urgency, to_us.urgency) == ("low", "medium")
