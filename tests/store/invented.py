"""Invented mentions; every test says only what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from listen.mention import Care, Flag, Match, Mention, Span, Urgency, Verdict
from listen.post import Post
from listen.selection import Selection
from listen.store import Store

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def post(id: str = "1", text: str = "Mein Lesegerät geht nicht mehr", **more: Any) -> Post:  # noqa: A002
    return Post(
        **{
            "platform": "bluesky",
            "id": id,
            "url": f"https://example.org/{id}",
            "author": "anna.example",
            "text": text,
            "posted_at": NOON,
            **more,
        }
    )


def verdict(flag: Flag = "complaint", urgency: Urgency = "high", lang: str | None = "de") -> Verdict:
    return Verdict(
        lang=lang,
        flag=flag,
        complaint=0.91,
        opportunity=0.07,
        praise=0.01,
        opportunity_kind=None,
        sentiment=-0.6,
        urgency=urgency,
        reasons=(Span(16, 30, "geht nicht mehr"),),
    )


def mention(
    said: Post | None = None,
    *,
    topics: Sequence[str] = ("kindle",),
    verdict: Verdict = verdict(),  # noqa: B008  frozen
    seen_at: datetime = NOON,
    care: Care = Care(),  # noqa: B008  frozen
    **of_post: Any,
) -> Mention:
    return Mention(
        post=said or post(**of_post),
        matches=tuple(Match(topic, (Span(5, 15, "Lesegerät"),)) for topic in topics),
        verdict=verdict,
        seen_at=seen_at,
        care=care,
    )


def export(store: Store, selection: Selection, name: str = "care", *, changes: bool = False) -> list[str]:
    """Deliver to the export of that name what it has not had; the ids."""
    with store.delivering(name, selection, changes=changes) as pending:
        ids = [change.mention.id for change in pending]
        pending.remember()
    return ids
