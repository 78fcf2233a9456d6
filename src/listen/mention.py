"""A mention: a post, the topics it matched and by which words, the verdict, and what was done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from operator import attrgetter
from typing import Literal

import msgspec

from listen.post import Post

Role = Literal["own", "competitor", "market"]
Flag = Literal["complaint", "opportunity", "praise", "none"]
OpportunityKind = Literal["question", "buying", "switching"]
Urgency = Literal["high", "medium", "low"]
Status = Literal["open", "pending", "answered", "not-relevant", "done"]
ChangeKind = Literal["new", "edited", "flagged", "marked", "matched", "withdrawn"]

LEFT = frozenset({"id", "platform", "topics"})  # what is told of a withdrawn mention


class Span(msgspec.Struct, frozen=True):
    """Characters `start` to `end` (exclusive) of a post's `document`, and the words that stand there."""

    start: int
    end: int
    text: str


class Match(msgspec.Struct, frozen=True):
    """A topic that a post mentions, and the words that said so."""

    topic: str
    spans: tuple[Span, ...]
    role: Role = "own"


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What the judge may know beside the text. `lang` is only claimed; `rating` counts stars, 1 to 5.

    `hours` is how long ago it was posted; `to_us` that it names one of our own accounts, `by_bot` that the account
    says of itself that nobody types there.
    """

    role: Role = "own"
    lang: str | None = None
    rating: float | None = None
    kind: str = "post"
    followers: int | None = None
    reposts: int | None = None
    hours: float | None = None
    to_us: bool = False
    by_bot: bool = False


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of mention it is. The three scores are probabilities in 0..1, `sentiment` is in -1..1.

    `reasons` are the words that decided, the weightiest first; empty if the flag is `none`.
    """

    lang: str | None
    flag: Flag
    complaint: float
    opportunity: float
    praise: float
    opportunity_kind: OpportunityKind | None
    sentiment: float
    urgency: Urgency
    reasons: tuple[Span, ...] = ()

    @property
    def why(self) -> tuple[str, ...]:
        return tuple([reason.text for reason in self.reasons])


class Correction(msgspec.Struct, frozen=True):
    """The flag that a person gave instead of the judge's (or the same, to confirm it), and what the judge had said."""

    flag: Flag
    opportunity_kind: OpportunityKind | None
    judged: Verdict


class Care(msgspec.Struct, frozen=True, kw_only=True):
    """What the people in customer care did about it. `answered_at` is when it was first marked as answered."""

    status: Status = "open"
    owner: str | None = None
    note: str | None = None
    answered_at: datetime | None = None
    correction: Correction | None = None


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A post that the watchlist wants, judged. `seen_at` is when we first saw it, by our own clock.

    `verdict` has the flag that counts: a person's, where one has corrected the judge.
    """

    post: Post
    matches: tuple[Match, ...]
    verdict: Verdict
    seen_at: datetime
    care: Care = Care()

    @property
    def id(self) -> str:
        return f"{self.post.platform}:{self.post.id}"

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple([match.topic for match in self.matches])

    @property
    def matched(self) -> tuple[str, ...]:
        """The words that matched, each once, as written in the post."""
        return tuple(dict.fromkeys([span.text for match in self.matches for span in match.spans]))


class Change(msgspec.Struct, frozen=True):
    """What happened to a mention: it is new, was edited, or was withdrawn by its author.

    Exports also tell that it was `flagged` anew, `marked` by customer care, or `matched` other topics than before.
    """

    kind: ChangeKind
    mention: Mention


def timestamp(moment: datetime | None) -> str | None:
    """UTC, ISO 8601, whole seconds, `Z`; years below 1000 keep their four digits."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def verdict_facts(verdict: Verdict) -> dict[str, object]:
    """The verdict in flat form, language aside."""
    return {
        "flag": verdict.flag,
        "complaint": verdict.complaint,
        "opportunity": verdict.opportunity,
        "praise": verdict.praise,
        "opportunity_kind": verdict.opportunity_kind,
        "sentiment": verdict.sentiment,
        "urgency": verdict.urgency,
        "why": list(verdict.why),
    }


# The columns and keys that JSONL, CSV and scripts see, and where each stands; names and order are an interface.
FIELDS: dict[str, str] = {
    "id": "id",
    "platform": "post.platform",
    "instance": "post.instance",
    "url": "post.url",
    "kind": "post.kind",
    "author": "post.author",
    "author_name": "post.author_name",
    "author_url": "post.author_url",
    "followers": "post.followers",
    "posted_at": "post.posted_at",
    "seen_at": "seen_at",
    "edited_at": "post.edited_at",
    "lang": "verdict.lang",
    "title": "post.title",
    "text": "post.text",
    "hashtags": "post.hashtags",
    "likes": "post.likes",
    "reposts": "post.reposts",
    "replies": "post.replies",
    "views": "post.views",
    "rating": "post.rating",
    "parent": "post.parent",
    "topics": "topics",
    "matched": "matched",
    "flag": "verdict.flag",
    "complaint": "verdict.complaint",
    "opportunity": "verdict.opportunity",
    "praise": "verdict.praise",
    "opportunity_kind": "verdict.opportunity_kind",
    "sentiment": "verdict.sentiment",
    "urgency": "verdict.urgency",
    "why": "verdict.why",
    "status": "care.status",
    "owner": "care.owner",
    "note": "care.note",
    "answered_at": "care.answered_at",
    "about": "post.about",
}
_READ: Callable[[Mention], tuple[object, ...]] = attrgetter(*FIELDS.values())


def record(mention: Mention) -> dict[str, object]:
    """The flat form that JSONL, CSV and scripts see: texts, numbers, lists of texts, or None."""
    return dict(zip(FIELDS, map(_told, _READ(mention)), strict=True))


def record_of(change: Change) -> dict[str, object]:
    """As `record`, and last the key `change`; of what was withdrawn only id, platform and topics are told."""
    told = record(change.mention)
    if change.kind == "withdrawn":
        told = {name: value if name in LEFT else _nothing_like(value) for name, value in told.items()}
    return {**told, "change": change.kind}


def hollow(platform: str, id: str, topics: tuple[str, ...]) -> Mention:  # noqa: A002  the word that users know it by
    """What is left of a mention whose words are gone."""
    return Mention(
        post=Post(platform=platform, id=id, url=None, author=None, text="", posted_at=None),
        matches=tuple(Match(topic, ()) for topic in topics),
        verdict=Verdict(lang=None, flag="none", complaint=0.0, opportunity=0.0, praise=0.0, opportunity_kind=None,
                        sentiment=0.0, urgency="low"),
        seen_at=datetime.fromtimestamp(0, UTC),
    )  # fmt: skip


def _nothing_like(value: object) -> object:
    return [] if isinstance(value, list) else None


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return timestamp(value)
    return list(value) if isinstance(value, tuple) else value
