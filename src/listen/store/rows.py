"""Mentions and times as the tables hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from listen.errors import StoreError
from listen.mention import Mention
from listen.plain import wellformed
from listen.selection import moment_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DECODER = msgspec.json.Decoder(Mention)
_ENCODER = msgspec.json.Encoder()


class Byline(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote a stored post, in all the ways that it says so, and what it answers to."""

    platform: str
    author: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    parent: str | None = None


class _Signed(msgspec.Struct, frozen=True):
    post: Byline


_SIGNED = msgspec.json.Decoder(_Signed)


Row = tuple[str, str, str | None, int, str, str | None, str, str, int, int]


def micros(moment: datetime) -> int:
    """Microseconds since 1970; exact for every aware time."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)


def known_moment(number: int | None) -> datetime | None:
    return None if number is None else moment(number)


def row_of(mention: Mention) -> Row:
    """The columns of `mention` after the number."""
    post, verdict = mention.post, mention.verdict
    return (
        wellformed(post.platform),
        wellformed(post.id),
        None if post.author_id is None else wellformed(post.author_id),
        micros(moment_of(mention)),
        verdict.flag,
        None if verdict.lang is None else wellformed(verdict.lang),
        verdict.urgency,
        mention.care.status,
        int(mention.care.correction is not None),
        micros(mention.seen_at),
    )


def encoded(mention: Mention) -> str:
    try:
        return _ENCODER.encode(mention).decode()
    except UnicodeEncodeError:  # a lone surrogate, which JSON in UTF-8 cannot hold
        return _ENCODER.encode(_mended(msgspec.to_builtins(mention))).decode()


def decoded(json: str, path: str) -> Mention:
    """The mention of a row; raises StoreError if it is none."""
    try:
        return _DECODER.decode(json)
    except msgspec.DecodeError as problem:
        raise StoreError(f"{path}: holds a mention that cannot be read ({problem}); is the file damaged?") from problem


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return wellformed(value)
    if isinstance(value, dict):
        return {key: _mended(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(inner) for inner in value]
    return value


def byline_of(json: str) -> Byline:
    """Who wrote the mention of a row; nobody if it cannot be read."""
    try:
        return _SIGNED.decode(json).post
    except msgspec.DecodeError:
        return Byline(platform="")
