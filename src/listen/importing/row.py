"""One line of an imported file: a post, and what an export of ours says beside it about topics, verdict and care."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from listen.mention import Care, Flag, Match, OpportunityKind, Role, Span, Status, Urgency, Verdict
from listen.post import Deletion, Edit, Event, Post
from listen.recorded import Recorded
from listen.when import utc


class Row(Recorded, frozen=True, kw_only=True):
    """A mention's keys, of which `text` alone is needed. What a file has no column for is UNSET in the care fields."""

    seen_at: datetime | None = None
    topics: tuple[str, ...] | None = None
    matched: tuple[str, ...] | None = None
    flag: Flag | None = None
    complaint: float | None = None
    opportunity: float | None = None
    praise: float | None = None
    opportunity_kind: OpportunityKind | None = None
    sentiment: float | None = None
    urgency: Urgency | None = None
    why: tuple[str, ...] | None = None
    status: Status | UnsetType | None = UNSET
    owner: str | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
    answered_at: datetime | UnsetType | None = UNSET

    @property
    def care(self) -> Care:
        """What people did about it, as far as the file says."""
        return Care(
            status=self.status or "open",
            owner=self.owner or None,
            note=self.note or None,
            answered_at=utc(self.answered_at or None),
        )

    def matches(self, topics: Iterable[str], roles: dict[str, Role], document: str) -> tuple[Match, ...]:
        """Matches of these topics by the words that the file names; it does not say which word spoke for which."""
        spans = placed(self.matched or (), document)
        return tuple(Match(topic, spans, roles.get(topic, "own")) for topic in dict.fromkeys(topics))

    def verdict(self, document: str) -> Verdict | None:
        """The verdict that the file holds, if it is a whole one."""
        scores = (self.complaint, self.opportunity, self.praise, self.sentiment)
        complaint, opportunity, praise, sentiment = scores
        if self.flag is None or self.urgency is None:
            return None
        if complaint is None or opportunity is None or praise is None or sentiment is None:
            return None
        return Verdict(
            lang=self.lang,
            flag=self.flag,
            complaint=complaint,
            opportunity=opportunity,
            praise=praise,
            opportunity_kind=self.opportunity_kind,
            sentiment=sentiment,
            urgency=self.urgency,
            reasons=placed(self.why or (), document),
        )

    def corrects(self, judged: Verdict) -> Verdict:
        """The judge's verdict with what the file says otherwise; reasons for another flag are none."""
        names = ("flag", "complaint", "opportunity", "praise", "opportunity_kind", "sentiment", "urgency")
        told = {name: value for name in names if (value := getattr(self, name)) is not None}
        if told.get("flag", judged.flag) != judged.flag:
            told = {"opportunity_kind": None, **told, "reasons": ()}
        return msgspec.structs.replace(judged, **told)


class Framed(Row, frozen=True, kw_only=True):
    """A post that stands in a file in its network's own form."""

    told: Post

    def post(self) -> Post:
        return self.told


def rows_of(event: Event) -> Iterator[Row]:
    """An event of a network as a row; a deletion takes back what the same file has brought."""
    if isinstance(event, Deletion):
        yield Row(platform=event.platform, id=event.id, change="withdrawn")
    elif isinstance(event, Post | Edit):
        post = event.post if isinstance(event, Edit) else event
        yield Framed(told=post, edited_at=post.edited_at, change="new")


def placed(words: Iterable[str], document: str) -> tuple[Span, ...]:
    """Where each of the words stands in the document first; one that does not stand there has an empty span."""
    found = ((max(document.find(word), 0), word) for word in words if word)
    return tuple(Span(at, at + len(word) if document.startswith(word, at) else at, word) for at, word in found)
