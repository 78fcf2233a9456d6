"""A signed event, its proof, and the post or the deletions that it means.

https://github.com/nostr-protocol/nips: 01 (events), 09 (deletions), 10 (replies), 14 (subjects), 18 (quotes), 22
(comments), 23 (articles), 32 (languages), 36 (warnings), 40 (expiry), 92 (alt texts)
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from listen.plain import wellformed
from listen.platforms.nostr.nip19 import naddr, nevent, npub
from listen.post import Deletion, Edit, Kind, Post
from listen.when import now

NOTE, DELETION, COMMENT, ARTICLE = 1, 5, 1111, 30023
POSTS = (NOTE, COMMENT, ARTICLE)
WEB = "https://njump.me/"
_LONGEST = 500  # deletions that one event may ask for
_ADDRESS = re.compile(rf"{ARTICLE}:([0-9a-f]{{64}}):.*", re.DOTALL)
_LINK = re.compile(r"https?://[^\s<>\"'）」]+(?<![.,;:!?)])")  # what ends a sentence is none of it
_ESCAPED = {"\n": r"\n", '"': r"\"", "\\": r"\\", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}
_TO_ESCAPE = re.compile(r'[\n"\\\r\t\b\f]')

Hex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Signed(msgspec.Struct, frozen=True):
    """One event as relays send it; `created_at` is in seconds, and what its author claims."""

    id: Hex
    pubkey: Hex
    created_at: int
    kind: int
    tags: list[list[str]] = []
    content: str = ""
    sig: str = ""

    def values(self, *names: str) -> Iterator[str]:
        """The first values of the tags of these names."""
        return (tag[1] for tag in self.tags if len(tag) > 1 and tag[0] in names)

    def value(self, name: str) -> str | None:
        return next((wellformed(value).strip() for value in self.values(name) if value.strip()), None)

    @property
    def address(self) -> str:
        """What all versions of an article have in common (NIP-01)."""
        return f"{self.kind}:{self.pubkey}:{next(self.values('d'), '')}"

    @property
    def is_over(self) -> bool:
        """Whether its author let it end before now (NIP-40)."""
        expires = self.value("expiration") or ""
        return expires.isascii() and expires.isdecimal() and int(expires[:15]) < now().timestamp()


def is_true(signed: Signed) -> bool:
    """Whether its id is the hash of what it says, and, if `listen-mentions[nostr]` is there, its author has signed it.

    NIP-01 escapes seven characters; programs in the wild escape all control characters as JSON does.
    """
    parts = [0, signed.pubkey, signed.created_at, signed.kind, signed.tags, signed.content]
    usual = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    if signed.id not in (_hashed(usual), _hashed(_strictly(parts))):
        return False
    return not signatures_are_checked() or _is_signed(signed)


def signatures_are_checked() -> bool:
    """Whether the library for it is there."""
    try:
        import coincurve  # noqa: F401
    except ImportError:
        return False
    return True


def post_of(signed: Signed, host: str, web: str = WEB) -> Post | Edit:
    """The post, as a relay on that host has it; articles are edits, as each version replaces the one before."""
    relay = f"wss://{host}"  # nothing else of its address, which may hold what is secret
    article = signed.kind == ARTICLE
    moment = _moment(signed.created_at)
    kind, parent = _place(signed)
    link = naddr(next(signed.values("d"), ""), signed.pubkey, ARTICLE, relay) if article else nevent(signed.id, relay)
    name = npub(signed.pubkey)
    text = wellformed(signed.content)
    post = Post(
        platform="nostr",
        id=wellformed(signed.address) if article else signed.id,
        url=web + link,
        author=name,
        author_id=signed.pubkey,
        author_url=web + name,
        text=text,
        title=signed.value("title") if article else signed.value("subject"),
        content_warning=signed.value("content-warning"),
        lang=next((tag[1] for tag in signed.tags if tag[:1] == ["l"] and tag[2:] == ["ISO-639-1"]), None) or None,
        hashtags=_distinct(tag.lstrip("#") for tag in signed.values("t")),
        links=_distinct([*_LINK.findall(text), *(link for link in signed.values("r") if _LINK.fullmatch(link))]),
        alt_texts=_distinct(_described(signed)),
        kind=kind,
        parent=parent,
        posted_at=_published(signed) or moment,
        edited_at=moment if article else None,
    )
    return Edit(post) if article else post


def deletions_of(signed: Signed) -> list[tuple[str, int | None]]:
    """What the author wants to be gone: ids of events, and addresses up to that time. Others' posts are not theirs."""
    kinds = [*signed.values("k")]
    if kinds and not any(str(kind) in kinds for kind in POSTS):
        return []
    found: list[tuple[str, int | None]] = [
        (id_, None) for id_ in signed.values("e") if re.fullmatch("[0-9a-f]{64}", id_)
    ]
    for address in signed.values("a"):
        told = _ADDRESS.fullmatch(address)
        if told and told[1] == signed.pubkey:
            found.append((address, signed.created_at))
    return found[:_LONGEST]


class Withdrawn:
    """What authors have taken back, as far as this run was told, on all relays; some relays go on showing it."""

    def __init__(self, most: int = 50_000) -> None:
        self._most = most
        self._told: dict[tuple[str, str], int | None] = {}

    def covers(self, signed: Signed) -> bool:
        if signed.kind != ARTICLE:
            return (signed.pubkey, signed.id) in self._told
        until = self._told.get((signed.pubkey, signed.address))
        return (until is not None and signed.created_at <= until) or (signed.pubkey, signed.id) in self._told

    def news(self, signed: Signed) -> Iterator[Deletion]:
        """The deletions that a deletion request asks for, each told once."""
        for name, until in deletions_of(signed):
            place = (signed.pubkey, name)
            before = self._told.get(place, 0)
            if before is None or (until is not None and before >= until):
                continue
            self._told[place] = until
            if len(self._told) > self._most:
                del self._told[next(iter(self._told))]
            # An article may be published anew under its address.
            yield Deletion(platform="nostr", id=wellformed(name), author_id=signed.pubkey, lasting=until is None)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _strictly(value: object) -> str:
    """JSON by the letter of NIP-01: no other characters are escaped than those it names."""
    if isinstance(value, str):
        return f'"{_TO_ESCAPE.sub(lambda found: _ESCAPED[found[0]], value)}"'
    if isinstance(value, list):
        return f"[{','.join(map(_strictly, value))}]"
    return str(value)


def _is_signed(signed: Signed) -> bool:
    """BIP-340."""
    import coincurve

    try:
        key = coincurve.PublicKeyXOnly(bytes.fromhex(signed.pubkey))
        return bool(key.verify(bytes.fromhex(signed.sig), bytes.fromhex(signed.id)))
    except ValueError:  # no point of the curve, or no hexadecimal digits
        return False


def _place(signed: Signed) -> tuple[Kind, str | None]:
    """What kind of post it is, and what it answers."""
    if signed.kind == ARTICLE:
        return "article", None
    if signed.kind == COMMENT:
        return "comment", next(signed.values("e", "a", "i"), None)
    answered = [tag for tag in signed.tags if len(tag) > 1 and tag[0] == "e" and tag[3:4] != ["mention"]]
    if answered:
        marked = {tag[3]: tag[1] for tag in answered if len(tag) > 3}
        return "reply", wellformed(marked.get("reply") or marked.get("root") or answered[-1][1])
    quoted = next(signed.values("q"), None)
    return ("quote", wellformed(quoted)) if quoted else ("post", None)


def _published(signed: Signed) -> datetime | None:
    """When the first version of an article was published, as far as it says so (NIP-23)."""
    told = (signed.value("published_at") or "") if signed.kind == ARTICLE else ""
    return _moment(int(told)) if told.isascii() and told.isdecimal() and len(told) < 15 else None


def _moment(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _described(signed: Signed) -> Iterator[str]:
    for tag in signed.tags:
        if tag[:1] == ["imeta"]:
            yield from (part.removeprefix("alt ") for part in tag[1:] if part.startswith("alt "))


def _distinct(texts: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(wellformed(text).strip() for text in texts if text.strip()))
