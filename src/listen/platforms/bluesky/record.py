"""The record of one post (`app.bsky.feed.post`), as a `Post`.

Hashtags and links come from the facets' features, never from their offsets: those count UTF-8 bytes, and
clients get them wrong. A record with one broken field is heard without that field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from listen.plain import wellformed
from listen.post import Kind, Post, Wish
from listen.when import utc

POSTS = "app.bsky.feed.post"
APP = "https://bsky.app/profile/"


class Reference(msgspec.Struct):
    """Another record; `embed.recordWithMedia` wraps it once more."""

    uri: str = ""
    record: Reference | None = None


class Reply(msgspec.Struct):
    parent: Reference


class Picture(msgspec.Struct):
    alt: str = ""


class Card(msgspec.Struct):
    """The preview of a web page."""

    uri: str = ""
    title: str = ""
    description: str = ""


class Embed(msgspec.Struct):
    """All kinds of embed in one: images, gallery (`items`), video (`alt`), external, record, recordWithMedia."""

    images: list[Picture] = []
    items: list[Picture] = []
    alt: str = ""
    external: Card | None = None
    record: Reference | None = None
    media: Embed | None = None


class Feature(msgspec.Struct):
    tag: str = ""
    uri: str = ""


class Facet(msgspec.Struct):
    features: list[Feature] = []


class Label(msgspec.Struct):
    val: str = ""


class Labels(msgspec.Struct):
    """What an author says of a post or of themselves, https://atproto.com/specs/label#self-labels-in-records."""

    values: list[Label] = []


class Record(msgspec.Struct, rename="camel"):
    """What we read of a record; `created_at` is whatever the client wrote there."""

    text: str = ""
    created_at: str = ""
    facets: list[Facet] = []
    tags: list[str] = []
    langs: list[str] = []
    reply: Reply | None = None
    embed: Embed | None = None
    labels: Labels | None = None


def wishes_of(labels: Iterable[Label]) -> tuple[Wish, ...]:
    """`!no-unauthenticated`: whoever is not logged in should not be shown this, and `listen` is not."""
    return ("no-unauthenticated",) if any(label.val == "!no-unauthenticated" for label in labels) else ()


def uri_of(did: str, rkey: str) -> str:
    """The canonical id of a post."""
    return f"at://{did}/{POSTS}/{rkey}"


def post_of(did: str, rkey: str, raw: msgspec.Raw) -> Post:
    """The post that a record holds. Raises msgspec.DecodeError if `raw` is no JSON object."""
    record = _record(raw)
    features = [feature for facet in record.facets for feature in facet.features]
    embed = record.embed or Embed()
    kind, parent = _kind(record.reply, embed)
    return Post(
        platform="bluesky",
        id=uri_of(did, rkey),
        url=f"{APP}{did}/post/{rkey}",
        author=did,
        author_id=did,
        author_url=APP + did,
        text=wellformed(record.text),
        posted_at=_moment(record.created_at),
        kind=kind,
        parent=parent,
        lang=next(filter(None, record.langs), None),
        hashtags=_tags([*(feature.tag for feature in features), *record.tags]),
        links=_links([*(feature.uri for feature in features), *(card.uri for card in _cards(embed))]),
        alt_texts=_distinct(_described(embed)),
        wishes=wishes_of(record.labels.values if record.labels else ()),
    )


def _record(raw: msgspec.Raw) -> Record:
    try:
        return msgspec.json.decode(raw, type=Record)
    except msgspec.ValidationError:
        return Record(**dict(_sound_fields(raw)))


def _sound_fields(raw: msgspec.Raw) -> Iterator[tuple[str, Any]]:
    """The fields of a record that have the promised shape."""
    parts = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    for field in msgspec.structs.fields(Record):
        if field.encode_name in parts:
            try:
                yield field.name, msgspec.json.decode(parts[field.encode_name], type=field.type)
            except msgspec.ValidationError:
                continue


def _kind(reply: Reply | None, embed: Embed) -> tuple[Kind, str | None]:
    """Reply, quote or post, and the at-URI of what it answers or quotes."""
    if reply is not None:
        return "reply", reply.parent.uri or None
    quoted = embed.record and (embed.record.record or embed.record).uri
    # Lists, feeds and starter packs are embedded in the same way.
    return ("quote", quoted) if quoted and f"/{POSTS}/" in quoted else ("post", None)


def _cards(embed: Embed) -> list[Card]:
    return [part.external for part in (embed, embed.media) if part and part.external]


def _described(embed: Embed) -> Iterator[str]:
    """All that is said about pictures, videos and web pages."""
    for part in (embed, embed.media):
        if part is not None:
            yield from (picture.alt for picture in [*part.images, *part.items])
            yield part.alt
    for card in _cards(embed):
        yield from (card.title, card.description)


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Without `#`, each once whatever its case, the first spelling wins."""
    bare = (wellformed(tag).strip().lstrip("#＃") for tag in tags)
    return tuple({tag.casefold(): tag for tag in reversed([*filter(None, bare)])}.values())[::-1]


def _links(links: Iterable[str]) -> tuple[str, ...]:
    return _distinct(link for link in links if link.startswith(("https://", "http://")))


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(wellformed(text).strip() for text in texts if text.strip()))


def _moment(written: str) -> datetime | None:
    """What the author claims; clients write `Z` or an offset, and 0 to 9 digits of a second."""
    try:
        return utc(datetime.fromisoformat(written))
    except ValueError:
        return None
