"""A status, as Mastodon's API shapes it, read into a `Post`.

https://docs.joinmastodon.org/entities/Status/; other servers leave fields out or fill them in their own way, so
that what is not essential may be missing, null, or of another type.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from listen.plain import plain, wellformed
from listen.post import Edit, Kind, Post, Wish
from listen.respect import asked_in
from listen.when import utc

_OPEN = (None, "", "public", "unlisted")  # everything else was meant for somebody


class Account(msgspec.Struct, frozen=True):
    """Who wrote it. `acct` has no domain for accounts of the server that answers."""

    acct: str = ""
    uri: str | None = None
    url: str | None = None
    display_name: str | None = None
    followers_count: int | None = None
    bot: bool | None = None
    note: str | None = None
    noindex: bool | None = None
    indexable: bool | None = None
    discoverable: bool | None = None


class Tag(msgspec.Struct, frozen=True):
    name: str = ""


class Media(msgspec.Struct, frozen=True):
    description: str | None = None


class Choice(msgspec.Struct, frozen=True):
    title: str = ""


class Poll(msgspec.Struct, frozen=True):
    options: list[Choice] = []


class Essence(msgspec.Struct, frozen=True):
    """The fields without which a status says nothing."""

    id: str
    uri: str | None = None
    url: str | None = None
    created_at: str | None = None
    edited_at: str | None = None
    content: str | None = None
    spoiler_text: str | None = None
    visibility: str | None = None


class Status(Essence, frozen=True):
    """A status. `quote` is kept as it comes; only whether there is one matters."""

    language: str | None = None
    account: Account = Account()
    tags: list[Tag] | None = None
    media_attachments: list[Media] | None = None
    poll: Poll | None = None
    in_reply_to_id: str | None = None
    reblog: Status | None = None
    quote: msgspec.Raw = msgspec.Raw(b"null")
    favourites_count: int | None = None
    reblogs_count: int | None = None
    replies_count: int | None = None


_STATUS = msgspec.json.Decoder(Status)
_ESSENCE = msgspec.json.Decoder(Essence)


def read(raw: bytes | str | msgspec.Raw) -> Status | None:
    """The status in a piece of JSON, without its frills if one of them is odd; None if it is none."""
    try:
        status = _decoded(raw)
    except (ValueError, RecursionError):
        return None
    return status if status and status.id and (status.uri or status.url) else None


def heard(status: Status, *, instance: str, domain: str, corrected: bool = False) -> Post | Edit | None:
    """The post that a status brings, an `Edit` if it was changed since; None if it is not public.

    `domain` makes `anna` of this server `anna@example.social`. A boost brings the post that was boosted.
    """
    told = status.reblog or status
    if status.visibility not in _OPEN or told.visibility not in _OPEN:
        return None
    post = _post(told, instance, domain)
    return Edit(post) if corrected or post.edited_at else post


def moment(text: str | None) -> datetime | None:
    """ISO 8601 as aware UTC; None for what is no date."""
    try:
        return utc(datetime.fromisoformat(text or ""))
    except ValueError:
        return None


def _decoded(raw: bytes | str | msgspec.Raw) -> Status:
    try:
        return _STATUS.decode(raw)
    except msgspec.ValidationError:
        return Status(**msgspec.structs.asdict(_ESSENCE.decode(raw)))


def _post(status: Status, instance: str, domain: str) -> Post:
    page, account = plain(status.content or ""), status.account
    alts = (media.description for media in status.media_attachments or ())
    choices = (choice.title for choice in (status.poll.options if status.poll else ()))
    return Post(
        platform="mastodon",
        id=wellformed(status.uri or status.url or ""),
        ref=wellformed(status.id),
        instance=instance,
        url=_web(status.url) or _web(status.uri),
        author=_words(account.acct if "@" in account.acct or not account.acct else f"{account.acct}@{domain}"),
        author_id=_words(account.uri or account.url),
        author_url=_web(account.url) or _web(account.uri),
        author_name=_words(account.display_name),
        by_bot=account.bot is True,
        followers=_count(account.followers_count),
        text=page.text,
        links=page.links,
        alt_texts=_distinct((*alts, *choices, *page.alt_texts)),
        content_warning=_words(status.spoiler_text),
        lang=_words(status.language),
        hashtags=_distinct(tag.name.lstrip("#") for tag in status.tags or ()),
        kind=_kind(status),
        parent=_words(status.in_reply_to_id),
        posted_at=moment(status.created_at),
        edited_at=moment(status.edited_at),
        likes=_count(status.favourites_count),
        reposts=_count(status.reblogs_count),
        replies=_count(status.replies_count),
        wishes=_wishes(account),
    )


def _wishes(account: Account) -> tuple[Wish, ...]:
    """`noindex` is set by who does not want to be found; the other two are off for everybody who has not set them."""
    said: tuple[tuple[Wish, bool], ...] = (
        ("noindex", account.noindex is True),
        ("unindexable", account.indexable is False),
        ("undiscoverable", account.discoverable is False),
    )
    in_bio = asked_in(plain(account.note).text) if account.note and "#" in account.note else ()
    return tuple(dict.fromkeys((*in_bio, *(wish for wish, holds in said if holds))))


def _kind(status: Status) -> Kind:
    if status.in_reply_to_id:
        return "reply"
    return "post" if bytes(status.quote) == b"null" else "quote"


def _words(text: str | None) -> str | None:
    return wellformed(text or "").strip() or None


def _web(address: str | None) -> str | None:
    return wellformed(address) if address and address.startswith(("http://", "https://")) else None


def _count(number: int | None) -> int | None:
    """Hidden counts are -1 on some servers; what no database can hold is no count."""
    return number if number is not None and 0 <= number < 2**63 else None


def _distinct(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words for text in texts if (words := _words(text))))
