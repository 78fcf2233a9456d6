"""Feeds that attack, and bytes that are anything."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.errors import BadAnswer
from listen.feed.entry import Feed, post_of
from listen.feed.reading import read
from listen.feed.words import title_of, words_of
from tests.platforms.feeds import URL, feed_of
from tests.servers.feedsite import WORDPRESS, item, rss

LAUGHS = "<!DOCTYPE rss [\n<!ENTITY a0 'ha'>\n" + "\n".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
)  # 10^11 times "ha"


@pytest.mark.parametrize(
    "doctype",
    [
        LAUGHS + "\n]>",
        LAUGHS.replace("\n", " ") + " ]>",
        "<!-- <a> -->" + LAUGHS + "]>",
        "<rss>" + LAUGHS + "]>",
        '<!DOCTYPE rss [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
    ],
    ids=["laughs", "on one line", "behind a comment", "inside", "a file", "a DTD", "a parameter"],
)
def test_entities_of_a_feed_are_never_resolved(doctype: str) -> None:
    body = rss(item(1)).replace("The words", "The &a11; words").replace("<rss", doctype + "<rss", 1)
    started = time.monotonic()
    feed = feed_of(body)
    assert time.monotonic() - started < 2
    text = feed.entries[0].body.text
    assert len(text) < 100
    assert "root:" not in text
    assert "haha" not in text


@pytest.mark.parametrize(
    "html",
    ["<", "<a ", "<!--", "<a href='", "<br/", "<![CDATA[", "<![x[", "</", "&#", '<a b=\'>"<i c=">', "<script>"],
)
def test_hostile_html_takes_no_more_time_than_other_html(html: str) -> None:
    started = time.monotonic()
    words_of(html * (300_000 // len(html)))
    title_of(html * (300_000 // len(html)))
    assert time.monotonic() - started < 3  # the standard library's parser needs minutes for some of them


def test_a_feed_of_endless_tags_is_refused() -> None:
    with pytest.raises(BadAnswer, match="500,000 tags"):
        read(b"<rss><channel><item>" + b"<a/>" * 500_001, URL)


PIECES = st.sampled_from([
    "<rss version='2.0'><channel>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<item>", "</item>", "<entry>",
    "<title>", "</title>", "<title>x</title>", "<link>http://x.example/1</link>", "<link href='http://[x' rel='next'/>",
    "<guid>", "</guid>", "<id>x</id>", "<description>", "</description>", "<content type='xhtml'>", "</content>",
    "<![CDATA[", "]]>", "<!--", "-->", "<b", "<pubDate>", "</pubDate>", "<updated>2026-10-15T09:04:05Z</updated>",
    "<pubDate>Thu, 15 Oct 2026 09:04:05 +2500</pubDate>", "<category term='x'/>", "<category/>", "<author><name>",
    "</name></author>", "&amp;", "&#x110000;", "&#0;", "&nope;", "<?php", "?>", "<!DOCTYPE x [", "\U0001f4da", "\x00",
    "9999-99-99", "'", '"', "<source url='x'>", "</source>", "<thr:in-reply-to ref='x'/>", "<svg>", "<![x[y]]>",
    "</feed>", "</rss>", ">", "<", '{"version": "https://jsonfeed.org/version/1", "items": [', '{"id": ', "}", "]",
    '"title": "', '"date_published": "0001-01-01T00:00:00+01:00"', ",", "1e999",
])  # fmt: skip


def _assert_harmless(body: bytes, content_type: str) -> None:
    try:
        found = read(body, URL, content_type)
    except BadAnswer:
        return
    for entry in found.entries if isinstance(found, Feed) else ():
        post = post_of(entry, entry.identity, URL, comments=False)
        if post:
            post.document.encode()
            assert post.id
            assert post.posted_at is None or post.posted_at.utcoffset() == timedelta(0)
            assert post.url is None or post.url.startswith(("http://", "https://"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "text/html", "application/xml; charset=utf-16"]))
def test_any_bytes_are_a_feed_a_page_or_a_bad_answer(body: bytes, content_type: str) -> None:
    _assert_harmless(body, content_type)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=40), st.sampled_from(["", "<rss><channel><item>", "<feed><entry>"]))
def test_any_heap_of_pieces_is_a_feed_a_page_or_a_bad_answer(pieces: list[str], start: str) -> None:
    _assert_harmless((start + "".join(pieces)).encode("utf-8", "replace"), "")


def test_a_link_that_is_no_address_stumbles_nobody() -> None:
    broken = "<link>http://[x</link>"
    feed = feed_of(rss(item(1), channel=WORDPRESS + broken), url="https://blog.example/feed/")
    assert len(feed.entries) == 1
