"""HTML of posts to plain text, once, and text that every later station can hold.

Links read as their full address where the page shortens them, `#<span>tag</span>` reads `#tag`, pictures that
stand for emoji read as their alternative text.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import msgspec

LIMIT = 1_000_000  # characters of one text; what is longer is cut

_BREAKS = frozenset({"br", "li", "tr", "dt", "dd", "hr"})
_BLOCKS = frozenset({"p", "div", "blockquote", "ul", "ol", "table", "pre", "section", "article", "figure",
                     "h1", "h2", "h3", "h4", "h5", "h6"})  # fmt: skip
_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "object"})
_SURROGATES = re.compile("[\ud800-\udfff]")


class Plain(msgspec.Struct, frozen=True):
    """The words of a piece of HTML, the addresses it links to, and the descriptions of its pictures."""

    text: str
    links: tuple[str, ...] = ()
    alt_texts: tuple[str, ...] = ()


def wellformed(text: str) -> str:
    """The same text, same length, without NULs and lone surrogates, which UTF-8 and SQLite cannot hold."""
    if text.isascii() and "\0" not in text:
        return text
    return _SURROGATES.sub("\ufffd", text).replace("\0", "\ufffd")


def plain(html: str) -> Plain:
    """HTML, however broken, as text: `<br>` is a line break, `<p>` a blank line; never raises."""
    html = html[:LIMIT]
    if "<" not in html and "&" not in html:
        return Plain(wellformed(html).strip())
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Plain(reader.text(), tuple(dict.fromkeys(reader.links)), tuple(dict.fromkeys(reader.alt_texts)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []
        self.alt_texts: list[str] = []
        self.unseen = 0
        self.anchor: str | None = None
        self.anchor_from = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag in _BREAKS:
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a":
            self.anchor = dict(attrs).get("href")
            self.anchor_from = len(self.parts)
        elif tag == "img":
            self._picture(dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a" and self.anchor is not None:
            self._link(self.anchor)
            self.anchor = None

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)

    def text(self) -> str:
        joined = "".join(self.parts).replace("\r\n", "\n").replace("\xa0", " ")
        lines = (line.strip(" \t") for line in joined.split("\n"))
        return wellformed(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())

    def _link(self, href: str) -> None:
        """A web link whose text is a shortened address (`example.com/very…`) reads as the address itself."""
        shown = "".join(self.parts[self.anchor_from :]).strip()
        if shown.startswith(("#", "@")) or not href.startswith(("http://", "https://")):
            return
        self.links.append(href)
        try:
            host = urlsplit(href).hostname or ""
        except ValueError:
            return
        if shown and host and host.removeprefix("www.") in shown and " " not in shown:
            self.parts[self.anchor_from :] = [href]

    def _picture(self, attrs: dict[str, str | None]) -> None:
        alt = (attrs.get("alt") or "").strip()
        if not alt or self.unseen:
            return
        # WordPress turns emoji into pictures (class "wp-smiley" or "emoji"); feeds lose even the class.
        if "emoji" in (attrs.get("class") or "") or not re.search(r"\w", alt):
            self.parts.append(alt)
        else:
            self.alt_texts.append(alt)
