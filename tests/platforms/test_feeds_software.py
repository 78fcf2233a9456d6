"""Blogger, Ghost, Disqus and the news: what their feeds do in their own way."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest

from listen.feed.page import page_in
from listen.feed.software import comments_beside, disqus_on, older_on_blogger
from listen.feed.wrapped import unwrapped
from listen.http import Client
from listen.platforms.feeds import FeedOptions, Feeds
from listen.post import Gap, Post
from listen.query import parse
from listen.source import Interest
from tests.platforms.feeds import feed_of, post_from, posts_of
from tests.servers.feedsite import FeedSite, Listener

_NAMES = 'xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"'
_BLOGGER = "<generator version='7.00' uri='http://www.blogger.com'>Blogger</generator>"


def _posts(base: str, *numbers: int, older: int | None = None) -> str:
    """A page of Blogger's Atom, which names the page of older posts by its first."""
    after = (
        f"<link rel='next' href='{base}/feeds/posts/default?start-index={older}&amp;max-results=3'/>" if older else ""
    )
    entries = "".join(
        f"<entry><id>tag:blogger.com,1999:blog-9.post-{n}</id><published>2026-11-21T12:{n:02}:00+01:00</published>"
        f"<title type='text'>Post {n}</title><content type='html'>&lt;p&gt;Kindle {n}&lt;/p&gt;</content>"
        f"<link rel='replies' type='application/atom+xml' href='{base}/feeds/{n}/comments/default'/>"
        f"<link rel='alternate' href='{base}/2026/11/{n}.html'/><author><name>Anna</name></author></entry>"
        for n in numbers
    )
    return f"<feed {_NAMES}><title>Lesen</title>{_BLOGGER}<link rel='alternate' href='{base}/'/>{after}{entries}</feed>"


def _comments(*numbers: int) -> str:
    entries = "".join(
        f"<entry><id>tag:blogger.com,1999:blog-9.post-8{n}</id><published>2026-11-21T13:{n:02}:00+01:00</published>"
        f"<title type='text'>Meiner auch {n}</title><content type='html'>Meiner auch {n}</content>"
        f"<link rel='alternate' href='https://lesen.example/1.html?showComment=17637#c{n}'/>"
        "<thr:in-reply-to ref='tag:blogger.com,1999:blog-9.post-1'/><author><name>Ben</name></author></entry>"
        for n in numbers
    )
    return f"<feed {_NAMES}><title>Lesen</title>{_BLOGGER}{entries}</feed>"


async def test_a_burst_on_blogger_is_paged_through_and_its_comments_are_heard(site: FeedSite, http: Client) -> None:
    site.serves("/feeds/posts/default", _posts(site.base, 1), type="application/atom+xml")
    site.serves("/feeds/comments/default", _comments(1), type="application/atom+xml")
    listener = Listener(f"{site.base}/feeds/posts/default", http, comments=True)
    post, comment = [event for event in await listener.hears() if isinstance(event, Post)]
    assert (post.id, post.kind, post.author) == ("tag:blogger.com,1999:blog-9.post-1", "article", "Anna")
    assert (comment.kind, comment.parent, comment.author) == ("comment", post.id, "Ben")
    site.serves("/feeds/posts/default", _posts(site.base, 9, 8, 7, older=4), type="application/atom+xml")
    site.serves("/feeds/posts/default?start-index=4&max-results=3", _posts(site.base, 6, 5, 4, older=7))
    site.serves("/feeds/posts/default?start-index=7&max-results=3", _posts(site.base, 3, 2, 1))
    events = await listener.hears()
    assert [event.title for event in events if isinstance(event, Post)] == [f"Post {n}" for n in range(2, 10)]
    assert not [event for event in events if isinstance(event, Gap)]


async def test_a_page_that_names_no_feed_leads_to_bloggers_and_ghosts(site: FeedSite, http: Client) -> None:
    site.serves("/", "<!doctype html><title>Lesen</title>", type="text/html")
    site.serves("/feeds/posts/default", _posts(site.base, 1), type="application/atom+xml")
    assert [e.title for e in await Listener(f"{site.base}/", http).hears() if isinstance(e, Post)] == ["Post 1"]
    site.serves("/rss/", _posts(site.base, 2))
    assert [e.title for e in await Listener(f"{site.base}/", http).hears() if isinstance(e, Post)] == ["Post 2"]


@pytest.mark.parametrize(
    ("generator", "home", "url", "comments"),
    [
        ("Blogger", "", "https://l.example/feeds/posts/default", "https://l.example/feeds/comments/default"),
        ("Blogger", "", "https://l.example/feeds/posts/default?alt=rss&start-index=26",
         "https://l.example/feeds/comments/default?alt=rss"),
        ("Blogger", "", "https://l.example/feeds/posts/default/-/Kindle", "https://l.example/feeds/comments/default"),
        ("Blogger", "", "https://l.example/feeds/7/comments/default", None),
        ("WordPress", "https://w.example/blog", "https://w.example/blog/feed/", "https://w.example/blog/comments/feed/"),
        ("WordPress", "https://w.example", "https://w.example/tag/kindle/feed/", None),
        ("Ghost 5.82", "https://g.example", "https://g.example/rss/", None),
    ],
    ids=str,
)  # fmt: skip
def test_comments_are_where_the_software_has_them(generator: str, home: str, url: str, comments: str | None) -> None:
    assert comments_beside(generator, home, url) == comments


def test_rss_of_blogger_is_paged_by_its_counts() -> None:
    counts = (
        "<openSearch:totalResults>60</openSearch:totalResults><openSearch:startIndex>26</openSearch:startIndex>"
        "<openSearch:itemsPerPage>25</openSearch:itemsPerPage>"
    )
    body = (
        '<rss version="2.0" xmlns:openSearch="http://a9.com/-/spec/opensearchrss/1.0/"><channel><title>Lesen</title>'
        f"<generator>Blogger</generator>{counts}<item><title>1</title></item></channel></rss>"
    )
    url = "https://l.example/feeds/posts/default?alt=rss&start-index=26&max-results=25"
    assert feed_of(body, url=url).next == url.replace("index=26", "index=51")
    assert older_on_blogger(url, 75, 51, 25) is None
    assert older_on_blogger(url, 0, 0, 0) is None
    assert feed_of(body.replace("Blogger", "Other"), url=url).next is None


@pytest.mark.parametrize(
    ("script", "feed"),
    [
        (
            "<script>s.src = 'https://lesen-blog.disqus.com/embed.js';</script>",
            "https://lesen-blog.disqus.com/latest.rss",
        ),
        ('<script src="//Lesen.disqus.com/count.js" async></script>', "https://lesen.disqus.com/latest.rss"),
        ("<script>var disqus_shortname = 'lesen';</script>", "https://lesen.disqus.com/latest.rss"),
        ('<script>{"disqusShortname":"lesen"}</script>', "https://lesen.disqus.com/latest.rss"),
        ('<a href="https://disqus.com/?ref_noscript">Disqus</a>', None),
        ('<a href="https://lesen.disqus.com/">profile</a>', None),
    ],
    ids=["embed", "count", "variable", "setting", "the company", "a link"],
)
def test_disqus_is_seen_on_a_page(script: str, feed: str | None) -> None:
    assert disqus_on(f"<html>{script}</html>") == feed
    page = page_in(f"<!doctype html><html><body>{script}</body></html>", "https://l.example/", "text/html")
    assert page is not None
    assert page.comments == feed


def test_comments_of_disqus_are_comments_on_their_article() -> None:
    (comment,) = posts_of(
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Lesen - Latest Comments</title>'
        "<link>https://lesen.disqus.com/</link><item><title>Re: Mein Kindle streikt</title>"
        "<link>https://l.example/kindle/#comment-6543210987</link><dc:creator>Ben</dc:creator>"
        "<description>&lt;p&gt;Meiner auch&lt;/p&gt;</description></item></channel></rss>",
        url="https://lesen.disqus.com/latest.rss",
    )
    assert (comment.kind, comment.author, comment.text) == ("comment", "Ben", "Meiner auch")
    assert comment.title == "Re: Mein Kindle streikt"


def test_comments_of_some_feeds_are_left_out() -> None:
    options = FeedOptions(urls=("a.example", "https://b.example"), without_comments=("https://a.example",))
    sources = Feeds(options, Interest((parse("kindle"),)), Client()).sources()
    assert [getattr(source, "comments", None) for source in sources] == [False, True]


def _packed(url: str) -> str:
    return "CBMi" + urlsafe_b64encode(bytes([len(url)]) + url.encode() + b"\xd2\x01\x00").decode().rstrip("=")


_OPAQUE = "https://news.google.com/rss/articles/CBMiXkFVX3lxTE1pbnZlbnRlZC1vcGFxdWU?oc=5"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        (f"https://news.google.com/rss/articles/{_packed('https://news.example/a?b=c')}?oc=5", "https://news.example/a?b=c"),
        (f"https://news.google.com/articles/{_packed('https://news.example/1')}", "https://news.example/1"),
        (_OPAQUE, _OPAQUE),
        ("https://www.google.com/url?rct=j&sa=t&url=https://n.example/x%3Fy%3D1&ct=ga", "https://n.example/x?y=1"),
        ("https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"),
        ("http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fn.example%2fx&c=1", "https://n.example/x"),
        ("https://evil.example/url?url=https://n.example", "https://evil.example/url?url=https://n.example"),
    ],
    ids=["news", "news without rss", "news since 2024", "alerts", "alerts to a script", "bing", "somebody else"],
)  # fmt: skip
def test_links_lead_to_the_paper_where_they_tell_it(link: str, address: str) -> None:
    assert unwrapped(link) == address


def test_an_article_of_the_news_keeps_the_name_and_the_host_of_its_paper() -> None:
    post = post_from(
        "<title>Kindle update breaks page turns - The Daily Page</title>",
        f"<link>{_OPAQUE}</link><guid isPermaLink='false'>CBMiXk</guid>",
        "<source url='https://daily.example'>The Daily Page</source>",
    )
    assert (post.title, post.author, post.instance) == (
        "Kindle update breaks page turns", "The Daily Page", "daily.example"
    )  # fmt: skip
