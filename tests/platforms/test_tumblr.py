"""Tumblr: blogs by their names, posts by their numbers, reblogs, and tags of several words."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from listen.feed.entry import post_of
from listen.feed.reading import read
from listen.http import Client
from listen.platforms.tumblr import Tumblr, TumblrOptions, home_of, shaped
from listen.post import Edit, Gap, Mark, Post
from listen.query import parse
from listen.source import Interest, Source
from listen.visit import Visit
from listen.watchlist import Topic, Watchlist
from tests.servers.answers import answers_of
from tests.servers.feedsite import FeedSite, item, rss
from tests.servers.scripted import ScriptedServer

RECORDED = Path(__file__).parents[3] / "shared/payloads/rss/onethingwell_tumblr.rss"


def _sources(*blogs: str, tags: bool = False, http: Client | None = None) -> list[Source]:
    interest = Interest((parse('#Kindle OR "Kindle Paperwhite"'),))
    return list(Tumblr(TumblrOptions(blogs=blogs, tags=tags), interest, http or Client()).sources())


async def _heard(source: Source, cursor: str | None = None) -> tuple[list[Post], str]:
    events = [event async for event in source.hear(cursor, None)]
    marks = [event.cursor for event in events if isinstance(event, Mark)]
    return [event for event in events if isinstance(event, Post)], marks[-1]


async def _answered(http: Client) -> dict[str, Post]:
    answers = answers_of("tumblr")
    async with ScriptedServer(answers.reply) as server:
        posts = [post for source in answers.sources(server.base, http) for post in (await _heard(source))[0]]
    return {post.id[-2:]: post for post in posts}


async def test_a_post_is_known_by_its_number_wherever_it_is_shown(http: Client) -> None:
    posts = await _answered(http)
    assert sorted(post.id for post in posts.values()) == [
        "780000000000000009", "790000000000000001", "790000000000000002", "790000000000000003"
    ]  # fmt: skip


async def test_a_reblog_is_a_quote_of_the_other_post(http: Client) -> None:
    post = (await _answered(http))["03"]
    assert (post.kind, post.parent, post.title) == ("quote", "789999999999999999", None)
    assert post.text == "buchfreund:\n\nWelchen Kindle soll ich nehmen?\n\nDen kleinen."


async def test_a_post_without_a_title_has_none(http: Client) -> None:
    posts = await _answered(http)
    assert (posts["02"].title, posts["02"].text) == (None, "Strand mit Kindle 😎")
    assert posts["01"].title == "My reader died"


async def test_tags_of_several_words_are_matched(http: Client) -> None:
    post = (await _answered(http))["01"]
    assert post.hashtags == ("Kindle Paperwhite", "help & advice")
    for query in ('"kindle paperwhite"', "paperwhite", "#kindle"):
        assert Watchlist((Topic(name="t", query=query),)).matches(post), query


async def test_a_burst_and_an_edit_are_heard_and_more_than_20_is_a_gap(site: FeedSite, http: Client) -> None:
    def shows(*numbers: int, **words: str) -> None:
        items = [item(n, words.get(f"n{n}"), guid=f"https://l.tumblr.com/post/{10_000 + n}") for n in numbers]
        site.serves("/l/rss", rss(*items))

    (source,) = _sources(f"{site.base}/l", http=http)
    shows(1)
    heard, mark = await _heard(source)
    assert [post.id for post in heard] == ["10001"]
    shows(*range(20, 0, -1))
    heard, mark = await _heard(source, mark)
    assert [post.id for post in heard] == [str(10_000 + n) for n in range(2, 21)]
    shows(*range(20, 0, -1), n20="Mended words")
    events = [event async for event in source.hear(mark, None)]
    assert [event.post.text for event in events if isinstance(event, Edit)] == ["Mended words"]
    shows(*range(60, 40, -1))
    assert [event for event in [event async for event in source.hear(mark, None)] if isinstance(event, Gap)]


def test_a_blog_has_a_source_and_one_for_each_tag_if_asked() -> None:
    assert [source.name for source in _sources("lesen", "@Lesen", "https://buch.example")] == ["lesen", "buch.example"]
    sources = _sources("lesen", tags=True)
    assert [source.name for source in sources] == [
        "lesen", "lesen #kindle", "lesen #kindlepaperwhite", "lesen #kindle paperwhite", "lesen #kindle-paperwhite"
    ]  # fmt: skip
    places = [source.place.url for source in sources if hasattr(source, "place")]
    assert places[0] == "https://lesen.tumblr.com/rss"
    assert places[3] == "https://lesen.tumblr.com/tagged/kindle%20paperwhite/rss"


@pytest.mark.parametrize(
    ("blog", "home"),
    [
        ("staff", "https://staff.tumblr.com"),
        ("@staff", "https://staff.tumblr.com"),
        ("staff.tumblr.com/", "https://staff.tumblr.com"),
        ("https://www.tumblr.com/staff/7900000/slug", "https://staff.tumblr.com"),
        ("https://www.tumblr.com/@staff", "https://staff.tumblr.com"),
        ("tumblr.com/blog/view/staff", "https://staff.tumblr.com"),
        ("https://own.example/", "https://own.example"),
        ("http://127.0.0.1:8000/staff", "http://127.0.0.1:8000/staff"),
        ("https://www.tumblr.com/tagged/kindle", None),
        ("https://www.tumblr.com", None),
        ("https://api.tumblr.com", None),
        ("ftp://own.example", None),
        ("two words", None),
        ("", None),
    ],
)
def test_a_blog_may_be_named_in_many_ways(blog: str, home: str | None) -> None:
    assert home_of(blog) == home
    if home is None:
        with pytest.raises(msgspec.ValidationError, match="is no blog of Tumblr; write its name"):
            msgspec.convert({"blogs": [blog]}, TumblrOptions)


async def test_listen_add_recognises_a_blog(http: Client) -> None:
    offers = await Tumblr.offers(Visit("https://www.tumblr.com/staff/7900000", http, None))
    assert [(offer.option, offer.value) for offer in offers] == [("blogs", "staff")]
    assert await Tumblr.offers(Visit("https://blog.example/", http, None)) == ()


@pytest.mark.skipif(not RECORDED.is_file(), reason="no recorded answers beside the repository")
def test_a_recorded_feed_is_read_whole() -> None:
    feed = read(RECORDED.read_bytes(), "https://onethingwell.org/rss")
    entries = getattr(feed, "entries", ())
    made = [(entry, post_of(entry, entry.identity, "x", comments=False)) for entry in entries]
    posts = [shaped(post, entry, "onethingwell", "https://onethingwell.org") for entry, post in made if post]
    assert len(posts) == len(entries) > 5
    assert all(post.id.isdigit() and post.posted_at and post.text and post.kind == "post" for post in posts)
    assert all(post.hashtags for post in posts)
