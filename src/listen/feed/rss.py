"""RSS 0.9x to 2.0, RDF and Atom 0.3 and 1.0, by way of feedparser.

feedparser is given a stream, so that it opens neither files nor addresses, and neither cleans HTML nor resolves
addresses in it: `plain` reads the words, ten times as fast. It warns of `updated` where there is only
`published`, unless its dictionaries are asked as dictionaries.
"""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from listen.errors import BadAnswer
from listen.feed.decoding import MOST_TAGS, finished, shortened
from listen.feed.entry import Entry, Feed, claimed_lang, web_address
from listen.feed.software import comments_beside, is_blogger, is_wordpress, older_on_blogger
from listen.feed.words import literal, title_of, words_of
from listen.feed.wrapped import unwrapped
from listen.plain import Plain

# What feedparser is known to raise, or could, on purpose-made nonsense; such a feed is a bad answer, not a bug.
_STUMBLES = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_ZONES = {"CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "BST": 1, "EET": 2, "EEST": 3}  # feedparser takes them for UTC
_MAIL = re.compile(r"([^\s<>()@]{1,64})@[^\s<>()@]{1,255}")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 24 * 7, "monthly": 24 * 30, "yearly": 24 * 365}
_COUNTS = ("totalresults", "startindex", "itemsperpage")
_LONGEST_REST = timedelta(days=1)


def xml_feed(xml: str, url: str, host: str) -> Feed:
    """The feed that the XML, from its root element on, holds; broken XML gives what can be read of it.

    Raises BadAnswer if that is nothing.
    """
    xml, whole = finished(xml)
    xml, cut_from = shortened(xml)
    if xml.count("<") > MOST_TAGS:
        raise BadAnswer(f"{host} answered a feed of more than {MOST_TAGS:,} tags")
    parsed = _parsed(xml, host)
    entries, feed = _get(parsed, "entries"), _get(parsed, "feed")
    if not entries and (parsed.get("bozo") or not parsed.get("version")):
        raise BadAnswer(f"{host} answered a broken feed in which nothing can be read")
    atom = str(parsed.get("version")).startswith("atom")
    return Feed(
        format=_format(parsed),
        title=title_of(_text(feed, "title")),
        entries=tuple(_entry(entry, feed, url, atom=atom) for entry in entries),
        next=_next(feed, url),
        rest=_rest(feed),
        comments=comments_beside(_generator(feed), web_address(_text(feed, "link"), url) or "", url),
        wordpress=is_wordpress(_generator(feed)),
        cut_from=cut_from,
        whole=whole,
    )


def _parsed(xml: str, host: str) -> Any:
    import feedparser

    # The line break keeps feedparser's search for an encoding within the first line.
    document = f"<?xml version='1.0' encoding='utf-8'?>\n{xml}".encode("utf-8", "replace")
    try:
        return feedparser.parse(
            io.BytesIO(document),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _STUMBLES as problem:
        raise BadAnswer(f"{host} answered a feed that cannot be read ({type(problem).__name__})") from problem


def _format(parsed: Any) -> str:
    from feedparser.api import SUPPORTED_VERSIONS

    return str(SUPPORTED_VERSIONS.get(parsed.get("version"), "RSS"))


def _get(found: Any, key: str) -> Any:
    return dict.get(found, key) if isinstance(found, dict) else None


def _text(found: Any, key: str) -> str | None:
    value = _get(found, key)
    return value.strip() or None if isinstance(value, str) else None


def _entry(entry: Any, feed: Any, url: str, *, atom: bool) -> Entry:
    origin = _text(_get(entry, "source"), "title")
    title = _title(entry, atom=atom)
    is_news = bool(title and origin and title.endswith(f" - {origin}"))
    return Entry(
        id=_text(entry, "id"),
        link=_link(entry, url),
        title=_without(title, f" - {origin}") if is_news else title,
        body=_body(entry, atom=atom),
        author=_atom_author(entry, feed) if atom else _name(_text(entry, "author")),
        author_url=web_address(_text(_get(entry, "author_detail"), "href"), url),
        published=_moment(entry, "published") or _moment(entry, "created"),
        updated=_moment(entry, "updated"),
        tags=tuple(term for tag in _get(entry, "tags") or () if (term := _text(tag, "term"))),
        lang=claimed_lang(_lang(entry) or _text(feed, "language")),
        parent=_text(_get(entry, "thr_in-reply-to"), "ref"),
        origin=origin if is_news else None,
        origin_url=_text(_get(entry, "source"), "href") if is_news else None,
        rating=_stars(_text(entry, "im_rating")),
        views=_number(_text(_get(entry, "media_statistics"), "views")) or None,
    )


def _title(entry: Any, *, atom: bool) -> str | None:
    title = _text(entry, "title")
    if title and atom and _text(_get(entry, "title_detail"), "type") == "text/plain":
        title = title.replace("<", "&lt;")  # Atom says when a title is HTML; this one is not
    return title_of(title)


def _without(title: str | None, end: str) -> str | None:
    return (title or "").removesuffix(end).rstrip() or None


def _link(entry: Any, url: str) -> str | None:
    link = _text(entry, "feedburner_origlink") or _text(entry, "link")
    if link and link == _text(entry, "id") and "://" not in link:
        return None  # a guid that does not say that it is no link: `<guid>4711</guid>`
    return unwrapped(web_address(link, url))


def _body(entry: Any, *, atom: bool) -> Plain:
    """content:encoded, content or summary, whichever is there first, HTML rather than text."""
    contents = [*(_get(entry, "content") or ()), _get(entry, "summary_detail")]
    filled = [content for content in contents if _text(content, "value")] or [{"value": _text(entry, "summary")}]
    if _text(entry, "im_rating") or _text(entry, "yt_videoid"):
        # The App Store says a review twice, as text and within a table; YouTube's descriptions only claim to be HTML.
        return literal(_text(min(filled, key=_is_html), "value"))
    as_html = [content for content in filled if _is_html(content)]
    for content in as_html or filled:
        if atom and _text(content, "type") == "text/plain":
            return literal(_text(content, "value"))
        return words_of(_text(content, "value"))
    return Plain("")


def _is_html(content: Any) -> bool:
    return "html" in (_text(content, "type") or "html")


def _lang(entry: Any) -> str | None:
    contents = [*(_get(entry, "content") or ()), _get(entry, "summary_detail"), _get(entry, "title_detail")]
    return _text(entry, "language") or next(
        (lang for content in contents if (lang := _text(content, "language"))), None
    )


def _atom_author(entry: Any, feed: Any) -> str | None:
    """The entry's author, or else the whole feed's (RFC 4287, 4.2.1)."""
    names = (_text(_get(of, "author_detail"), "name") or _text(of, "author") for of in (entry, feed))
    return next((found for name in names if (found := _name(name))), None)


def _name(claimed: str | None) -> str | None:
    """The name of `jo@mail.example (Jo)` and `Jo <jo@mail.example>`; of an address alone, what stands before the @."""
    mail = _MAIL.search(claimed or "")
    if claimed is None or mail is None:
        return title_of(claimed)
    return title_of(_MAIL.sub(" ", claimed).strip(" ()<>\t\n")) or title_of(mail[1])


def _moment(entry: Any, what: str) -> datetime | None:
    parsed, raw = _get(entry, f"{what}_parsed"), _text(entry, what) or ""
    zone = re.search(r"([A-Z]{3,4})\s*$", raw)
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timegm(parsed)) if parsed else _mailed(raw)
        return moment - timedelta(hours=_ZONES.get(zone[1], 0) if zone else 0)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _mailed(raw: str) -> datetime:
    """Dates that feedparser gives up on: without seconds and zone, or with a leap second. Raises ValueError."""
    moment = parsedate_to_datetime(raw.replace(":60 ", ":59 "))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _next(feed: Any, url: str) -> str | None:
    """The page of older entries: RFC 5005, or as Blogger has it in RSS."""
    links = _get(feed, "links") or ()
    named = next((web_address(_text(link, "href"), url) for link in links if _text(link, "rel") == "next"), None)
    if named or not is_blogger(_generator(feed)):
        return named
    return older_on_blogger(url, *(_number(_text(feed, f"opensearch_{name}")) for name in _COUNTS))


def _rest(feed: Mapping[str, object]) -> timedelta | None:
    """What `<ttl>` (minutes) or `sy:updatePeriod` and `sy:updateFrequency` ask for.

    WordPress says `hourly` for everybody who has not chosen anything, which says nothing.
    """
    minutes = _number(_text(feed, "ttl"))
    hours = 0 if is_wordpress(_generator(feed)) else _PERIODS.get((_text(feed, "sy_updateperiod") or "").lower(), 0)
    frequency = _number(_text(feed, "sy_updatefrequency")) or 1
    rest = max(timedelta(minutes=minutes), timedelta(hours=hours) / frequency)
    return min(rest, _LONGEST_REST) or None


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else 0


def _generator(feed: Any) -> str:
    return f"{_text(feed, 'generator')} {_text(_get(feed, 'generator_detail'), 'href')}"


def _stars(text: str | None) -> float | None:
    """The rating of a review in the App Store."""
    return float(text) if text and re.fullmatch(r"[1-5]", text) else None
