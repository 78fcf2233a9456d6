"""Jetstream's frames (v1 wire), as events: a pure function, and quick in saying no.

Wire  https://github.com/bluesky-social/jetstream; servers of the 2026 code add a `cursor`, which is ignored

A post is decoded only if `may_match` sees a wanted word in its raw frame. Identity and account frames of the
whole network come along whatever collection is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from listen.plain import mended
from listen.platforms.bluesky.record import POSTS, post_of, uri_of
from listen.post import Deletion, Edit, Post
from listen.source import Interest

Did = Annotated[str, msgspec.Meta(pattern=r"^did:[a-z]+:[A-Za-z0-9._:%-]+\Z", max_length=2048)]
Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:~-]*\Z", max_length=512)]

# The envelope's own fields stand before the commit, so the first one is not a field that an author put in a record.
_TIME = re.compile(r'"time_us"\s*:\s*(\d{16})(?!\d)', re.ASCII)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # escapes of what may be half an emoji, which costs no more than itself
_ENVELOPE = 2_200  # characters; a DID has 2,048 at most

# What is deleted or taken down is withdrawn, while a suspended or deactivated account is expected back.
_WITHDRAWN = {"deleted": True, "takendown": False}  # whether for good: an appeal can lift a takedown


class Commit(msgspec.Struct, frozen=True):
    """A record was created, updated or deleted; deletions carry no record."""

    operation: str
    collection: str
    rkey: Key
    rev: str = ""
    record: msgspec.Raw = msgspec.Raw(b"")


class Account(msgspec.Struct, frozen=True):
    active: bool = True
    status: str | None = None


class Frame(msgspec.Struct, frozen=True):
    """One frame; `time_us` is the server's clock in microseconds."""

    did: Did
    kind: str
    time_us: int = 0
    commit: Commit | None = None
    account: Account | None = None

    @property
    def key(self) -> tuple[str, ...] | None:
        """What is the same when a commit is sent twice, as happens between replay and live."""
        if self.commit is None:
            return None
        return (self.did, self.commit.collection, self.commit.rkey, self.commit.rev, self.commit.operation)

    @property
    def event(self) -> Post | Edit | Deletion | None:
        """What the frame means to us; raises msgspec.DecodeError for a record that is none."""
        if self.commit is not None and self.commit.collection == POSTS and self.commit.rkey:
            return self._of_commit(self.commit)
        account = self.account
        if self.kind == "account" and account and not account.active and account.status in _WITHDRAWN:
            return Deletion(platform="bluesky", author_id=self.did, lasting=_WITHDRAWN[account.status])
        return None

    def _of_commit(self, commit: Commit) -> Post | Edit | Deletion | None:
        if commit.operation == "create":
            return post_of(self.did, commit.rkey, commit.record)
        if commit.operation == "update":
            post = post_of(self.did, commit.rkey, commit.record)
            return Edit(msgspec.structs.replace(post, edited_at=moment(self.time_us)))
        if commit.operation == "delete":
            return Deletion(platform="bluesky", id=uri_of(self.did, commit.rkey))
        return None


_decoder = msgspec.json.Decoder(Frame)


def events_of(frame: str | bytes, interest: Interest) -> Post | Edit | Deletion | None:
    """The event in a raw frame; None if there is none for us, or the frame is broken. Never raises."""
    wanted = worth_decoding(frame, interest.may_match)
    return None if wanted is None else event_of(wanted)


def worth_decoding(frame: str | bytes, may_match: Callable[[str], bool]) -> Frame | None:
    """The frame decoded, unless it is a post without a wanted word, or broken."""
    try:
        raw = frame if isinstance(frame, str) else frame.decode()
        # Only creates and updates hold a record. A frame spelled otherwise is decoded, that is all.
        if '"record":{' in raw and not may_match(raw):
            return None
        return _decoder.decode(mended(raw) if _HALF.search(raw) else raw)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def event_of(frame: Frame) -> Post | Edit | Deletion | None:
    """The event of a decoded frame; None if its record is broken."""
    try:
        return frame.event
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def time_of(frame: str) -> int | None:
    """`time_us` of a raw frame, without decoding it: microseconds with 16 digits (years 2001 to 2286)."""
    found = _TIME.search(frame, 0, _ENVELOPE)
    return None if found is None else int(found[1])


def moment(time_us: int) -> datetime | None:
    """Microseconds since 1970 as aware UTC; None where no calendar reaches."""
    try:
        return datetime.fromtimestamp(time_us // 1_000_000, UTC).replace(microsecond=time_us % 1_000_000)
    except (ValueError, OverflowError, OSError):
        return None
