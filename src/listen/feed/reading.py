"""What an address answered: a feed of any format, or a page that may offer one. No network, no clock."""

from __future__ import annotations

from listen.errors import BadAnswer
from listen.feed.decoding import decoded, feed_in
from listen.feed.entry import Feed
from listen.feed.jsonfeed import json_feed
from listen.feed.page import Page, page_in
from listen.feed.rss import xml_feed
from listen.http.wire import host_of


def read(body: bytes, url: str, content_type: str = "") -> Feed | Page:
    """The feed or page in the body that `url` answered. Raises BadAnswer, and nothing else."""
    host = host_of(url)
    text = decoded(body, content_type)
    if text.lstrip()[:1] == "{":
        return json_feed(text, url, host)
    xml = feed_in(text)
    if xml is not None:
        return xml_feed(xml, url, host)
    page = page_in(text, url, content_type)
    if page is not None:
        return page
    raise BadAnswer(f"{host} answered {'something else than' if text.strip() else 'nothing instead of'} a feed")
