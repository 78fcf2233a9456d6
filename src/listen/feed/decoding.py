"""Bytes of a feed to text that an XML parser can do no harm with.

What stands before the root element is cut off, and with it every DOCTYPE: no entity can be declared, so there
are neither entity bombs nor external entities, while feeds that declare harmless ones are still heard.
"""

from __future__ import annotations

import codecs
import html.entities
import re

MOST_ENTRIES = 1_000  # of one answer; from longer ones, both ends are taken
MOST_TAGS = 500_000  # feedparser needs 16 to 45 µs for each (measured): 8 to 20 s in its thread at worst

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_ZEROS = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))
# Only these: `punycode` is slow on purpose-made bytes, `unicode_escape` warns, `zlib` and `rot13` are no encodings.
_ENCODING = re.compile(r"iso8859|iso2022|cp\d|koi8|big5|gb|hz|euc|shift_jis|utf-(8|16|32)|latin|mac-|tis|johab|ptcp")
_DECLARED = re.compile(rb"<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w.:-]{1,40})")
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_ROOT = re.compile(r"<(?:[a-z_][\w.-]*:)?(?:rss|feed|rdf)(?=[\s>/])", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#(?:x([0-9a-f]+)|([0-9]+));?|([a-z][a-z0-9]{1,30});)", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:[a-z_][\w.-]*:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[a-z_][\w.-]*:)?(?:item|entry)\s*>", re.IGNORECASE)
_ROOT_END = re.compile(r"</(?:[a-z_][\w.-]*:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_FAR = 100_000  # characters before the root element; what is called a feed later is none


def decoded(body: bytes, content_type: str) -> str:
    """The text, whatever header and declaration say: valid UTF-8 is UTF-8, then the document knows best."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body.removeprefix(bom).decode(_exact(encoding, bom), "replace")
    start = body[:400].lstrip()
    for zeros, encoding in _ZEROS:
        if start.startswith(zeros):
            return body.decode(encoding, "replace")
    named = _DECLARED.search(start)
    header = _CHARSET.search(content_type)
    candidates = [named[1].decode("ascii") if named else "", header[1] if header else ""]
    return _best(body, [known for known in map(_known, candidates) if known])


def feed_in(text: str) -> str | None:
    """The feed from its root element on, ready for feedparser; None if there is none in it."""
    start = 0
    while prolog := _PROLOG.match(text, start):
        start = prolog.end()
    root = _ROOT.search(text, start, start + _FAR)
    if root is None or "<html" in text[start : root.start()].lower():
        return None
    return _REFERENCE.sub(_reference, _CONTROLS.sub("", text[root.start() :]))


def shortened(feed: str) -> tuple[str, int | None]:
    """The feed with its first and last entries, up to MOST_ENTRIES, and how many there were if some were cut."""
    starts = [found.start() for found in _ENTRY.finditer(feed)]
    if len(starts) <= MOST_ENTRIES:
        return feed, None
    half = MOST_ENTRIES // 2
    return feed[: starts[half]] + feed[starts[-half] :], len(starts)


def finished(feed: str) -> tuple[str, bool]:
    """The feed without a last entry that was cut off, and whether it goes on to its end."""
    if _ROOT_END.search(feed):
        return feed, True
    starts = [found.start() for found in _ENTRY.finditer(feed)]
    ends = [found.end() for found in _ENTRY_END.finditer(feed)]
    cut_off = len(starts) > 1 and ends and ends[-1] <= starts[-1]  # where no entry has an end, that is their way
    return feed[: starts[-1]] if cut_off else feed, False


def _exact(encoding: str, bom: bytes) -> str:
    if encoding == "utf-8":
        return encoding
    return encoding + ("-le" if bom.startswith(b"\xff") else "-be")


def _known(name: str) -> str | None:
    try:
        canonical = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return None
    return canonical if _ENCODING.match(canonical) else None


def _best(body: bytes, candidates: list[str]) -> str:
    # Escape sequences of ISO-2022 and HZ are valid ASCII, so that they would pass for UTF-8.
    stateful = [name for name in candidates if name.startswith(("iso2022", "hz"))]
    for name in [*stateful, "utf-8", *candidates]:
        try:
            return body.decode(name)
        except UnicodeError:
            continue
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    # UTF-8 that was cut or holds a few odd bytes is still UTF-8; Latin text read as UTF-8 breaks everywhere.
    if 2 * broken <= len(text) - len(text.encode("ascii", "ignore")):
        return text
    return body.decode("cp1252", "replace")


def _reference(found: re.Match[str]) -> str:
    """Named entities of HTML as what they mean, as XML knows five only; numbers of no character as U+FFFD."""
    hexadecimal, decimal, name = found.groups()
    if name:
        meant = html.entities.html5.get(name + ";", "&")
        return found[0] if set(meant) & set("<>&\"'") else meant
    digits = hexadecimal or decimal
    number = int(digits, 16 if hexadecimal else 10) if len(digits.lstrip("0")) <= 7 else -1
    return found[0] if _is_character(number) else "\ufffd"


def _is_character(number: int) -> bool:
    return number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
