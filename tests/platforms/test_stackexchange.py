"""Stack Exchange: a search without authors, a quota to be spread, wishes for pauses, and comments without a search."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from listen.errors import RateLimited
from listen.http import Budget, Client, Meter, Secret
from listen.platforms.stackexchange import StackExchange, StackExchangeOptions
from listen.source import Source
from tests.platforms.rounds import Ear, edits, gaps, posts, texts
from tests.servers.answers import INTEREST, answers_of
from tests.servers.scripted import Reply, Request, ScriptedServer
from tests.servers.stackexchange import StackExchangeSite

RECORDED = Path(__file__).parents[3] / "shared/payloads/stackexchange"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3_600, 86_400))
KEY = Secret("hush-hush", "test")


def sources_at(base: str, http: Client, **options: object) -> dict[str, Source]:
    chosen = StackExchangeOptions(sites=("ebooks",), api=base, **options)  # type: ignore[arg-type]
    return {source.name: source for source in StackExchange(chosen, INTEREST, http).sources()}


def searched(base: str, http: Client) -> Source:
    return sources_at(base, http)["ebooks kindle"]


async def test_questions_and_answers_are_found_with_authors_and_full_texts(http: Client) -> None:
    site = StackExchangeSite()
    question = site.question('My Kindle & "me"', "it died, and the excerpt is far too short to say so", NOON, "calibre")
    site.answer(question, "throw that kindle away", NOON + MINUTE)
    async with ScriptedServer(site) as server:
        ear = Ear(searched(server.base, http))
        first, second = posts(await ear.round(NOON + HOUR))
        paths = [request.path for request in server.requests]
    assert (first.title, first.author, first.kind) == ('My Kindle & "me"', "René K.", "post")
    assert first.text.endswith("far too short to say so")
    assert (second.kind, second.title, second.parent) == ("comment", first.title, first.id)
    assert first.author_url
    assert first.url
    assert first.hashtags == ("calibre",)
    assert paths == ["/search/excerpts", "/posts/101;100"]


async def test_texts_are_asked_for_only_where_something_has_changed(http: Client) -> None:
    site = StackExchangeSite()
    number = site.question("Kindle", "kindle", NOON)
    async with ScriptedServer(site) as server:
        ear = Ear(searched(server.base, http))
        await ear.round(NOON + HOUR)
        assert not posts(await ear.round(NOON + 2 * HOUR))
        assert len(server.requests) == 3
        site.edit(number, "kindle, mended", NOON + 2 * HOUR)
        assert edits(await ear.round(NOON + 3 * HOUR)) == ["kindle, mended"]
        assert len(server.requests) == 5


async def test_a_burst_over_pages_and_late_posts_are_heard_once(http: Client) -> None:
    site = StackExchangeSite()
    site.question("Kindle", "kindle 0", NOON)
    async with ScriptedServer(site) as server:
        ear = Ear(searched(server.base, http))
        heard = texts(await ear.round(NOON + MINUTE))
        for number in range(1, 251):
            site.question("Kindle", f"kindle {number}", NOON + HOUR + timedelta(seconds=number // 100))
        heard += texts(await ear.round(NOON + 2 * HOUR))
        site.question("Kindle", "kindle 251", NOON + 90 * MINUTE)  # the index is late
        ear.source = searched(server.base, http)
        heard += texts(await ear.round(NOON + 2 * HOUR + MINUTE))
    assert sorted(heard) == sorted(f"kindle {number}" for number in range(252))


async def test_a_tag_finds_questions_whose_words_do_not_tell(http: Client) -> None:
    site = StackExchangeSite()
    site.question("It froze", "again", NOON, "kindle")
    async with ScriptedServer(site) as server:
        tagged = sources_at(server.base, http)["ebooks [kindle]"]
        [post] = posts(await Ear(tagged).round(NOON + HOUR))
    assert post.hashtags == ("kindle",)
    assert post.id == "ebooks/posts/100"


async def test_comments_are_heard_whole_from_the_last_round_on(http: Client) -> None:
    site = StackExchangeSite()
    async with ScriptedServer(site) as server:
        ear = Ear(sources_at(server.base, http, comments=True)["ebooks comments"])
        site.comment(100, "first", NOON)
        heard = texts(await ear.round(NOON + MINUTE))
        for number in range(230):
            site.comment(100, f"{number}", NOON + HOUR)
        heard += texts(await ear.round(NOON + 2 * HOUR))
        asked = server.requests[-1].query
    assert len(heard) == len(set(heard)) == 231
    assert int(asked["fromdate"]) == int((NOON - HOUR).timestamp())


async def test_a_wish_for_a_pause_is_granted_and_told_to_the_engine(http: Client) -> None:
    site = StackExchangeSite()
    site.backoff = 1_000
    async with ScriptedServer(site) as server:
        meter = Meter("stackexchange", Budget())
        events = await Ear(searched(server.base, http.metered(meter))).round(NOON)
        assert events[-1].again == timedelta(seconds=1_000)  # type: ignore[union-attr]
        ear = Ear(sources_at(server.base, http.metered(meter))["ebooks [kindle]"])
        await ear.round(NOON)
        assert isinstance(ear.problem, RateLimited)
        assert len(server.requests) == 1


async def test_a_quota_that_is_used_up_names_its_end(http: Client) -> None:
    async with ScriptedServer(StackExchangeSite(quota=0)) as server:
        ear = Ear(searched(server.base, http))
        await ear.round(NOON)
    assert isinstance(ear.problem, RateLimited)
    assert ear.problem.wait == timedelta(seconds=71_821)


@pytest.mark.parametrize(
    ("options", "count", "allowed"),
    [({}, 2, 300), ({"key": KEY}, 3, 10_000), ({"comments": True}, 3, 300), ({"requests_per_day": 40}, 2, 40),
     ({"key": KEY, "comments": False}, 2, 10_000)],
)  # fmt: skip
async def test_rounds_fit_into_the_day(http: Client, options: dict[str, object], count: int, allowed: int) -> None:
    sources = sources_at("http://127.0.0.1:9", http, **options).values()
    assert len(sources) == count
    assert sum(DAY / source.every for source in sources) < allowed
    assert all(source.every >= 5 * MINUTE for source in sources)


async def test_the_key_goes_with_the_request_and_nowhere_else(http: Client) -> None:
    async with ScriptedServer(StackExchangeSite()) as server:
        for source in sources_at(server.base, http, key=KEY).values():
            events = await Ear(source).round(NOON)
            assert "hush" not in f"{source.name}{events}"
        assert {request.query["key"] for request in server.requests} == {"hush-hush"}


async def test_somebody_whose_account_is_gone_has_a_name_only(http: Client) -> None:
    async with ScriptedServer(answers_of("stackexchange").reply) as server:
        heard = posts(await Ear(searched(f"{server.base}/2.3", http)).round(NOON))
    [answer] = [post for post in heard if post.kind == "comment"]
    assert (answer.author, answer.author_url, answer.author_id) == ("user9922", None, None)
    assert answer.text == "Restart your Kindle twice & wait."


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not at hand")
async def test_prepared_answers_of_others_become_posts(http: Client) -> None:
    def reply(request: Request) -> Reply:
        return Reply(
            body=(RECORDED / ("search_backoff" if request.query["page"] == "2" else "search_advanced"))
            .with_suffix(".json")
            .read_bytes()
        )

    async with ScriptedServer(reply) as server:
        ear = Ear(sources_at(server.base, http)["ebooks [kindle]"])
        events = await ear.round(datetime(2025, 10, 15, 12, tzinfo=UTC))
    assert [post.id for post in posts(events)] == ["ebooks/posts/9122", "ebooks/posts/9123"]
    assert posts(events)[1].author == "René K."
    assert not gaps(events)


def test_a_site_is_named_as_in_its_address() -> None:
    with pytest.raises(msgspec.ValidationError, match="matching regex"):
        msgspec.convert({"sites": ["https://superuser.com"]}, StackExchangeOptions)
