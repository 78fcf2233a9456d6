"""Markdown of posts to plain text: what its readers see, without what templates and mails bring along.

Comments (templates of issues are full of them) and HTML tags go, links and pictures read as their texts, code stays as
it is. Quoted lines (`> `) are somebody else's words and go, too. Every step is linear in the length of the text.
"""

from __future__ import annotations

import re
from html import unescape

from listen.plain import LIMIT, Plain, wellformed

_COMMENT = re.compile(r"<!--(?:(?!-->).)*+(?:-->|\Z)", re.DOTALL)
_CODE = re.compile(r"(?ms)^(?:```|~~~)[^\n]*\n(.*?)(?:^(?:```|~~~)[^\n]*$|\Z)|`([^`\n]++)`")
_QUOTED = re.compile(r"(?m)^ {0,3}>[^\n]*(?:\n|\Z)")
_PICTURE = re.compile(r"!\[([^\]\[]*+)\]\(([^()\s]*+)[^()\n]*+\)")
_LINK = re.compile(r"\[([^\]\[]*+)\]\((https?://[^()\s]*+)[^()\n]*+\)")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*+>")
_ALT = re.compile(r"<img\b[^<>]*?\balt\s*=\s*[\"']([^\"'<>]+)[\"'][^<>]*+>", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`]++")
_MARKS = re.compile(r"(?m)^ {0,3}#{1,6}[ \t]++|\*\*|__|~~")  # headings and emphasis; `#kindle` is none


def unmarked(markdown: str | None) -> Plain:
    """The text, the addresses it links to, and the descriptions of its pictures; never raises."""
    text = wellformed((markdown or "")[:LIMIT]).replace("\r\n", "\n")
    reader = _Reader()
    at = 0
    text = _COMMENT.sub("", text)
    for code in _CODE.finditer(text):
        reader.prose(text[at : code.start()])
        reader.parts.append(code[1] if code[1] is not None else code[2] or "")
        at = code.end()
    reader.prose(text[at:])
    lines = (line.rstrip() for line in "".join(reader.parts).split("\n"))
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return Plain(joined, tuple(dict.fromkeys(reader.links)), tuple(dict.fromkeys(reader.alt_texts)))


class _Reader:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.links: list[str] = []
        self.alt_texts: list[str] = []

    def prose(self, text: str) -> None:
        """What stands outside of code."""
        text = _QUOTED.sub("", text)
        alts = [picture[1] for picture in _PICTURE.finditer(text)] + _ALT.findall(text)
        self.alt_texts += [alt for alt in (unescape(alt).strip() for alt in alts) if alt]
        text = _PICTURE.sub("", text)
        self.links += [link[2] for link in _LINK.finditer(text)]
        text = _LINK.sub(r"\1", text)
        self.links += _ADDRESS.findall(text)
        text = _TAG.sub("", text)
        self.parts.append(unescape(_MARKS.sub("", text)))
