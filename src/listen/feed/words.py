"""The words of titles and texts, which feeds hold as text, as HTML, or escaped once too often."""

from __future__ import annotations

import re

from listen.plain import LIMIT, Plain, plain, wellformed

_TAG = (
    r"/?(?:a|abbr|b|blockquote|br|cite|code|del|div|em|figure|font|h[1-6]|hr|i|img|ins|li|mark|ol|p|pre|q|s|small"
    r"|span|strong|sub|sup|table|td|tr|u|ul|wbr)\b[^<>]*>"
)
_STRAY = re.compile(rf"<(?!{_TAG})", re.IGNORECASE)
_MARKUP = re.compile(f"<{_TAG}", re.IGNORECASE)


def title_of(markup: str | None) -> str | None:
    """One line of plain text. Entities are resolved, known tags go, `<Test>` stays: WordPress and NodeBB escape
    titles twice, Google marks hits with `<b>`, and in RSS nobody says which of it is meant."""
    if not markup:
        return None
    return " ".join(plain(_STRAY.sub("&lt;", markup[:LIMIT])).text.split()) or None


def words_of(html: str | None) -> Plain:
    """The words of HTML; of HTML that was escaped twice, or put into CDATA twice, too."""
    html = (html or "").replace("<![CDATA[", "").replace("]]>", "")
    words = plain(html)
    return plain(words.text) if "<" not in html and _MARKUP.search(words.text) else words


def literal(text: str | None) -> Plain:
    """The words of text that is no HTML."""
    return Plain(wellformed((text or "")[:LIMIT]).strip())
