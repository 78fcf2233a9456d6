"""HTML of posts to plain text, once, and text that every later station can hold.

Links read as their full address where the page shortens them, `#<span>tag</span>` reads `#tag`, pictures that
stand for emoji read as their alternative text. Every step is linear in the length of the HTML; the standard
library's parser is not (40 kB of `<a b=` took it 7 s, a megabyte an hour), and strangers write these texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import msgspec

LIMIT = 1_000_000  # characters of one text; what is longer is cut

_BREAKS = frozenset({"br", "li", "tr", "dt", "dd", "hr"})
_BLOCKS = frozenset({"p", "div", "blockquote", "ul", "ol", "table", "pre", "section", "article", "figure",
                     "h1", "h2", "h3", "h4", "h5", "h6"})  # fmt: skip
_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "object"})
_RAW = frozenset({"script", "style"})  # whose content is not HTML, up to their own end tag
# Possessive throughout, so that nothing is read twice. A quote counts after `=` only, as in browsers.
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])))*+)>""")
_HASTY_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)([^>]*+)>")
_ATTRIBUTE = re.compile(r"""([^\s=/>"']++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]++)))?""")
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#\w{1,10}|\w{1,32});")
_ENDLESS = re.compile(r"&#[0-9]{9,}+;?")  # int() refuses more than 4300 digits
_LAID_OUT = re.compile(r"<(?:p|br|div|li)\b", re.IGNORECASE)  # where markup breaks lines, line ends do not
_LINE_END = re.compile(r"\s*[\r\n]\s*")
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


def mended(body: bytes | str) -> str:
    """JSON that every decoder reads; raises ValueError or RecursionError if it is none.

    JavaScript cuts emoji in two and escapes the halves (`\\ud83d`), which strict decoders refuse.
    """
    return wellformed(json.dumps(json.loads(body), ensure_ascii=False))


def plain(html: str) -> Plain:
    """HTML, however broken, as text: `<br>` is a line break, `<p>` a blank line; never raises."""
    html = wellformed(html[:LIMIT])
    if "<" not in html and "&" not in html:
        return Plain(html.strip())
    reader = _Reader(laid_out=_LAID_OUT.search(html) is not None)
    for piece in _pieces(html):
        reader.read(piece)
    return Plain(reader.text(), tuple(dict.fromkeys(reader.links)), tuple(dict.fromkeys(reader.alt_texts)))


class _Tag(msgspec.Struct, frozen=True):
    name: str
    ends: bool
    inside: str

    def attribute(self, name: str) -> str:
        """Its value, unescaped; empty if it is not there or has none."""
        for found in _ATTRIBUTE.finditer(self.inside):
            if found[1].lower() == name:
                value = found[2] or found[3] or found[4] or ""
                return _REFERENCE.sub(lambda reference: unescape(reference[0]), value).strip()
        return ""


def _pieces(html: str) -> Iterator[str | _Tag]:
    """The texts, unescaped, and the tags of the page, in their order."""
    at, last, pattern = 0, html.rfind(">"), _TAG
    while at < len(html):
        angle = html.find("<", at)
        if angle < 0 or angle > last:
            break
        if angle > at:
            yield _unescaped(html[at:angle])
        tag = pattern.match(html, angle)
        if tag is None and pattern is _TAG and html[angle + 1 : angle + 3].lstrip("/")[:1].isalpha():
            # A quote that never ends. Looked for once only, or a page full of them would take for ever.
            pattern = _HASTY_TAG
            tag = pattern.match(html, angle)
        if tag is None:
            at = _after_markup(html, angle)
            if at == angle:
                yield "<"
                at += 1
            continue
        yield _Tag(tag[2].lower(), bool(tag[1]), tag[3])
        at = tag.end()
        if tag[2].lower() in _RAW and not tag[1] and not tag[3].endswith("/"):
            end = re.compile(f"</{tag[2]}", re.IGNORECASE).search(html, at)
            at = end.start() if end else len(html)
    yield _unescaped(html[at:])


def _after_markup(html: str, angle: int) -> int:
    """Where a comment, declaration or nonsense in angle brackets is over; where it begins if it is none of them."""
    if html.startswith("<!--", angle):
        comment = _COMMENT.match(html, angle)
        return comment.end() if comment else len(html)
    if html.startswith(("<!", "<?", "</"), angle):
        return html.index(">", angle) + 1  # there is one: `last` said so
    return angle


def _unescaped(text: str) -> str:
    return unescape(_ENDLESS.sub("\ufffd", text)) if "&" in text else text


class _Reader:
    def __init__(self, *, laid_out: bool) -> None:
        self.laid_out = laid_out
        self.preformatted = 0
        self.parts: list[str] = []
        self.links: list[str] = []
        self.alt_texts: list[str] = []
        self.unseen = 0
        self.anchor = ""
        self.anchor_from = 0

    def read(self, piece: str | _Tag) -> None:
        if isinstance(piece, str):
            if not self.unseen:
                flows = self.laid_out and not self.preformatted
                self.parts.append(_LINE_END.sub(" ", piece) if flows else piece)
        elif piece.ends:
            self._end(piece.name)
        elif piece.name in _UNSEEN:
            self.unseen += not piece.inside.endswith("/")
        else:
            self._start(piece)

    def text(self) -> str:
        joined = "".join(self.parts).replace("\r\n", "\n").replace("\xa0", " ")
        lines = (line.strip(" \t") for line in joined.split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _start(self, tag: _Tag) -> None:
        self.preformatted += tag.name == "pre"
        if tag.name in _BREAKS:
            self.parts.append("\n")
        elif tag.name in _BLOCKS:
            self.parts.append("\n\n")
        elif tag.name == "a":
            self.anchor = tag.attribute("href")
            self.anchor_from = len(self.parts)
        elif tag.name == "img":
            self._picture(tag)

    def _end(self, name: str) -> None:
        self.preformatted -= name == "pre" and self.preformatted > 0
        if name in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif name in _BLOCKS:
            self.parts.append("\n\n")
        elif name == "a" and self.anchor:
            self._link(self.anchor)
            self.anchor = ""

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

    def _picture(self, tag: _Tag) -> None:
        alt = tag.attribute("alt")
        if not alt or self.unseen:
            return
        # WordPress turns emoji into pictures (class "wp-smiley" or "emoji"); feeds lose even the class.
        if "emoji" in tag.attribute("class") or not re.search(r"\w", alt):
            self.parts.append(alt)
        else:
            self.alt_texts.append(alt)
