"""Reviews: what is special about each of the places where people leave them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listen.errors import BadAnswer, Refused
from listen.http import Client, Secret
from listen.platforms import known
from listen.post import Edit, Event, Gap, Mark, Post
from listen.query import parse
from listen.source import Interest, Source
from listen.when import CLOCK
from tests.servers.answers import FOLDER
from tests.servers.scripted import Reply, Request, ScriptedServer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECORDED = Path(__file__).parents[3] / "shared" / "payloads" / "reviews"
INTEREST = Interest((parse("kindle"),), lambda text: "kindle" in text.lower())
NAMED = {
    "appstore": "apps",
    "foursquare": "places",
    "googleplaces": "places",
    "trustpilot": "firms",
    "yelp": "businesses",
}


def sources(name: str, base: str, http: Client, about: str = "Kindle", **more: Any) -> list[Source]:
    keys = {} if name == "appstore" else {"key": "hush-hush"}
    told = {"api": base, NAMED[name]: {"4711": about}, **keys, **more}
    chosen = msgspec.convert(told, known()[name].options, dec_hook=lambda _, value: Secret(value, "test"))
    return list(known()[name](chosen, INTEREST, http).sources())


async def heard(source: Source, cursor: str | None = None, at: datetime = NOON) -> tuple[list[Event], str | None]:
    token = CLOCK.set(lambda: at)
    try:
        events = [event async for event in source.hear(cursor, None)]
    finally:
        CLOCK.reset(token)
    return events, next((event.cursor for event in events if isinstance(event, Mark)), cursor)


def posts(events: list[Event]) -> list[Post]:
    return [event for event in events if isinstance(event, Post)]


class Store:
    """The App Store's feed of one app: 50 reviews a page, ten pages, the newest date on top."""

    def __init__(self) -> None:
        self.reviews: list[tuple[int, datetime, str, int]] = []

    def reviewed(self, at: datetime, text: str = "Crashes", rating: int = 1) -> None:
        self.reviews.append((len(self.reviews) + 1, at, text, rating))

    def reply(self, request: Request) -> Reply:
        page = re.fullmatch(r"/de/rss/customerreviews/page=(\d+)/id=4711/sortby=mostrecent/xml", request.path)
        if page is None or not 1 <= int(page[1]) <= 10:
            return Reply(status=400, body=b"CustomerReviews RSS page depth is limited to 10")
        shown = sorted(self.reviews, key=lambda review: review[1], reverse=True)
        begin = 50 * (int(page[1]) - 1)
        entries = "".join(
            f"<entry><id>{number}</id><title>T</title><content type='text'>{text}</content>"
            f"<content type='html'>&lt;b&gt;T&lt;/b&gt; {text}</content><im:rating>{rating}</im:rating>"
            f"<updated>{at.isoformat()}</updated></entry>"
            for number, at, text, rating in shown[begin : begin + 50]
        )
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:im="http://itunes.apple.com/rss">{entries}</feed>'
        return Reply(body=feed.encode(), headers={"Content-Type": "application/xml"})


async def test_each_country_has_a_store_of_its_own(http: Client) -> None:
    named = [source.name for source in sources("appstore", "http://127.0.0.1:9", http, countries=["de", "us", "de"])]
    assert named == ["4711 in DE", "4711 in US"]


async def test_a_review_is_read_as_its_author_wrote_it(http: Client) -> None:
    feed = (FOLDER / "appstore" / "page1.xml").read_bytes()
    reply = Reply(body=feed, headers={"Content-Type": "application/atom+xml"})
    async with ScriptedServer(lambda request: reply if "page=1/" in request.path else Reply(status=404)) as server:
        (source,) = sources("appstore", server.base, http, countries=["de"])
        page = await source.page(None)  # type: ignore[attr-defined]
    post = page.posts[0]
    assert len(page.posts) == 2  # the app itself, which old feeds put first, is no review
    assert (post.title, post.text) == (
        "Absturz & mehr",
        "Stürzt nach dem Update <3-mal am Tag ab 😡\nSupport antwortet nicht.",
    )
    assert (post.kind, post.rating, post.about, post.lang) == ("review", 1.0, "Kindle", None)
    assert (post.author, post.author_id, post.instance) == ("lampenschein", "700000001", "apps.apple.com/de")
    assert post.posted_at == datetime(2026, 11, 21, 12, 5, 35, tzinfo=UTC)
    assert page.next == "2"


async def test_every_review_is_heard_once_however_late_and_many(http: Client) -> None:
    store = Store()
    async with ScriptedServer(store.reply) as server:
        (source,) = sources("appstore", server.base, http, countries=["de"])
        store.reviewed(NOON - timedelta(hours=1), "first")
        events, cursor = await heard(source)
        assert [post.text for post in posts(events)] == ["first"]
        for number in range(180):  # a bad update
            store.reviewed(NOON + timedelta(minutes=number % 7), f"burst {number}")
        store.reviewed(NOON - timedelta(days=2), "held back")
        events, cursor = await heard(source, cursor, NOON + timedelta(hours=1))
        assert {post.text for post in posts(events)} == {"held back", *(f"burst {number}" for number in range(180))}
        assert not [event for event in events if isinstance(event, Gap)]
        number, at, _, _ = store.reviews[0]
        store.reviews[0] = (number, at, "first, but now it works", 5)
        events, cursor = await heard(source, cursor, NOON + timedelta(hours=2))
        assert [(event.post.text, event.post.rating) for event in events if isinstance(event, Edit)] == [
            ("first, but now it works", 5.0)
        ]
        assert posts(events) == []


async def test_more_than_500_new_reviews_are_a_gap(http: Client) -> None:
    store = Store()
    async with ScriptedServer(store.reply) as server:
        (source,) = sources("appstore", server.base, http, countries=["de"])
        store.reviewed(NOON - timedelta(hours=1))
        _, cursor = await heard(source)
        for number in range(600):
            store.reviewed(NOON + timedelta(seconds=number))
        events, _ = await heard(source, cursor, NOON + timedelta(hours=1))
    assert len(posts(events)) == 500
    (gap,) = [event for event in events if isinstance(event, Gap)]
    assert (gap.since, gap.until) == (NOON, NOON + timedelta(seconds=100))


async def test_a_page_instead_of_the_feed_is_a_bad_answer(http: Client) -> None:
    page = Reply(body=b"<!doctype html><html><title>Connecting to the iTunes Store</title></html>")
    async with ScriptedServer(lambda _: page) as server:
        (source,) = sources("appstore", server.base, http, countries=["de"])
        with pytest.raises(BadAnswer, match="shows a page where its reviews should be"):
            await heard(source)


async def test_what_a_translated_place_review_said_is_its_original(http: Client) -> None:
    reply = Reply(body=(FOLDER / "googleplaces" / "place.json").read_bytes())
    async with ScriptedServer(lambda _: reply) as server:
        (source,) = sources("googleplaces", server.base, http)
        events, _ = await heard(source)
    post = posts(events)[-1]
    assert post.text == "Der gekaufte Kindle war kaputt, niemand hat geholfen."
    assert (post.lang, post.rating, post.id) == ("de", 2.0, "places/ChIJ11/reviews/Ch01")
    (request,) = server.requests
    assert request.target == "/v1/places/4711"
    assert request.headers["x-goog-fieldmask"] == "id,reviews"
    assert request.headers["x-goog-api-key"] == "hush-hush"


async def test_a_place_without_reviews_is_no_error(http: Client) -> None:
    async with ScriptedServer(lambda _: Reply(body=b'{"id": "4711"}')) as server:
        (source,) = sources("googleplaces", server.base, http)
        assert await source.check() == "answers; nothing there yet"


async def test_a_google_key_that_is_wrong_is_refused_though_google_says_400(http: Client) -> None:
    told = {"error": {"code": 400, "message": "API key not valid. Please pass a valid API key."}}
    async with ScriptedServer(lambda _: Reply(status=400, body=msgspec.json.encode(told))) as server:
        (source,) = sources("googleplaces", server.base, http)
        with pytest.raises(Refused, match="API key not valid"):
            await heard(source)


async def test_five_new_reviews_where_google_shows_five_are_a_gap(http: Client) -> None:
    shown = ["old"]
    ask = lambda _: Reply(body=msgspec.json.encode({"id": "1", "reviews": [{"name": name} for name in shown]}))  # noqa: E731
    async with ScriptedServer(ask) as server:
        (source,) = sources("googleplaces", server.base, http)
        _, cursor = await heard(source)
        shown[:] = ["a", "old", "b"]
        events, cursor = await heard(source, cursor, NOON + timedelta(hours=1))
        assert {post.id for post in posts(events)} == {"a", "b"}
        assert not [event for event in events if isinstance(event, Gap)]
        shown[:] = [f"new {number}" for number in range(5)]
        events, _ = await heard(source, cursor, NOON + timedelta(hours=2))
    assert len(posts(events)) == 5
    assert [event.why for event in events if isinstance(event, Gap)] == [
        "Google shows five reviews of a place, and all are new"
    ]


@pytest.mark.parametrize(
    ("name", "target", "header", "value"),
    [
        (
            "trustpilot",
            "/v1/business-units/4711/reviews?perPage=100&orderBy=createdat.desc&page=1",
            "apikey",
            "hush-hush",
        ),
        ("yelp", "/v3/businesses/4711/reviews?sort_by=newest", "authorization", "Bearer hush-hush"),
        (
            "foursquare",
            "/places/4711/tips?sort=NEWEST&limit=50&fields=fsq_tip_id,created_at,text,lang,url,agree_count",
            "authorization",
            "Bearer hush-hush",
        ),
    ],
)
async def test_a_network_is_asked_as_its_documentation_says(
    name: str, target: str, header: str, value: str, http: Client
) -> None:
    async with ScriptedServer(lambda _: Reply(body=b'{"reviews": []}' if name != "foursquare" else b"[]")) as server:
        (source,) = sources(name, server.base, http)
        await heard(source)
    (request,) = server.requests
    assert request.target == target
    assert request.headers[header] == value


async def test_yelp_writes_the_time_of_california(http: Client) -> None:
    reply = Reply(body=(FOLDER / "yelp" / "reviews.json").read_bytes())
    async with ScriptedServer(lambda _: reply) as server:
        (source,) = sources("yelp", server.base, http)
        page = await source.page(None)  # type: ignore[attr-defined]
    assert page.posts[0].posted_at == datetime(2026, 11, 20, 8, 41, 13, tzinfo=UTC)


@pytest.mark.parametrize("name", NAMED)
async def test_a_name_that_no_topic_matches_is_said(name: str, http: Client) -> None:
    (file,) = [file for file in (FOLDER / name).iterdir() if file.name not in ("answers.toml", "page2.xml")]
    reply = Reply(body=file.read_bytes())
    async with ScriptedServer(lambda _: reply) as server:
        (source, *_) = sources(name, server.base, http, about="Reader")
        assert "; no topic matches 'Reader', so that reviews count by their own words only" in await source.check()
        (source, *_) = sources(name, server.base, http, about="")
        assert "no topic matches" not in await source.check()
        assert all(post.about is None for post in (await source.page(None)).posts)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(set(NAMED) - {"appstore"}))
def test_what_needs_a_key_says_so(name: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="has no key; write key ="):
        msgspec.convert({NAMED[name]: {"4711": "Kindle"}}, known()[name].options)


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the payloads are not at hand")
@pytest.mark.parametrize(
    ("file", "name"), [("google_places_new_reviews", "googleplaces"), ("trustpilot_reviews", "trustpilot")]
)
async def test_the_shapes_at_hand_are_read(file: str, name: str, http: Client) -> None:
    body = (RECORDED / f"{file}.json").read_bytes()
    async with ScriptedServer(lambda _: Reply(body=body)) as server:
        (source,) = sources(name, server.base, http)
        page = await source.page(None)  # type: ignore[attr-defined]
    assert len(page.posts) == len(json.loads(body)["reviews"])
    for post in page.posts:
        assert post.text
        assert post.rating
        assert post.posted_at
        assert post.author
