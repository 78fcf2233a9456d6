"""A note as Misskey's API shapes it, and the post that it is.

What is not essential may be missing, null, or of another type: Misskey has many forks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from listen.plain import mended, wellformed
from listen.post import Kind, Post
from listen.when import utc


class User(msgspec.Struct):
    username: str = ""
    host: str | None = None
    name: str | None = None


class File(msgspec.Struct):
    comment: str | None = None


class Poll(msgspec.Struct):
    choices: list[dict[str, Any]] = []


class Note(msgspec.Struct, rename="camel"):
    """One note; without text it is a renote, or pictures alone."""

    id: str
    created_at: str | None = None
    updated_at: str | None = None  # Sharkey's
    text: str | None = None
    cw: str | None = None
    user: User = msgspec.field(default_factory=User)
    visibility: str = "public"
    tags: list[str] | None = None
    files: list[File] | None = None
    poll: Poll | None = None
    uri: str | None = None
    url: str | None = None
    lang: str | None = None
    reply_id: str | None = None
    renote_id: str | None = None
    renote_count: int | None = None
    replies_count: int | None = None
    reactions: dict[str, int] | None = None


class _Essence(msgspec.Struct, rename="camel"):
    """The fields without which a note says nothing."""

    id: str
    created_at: str | None = None
    text: str | None = None
    cw: str | None = None
    visibility: str = "public"
    uri: str | None = None
    url: str | None = None


def read(raw: msgspec.Raw) -> Note | None:
    """The note in a piece of JSON, without its frills if one of them is odd; None if it is none."""
    try:
        text = bytes(raw) if b"\\ud" not in bytes(raw).lower() else mended(bytes(raw)).encode()
        try:
            note = msgspec.json.decode(text, type=Note)
        except msgspec.ValidationError:
            note = Note(**msgspec.structs.asdict(msgspec.json.decode(text, type=_Essence)))
    except (ValueError, RecursionError):
        return None
    return note if note.id else None


def post_of(note: Note, base: str, host: str) -> Post | None:
    """The post that a note of a server is; None for what is not public, and for renotes without a word."""
    alts = [file.comment for file in note.files or () if file.comment]
    if note.visibility not in ("public", "home") or not (note.text or note.cw or alts):
        return None
    page = f"{base}/notes/{note.id}"
    name = note.user.username
    home = note.user.host or host
    choices = [str(choice.get("text", "")) for choice in (note.poll.choices if note.poll else ())]
    return Post(
        platform="misskey",
        id=wellformed(note.uri or page),
        ref=note.id,
        instance=host,
        url=_web(note.url) or _web(note.uri) or page,
        author=wellformed(f"{name}@{home}") if name else None,
        author_name=wellformed(note.user.name or "").strip() or None,
        author_url=wellformed(f"https://{home}/@{name}") if name else None,
        text=wellformed(note.text or ""),
        content_warning=wellformed(note.cw or "").strip() or None,
        lang=note.lang or None,
        hashtags=tuple(dict.fromkeys(wellformed(tag).lstrip("#") for tag in note.tags or () if tag.lstrip("#"))),
        alt_texts=tuple(wellformed(words) for words in [*alts, *choices] if words),
        kind=_kind(note),
        parent=note.reply_id or note.renote_id or None,
        posted_at=_moment(note.created_at),
        edited_at=_moment(note.updated_at),
        likes=_count(sum(note.reactions.values())) if note.reactions is not None else None,
        reposts=_count(note.renote_count),
        replies=_count(note.replies_count),
    )


def _kind(note: Note) -> Kind:
    if note.reply_id:
        return "reply"
    return "quote" if note.renote_id else "post"


def _moment(text: str | None) -> datetime | None:
    try:
        return utc(datetime.fromisoformat(text or ""))
    except ValueError:
        return None


def _web(address: str | None) -> str | None:
    return wellformed(address) if address and address.startswith(("http://", "https://")) else None


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number < 2**63 else None
