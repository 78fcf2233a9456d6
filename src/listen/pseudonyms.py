"""Mentions without their authors' names: the same person has the same pseudonym, and nobody else can tell whose.

A pseudonym is a keyed hash (HMAC-SHA-256) of the network and the author's id there, with a secret of the store: stable
in all exports of this store, different in every other store. Pure.
"""

from __future__ import annotations

import hmac
import re

from msgspec.structs import replace

from listen.mention import Mention, Span
from listen.post import Post

_LENGTH = 12  # hexadecimal digits; among a million authors two have the same with a probability of 0.2 %
# Handles as networks write them, e-mail addresses, Bluesky's ids, and Reddit's u/name. Bounded throughout.
_HANDLE = re.compile(
    r"(?<![\w.+-])[\w.+-]++[@＠](?:[\w-]{1,63}\.){1,4}[a-z]{2,24}"
    r"|[@＠]\w++(?:[.-]\w++)*+(?:[@＠]\w++(?:[.-]\w++)*+)?"
    r"|(?<![\w/])/?u/[\w-]{3,}+"
    r"|\bdid:[a-z]{1,20}:[\w.:%-]++",
    re.IGNORECASE,
)


class Pseudonyms:
    """Turns mentions into what may be passed on; `key` is the store's."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    def of(self, mention: Mention) -> Mention:
        """The mention with pseudonyms for its author and for handles in its words, and without ways back to the post.

        Id, address and parent lead to the author's page, so the id is a hash too and the others are left out.
        """
        post, own = self._post(mention.post)
        told = mention.post

        def spans(known: tuple[Span, ...]) -> tuple[Span, ...]:
            """The words alone: places no longer fit, as pseudonyms are longer than names."""
            return tuple(Span(0, 0, self._words(span.text, told, own)) for span in known)

        note = None if mention.care.note is None else self._words(mention.care.note, told, own)
        return replace(
            mention,
            post=post,
            matches=tuple(replace(match, spans=spans(match.spans)) for match in mention.matches),
            verdict=replace(mention.verdict, reasons=spans(mention.verdict.reasons)),
            care=replace(mention.care, note=note, correction=None),
        )

    def name(self, platform: str, author: str) -> str:
        """`person-3f9a0c1b2d4e`."""
        told = f"{platform}\0{author.strip().lstrip('@＠').casefold()}".encode(errors="surrogatepass")
        return f"person-{hmac.digest(self.key, told, 'sha256').hex()[:_LENGTH]}"

    def _post(self, post: Post) -> tuple[Post, str | None]:
        known = post.author_id or post.author or post.author_url or post.author_name
        own = None if known is None else self.name(post.platform, known)
        changed = {
            name: self._words(value, post, own)
            for name in ("text", "title", "content_warning")
            if (value := getattr(post, name)) is not None
        }
        return replace(
            post,
            id=hmac.digest(self.key, f"{post.platform}\0{post.id}".encode(errors="surrogatepass"), "sha256").hex()[:24],
            url=None,
            ref=None,
            parent=None,
            links=(),
            author=own,
            author_id=None,
            author_name=None,
            author_url=None,
            alt_texts=tuple(self._words(text, post, own) for text in post.alt_texts),
            **changed,
        ), own

    def _words(self, text: str, post: Post, own: str | None) -> str:
        """The text with a pseudonym for each handle; the author's own names are theirs wherever they stand."""
        if own is not None:
            for name in filter(None, (post.author, post.author_id, post.author_url, post.author_name)):
                if len(name) > 3:
                    text = re.sub(rf"(?<!\w)[@＠]?{re.escape(name)}(?!\w)", own, text, flags=re.IGNORECASE)
        return _HANDLE.sub(lambda found: self.name(post.platform, found[0]), text)
