"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), as far as a feed keeps to it.

A field of the wrong type costs that field, not the entry; a wrong entry costs that entry, not the feed.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import msgspec

from listen.errors import BadAnswer
from listen.feed.decoding import MOST_ENTRIES
from listen.feed.entry import Entry, Feed, claimed_lang, web_address
from listen.feed.words import literal, title_of, words_of
from listen.plain import Plain
from listen.when import utc

Shape = TypeVar("Shape", bound=msgspec.Struct)


class _Author(msgspec.Struct):
    name: str | None = None
    url: str | None = None


class _Item(msgspec.Struct):
    id: str | int | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    language: str | None = None
    authors: list[object] | None = None
    author: object = None
    tags: list[object] | None = None


class _Top(msgspec.Struct):
    version: str
    title: str | None = None
    next_url: str | None = None
    language: str | None = None
    authors: list[object] | None = None
    author: object = None
    items: list[object] | None = None


def json_feed(text: str, url: str, host: str) -> Feed:
    """The feed that the JSON holds; raises BadAnswer if it holds none."""
    try:
        answered = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise BadAnswer(f"{host} answered broken JSON instead of a feed") from problem
    top = _tolerant(answered, _Top)
    if top is None or "jsonfeed.org/version/" not in top.version:
        raise BadAnswer(f"{host} answered JSON that is no JSON Feed")
    items = [item for one in _both_ends(top.items or []) if (item := _tolerant(one, _Item))]
    return Feed(
        format=f"JSON Feed {top.version.rpartition('/')[2][:10]}",
        title=title_of(top.title),
        entries=tuple(_entry(item, top, url) for item in items),
        next=web_address(top.next_url, url),
        cut_from=len(top.items) if top.items and len(top.items) > MOST_ENTRIES else None,
    )


def _tolerant(found: object, shape: type[Shape]) -> Shape | None:
    """The shape without the fields that are of another type; None if what is left is not the shape."""
    if not isinstance(found, dict):
        return None
    kept = {}
    for field in msgspec.structs.fields(shape):
        try:
            kept[field.name] = msgspec.convert(found[field.encode_name], field.type)
        except (KeyError, msgspec.ValidationError):
            continue
    try:
        return shape(**kept)
    except TypeError:
        return None


def _both_ends(items: list[object]) -> list[object]:
    half = MOST_ENTRIES // 2
    return items if len(items) <= MOST_ENTRIES else items[:half] + items[-half:]


def _entry(item: _Item, top: _Top, url: str) -> Entry:
    author = _author(item) or _author(top) or _Author()
    return Entry(
        id=str(item.id) if item.id not in (None, "") else None,
        link=web_address(item.url or item.external_url, url),
        title=title_of(item.title),
        body=_body(item),
        author=title_of(author.name),
        author_url=web_address(author.url),
        published=_moment(item.date_published),
        updated=_moment(item.date_modified),
        tags=tuple(tag for tag in item.tags or () if isinstance(tag, str)),
        lang=claimed_lang(item.language or top.language),
    )


def _author(of: _Item | _Top) -> _Author | None:
    claimed = (_tolerant(one, _Author) for one in [*(of.authors or ()), of.author])
    return next((author for author in claimed if author and author.name), None)


def _body(item: _Item) -> Plain:
    if item.content_html:
        return words_of(item.content_html)
    return literal(item.content_text or item.summary)


def _moment(text: str | None) -> datetime | None:
    try:
        return utc(datetime.fromisoformat(text or ""))
    except ValueError:
        return None
