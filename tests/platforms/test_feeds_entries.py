"""What an entry of a feed is known by, where it leads, who wrote it, and what kind of post it is."""

from __future__ import annotations

import pytest

from tests.platforms.feeds import URL, atom, post_from, posts_of
from tests.servers.feedsite import item, rss


@pytest.mark.parametrize(
    ("parts", "identity"),
    [
        (
            '<guid isPermaLink="false">http://b.example/?p=1</guid><link>http://b.example/x</link>',
            "http://b.example/?p=1",
        ),
        ("<guid>4711</guid><link>http://b.example/x</link>", f"{URL}#4711"),
        ("<guid>tag:b.example,2026:1</guid>", "tag:b.example,2026:1"),
        ("<link>http://b.example/x</link>", "http://b.example/x"),
    ],
    ids=["an address", "a number", "a tag", "the link"],
)
def test_a_post_is_known_by_the_entrys_own_id(parts: str, identity: str) -> None:
    assert post_from("<title>T</title>", parts).id == identity


def test_without_id_and_link_the_words_are_the_id() -> None:
    first, same, other = [post_from(f"<title>{title}</title>").id for title in ("A", "A", "B")]
    assert first == same != other
    assert first.startswith(f"{URL}#words:")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://blog.example/ä?x=ö", "https://blog.example/ä?x=ö"),
        ("/2026/1", "https://blog.example/2026/1"),
        ("  https://blog.example/\n1 ", "https://blog.example/1"),
        ("javascript:alert(1)", None),
        ("http://[broken", None),
        ("https://www.google.com/url?rct=j&url=https://n.example/a?b%3D1&ct=ga", "https://n.example/a?b=1"),
        (
            "https://www.google.example.evil/url?url=https://n.example/",
            "https://www.google.example.evil/url?url=https://n.example/",
        ),
    ],
    ids=["IRI", "relative", "blanks", "javascript", "broken", "Google Alerts", "not Google"],
)
def test_links_become_addresses_or_nothing(link: str, url: str | None) -> None:
    (post,) = posts_of(rss(item(1, link=link, guid="x")))
    assert post.url == url


@pytest.mark.parametrize(
    ("claimed", "author"),
    [
        ("<author>jo@mail.example (Jo March)</author>", "Jo March"),
        ("<author>jo@mail.example</author>", "jo"),
        ("<author>Jo March &lt;jo@mail.example&gt;</author>", "Jo March"),
        ("<dc:creator><![CDATA[Jo &amp; Meg]]></dc:creator>", "Jo & Meg"),
        ("<dc:creator></dc:creator>", None),
        ("", None),
    ],
)
def test_authors_are_names_and_no_mail_addresses(claimed: str, author: str | None) -> None:
    assert post_from("<title>T</title>", claimed).author == author


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (rss(item(1), title="Comments for A blog"), URL),
        (rss(item(1), title="Kommentare zu: Mein Kindle"), URL),
        (rss(item(1), title="A shop: Newest Comments"), URL),
        (rss(item(1)), "https://blog.example/comments/feed/"),
        (rss(item(1)), "https://blog.example/?feed=comments-rss2"),
        (rss(item(1, title="Kommentar zu Mein Kindle von Jo")), URL),
        (rss(item(1, link="https://blog.example/x/#comment-7")), URL),
        (atom('<title>Re: it</title><thr:in-reply-to ref="tag:x,1:2"/>'), URL),
    ],
)
def test_comments_are_known_as_comments(body: str, url: str) -> None:
    assert posts_of(body, url=url)[0].kind == "comment"


def test_the_title_of_a_comment_is_no_byline() -> None:
    (post,) = posts_of(rss(item(1, title="By: Jo", link="https://blog.example/x/#comment-7")))
    assert post.title is None


def test_single_word_categories_are_hashtags() -> None:
    tags = "".join(f"<category>{tag}</category>" for tag in ("Kindle", "E-Book Reader", "#Kobo", "Uncategorized"))
    assert post_from("<title>T</title>", tags).hashtags == ("Kindle", "Kobo")


def test_news_searches_name_the_paper_as_author_and_not_in_the_title() -> None:
    post = post_from(
        "<title>Reader breaks - The Lamp</title><link>https://news.example/rss/articles/1</link>",
        '<description>&lt;a href="x"&gt;Reader breaks&lt;/a&gt;&amp;nbsp;&amp;nbsp;&lt;font&gt;The Lamp&lt;/font&gt;'
        '</description><source url="https://lamp.example">The Lamp</source>',
    )
    assert (post.title, post.text) == ("Reader breaks", "")
    assert (post.author, post.instance) == ("The Lamp", "lamp.example")


def test_the_language_is_the_claimed_one() -> None:
    assert posts_of(rss(item(1), channel="<language>de-AT</language>"))[0].lang == "de"
    assert posts_of(rss(item(1), channel="<language>Deutsch</language>"))[0].lang is None
    (post,) = posts_of(atom("<title>T</title>", '<content xml:lang="en-GB">Words</content>'))
    assert post.lang == "en"
