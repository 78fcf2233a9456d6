"""Which feeds there are, and where: addresses that move, pages that offer feeds, comments, searches of news."""

from __future__ import annotations

import msgspec
import pytest

from listen.errors import BadAnswer, Gone
from listen.feed.source import FeedSource
from listen.http import Client
from listen.platforms.feeds import FeedOptions, Feeds
from listen.post import Notice, Post
from listen.query import parse
from listen.source import Interest
from tests.servers.feedsite import WORDPRESS, FeedSite, Listener, item, rss


async def test_a_permanent_move_is_remembered_and_said_once(site: FeedSite, listener: Listener) -> None:
    site.serves("/new", rss(item(1)), etag='"a"')
    site.moves("/feed", "/new")
    notice, post = await listener.hears()
    assert isinstance(notice, Notice)
    assert notice.text == f"{site.base}/feed has moved for good; following {site.base}/new"
    assert isinstance(post, Post)
    site.asked()
    assert await listener.hears() == []
    assert site.asked() == ["/new"]


async def test_a_temporary_move_is_not_remembered(site: FeedSite, listener: Listener) -> None:
    site.serves("/elsewhere", rss(item(1)))
    site.moves("/feed", "/elsewhere", 302)
    assert [type(event) for event in await listener.hears()] == [Post]
    site.asked()
    await listener.hears()
    assert site.asked() == ["/feed", "/elsewhere"]


async def test_a_feed_gone_from_its_new_place_is_looked_for_at_the_old_one(site: FeedSite, listener: Listener) -> None:
    site.serves("/new", rss(item(1)))
    site.moves("/feed", "/new")
    await listener.hears()
    del site.places["/new"]
    site.serves("/feed", rss(item(2), item(1)))
    assert await listener.titles() == ["Post 2"]


async def test_a_feed_that_is_gone_is_gone(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", status=410)
    with pytest.raises(Gone):
        await listener.hears()


PAGE = '<html><head><link rel="alternate" type="application/atom+xml" href="{href}"></head></html>'


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (PAGE.format(href="blog.xml"), "/blog.xml"),
        ('<base href="/deep/"/>' + PAGE.format(href="blog.xml"), "/deep/blog.xml"),
        ("<!DOCTYPE html><title>A shop</title>", "/rss.xml"),
        ("", "/feed/"),
        (PAGE.format(href="/gone.xml"), "/atom.xml"),
    ],
    ids=["named", "with a base", "by custom", "an empty page", "the named one is gone"],
)
async def test_a_page_leads_to_its_feed_once(site: FeedSite, http: Client, body: str, place: str) -> None:
    site.serves("/", body, type="text/html; charset=utf-8")
    site.serves(place, rss(item(1)))
    listener = Listener(f"{site.base}/", http)
    notice, _ = await listener.hears()
    host = site.base.removeprefix("http://")
    assert notice == Notice(f"{host} is a page; following its feed {site.base}{place}")
    assert await listener.source.check() == f"A blog: RSS 2.0, 1 entry, found at {site.base}{place}"
    site.asked()
    assert await listener.hears() == []
    assert site.asked() == [place]


async def test_a_page_without_a_feed_says_what_to_do(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", "<!doctype html><p>Hello</p>", type="text/html")
    with pytest.raises(BadAnswer, match="give the address of the feed itself"):
        await listener.hears()


async def test_an_error_page_in_place_of_a_feed_does_not_lead_to_another_feed(
    site: FeedSite, listener: Listener
) -> None:
    site.serves("/feed", rss(item(1)))
    site.serves("/other", rss(item(9)))
    await listener.hears()
    site.serves("/feed", PAGE.format(href="/other"), type="text/html")
    with pytest.raises(BadAnswer, match="shows a page where its feed was"):
        await listener.hears()
    site.serves("/feed", rss(item(2), item(1)))
    assert await listener.titles() == ["Post 2"]


async def test_the_comments_of_a_blog_are_heard_with_it(site: FeedSite, http: Client) -> None:
    own = WORDPRESS + f"<link>{site.base}</link>"
    site.serves("/feed/", rss(item(1), channel=own))
    site.serves("/comments/feed/", rss(item(2, guid="https://blog.example/?p=1#comment-2"), title="Comments for x"))
    heard = await Listener(f"{site.base}/feed/", http, comments=True).hears()
    assert [(event.kind, event.parent) for event in heard if isinstance(event, Post)] == [
        ("article", None),
        ("comment", "https://blog.example/?p=1"),
    ]
    assert len(await Listener(f"{site.base}/feed/", http).hears()) == 1


async def test_posts_go_on_without_closed_comments_which_is_said_once(site: FeedSite, http: Client) -> None:
    site.serves("/feed/", rss(item(1), channel=WORDPRESS + f"<link>{site.base}</link>"))
    listener = Listener(f"{site.base}/feed/", http, comments=True)
    post, notice = await listener.hears()
    assert isinstance(post, Post)
    assert isinstance(notice, Notice)
    assert "without the comments" in notice.text
    assert await listener.hears() == []
    site.serves("/comments/feed/", rss(item(2), title="Comments for x"))
    assert await listener.titles() == ["Post 2"]


INTEREST = Interest((parse("#Kindle"), parse("kindle"), parse('"Kindle Paperwhite"')))


def _names(options: FeedOptions) -> list[str]:
    return [source.name for source in Feeds(options, INTEREST, Client()).sources()]


def test_there_is_a_source_for_each_address_and_none_without() -> None:
    assert _names(FeedOptions()) == []
    assert _names(FeedOptions(urls=("blog.example", "feed://a.example/x", "https://blog.example"))) == [
        "https://blog.example",
        "https://a.example/x",
    ]


def test_two_secret_addresses_have_two_names() -> None:
    alerts = tuple(f"https://www.google.com/alerts/feeds/0123/{number}" for number in (1, 2))
    names = _names(FeedOptions(urls=alerts))
    assert len(set(names)) == 2
    assert "0123" not in "".join(names)


def test_news_are_searched_in_each_language_if_asked() -> None:
    options = FeedOptions(news=True, news_url="http://127.0.0.1:9/search")
    sources = Feeds(options, INTEREST, Client()).sources()
    assert [source.name for source in sources] == [
        f"Google News ({language}): kindle OR kindlepaperwhite" for language in ("de", "en")
    ]
    assert isinstance(sources[0], FeedSource)
    assert sources[0].place.url.startswith("http://127.0.0.1:9/search?q=kindle+OR+")
    assert sources[0].place.url.endswith("hl=de&gl=DE&ceid=DE%3Ade")


@pytest.mark.parametrize(
    "options",
    [{"urls": ["ftp://x.example"]}, {"urls": [""]}, {"every_minutes": 0}, {"news_languages": ["german"]}],
    ids=str,
)
def test_a_wrong_option_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(options, FeedOptions)
