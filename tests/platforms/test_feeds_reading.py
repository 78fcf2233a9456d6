"""What bytes of a feed become: every format, and the ways feeds are broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listen.errors import BadAnswer
from listen.feed.page import Page
from listen.feed.reading import read
from tests.platforms.feeds import URL, atom, feed_of, post_from, posts_of
from tests.servers.feedsite import item, rss

PAYLOADS = Path(__file__).parents[2] / "../shared/payloads"
RECORDED = sorted([*PAYLOADS.glob("rss/*"), *PAYLOADS.glob("wordpress/*.xml")])
FEEDS = [path for path in RECORDED if not path.name.endswith(".meta.json")]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (rss(item(1)), "RSS 2.0"),
        ('<rss version="0.91"><channel>' + item(1) + "</channel></rss>", "RSS 0.91 (Userland)"),
        ('<rss version="0.92"><channel>' + item(1) + "</channel></rss>", "RSS 0.92"),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
            + item(1)
            + "</rdf:RDF>",
            "RSS 1.0",
        ),
        (atom("<id>tag:x,1:2</id><title>Post 1</title>"), "Atom 1.0"),
        (
            '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped">Post 1</title></entry>'
            "</feed>",
            "Atom 0.3",
        ),
        (
            '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>Post 1</a:title></a:entry></a:feed>',
            "Atom 1.0",
        ),
        ('{"version": "https://jsonfeed.org/version/1", "items": [{"id": 1, "title": "Post 1"}]}', "JSON Feed 1"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"title": "Post 1"}]}', "JSON Feed 1.1"),
    ],
    ids=["2.0", "0.91", "0.92", "RDF", "Atom", "Atom 0.3", "prefixed Atom", "JSON", "JSON 1.1"],
)
def test_every_format_is_read(body: str, named: str) -> None:
    assert feed_of(body).format == named
    assert [post.title for post in posts_of(body)] == ["Post 1"]


UMLAUT = rss(item(1, "Die Hülle für 20 € passt nicht")).replace('encoding="UTF-8"', 'encoding="{}"')


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", "UTF-8", "text/xml"),
        ("utf-8", "ISO-8859-1", "text/xml; charset=iso-8859-1"),
        ("utf-8", "no-such-thing", "text/xml; charset=zlib"),
        ("utf-8-sig", "utf-8", ""),
        ("utf-16", "utf-16", ""),
        ("utf-16-le", "utf-16", ""),
        ("cp1252", "windows-1252", "application/rss+xml; charset=utf-8"),
        ("cp1252", "utf-8", "application/rss+xml; charset=utf-8"),
        ("iso-8859-15", "iso-8859-15", "text/xml; charset=windows-1251"),
    ],
)
def test_the_encoding_is_found_whatever_is_said_about_it(encoding: str, declared: str, header: str) -> None:
    (post,) = posts_of(UMLAUT.format(declared).encode(encoding), header)
    assert post.text == "Die Hülle für 20 € passt nicht"


def test_utf8_with_a_broken_byte_stays_utf8() -> None:
    (post,) = posts_of(rss(item(1, "Hülle für süße Käufer")).encode().replace("ß".encode(), b"\xc3"))
    assert post.text == "Hülle für sü\ufffde Käufer"


@pytest.mark.parametrize(
    "spoilt",
    [
        "\n\n  " + rss(item(1)),
        "<br />\n<b>Warning</b>: something in /srv/x.php\n" + rss(item(1)),
        rss(item(1)).replace("words", "w\0o\x08r\x1bds"),
        rss(item(1)).replace("</channel></rss>", ""),
        rss(item(1), item(2)).replace("Post 2", "cut")[:-150],
        rss(item(1)).replace("number 1", "R&D number 1"),
        rss(item(1)).replace("number 1", "&nbsp;number&#0; &#xD800; &#99999999999; 1"),
        rss(item(1)).replace("A blog", "<b>A blog"),
        "<!-- <rss> -->" + rss(item(1)),
    ],
    ids=[
        "blanks",
        "a warning of PHP",
        "controls",
        "cut",
        "cut in an item",
        "bare &",
        "entities",
        "unclosed",
        "comment",
    ],
)
def test_a_broken_feed_gives_what_can_be_read(spoilt: str) -> None:
    first = posts_of(spoilt)[0]
    assert (first.id, first.title) == ("https://blog.example/?p=1", "Post 1")


@pytest.mark.parametrize(
    "body",
    ["", "   ", "plain words", "[]", "{}", "null", '{"version": "2"}', "<rss", "<rss><", "<urlset><url/></urlset>"],
)
def test_what_is_no_feed_is_a_bad_answer(body: str) -> None:
    with pytest.raises(BadAnswer, match=r"^blog\.example answered "):
        read(body.encode(), URL, "application/xml")


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("Kobo &amp; Tolino", "Kobo & Tolino"),
        ("Kobo &amp;#038; Tolino", "Kobo & Tolino"),
        ("<![CDATA[Kobo &amp; Tolino]]>", "Kobo & Tolino"),
        ("Mein &lt;b&gt;Kindle&lt;/b&gt; spinnt", "Mein Kindle spinnt"),
        ("Kleiner als &lt; 5 Euro &amp; gut", "Kleiner als < 5 Euro & gut"),
        ("Vergleich &lt;Test&gt;", "Vergleich <Test>"),
        ("\n  über\n\tzwei Zeilen ", "über zwei Zeilen"),
    ],
)
def test_titles_are_read_however_often_they_are_escaped(raw: str, title: str) -> None:
    assert post_from(f"<title>{raw}</title>").title == title
    assert feed_of(atom(f'<title type="html">{raw}</title>')).entries[0].title == title


def test_a_title_that_atom_calls_text_keeps_its_signs() -> None:
    assert feed_of(atom('<title type="text">Use &lt;b&gt; for bold</title>')).entries[0].title == "Use <b> for bold"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("&lt;p&gt;Nie &lt;b&gt;wieder&lt;/b&gt;&lt;/p&gt;", "Nie wieder"),
        ("<![CDATA[<p>Nie <b>wieder</b></p>]]>", "Nie wieder"),
        ("&amp;lt;p&amp;gt;Nie wieder &amp;amp;amp; so&amp;lt;/p&amp;gt;", "Nie wieder & so"),
        ('<![CDATA[Kaputt <img alt="😢" src="x.png">]]>', "Kaputt 😢"),
        ("<![CDATA[Kaputt <script>alert(1)</script>]]>", "Kaputt"),
        ("<![CDATA[<!-- wp:x --><p>Kaputt</p><!-- /wp:x --><![if x]>]]>", "Kaputt"),
        ("&lt;![CDATA[&lt;p&gt;Kaputt&lt;/p&gt;]]&gt;", "Kaputt"),
        ("Nur 3 &amp;lt; 5", "Nur 3 < 5"),
    ],
    ids=["escaped", "CDATA", "escaped twice", "emoji", "script", "comments", "CDATA twice", "less than"],
)
def test_descriptions_become_words(raw: str, text: str) -> None:
    assert post_from(f"<title>T</title><description>{raw}</description>").text == text


def test_the_full_content_goes_before_the_summary() -> None:
    names = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    full = f"<content:encoded{names}><![CDATA[<p>All of it.</p>]]></content:encoded>"
    for parts in (("<description>Some</description>", full), (full, "<description>Some</description>")):
        assert post_from("<title>T</title>", *parts).text == "All of it."
    assert posts_of(atom("<summary>Some</summary><content>All of it.</content>"))[0].text == "All of it."


def test_text_that_atom_calls_text_is_no_html() -> None:
    (post,) = posts_of(atom('<id>urn:x:1</id><content type="text">Write &lt;br&gt; &amp;amp; go</content>'))
    assert post.text == "Write <br> &amp; go"


@pytest.mark.parametrize(
    ("title", "text", "kept"),
    [
        ("Kindle is broken", "Kindle is broken", ("Kindle is broken", "")),
        ("My Kindle is so…", "My Kindle is so slow today", (None, "My Kindle is so slow today")),
        ("My Kindle is slow", "My Kindle is slow today", (None, "My Kindle is slow today")),
        ("Kindle", "Kindle owners complain", ("Kindle", "Kindle owners complain")),
        ("Big news", "<h1>Big news</h1><p>It is out.</p>", ("Big news", "It is out.")),
        ("Big news", "It is out.", ("Big news", "It is out.")),
        ("", "It is out.", (None, "It is out.")),
    ],
    ids=["the same", "cut with dots", "the beginning", "one word", "headline repeated", "different", "no title"],
)
def test_title_and_text_do_not_double(title: str, text: str, kept: tuple[str | None, str]) -> None:
    (post,) = posts_of(rss(item(1, text, title=title)))
    assert (post.title, post.text) == kept


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Thu, 15 Oct 2026 09:04:05 +0200", datetime(2026, 10, 15, 7, 4, 5, tzinfo=UTC)),
        ("Thu, 15 Oct 2026 09:04:05 GMT", datetime(2026, 10, 15, 9, 4, 5, tzinfo=UTC)),
        ("Thu, 15 Oct 2026 09:04:05 EST", datetime(2026, 10, 15, 14, 4, 5, tzinfo=UTC)),
        ("Thu, 15 Oct 2026 09:04:05 MESZ", datetime(2026, 10, 15, 7, 4, 5, tzinfo=UTC)),
        ("Thu, 15 Oct 2026 09:04:05 CET", datetime(2026, 10, 15, 8, 4, 5, tzinfo=UTC)),
        ("Wed, 15 Oct 2026 09:04", datetime(2026, 10, 15, 9, 4, tzinfo=UTC)),
        ("2026-10-15T09:04:05+02:00", datetime(2026, 10, 15, 7, 4, 5, tzinfo=UTC)),
        ("2026-10-15", datetime(2026, 10, 15, tzinfo=UTC)),
        ("Thu, 31 Dec 2037 23:59:60 GMT", datetime(2037, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("Thu, 32 Oct 2026 09:04:05 GMT", None),
        ("gestern", None),
        ("", None),
    ],
)
def test_dates_are_utc_or_none(date: str, moment: datetime | None) -> None:
    (post,) = posts_of(rss(item(1, pubDate=date)))
    assert post.posted_at == moment
    assert post.edited_at is None


def test_a_later_update_is_an_edit_and_the_same_time_is_none() -> None:
    dates = "<published>2026-10-15T09:00:00Z</published><updated>2026-10-15T{}:00:00Z</updated>"
    same, later = [posts_of(atom("<title>T</title>", dates.format(hour)))[0] for hour in ("09", "11")]
    assert (same.edited_at, later.edited_at) == (None, datetime(2026, 10, 15, 11, tzinfo=UTC))


def test_a_field_of_the_wrong_type_costs_that_field_only() -> None:
    wrong = '{"id": "1", "title": 7, "url": {}, "authors": [3, {"name": []}, {"name": "Jo"}], "tags": ["a", 1],'
    wrong += '"content_html": "<p>Words</p>", "date_published": "soon"}'
    (post,) = posts_of('{"version": "https://jsonfeed.org/version/1.1", "items": [null, 7, ' + wrong + "]}")
    assert (post.text, post.author, post.hashtags, post.posted_at) == ("Words", "Jo", ("a",), None)


def test_a_page_names_its_feeds_and_those_of_its_comments() -> None:
    page = read(
        b"<html><link rel=alternate type='application/rss+xml' title='Blog Comments Feed' href='/comments/feed/'>"
        b'<link href="/feed/?a=1&amp;b=2" type="application/atom+xml" rel="home alternate">'
        b'<link rel="alternate" type="text/html" hreflang="de" href="/de/"></html>',
        "https://blog.example/about/",
    )
    assert page == Page(("https://blog.example/feed/?a=1&b=2",), "https://blog.example/comments/feed/")


def test_how_long_a_feed_rests_is_at_most_a_day() -> None:
    assert feed_of(rss(item(1), channel="<ttl>999999</ttl>")).rest == timedelta(days=1)


@pytest.mark.skipif(not FEEDS, reason="the recorded payloads are not here")
@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_recorded_feeds_are_read(path: Path) -> None:
    feed = feed_of(path.read_bytes())
    posts = posts_of(path.read_bytes())
    assert feed.format
    assert len({post.id for post in posts}) == len(posts)
    for post in posts:
        assert post.title or post.text
        assert "&amp;" not in post.document
        assert post.posted_at is None or post.posted_at.year > 2000
    if "comments" in path.name:
        assert {post.kind for post in posts} == {"comment"}
