"""What `listen add` finds at an address, and what it makes of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping

import pytest

from listen.adding import Found, changes_for, found_at, web_address
from listen.errors import BadAnswer, Refused, UsageError
from listen.http import Client
from listen.platforms.feeds.offering import offers
from listen.visit import Offer, Visit, linked, visited
from tests.servers.feedsite import WORDPRESS, FeedSite, item, rss

ALTERNATE = '<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


@pytest.fixture
async def site() -> AsyncIterator[FeedSite]:
    async with FeedSite() as running:
        yield running


def _page(site: FeedSite, head: str = "", headers: Mapping[str, str] | None = None) -> None:
    site.serves("/", f"<!doctype html><html><head>{head}</head></html>", type="text/html", headers=headers or {})


def _told(offers: tuple[Offer, ...]) -> list[tuple[str, str, str]]:
    return [(offer.platform, offer.value, offer.comments) for offer in offers]


async def test_a_wordpress_site_is_heard_by_its_api_or_by_its_feed(site: FeedSite) -> None:
    _page(
        site,
        ALTERNATE.format(title="Blog", href="/feed/") + ALTERNATE.format(title="Comments", href="/comments/feed/"),
        {"Link": f'<{site.base}/wp-json/>; rel="https://api.w.org/"'},
    )
    site.serves("/feed/", rss(item(1), channel=WORDPRESS + f"<link>{site.base}</link>"))
    site.serves("/comments/feed/", rss(item(2), title="Comments for Blog"))
    found = await found_at(f"{site.base}/")
    assert _told(found.main) == [("wordpress", site.base, "within"), ("feeds", f"{site.base}/feed/", "within")]
    assert found.comments == ()
    feeds = await found_at(f"{site.base}/", only="feeds")
    assert _told(feeds.main) == [("feeds", f"{site.base}/feed/", "within")]


async def test_feeds_that_a_page_names_are_tried_and_comments_are_told_apart(site: FeedSite) -> None:
    links = [("News", "/news.xml"), ("Gone", "/gone.xml"), ("Tips", "/tips.xml"), ("Kommentare", "/comments.xml")]
    _page(site, "".join(ALTERNATE.format(title=title, href=href) for title, href in links))
    for path in ("/news.xml", "/tips.xml", "/comments.xml"):
        site.serves(path, rss(item(1)))
    found = await found_at(f"{site.base}/")
    assert _told(found.main) == [("feeds", f"{site.base}/news.xml", "none"), ("feeds", f"{site.base}/tips.xml", "none")]
    assert _told(found.comments) == [("feeds", f"{site.base}/comments.xml", "apart")]
    chosen = list(found.main[:1])
    assert [change.value for change in changes_for(chosen, found, comments=None)] == [
        f"{site.base}/news.xml", f"{site.base}/comments.xml"
    ]  # fmt: skip
    assert [change.value for change in changes_for(chosen, found, comments=False)] == [f"{site.base}/news.xml"]


async def test_a_feed_is_added_as_it_is_and_where_it_moved_to(site: FeedSite) -> None:
    site.serves("/new", rss(item(1), item(2)))
    site.moves("/old", "/new")
    site.moves("/now", "/new", 302)
    for address, value in (("/new", "/new"), ("/old", "/new"), ("/now", "/now")):
        (offer,) = (await found_at(site.base + address)).main
        assert (offer.value, offer.about) == (site.base + value, "A blog: RSS 2.0, 2 entries")


async def test_a_feed_of_comments_alone_is_an_offer_too(site: FeedSite) -> None:
    site.serves("/comments/feed/", rss(item(1), title="Comments for Blog"))
    found = await found_at(f"{site.base}/comments/feed/")
    assert _told(found.main) == [("feeds", f"{site.base}/comments/feed/", "none")]
    assert found.comments == ()


async def test_who_gives_the_address_of_a_feed_wants_that_feed(site: FeedSite) -> None:
    api = {"Link": f'<{site.base}/wp-json/>; rel="https://api.w.org/"'}
    site.serves("/tag/kindle/feed/", rss(item(1), channel=WORDPRESS), headers=api)
    found = await found_at(f"{site.base}/tag/kindle/feed/")
    assert [offer.platform for offer in found.main] == ["feeds", "wordpress"]


async def test_a_page_that_names_nothing_may_have_a_feed_by_custom(site: FeedSite) -> None:
    _page(site)
    site.serves("/rss/", rss(item(1)))
    assert _told((await found_at(site.base)).main) == [("feeds", f"{site.base}/rss/", "none")]


@pytest.mark.parametrize(
    ("software", "path", "expected"),
    [
        ("mastodon", "/", [("mastodon", "", "none")]),
        ("gotosocial", "/", [("mastodon", "", "none")]),
        ("peertube", "/", [("feeds", "/feeds/videos.xml?sort=-publishedAt", "none")]),
        ("nodebb", "/", [("feeds", "/recent.rss", "none")]),
        ("unknown", "/", []),
    ],
)
async def test_a_server_is_known_by_what_runs_there(
    site: FeedSite, software: str, path: str, expected: list[tuple[str, str, str]]
) -> None:
    _page(site)
    schema = "http://nodeinfo.diaspora.software/ns/schema/2.0"
    site.serves("/.well-known/nodeinfo", json.dumps({"links": [{"rel": schema, "href": f"{site.base}/nodeinfo/2.0"}]}))
    site.serves("/nodeinfo/2.0", json.dumps({"version": "2.0", "software": {"name": software, "version": "1"}}))
    if not expected:
        with pytest.raises(BadAnswer, match="offers nothing to listen to"):
            await found_at(site.base)
        return
    found = await found_at(site.base + path)
    wanted = [(name, site.base + value, comments) for name, value, comments in expected]
    assert [one for one in _told(found.main) if one[0] in ("mastodon", "feeds")] == wanted


@pytest.mark.parametrize(
    ("url", "feeds"),
    [
        ("https://www.youtube.com/channel/UCabc-1", ["https://www.youtube.com/feeds/videos.xml?channel_id=UCabc-1"]),
        ("https://old.reddit.com/r/kindle/top", ["https://www.reddit.com/r/kindle/new/.rss",
                                                 "https://www.reddit.com/r/kindle/comments/.rss"]),
        ("https://stackoverflow.com/questions/tagged/c%23", []),
        ("https://ebooks.stackexchange.com/questions/tagged/kindle", ["https://ebooks.stackexchange.com/feeds/tag/kindle"]),
        ("https://lobste.rs/t/hardware", ["https://lobste.rs/t/hardware.rss"]),
        ("https://evilreddit.com/r/kindle", []),
        ("https://reddit.com.evil.example/r/kindle", []),
    ],
)  # fmt: skip
async def test_some_feeds_are_known_by_the_address_alone(url: str, feeds: list[str]) -> None:
    async with Client(patience=2) as http:
        visit = Visit(url, http, None, Refused("it refuses access"))
        visit._software = [None]  # nobody asks the real network
        assert [offer.value for offer in await offers(visit)] == feeds


async def test_a_page_that_refuses_is_the_error(site: FeedSite) -> None:
    site.serves("/", status=403)
    with pytest.raises(Refused):
        await found_at(f"{site.base}/")


async def test_a_hostile_page_is_read_in_no_time(http: Client, site: FeedSite) -> None:
    site.serves("/", "<link " * 400_000 + "<meta name='generator' content='" + "x" * 1_000_000, type="text/html")
    visit = await visited(f"{site.base}/", http)
    assert visit.generator() == ""
    assert visit.linked("https://api.w.org/") is None


@pytest.mark.parametrize(
    ("href", "address"),
    [("/wp-json/", "https://b.example/wp-json/"), ("javascript:alert(1)", None), ("http://[x", None), ("", None)],
)
def test_a_link_leads_to_the_web_or_nowhere(href: str, address: str | None) -> None:
    assert linked("api", f"<link rel='x api' href='{href}'>", "https://b.example/p", {}) == address


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("blog.example", "https://blog.example"),
        ("feed://b.example/x", "https://b.example/x"),
        (" http://a ", "http://a"),
    ],
)
def test_an_address_may_be_short(given: str, address: str) -> None:
    assert web_address(given) == address


@pytest.mark.parametrize("given", ["", "ftp://x", "two words", "https://"])
def test_what_is_no_address_is_told(given: str) -> None:
    with pytest.raises(UsageError, match=r"write https://blog\.example"):
        web_address(given)


async def test_a_network_that_is_not_known_is_told() -> None:
    with pytest.raises(UsageError, match="there is no platform 'wordpres'"):
        await found_at("http://127.0.0.1:9", only="wordpres")


def test_comments_within_are_left_out_by_a_list_of_their_own() -> None:
    offer = Offer(platform="wordpress", option="sites", value="https://b.example", about="", comments="within")
    found = Found((offer,), ())
    told = [(change.option, change.there) for change in changes_for([offer], found, comments=False)]
    assert told == [("sites", True), ("without_comments", True)]
    assert [(c.option, c.there) for c in changes_for([offer], found, comments=True)][1] == ("without_comments", False)
    assert len(changes_for([offer], found, comments=None)) == 1
