"""Posts as Tumblr's API has them: in blocks (NPF, https://github.com/tumblr/docs/blob/master/npf-spec.md) or in HTML.

A reblog has a trail: what it passes on, the oldest first. What its author added is its own content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from listen.plain import Plain, plain, wellformed
from listen.post import Kind, Post

NAME = "tumblr"
Raw = dict[str, Any]
_HTML = ("body", "caption", "text", "source", "question", "answer", "description")
_WORDS = ("text", "title", "description", "question")  # of text, links, audio and polls


def post_of(raw: Raw) -> Post | None:
    """One post; None if it has no number."""
    number = _number(raw)
    if number is None:
        return None
    blog, trail = _named(raw) or None, _objects(raw.get("trail"))
    before = [one for one in trail if not one.get("is_current_item")]
    own = _own(raw)
    parent = _number(_object(before[-1].get("post"))) if before else _words(raw, "reblogged_from_id")
    passed_on = bool(before or parent)
    said = own if own.text or own.alt_texts or not before else _joined(map(_passed_on, before))
    kind: Kind = "post" if not passed_on else "quote" if own.text or own.alt_texts else "repost"
    url = _web(raw, "post_url")
    return Post(
        platform=NAME,
        id=number,
        url=url,
        author=blog,
        author_url=_web(_object(raw.get("blog")), "url") or (f"https://{blog}.tumblr.com" if blog else None),
        author_name=_words(_object(raw.get("blog")), "title"),
        title=None if passed_on else plain(_words(raw, "title") or "").text or None,
        text=said.text,
        posted_at=moment_of(raw.get("timestamp")),
        kind=kind,
        parent=parent,
        hashtags=tuple(dict.fromkeys(filter(None, map(_tag, _list(raw.get("tags")))))),
        links=tuple(dict.fromkeys(said.links)),
        alt_texts=tuple(dict.fromkeys(said.alt_texts)),
    )


def moment_of(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _own(raw: Raw) -> Plain:
    """What the author of the post wrote; in HTML the whole trail stands in the body, and the addition beside it."""
    if isinstance(raw.get("content"), list):
        return _joined([_of_blocks(raw["content"])])
    reblog = _object(raw.get("reblog"))
    if any(not one.get("is_current_item") for one in _objects(raw.get("trail"))):
        return plain(_words(reblog, "comment") or "")
    return _joined(plain(words) for key in _HTML if (words := _words(raw, key)))


def _passed_on(item: Raw) -> Plain:
    if isinstance(item.get("content"), list):
        return _of_blocks(item["content"])
    return plain(_words(item, "content") or _words(item, "content_raw") or "")


def _of_blocks(blocks: object) -> Plain:
    """The words of all blocks, a paragraph each; kinds of blocks that are not known yet may have words, too."""
    paragraphs, links, described = list[str](), list[str](), list[str]()
    for block in _objects(blocks):
        paragraphs += [words for key in _WORDS if (words := _words(block, key))]
        paragraphs += [words for answer in _objects(block.get("answers")) if (words := _words(answer, "answer_text"))]
        described += [words for key in ("alt_text", "caption") if (words := _words(block, key))]
        marks = [block, *_objects(block.get("formatting"))] if block.get("type") in ("text", "link") else []
        links += [address for mark in marks if (address := _web(mark, "url"))]
    return Plain("\n\n".join(paragraphs).strip(), tuple(links), tuple(described))


def _joined(parts: Iterable[Plain]) -> Plain:
    told = list(parts)
    return Plain(
        "\n\n".join(part.text for part in told if part.text),
        tuple(link for part in told for link in part.links),
        tuple(alt for part in told for alt in part.alt_texts),
    )


def _number(raw: Raw) -> str | None:
    """As text: numbers of 64 bits do not survive everywhere."""
    for key in ("id_string", "id"):
        number = str(raw.get(key)) if isinstance(raw.get(key), str | int) else ""
        if number.isascii() and number.isdigit() and len(number) <= 25:
            return number
    return None


def _named(raw: Raw) -> str | None:
    return _words(raw, "blog_name") or _words(_object(raw.get("blog")), "name")


def _tag(tag: object) -> str:
    return " ".join(wellformed(tag).split()).lstrip("#") if isinstance(tag, str) else ""


def _web(raw: Raw, key: str) -> str | None:
    address = _words(raw, key)
    return address if address and address.startswith(("http://", "https://")) else None


def _words(raw: Raw, key: str) -> str | None:
    value = raw.get(key)
    return wellformed(value) or None if isinstance(value, str) else None


def _object(value: object) -> Raw:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: object) -> list[Raw]:
    return list(_dicts(_list(value)))


def _dicts(values: list[Any]) -> Iterator[Raw]:
    return (value for value in values if isinstance(value, dict))
