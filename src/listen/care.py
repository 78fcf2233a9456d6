"""What people do about mentions: a status, an owner, a note, and a flag of their own. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from listen.mention import Care, Correction, Flag, Mention, OpportunityKind, Status, Urgency, Verdict
from listen.selection import moment_of


class Marking(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed; None leaves it as it is. An empty `owner` or `note` takes the old one away.

    `opportunity_kind` goes with the flag `opportunity`; without one the judge's stays, if it had one.
    """

    status: Status | None = None
    owner: str | None = None
    note: str | None = None
    flag: Flag | None = None
    opportunity_kind: OpportunityKind | None = None


class Turn(msgspec.Struct, frozen=True):
    """One thing that somebody changed about a mention: `field` was `old` and became `new`; None is nothing."""

    field: Literal["status", "owner", "note", "flag"]
    old: str | None
    new: str | None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A turn, and when and by whom it was made, as far as that is known."""

    at: datetime
    by: str | None
    turn: Turn


def turns(before: Mention, after: Mention) -> list[Turn]:
    """What a marking has changed. A flag that confirms the judge's is news, too."""
    pairs: list[Turn] = [
        Turn("status", before.care.status, after.care.status),
        Turn("owner", before.care.owner, after.care.owner),
        Turn("note", before.care.note, after.care.note),
    ]
    found = [turn for turn in pairs if turn.old != turn.new]
    if after.care.correction != before.care.correction:
        found.append(Turn("flag", _flag(before.verdict), _flag(after.verdict)))
    return found


def response_time(mention: Mention) -> timedelta | None:
    """From the post to its first answer; None as long as there is none. A post from the future counts as seen."""
    answered_at = mention.care.answered_at
    return None if answered_at is None else max(answered_at - moment_of(mention), timedelta(0))


def _flag(verdict: Verdict) -> str:
    return f"{verdict.flag}: {verdict.opportunity_kind}" if verdict.opportunity_kind else verdict.flag


def marked(mention: Mention, marking: Marking, now: datetime) -> Mention:
    """The mention after somebody marked it."""
    care = _attended(mention.care, marking, now)
    if marking.flag is None:
        return replace(mention, care=care)
    judged = care.correction.judged if care.correction else mention.verdict
    return _with(replace(mention, care=care), Correction(marking.flag, marking.opportunity_kind, judged))


def rejudged(mention: Mention, care: Care) -> Mention:
    """A mention with a new verdict of the judge's and the care that it had; a person's flag outlasts the judge's."""
    if care.correction is None:
        return replace(mention, care=care)
    return _with(replace(mention, care=care), replace(care.correction, judged=mention.verdict))


def _attended(care: Care, marking: Marking, now: datetime) -> Care:
    """The care with its new status, owner and note. What is open again was not answered after all."""
    answered_at = care.answered_at
    if marking.status == "answered":
        answered_at = answered_at or now
    elif marking.status in {"open", "pending"}:
        answered_at = None
    return replace(
        care,
        status=marking.status or care.status,
        owner=care.owner if marking.owner is None else marking.owner or None,
        note=care.note if marking.note is None else marking.note or None,
        answered_at=answered_at,
    )


def _with(mention: Mention, correction: Correction) -> Mention:
    return replace(mention, verdict=_corrected(correction), care=replace(mention.care, correction=correction))


def _corrected(correction: Correction) -> Verdict:
    """The judge's verdict with the person's flag. Scores stay the judge's; reasons for another flag are none."""
    judged, flag = correction.judged, correction.flag
    kind = correction.opportunity_kind or judged.opportunity_kind if flag == "opportunity" else None
    if flag == judged.flag:
        return replace(judged, opportunity_kind=kind)
    return replace(judged, flag=flag, opportunity_kind=kind, urgency=_urgency(flag, judged.urgency), reasons=())


def _urgency(flag: Flag, judged: Urgency) -> Urgency:
    """Praise and mere mentions can wait; what the judge took for one of them is more urgent than that."""
    if flag in {"praise", "none"}:
        return "low"
    return "medium" if judged == "low" else judged
