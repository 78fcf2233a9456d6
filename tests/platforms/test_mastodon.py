"""Hashtags of Mastodon and its like, polled: nothing lost in bursts, late posts found, closed doors named."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listen.errors import Gone, RateLimited, Refused
from listen.http import Client, Secret
from listen.platforms.mastodon import MOST_TAGS, Mastodon, MastodonOptions
from listen.post import Edit, Event, Gap, Mark, Notice, Post
from listen.query import parse
from listen.source import Interest, Source
from tests.servers.mastodon import MastodonServer, answer, paged, snowflake, status
from tests.servers.scripted import Reply, Request, ScriptedServer

NOW = datetime.now(UTC)
KINDLE = Interest((parse("#Kindle"), parse("kindle")))
ULID = "01M7ZS{:020d}"


def platform(http: Client, *servers: str, interest: Interest = KINDLE, **options: Any) -> Mastodon:
    return Mastodon(MastodonOptions(servers=servers, **options), interest, http)


def source_of(http: Client, server: ScriptedServer, **options: Any) -> Source:
    return platform(http, server.base, **options).sources()[0]


async def round_of(source: Source, cursor: str | None = None, since: datetime | None = None) -> list[Event]:
    return [event async for event in source.hear(cursor, since)]


def refs(events: list[Event]) -> list[str | None]:
    return [event.ref for event in events if isinstance(event, Post)]


def cursors(events: list[Event]) -> list[str]:
    return [event.cursor for event in events if isinstance(event, Mark)]


def notices(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Notice)]


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def at(moment: datetime, sequence: int = 0) -> dict[str, Any]:
    return status(snowflake(moment, sequence), posted_at=moment)


async def test_a_burst_of_1200_posts_between_two_rounds_is_found_once_each_and_oldest_first(http: Client) -> None:
    start = at(ago(minutes=30))
    burst = [at(ago(minutes=20) + timedelta(milliseconds=500 * n)) for n in range(1_200)]
    async with ScriptedServer(MastodonServer([start, *burst])) as server:
        events = await round_of(source_of(http, server, overlap_minutes=0), start["id"])
    assert refs(events) == [told["id"] for told in burst]
    assert cursors(events) == [told["id"] for told in burst[39::40]]


async def test_posts_of_one_second_that_straddle_two_pages_are_all_found(http: Client) -> None:
    same = [at(ago(minutes=5), sequence) for sequence in range(50)]
    async with ScriptedServer(MastodonServer(same)) as server:
        events = await round_of(source_of(http, server, overlap_minutes=0), snowflake(ago(minutes=6)))
    assert refs(events) == [told["id"] for told in same]


async def test_a_page_made_short_by_filters_does_not_end_the_walk(http: Client) -> None:
    posts = [at(ago(minutes=50 - n / 10)) for n in range(90)]

    def filtered(request: Request) -> Reply | None:
        if "/timelines/" not in request.path:
            return None
        page = paged(posts, request.query)
        return answer(page[:1])  # as if all but the newest of each page were written by somebody blocked

    async with ScriptedServer(script := MastodonServer(posts)) as server:
        script.before = filtered
        events = await round_of(source_of(http, server, overlap_minutes=0), snowflake(ago(hours=2)))
    assert refs(events) == [posts[39]["id"], posts[79]["id"], posts[89]["id"]]


async def test_a_post_that_federates_late_is_found_by_a_round_that_looks_back(http: Client) -> None:
    on_time, late = at(ago(minutes=2)), at(ago(minutes=40))
    async with ScriptedServer(script := MastodonServer([on_time])) as server:
        source = source_of(http, server)  # an hour is looked back over each quarter of an hour
        await round_of(source)
        script.statuses.append(late)
        found = [refs(await round_of(source, on_time["id"])) for _ in range(15)]
    assert found == [[]] * 14 + [[late["id"], on_time["id"]]]


async def test_looking_back_never_moves_the_cursor_back(http: Client) -> None:
    posts = [at(ago(minutes=50 - n)) for n in range(50)]
    async with ScriptedServer(MastodonServer(posts)) as server:
        events = await round_of(source_of(http, server), posts[-1]["id"])
    assert len(refs(events)) == 50
    assert set(cursors(events)) == {posts[-1]["id"]}


async def test_ids_that_are_no_numbers_are_walked_and_the_newest_page_is_read_again(http: Client) -> None:
    posts = [status(ULID.format(n)) for n in range(0, 200, 2)]
    async with ScriptedServer(script := MastodonServer(posts)) as server:
        source = source_of(http, server)
        events = await round_of(source, posts[9]["id"])
        script.statuses.append(late := status(ULID.format(197)))
        again = await round_of(source_of(http, server), posts[-1]["id"])
    assert sorted(refs(events), key=str) == [told["id"] for told in posts[10:]]
    assert cursors(events)[-1] == posts[-1]["id"]
    assert late["id"] in refs(again)
    assert cursors(again)[-1] == posts[-1]["id"]


async def test_a_post_from_the_future_does_not_hide_those_that_follow(http: Client) -> None:
    forged, usual = status("7ZZZZZZZZZ0000000000000000"), status(ULID.format(5))
    async with ScriptedServer(MastodonServer([forged, usual])) as server:
        events = await round_of(source_of(http, server), ULID.format(1))
    assert set(refs(events)) == {forged["id"], usual["id"]}
    assert set(cursors(events)) == {usual["id"]}


async def test_a_server_that_ignores_min_id_is_not_asked_for_ever(http: Client) -> None:
    async with ScriptedServer(script := MastodonServer()) as server:
        script.before = lambda request: answer([at(ago(hours=1))]) if "/timelines/" in request.path else None
        events = await round_of(source_of(http, server, overlap_minutes=0), snowflake(ago(minutes=1)))
    assert len(refs(events)) == 1
    assert len(server.asked()) == 2


async def test_the_first_round_reads_a_day_back_oldest_first(http: Client) -> None:
    posts = [at(ago(hours=30 - n / 4)) for n in range(120)]
    async with ScriptedServer(MastodonServer(posts)) as server:
        events = await round_of(source_of(http, server))
    assert refs(events) == [told["id"] for told in posts]  # in three pages, the last of which begins a day ago
    assert cursors(events) == [posts[39]["id"], posts[79]["id"], posts[119]["id"]]


async def test_the_first_round_shows_the_newest_page_however_old_it_is(http: Client) -> None:
    async with ScriptedServer(MastodonServer([at(ago(days=90))])) as server:
        events = await round_of(source_of(http, server))
    assert len(refs(events)) == 1


async def test_a_start_too_far_back_to_be_read_at_once_leaves_a_gap_on_record(http: Client) -> None:
    posts = [at(ago(minutes=n)) for n in range(300)]
    since = ago(days=2)
    async with ScriptedServer(MastodonServer(posts)) as server:
        events = await round_of(source_of(http, server), since=since)
    gap = next(event for event in events if isinstance(event, Gap))
    assert len(refs(events)) == 200
    assert gap.since == since
    assert ago(minutes=200) < gap.until < ago(minutes=160)


async def test_a_tag_seen_empty_and_then_woken_by_a_storm_is_read_from_the_storms_beginning(http: Client) -> None:
    async with ScriptedServer(script := MastodonServer()) as server:
        source = source_of(http, server)
        (mark,) = await round_of(source)
        assert isinstance(mark, Mark)
        script.statuses = [at(NOW + timedelta(seconds=n / 1_000)) for n in range(400)]
        events = await round_of(source, mark.cursor)
    assert len(refs(events)) == 400
    assert not [event for event in events if isinstance(event, Gap)]


@pytest.mark.parametrize("missing", [True, False], ids=["404", "an empty list"])
async def test_a_tag_nobody_has_used_is_no_error(http: Client, missing: bool) -> None:
    async with ScriptedServer(script := MastodonServer()) as server:
        script.unused_tags_are_404 = missing
        assert all(isinstance(event, Mark) for event in await round_of(source_of(http, server)))


async def test_a_server_without_a_word_of_mastodon_is_gone(http: Client) -> None:
    async with ScriptedServer(lambda _: answer({}, 404)) as server:
        with pytest.raises(Gone):
            await round_of(source_of(http, server))


async def test_an_instance_page_that_is_closed_does_not_close_the_timeline(http: Client) -> None:
    async with ScriptedServer(script := MastodonServer([at(ago(minutes=1))])) as server:
        script.about = None
        assert len(refs(await round_of(source_of(http, server)))) == 1


async def test_timelines_that_are_switched_off_are_told_in_each_round_and_not_asked(http: Client) -> None:
    async with ScriptedServer(MastodonServer(local="disabled", remote="disabled")) as server:
        sources = platform(http, server.base, tags=("tolino",)).sources()
        rounds = [await round_of(source) for source in sources]
        said = {text for events in rounds for text in notices(events)}
        assert "switched off" in await sources[0].check()
    assert len(rounds) > 1
    assert said == {f"{server.base[7:]} has switched its hashtag timelines off; nothing can be heard there"}
    assert all(isinstance(event, Notice) and event.deaf for events in rounds for event in events)
    assert server.asked() == ["/api/v2/instance"]


async def test_timelines_for_members_ask_for_a_token_by_its_option(http: Client) -> None:
    async with ScriptedServer(MastodonServer(local="authenticated", remote="authenticated")) as server:
        with pytest.raises(Refused, match=r"members only; put an access token .* into `tokens`"):
            await round_of(source_of(http, server))
        with pytest.raises(Refused):
            await source_of(http, server).check()
        assert not [target for target in server.asked() if "/timelines/" in target]
        assert "open with this token" in await source_of(http, server, token=Secret("t", "env:T")).check()


async def test_a_timeline_that_is_half_open_is_asked_for_that_half(http: Client) -> None:
    async with ScriptedServer(MastodonServer([at(ago(minutes=1))], remote="authenticated")) as server:
        events = await round_of(source_of(http, server))
        words = await source_of(http, server).check()
    assert "local=true" in server.asked()[1]
    assert len(refs(events)) == 1
    assert "only in posts of its own people" in notices(events)[0]
    assert words == "Mastodon 4.6.4, tag timelines are public for posts of its own people"


async def test_an_anonymous_timeline_that_is_refused_says_what_to_do(http: Client) -> None:
    async with ScriptedServer(script := MastodonServer()) as server:
        script.before = lambda request: answer({"error": "x"}, 401) if "/timelines/" in request.path else None
        with pytest.raises(Refused, match="put an access token"):
            await round_of(source_of(http, server))


async def test_a_wrong_token_that_is_answered_with_400_and_html_is_refused_and_not_shown(http: Client) -> None:
    html = Reply(status=400, body=b"<h1>Invalid Bearer token</h1>", headers={"Content-Type": "text/html"})
    async with ScriptedServer(script := MastodonServer()) as server:
        script.before = lambda request: html if "/timelines/" in request.path else None
        with pytest.raises(Refused, match=r"check the access token \(env:T\)") as refused:
            await round_of(source_of(http, server, token=Secret("hush-hush", "env:T")))
    assert "hush" not in str(refused.value)


async def test_a_limit_that_is_reset_at_an_iso_date_is_waited_for(http: Client) -> None:
    reset = (datetime.now(UTC) + timedelta(minutes=4)).isoformat().replace("+00:00", "Z")
    async with ScriptedServer(script := MastodonServer()) as server:
        script.before = lambda _: answer({"error": "Too many requests"}, 429, **{"X-RateLimit-Reset": reset})
        with pytest.raises(RateLimited) as limited:
            await round_of(source_of(http, server))
    assert limited.value.wait
    assert timedelta(minutes=3) < limited.value.wait <= timedelta(minutes=4)


async def test_an_odd_post_among_good_ones_is_left_out_and_said_once(http: Client) -> None:
    async with ScriptedServer(script := MastodonServer()) as server:
        script.before = lambda request: answer([at(ago(minutes=1)), 7]) if "/timelines/" in request.path else None
        events = await round_of(source_of(http, server))
    assert len(refs(events)) == 1
    assert [text.split(" sent ")[1] for text in notices(events)] == ["posts that cannot be read; they are left out"]


async def test_half_an_emoji_costs_neither_its_page_nor_its_post(http: Client) -> None:
    half = json.dumps([at(ago(minutes=1)), at(ago(minutes=2)) | {"content": "Kindle \ud83d kaputt"}]).encode()
    async with ScriptedServer(script := MastodonServer()) as server:
        script.before = lambda request: Reply(body=half) if "/timelines/" in request.path else None
        events = await round_of(source_of(http, server))
    assert [event.text for event in events if isinstance(event, Post)] == ["Kindle \ufffd kaputt", "Mein #Kindle"]


async def test_an_edited_post_is_an_edit(http: Client) -> None:
    posts = [at(ago(minutes=1)) | {"edited_at": "2026-11-21T12:00:00Z"}]
    async with ScriptedServer(MastodonServer(posts)) as server:
        events = await round_of(source_of(http, server))
    assert [type(event) for event in events] == [Edit, Mark]


async def test_sources_of_a_server_ask_about_it_once_and_have_a_name_each(http: Client) -> None:
    async with ScriptedServer(MastodonServer()) as server:
        sources = platform(http, server.base, tags=("tolino", "Kobo")).sources()
        for source in sources:
            await round_of(source)
    host = server.base.removeprefix("http://")
    assert [source.name for source in sources] == [f"{host} #tolino", f"{host} #kobo", f"{host} #kindle"]
    assert server.asked().count("/api/v2/instance") == 1


async def test_more_tags_than_a_server_can_be_asked_for_are_cut_and_said(http: Client) -> None:
    many = Interest(tuple(parse(f"buch{n}") for n in range(MOST_TAGS + 5)))
    async with ScriptedServer(MastodonServer()) as server:
        sources = platform(http, server.base, interest=many).sources()
        said = [text for source in sources for text in notices(await round_of(source))]
    assert len(sources) == MOST_TAGS
    assert len(said) == 1
    assert f"{MOST_TAGS} of {MOST_TAGS + 5} hashtags" in said[0]
