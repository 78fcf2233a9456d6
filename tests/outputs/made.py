"""Mentions made up for these tests, and a stream that breaks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from listen.mention import Flag, Match, Mention, OpportunityKind, Span, Urgency, Verdict
from listen.post import Post


class Broken(io.StringIO):
    """A stream that cannot be written."""

    def __init__(self, problem: OSError) -> None:
        super().__init__()
        self.problem = problem

    def write(self, _: str) -> int:
        raise self.problem


NOW = datetime(2026, 11, 21, 12, 2, tzinfo=UTC)


def mention(
    text: str,
    flag: Flag = "complaint",
    *,
    matched: Sequence[str] = ("Kindle",),
    why: Sequence[str] = (),
    kind: OpportunityKind | None = None,
    urgency: Urgency = "low",
    **facts: Any,
) -> Mention:
    """A mention by @anna.example on Bluesky at 12:02 UTC; `matched` and `why` are found in the text."""
    known: dict[str, Any] = {
        "platform": "bluesky",
        "id": "1",
        "url": "https://social.example/@anna/1",
        "author": "anna.example",
        "followers": 1234,
        "posted_at": NOW,
    }
    post = Post(text=text, **(known | facts))
    return Mention(
        post=post,
        matches=(Match("kindle", _spans(post, matched)),),
        verdict=Verdict(
            lang="de",
            flag=flag,
            complaint=0.9,
            opportunity=0.1,
            praise=0.0,
            opportunity_kind=kind,
            sentiment=-0.5,
            urgency=urgency,
            reasons=_spans(post, why),
        ),
        seen_at=NOW,
    )


def _spans(post: Post, words: Sequence[str]) -> tuple[Span, ...]:
    found = ((post.document.find(word), word) for word in words)
    return tuple(Span(start, start + len(word), word) for start, word in found if start >= 0)


ANGRY = mention(
    "Mein Kindle geht nicht mehr an, der Support antwortet nicht.",
    why=("geht nicht mehr", "Support antwortet nicht"),
    urgency="high",
)
