"""WordPress: whatever is written on a site is heard, once, however late, and wherever its API is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from listen.errors import Refused
from listen.http import Client
from listen.platforms.wordpress import WordPress, WordPressOptions
from listen.platforms.wordpress.entries import Kind, post_of
from listen.platforms.wordpress.site import Site, address_of
from listen.platforms.wordpress.source import Scope, SiteSource
from listen.platforms.wordpress.tags import TagSource, tagged
from listen.post import Deletion, Edit, Event, Mark, Notice, Post
from listen.query import parse
from listen.source import Interest
from listen.when import CLOCK
from tests.servers.scripted import Reply, Request, ScriptedServer
from tests.servers.wordpress import WordPress as Blog

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVERYTHING = Interest((parse("kindle"),))
PAYLOADS = Path(__file__).parents[3] / "shared/payloads/wordpress"


class Reader:
    """Hears a site's posts and comments round after round, each from its last mark, on the blog's clock."""

    def __init__(self, blog: Blog, base: str, http: Client, *, search: str | None = None) -> None:
        self.blog = blog
        site = Site(base, http, "http://127.0.0.1:9")
        self.sources = [SiteSource(site, Scope(kind, search, 7 * DAY), EVERYTHING, MINUTE) for kind in _KINDS]
        self.marks: dict[str, str] = {}

    async def hears(self, since: datetime | None = None) -> list[Event]:
        token, events = CLOCK.set(lambda: self.blog.now), list[Event]()
        try:
            for source in self.sources:
                async for event in source.hear(self.marks.get(source.name), since):
                    if isinstance(event, Mark):
                        self.marks[source.name] = event.cursor
                    else:
                        events.append(event)
        finally:
            CLOCK.reset(token)
        return events

    async def texts(self, since: datetime | None = None) -> list[str]:
        return _texts(await self.hears(since))


_KINDS: tuple[Kind, ...] = ("posts", "comments")


def _texts(events: list[Event]) -> list[str]:
    """What the events tell as new or as changed, each word once."""
    posts = [event.post if isinstance(event, Edit) else event for event in events]
    return list(dict.fromkeys(post.text for post in posts if isinstance(post, Post)))


@pytest.fixture
def blog() -> Blog:
    return Blog(NOON)


@pytest.fixture
async def server(blog: Blog) -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer(blog.reply) as running:
        yield running


@pytest.fixture
def reader(blog: Blog, server: ScriptedServer, http: Client) -> Reader:
    return Reader(blog, server.base, http)


async def test_posts_and_comments_are_heard_once(blog: Blog, reader: Reader) -> None:
    first = blog.writes("Mein Kindle streikt", at=NOON - HOUR, tags=("Kindle", "E-Book Reader"))
    blog.writes("Meiner auch", on=first)
    post, comment = [event for event in await reader.hears() if isinstance(event, Post)]
    assert (post.id, post.kind, post.author, post.hashtags) == (
        "https://blog.example/?p=1", "article", "Anna", ("Kindle",)
    )  # fmt: skip
    assert comment.id == f"{reader.sources[1].site.key}#comment-1"
    assert (comment.kind, comment.parent) == ("comment", "https://blog.example/p1/")
    assert await reader.texts() == []


async def test_a_post_that_was_written_ahead_is_heard_when_it_appears(blog: Blog, reader: Reader) -> None:
    await reader.hears()
    blog.writes("Von letzter Woche", at=NOON + HOUR, changed=NOON - 7 * DAY, shown=NOON + HOUR)
    blog.now += 30 * MINUTE
    assert await reader.texts() == []
    blog.now = NOON + HOUR + MINUTE
    assert await reader.texts() == ["Von letzter Woche"]


async def test_a_post_with_an_old_date_and_an_edit_of_an_old_post_are_heard(blog: Blog, reader: Reader) -> None:
    old = blog.writes("Alles gut", at=NOON - 400 * DAY, changed=NOON - 400 * DAY)
    await reader.hears()
    blog.now += HOUR
    blog.writes("Nachgetragen", at=NOON - 300 * DAY)
    blog.edits(old, "Gar nichts ist gut")
    events = await reader.hears()
    assert sorted(_texts(events)) == ["Gar nichts ist gut", "Nachgetragen"]
    assert all(isinstance(event, Edit) for event in events)


async def test_a_comment_let_through_after_five_days_is_heard_within_the_hour(blog: Blog, reader: Reader) -> None:
    post = blog.writes("Kindle")
    await reader.hears(NOON - DAY)
    blog.writes("Endlich freigeschaltet", on=post, at=NOON + HOUR, shown=NOON + 5 * DAY)
    for step in range(1, 5 * 24):
        blog.now = NOON + step * HOUR
        assert await reader.texts() == []
    blog.now = NOON + 5 * DAY + HOUR
    assert await reader.texts() == ["Endlich freigeschaltet"]


async def test_a_burst_of_250_comments_in_one_second_is_paged_through(blog: Blog, reader: Reader) -> None:
    post = blog.writes("Kindle")
    await reader.hears()
    blog.now += MINUTE
    for number in range(250):
        blog.writes(f"Kommentar {number}", on=post)
    assert sorted(await reader.texts()) == sorted(f"Kommentar {number}" for number in range(250))


async def test_what_was_deleted_is_told_within_the_hour(blog: Blog, reader: Reader) -> None:
    post = blog.writes("Kindle")
    blog.writes("Nehme ich zurück", on=post)
    blog.writes("Bleibt", on=post)
    await reader.hears()
    blog.deletes("Nehme ich zurück")
    blog.now += HOUR
    events = await reader.hears()
    key = reader.sources[1].site.key
    assert events == [Deletion(platform="wordpress", id=f"{key}#comment-1", lasting=False)]
    blog.now += HOUR
    assert await reader.hears() == []


async def test_a_site_that_ignores_what_it_is_asked_for_deletes_nothing(blog: Blog, http: Client) -> None:
    def careless(request: Request) -> Reply:
        target = request.target.replace("include=", "ignored=")
        return blog.reply(msgspec.structs.replace(request, target=target))

    blog.writes("Kindle")
    async with ScriptedServer(careless) as server:
        reader = Reader(blog, server.base, http)
        await reader.hears()
        blog.now += HOUR
        blog.writes("Neu")
        assert await reader.texts() == ["Neu"]
        blog.now += HOUR
        assert await reader.hears() == []


@pytest.mark.parametrize(("pretty", "api"), [(True, "/wp-json"), (True, "/blog-api"), (False, "/wp-json")], ids=str)
async def test_the_api_is_found_wherever_it_is(blog: Blog, reader: Reader, pretty: bool, api: str) -> None:
    blog.pretty, blog.api = pretty, api
    blog.writes("Kindle")
    assert await reader.texts() == ["Kindle"]
    assert await reader.sources[0].check() == "1 posts"


@pytest.mark.parametrize("pretty", [True, False])
async def test_a_closed_api_leads_to_the_feeds_and_back(blog: Blog, reader: Reader, pretty: bool) -> None:
    first = blog.writes("Mein Kindle streikt")
    blog.writes("Meiner auch", on=first)
    blog.pretty, blog.closed = pretty, 401
    events = await reader.hears()
    assert [event for event in events if isinstance(event, Notice)]
    assert [post.id for post in events if isinstance(post, Post)] == [
        "https://blog.example/?p=1",
        f"{reader.sources[1].site.key}#comment-1",
    ]
    assert {post.platform for post in events if isinstance(post, Post)} == {"wordpress"}
    assert "no API" in await reader.sources[0].check()
    for number in range(15):
        blog.writes(f"{number}. Kommentar", on=first)
    blog.closed = None
    blog.now += HOUR
    assert sorted(set(await reader.texts()) - {"Mein Kindle streikt", "Meiner auch"}) == sorted(
        f"{number}. Kommentar" for number in range(15)
    )


async def test_where_api_and_feeds_are_closed_that_is_the_error(blog: Blog, reader: Reader, http: Client) -> None:
    shut = Reply(status=403, body=b'{"code": "rest_forbidden"}', headers={"Content-Type": "application/json"})
    async with ScriptedServer(lambda _: shut) as server:
        with pytest.raises(Refused):
            await Reader(blog, server.base, http).hears()


async def test_a_search_asks_for_the_words_also_where_only_feeds_are_left(
    blog: Blog, server: ScriptedServer, http: Client
) -> None:
    blog.writes("Mein Kindle streikt")
    blog.writes("Nichts davon")
    reader = Reader(blog, server.base, http, search="kindle")
    assert await reader.texts() == ["Mein Kindle streikt"]
    blog.closed = 401
    shut = Reader(blog, server.base, http, search="kindle")
    assert await shut.texts() == ["Mein Kindle streikt"]
    assert any(target.startswith("/?s=kindle&feed=rss2") for target in server.asked())


async def test_little_is_asked_for_when_nothing_is_new(blog: Blog, reader: Reader, server: ScriptedServer) -> None:
    for number in range(300):
        blog.writes(f"Alt {number}", at=NOON - 30 * DAY, changed=NOON - 30 * DAY)
    await reader.hears()
    server.requests.clear()
    blog.now += MINUTE
    await reader.hears()
    assert len(server.requests) == 3  # posts by date, posts by change, comments
    assert all("after=2026-11-2" in target for target in server.asked())


@settings(deadline=None, max_examples=30)  # each a server and rounds of real requests
@given(
    rounds=some.lists(
        some.lists(
            some.tuples(
                some.sampled_from(["post", "comment", "ahead", "back-dated"]),
                some.integers(0, 3 * 24 * 60),
            ),
            max_size=12,
        ),
        min_size=1,
        max_size=5,
    ),
    forgets=some.booleans(),
)
def test_everything_is_heard_whatever_its_date_and_from_whatever_mark(
    rounds: list[list[tuple[str, int]]], *, forgets: bool
) -> None:
    async def all_rounds() -> None:
        blog, heard, written = Blog(NOON), set[str](), set[str]()
        blog.writes("Anfang")
        async with ScriptedServer(blog.reply) as server, Client(patience=10) as http:
            reader = Reader(blog, server.base, http)
            marks: list[dict[str, str]] = []
            await reader.hears(NOON - 4 * DAY)
            for number, told in enumerate(rounds, 1):
                blog.now = NOON + number * HOUR
                for at, (what, minutes) in enumerate(told):
                    text = f"{what} {number}.{at}"
                    written.add(text)
                    before = blog.now - minutes * MINUTE
                    if what == "comment":
                        blog.writes(text, on=1, at=before)
                    elif what == "ahead":
                        blog.writes(text, changed=before)
                    else:
                        blog.writes(text, at=before if what == "back-dated" else None)
                heard |= set(await reader.texts())
                marks.append(dict(reader.marks))
                if forgets:
                    reader.marks = dict(marks[0])
        assert heard - {"Anfang"} == written

    asyncio.run(all_rounds())


async def test_a_tag_is_paged_by_date_and_no_twin_of_a_second_is_missed(http: Client) -> None:
    dates = [NOON - HOUR + (n // 3) * timedelta(seconds=1) for n in range(100)]
    posts = [
        {
            "URL": f"https://b.example/{n}",
            "date": f"{date:%Y-%m-%dT%H:%M:%S}+00:00",
            "title": "Kindle",
            "content": str(n),
        }
        for n, date in enumerate(dates)
    ]

    def script(request: Request) -> Reply:
        before = request.query.get("before")
        older = [post for post in reversed(posts) if before is None or post["date"] < before.replace("Z", "+00:00")]
        return Reply(body=json.dumps({"posts": older[:40]}).encode())

    token = CLOCK.set(lambda: NOON)
    try:
        async with ScriptedServer(script) as server:
            source = TagSource(server.base, "kindle", http, MINUTE)
            heard = [event async for event in source.hear(None, None)]
    finally:
        CLOCK.reset(token)
    assert sorted(int(event.text) for event in heard if isinstance(event, Post)) == list(range(100))


def _of(**options: object) -> list[str]:
    chosen = msgspec.convert(options, WordPressOptions)
    interest = Interest((parse('"Kindle Paperwhite" OR tolino'),))
    return [source.name for source in WordPress(chosen, interest, Client()).sources()]


def test_there_is_a_source_for_posts_and_one_for_comments() -> None:
    assert _of() == []
    assert _of(sites=["blog.example/", "https://blog.example", "http://shop.example/blog"]) == [
        "blog.example posts", "blog.example comments", "shop.example/blog posts", "shop.example/blog comments",
    ]  # fmt: skip
    assert _of(sites=["blog.example"], comments=False) == ["blog.example posts"]
    assert _of(sites=["a.example", "b.example"], without_comments=["https://a.example/"]) == [
        "a.example posts", "b.example posts", "b.example comments",
    ]  # fmt: skip


def test_searches_and_tags_are_sources_if_asked() -> None:
    assert _of(sites=["a.example"], search=True, comments=False) == [
        "a.example posts: kindle paperwhite", "a.example posts: tolino",
    ]  # fmt: skip
    assert _of(tags=True) == [
        "WordPress.com #kindle-paperwhite", "WordPress.com #kindlepaperwhite", "WordPress.com #tolino",
    ]  # fmt: skip


@pytest.mark.parametrize("site", ["", "ftp://x.example", "https://", "two words.example", "http://[x"])
def test_what_is_no_address_is_refused(site: str) -> None:
    assert address_of(site) is None
    with pytest.raises(msgspec.ValidationError, match=r"write https://blog\.example"):
        msgspec.convert({"sites": [site]}, WordPressOptions)


def test_a_password_in_an_address_is_in_no_name_and_no_id() -> None:
    (name, _) = _of(sites=["https://anna:hush@blog.example"])
    assert "hush" not in name


async def test_a_site_of_wordpress_com_is_asked_there(http: Client) -> None:
    asked = list[str]()

    def script(request: Request) -> Reply:
        asked.append(request.path)
        return Reply(body=b"[]", headers={"X-WP-TotalPages": "0"})

    async with ScriptedServer(script) as server:
        site = Site("https://fay.wordpress.com", http, server.base)
        await site.asks("posts", {})
    assert set(asked) == {"/wp/v2/sites/fay.wordpress.com/posts"}


@pytest.mark.parametrize("name", ["posts_one", "posts_search_embed_constructed", "comments_one"])
def test_recorded_answers_are_posts(name: str) -> None:
    if not PAYLOADS.is_dir():
        pytest.skip("no recorded answers beside the repository")
    raws = json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))
    for raw in raws:
        post = post_of(raw, "comments" if name.startswith("comments") else "posts", "blog.example")
        assert post is not None
        assert post.posted_at is not None
        assert "&#" not in post.document
        assert "<" not in post.document


def test_fields_of_an_unexpected_type_are_unknown() -> None:
    embedded = {"author": {"code": "x"}, "wp:term": [None, [5]]}
    raw = {"id": "x", "title": {"rendered": 5}, "content": "kindle", "guid": None, "date_gmt": "0000-00-00T00:00:00"}
    post = post_of({**raw, "_embedded": embedded}, "posts", "b.example")
    assert post is not None
    assert (post.id, post.text, post.title, post.author, post.posted_at) == (
        "b.example#post-x", "kindle", None, None, None
    )  # fmt: skip
    assert tagged({"URL": None}) is None
