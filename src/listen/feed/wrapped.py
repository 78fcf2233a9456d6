"""Links that lead through somebody who counts clicks, as the address that they lead to."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from urllib.parse import parse_qs, urlsplit

from listen.feed.entry import web_address

_GOOGLE = re.compile(r"(?:www\.)?google\.[a-z.]{2,6}")
_ARTICLE = re.compile(r"/(?:rss/)?articles/([A-Za-z0-9_-]{20,4000})")
_ADDRESS = re.compile(rb"https?://[\x21-\x7e]{4,2000}")


def unwrapped(link: str | None) -> str | None:
    """The address behind a link of Google Alerts, Google News or Bing News; the link itself where it does not tell.

    Alerts and Bing say it in the query. News has it inside its number in older links (`CBMi` and base64); since 2024
    the number is opaque (`AU_yq...`), and only Google can resolve it.
    """
    if not link or "://" not in link:
        return link
    parts = urlsplit(link)
    host = parts.hostname or ""
    if host == "news.google.com" and (number := _ARTICLE.match(parts.path)):
        return _inside(number[1]) or link
    if (_GOOGLE.fullmatch(host) and parts.path == "/url") or (host, parts.path) == (
        "www.bing.com",
        "/news/apiclick.aspx",
    ):
        query = parse_qs(parts.query)
        return web_address(next(iter(query.get("url", []) + query.get("q", [])), None)) or link
    return link


def _inside(number: str) -> str | None:
    """The first address in the message; bytes that no address holds end it."""
    try:
        found = _ADDRESS.search(urlsafe_b64decode(number + "=" * (-len(number) % 4)))
    except ValueError:  # a length that base64 never has
        return None
    return web_address(found[0].decode("ascii")) if found else None
