"""What was done about a mention, when and by whom, in words and for scripts."""

from __future__ import annotations

from collections.abc import Sequence

from listen.care import Told, response_time
from listen.mention import Mention, timestamp
from listen.outputs.safe import safe_line
from listen.outputs.words import local
from listen.when import spoken


def lines(mention: Mention, told: Sequence[Told]) -> list[str]:
    """`2026-11-21 13:02  anna: status open → answered`, and how long the first answer took."""
    found = [_line(each) for each in told]
    took = response_time(mention)
    return [*found, f"answered {spoken(took)} after it was posted"] if took is not None else found


def facts(mention: Mention, told: Sequence[Told]) -> dict[str, object]:
    took = response_time(mention)
    return {
        "id": mention.id,
        "answered_at": timestamp(mention.care.answered_at),
        "response_seconds": None if took is None else round(took.total_seconds()),
        "history": [
            {"at": timestamp(each.at), "by": each.by, "field": each.turn.field, "old": each.turn.old,
             "new": each.turn.new} for each in told
        ],
    }  # fmt: skip


def _line(told: Told) -> str:
    old, new = (safe_line(text) if text else "nothing" for text in (told.turn.old, told.turn.new))
    who = safe_line(told.by) if told.by else "somebody"
    return f"{local(told.at):%Y-%m-%d %H:%M}  {who}: {told.turn.field} {old} → {new}"
