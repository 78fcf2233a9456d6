"""Nostr: events and their proof, and relays that page, forget, lie, refuse and die."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listen.errors import BadAnswer, ConfigError, PlatformError, RateLimited, Refused, Unreachable
from listen.http import Client
from listen.platforms.nostr import Nostr, NostrOptions, nip19
from listen.platforms.nostr.relay import Relay
from listen.platforms.nostr.signed import Signed, Withdrawn, deletions_of, is_true, post_of
from listen.post import CaughtUp, Deletion, Edit, Event, Gap, Mark, Notice, Post
from listen.query import parse
from listen.source import Interest
from tests.servers.nostr import ANNA, BERND, RelayServer, article, deletion, note

RECORDED = Path(__file__).parents[3] / "shared/payloads/nostr"
NOW = int(time.time())


@pytest.fixture
async def relay() -> AsyncIterator[RelayServer]:
    async with RelayServer() as server:
        yield server


def source_of(http: Client, *servers: RelayServer, query: str = "kindle", **options: Any) -> Relay:
    return sources_of(http, *servers, query=query, **options)[0]


def sources_of(http: Client, *servers: RelayServer, query: str = "kindle", **options: Any) -> list[Relay]:
    chosen = NostrOptions(relays=tuple(server.url for server in servers), **options)
    interest = Interest((parse(query),), lambda text: query.strip("#") in text.lower())
    return [source for source in Nostr(chosen, interest, http).sources() if isinstance(source, Relay)]


async def heard(source: Relay, cursor: str | None = None, since: datetime | None = None) -> list[Event]:
    """What is told until it is live."""
    events: list[Event] = []
    async for event in source.hear(cursor, since):
        events.append(event)
        if isinstance(event, CaughtUp):
            break
    return events


def texts(events: list[Event]) -> list[str]:
    return [
        event.post.text if isinstance(event, Edit) else event.text for event in events if isinstance(event, Post | Edit)
    ]


def mark_of(events: list[Event]) -> str:
    return [event.cursor for event in events if isinstance(event, Mark)][-1]


def signed(event: dict[str, Any]) -> Signed:
    return msgspec.convert(event, Signed)


def post(event: dict[str, Any]) -> Post:
    told = post_of(signed(event), "relay.example")
    return told.post if isinstance(told, Edit) else told


# Events


def test_a_name_is_written_as_the_specification_has_it() -> None:
    key = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"
    assert nip19.npub(key) == "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"


def test_a_name_of_several_parts_is_written_as_the_specification_has_it() -> None:
    told = bytes.fromhex("3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d")
    parts = [nip19._part(0, told), nip19._part(1, b"wss://r.x.com"), nip19._part(1, b"wss://djbas.sadkb.com")]
    assert nip19._bech32("nprofile", b"".join(parts)) == (
        "nprofile1qqsrhuxx8l9ex335q7he0f09aej04zpazpl0ne2cgukyawd24mayt8gpp4mhxue69uhhytnc9e3k7mgpz4mhxue69uhkg6nzv9ejuumpv34kytnrdaksjlyr9p"
    )


def test_an_event_is_believed_if_its_id_and_its_signature_fit() -> None:
    event = note("Mein #Kindle\tist \x1b[31mkaputt\x1b[0m “so” \u2028")
    assert is_true(signed(event))
    assert not is_true(signed(event | {"content": "Mein Kindle ist toll"}))
    assert not is_true(signed(event | {"sig": event["sig"][:-2] + "00"}))
    assert not is_true(signed(event | {"sig": "what"}))
    assert not is_true(signed(event | {"pubkey": BERND.pubkey}))


def test_a_control_character_may_stand_in_the_id_as_it_is_or_escaped() -> None:
    """NIP-01 escapes seven characters and no others; JSON of most programs escapes all control characters."""
    parts = [0, ANNA.pubkey, NOW, 1, [], "rot \x1b[31m"]
    import hashlib

    strict = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).replace("\\u001b", "\x1b")
    digest = hashlib.sha256(strict.encode()).digest()
    event = {"id": digest.hex(), "pubkey": ANNA.pubkey, "created_at": NOW, "kind": 1, "tags": [], "content": parts[5]}
    assert is_true(signed(event | {"sig": ANNA.key.sign_schnorr(digest, b"\0" * 32).hex()}))


def test_recorded_events_are_what_they_say() -> None:
    if not RECORDED.is_dir():
        pytest.skip("no recorded answers here")
    lines = [json.loads(line) for line in (RECORDED / "req_stream.jsonl").read_text("utf-8").splitlines()]
    events = [signed(line[2]) for line in lines if line[0] == "EVENT"]
    assert all(map(is_true, events))
    assert not is_true(signed(json.loads((RECORDED / "event_bad_signature.json").read_text("utf-8"))))
    told = [post_of(event, "x") for event in events if event.kind == 1]
    assert [each.kind for each in told if isinstance(each, Post)] == ["post", "post", "reply", "post"]
    (gone,) = (event for event in events if event.kind == 5)
    assert deletions_of(gone) == [(events[1].id, None)]


def test_a_note_tells_who_where_and_in_which_language() -> None:
    tags = [
        ["l", "de", "ISO-639-1"],
        ["content-warning", "Ärger"],
        ["imeta", "url x", "alt Ein Display"],
        ["subject", "Akku"],
    ]
    told = post(note("Kindle: https://a.example/b?c=d, siehe <https://e.example>", at=NOW, tags=tags))
    assert told.author == nip19.npub(ANNA.pubkey)
    assert told.author_id == ANNA.pubkey
    assert told.url is not None
    assert told.url.startswith("https://njump.me/nevent1")
    assert (told.lang, told.content_warning, told.alt_texts, told.title) == ("de", "Ärger", ("Ein Display",), "Akku")
    assert told.links == ("https://a.example/b?c=d", "https://e.example")
    assert told.hashtags == ("kindle",)
    assert told.posted_at == datetime.fromtimestamp(NOW, UTC)


@pytest.mark.parametrize(
    ("tags", "kind", "parent"),
    [
        ([["e", "a" * 64, "", "root"], ["e", "b" * 64, "", "reply"]], "reply", "b" * 64),
        ([["e", "a" * 64, "", "root"]], "reply", "a" * 64),
        ([["e", "a" * 64], ["e", "b" * 64]], "reply", "b" * 64),
        ([["e", "a" * 64, "", "mention"]], "post", None),
        ([["q", "c" * 64]], "quote", "c" * 64),
        ([], "post", None),
    ],
)
def test_what_a_note_answers_is_read_from_its_tags(tags: list[list[str]], kind: str, parent: str | None) -> None:
    told = post(note("Kindle", tags=tags))
    assert (told.kind, told.parent) == (kind, parent)


def test_an_article_is_known_by_its_address_and_each_version_is_an_edit() -> None:
    first, second = article("akku", "Der Akku", at=NOW), article("akku", "Der neue Akku", at=NOW + 9)
    told = post_of(signed(second), "relay.example")
    assert isinstance(told, Edit)
    assert post(first).id == told.post.id == f"30023:{ANNA.pubkey}:akku"
    assert told.post.edited_at == datetime.fromtimestamp(NOW + 9, UTC)
    assert told.post.title == "Lesen"


@pytest.mark.parametrize("created_at", [-1, 0, 2**40, 2**62, 10**30])
def test_no_date_is_too_odd(created_at: int) -> None:
    told = post_of(Signed(id="a" * 64, pubkey="b" * 64, created_at=created_at, kind=1), "x")
    assert isinstance(told, Post)


# Deletions


def test_only_its_author_can_take_an_article_back() -> None:
    target = article("akku", "Der Akku")
    assert deletions_of(signed(deletion(target, at=NOW))) == [(post(target).id, NOW)]
    assert deletions_of(signed(deletion(target, author=BERND))) == []


def test_a_deletion_names_its_author_so_that_nobody_deletes_the_posts_of_others() -> None:
    told = list(Withdrawn().news(signed(deletion(note("Kindle"), author=BERND))))
    assert [event.author_id for event in told] == [BERND.pubkey]


def test_a_deletion_of_likes_is_none_of_ours() -> None:
    assert deletions_of(signed(ANNA.signed("", kind=5, tags=[["e", "a" * 64], ["k", "7"]]))) == []


def test_what_was_taken_back_stays_away_and_is_told_once() -> None:
    withdrawn, target = Withdrawn(), note("Kindle")
    request = signed(deletion(target))
    assert len(list(withdrawn.news(request))) == 1
    assert list(withdrawn.news(request)) == []
    assert withdrawn.covers(signed(target))
    assert not withdrawn.covers(signed(note("Kindle", author=BERND)))


def test_an_article_that_is_published_anew_is_there_again() -> None:
    withdrawn = Withdrawn()
    list(withdrawn.news(signed(deletion(article("akku", "alt"), at=NOW))))
    assert withdrawn.covers(signed(article("akku", "alt", at=NOW - 5)))
    assert not withdrawn.covers(signed(article("akku", "neu", at=NOW + 5)))


async def test_a_deletion_that_one_relay_tells_counts_on_all(http: Client) -> None:
    target = note("Kindle")
    async with RelayServer() as honest, RelayServer() as stubborn:
        stubborn.stubborn = True
        stubborn.publish(target)
        honest.publish(target, deletion(target))
        one, two = sources_of(http, honest, stubborn)
        cursor = str(NOW - 100)
        assert [event for event in await heard(one, cursor) if isinstance(event, Deletion)]
        assert texts(await heard(two, cursor)) == []


# What is asked for


async def test_hashtags_are_asked_for_in_the_spellings_that_occur(http: Client, relay: RelayServer) -> None:
    for tag in ("kindle", "Kindle", "KINDLE", "KindleFire", "kindlefire"):
        relay.publish(ANNA.signed(f"kindle {tag}", tags=[["t", tag]]))
    source = source_of(http, relay, query='#Kindle OR "KindleFire"')
    source.wanted = msgspec.structs.replace(source.wanted, may_match=lambda _: True)
    assert len(texts(await heard(source))) == 5


async def test_everything_is_heard_if_the_user_wants_it(http: Client, relay: RelayServer) -> None:
    relay.publish(ANNA.signed("Mein Kindle, ohne Hashtag"), ANNA.signed("nichts"))
    assert texts(await heard(source_of(http, relay))) == []
    assert texts(await heard(source_of(http, relay, everything=True))) == ["Mein Kindle, ohne Hashtag"]


async def test_words_are_searched_where_a_relay_says_that_it_can(http: Client) -> None:
    async with RelayServer(nips=[1, 50]) as searching, RelayServer() as other:
        for server in (searching, other):
            server.publish(ANNA.signed("Mein Kindle, ohne Hashtag"))
        one, two = sources_of(http, searching, other)
        assert texts(await heard(one)) == ["Mein Kindle, ohne Hashtag"]
        assert texts(await heard(two)) == []
    assert not any("search" in wanted for told in other.asked for wanted in told[2:])


async def test_a_relay_that_gives_everything_for_a_search_is_found_out(http: Client) -> None:
    async with RelayServer(nips=[1, 50], ignores_search=True) as server:
        server.publish(*(BERND.signed(f"nichts {n}") for n in range(30)))
        server.publish(ANNA.signed("tolino", tags=[["t", "tolino"]]))
        source = source_of(http, server, query="tolino")
        server.events.pop()
        (said,) = [event.text for event in await heard(source) if isinstance(event, Notice)]
        assert "ignores" in said
        assert not [event for event in await heard(source) if isinstance(event, Notice)]


def test_a_relay_is_named_by_its_host_and_its_secrets_stay_where_they_are(http: Client) -> None:
    interest = Interest((parse("kindle"),))
    chosen = NostrOptions(relays=("wss://u:hush@a.example/hush?token=hush", "a.example", "https://b.example"))
    sources = Nostr(chosen, interest, http).sources()
    assert [source.name for source in sources] == ["a.example", "a.example 2", "b.example"]
    with pytest.raises(ConfigError, match="'ftp://x' is no address"):
        Nostr(NostrOptions(relays=("ftp://x",)), interest, http).sources()


# Resuming


async def test_a_burst_beyond_the_page_is_read_to_its_end(http: Client) -> None:
    async with RelayServer(most=100) as server:
        server.publish(*(note(f"Kindle {n}", at=NOW - 3_000 + n // 60) for n in range(1_200)))
        events = await heard(source_of(http, server), str(NOW - 3_000))
    assert len(set(texts(events))) == len(texts(events)) == 1_200
    assert not [event for event in events if isinstance(event, Gap)]


async def test_more_posts_in_one_second_than_a_relay_shows_are_told_as_a_gap(http: Client) -> None:
    async with RelayServer(most=100) as server:
        server.publish(*(note(f"Kindle {n}", at=NOW - 60) for n in range(250)))
        server.publish(note("Kindle davor", at=NOW - 90))
        events = await heard(source_of(http, server), str(NOW - 100))
    assert "Kindle davor" in texts(events)
    assert [event.why for event in events if isinstance(event, Gap)]


async def test_a_few_posts_in_one_second_are_no_gap(http: Client, relay: RelayServer) -> None:
    relay.publish(*(note(f"Kindle {n}", at=NOW - 60) for n in range(7)))
    assert not [event for event in await heard(source_of(http, relay), str(NOW - 100)) if isinstance(event, Gap)]


@pytest.mark.parametrize("cut", range(0, 30, 5))
async def test_from_any_mark_on_nothing_is_missing(http: Client, relay: RelayServer, cut: int) -> None:
    events = [note(f"Kindle {n}", at=NOW - 300 + n) for n in range(30)]
    relay.publish(*events[:cut])
    before = await heard(source_of(http, relay))
    relay.publish(*events[cut:])
    after = await heard(source_of(http, relay), mark_of(before))
    assert {*texts(before), *texts(after)} == {f"Kindle {n}" for n in range(30)}


async def test_a_post_dated_back_or_ahead_is_heard_and_moves_no_cursor_into_the_future(
    http: Client, relay: RelayServer
) -> None:
    relay.publish(note("Kindle 2036", at=2_082_758_400), note("Kindle jetzt", at=NOW - 10))
    first = await heard(source_of(http, relay))
    assert len(texts(first)) == 2
    assert int(mark_of(first)) <= time.time()
    relay.publish(note("Kindle von vorhin", at=NOW - 1_800))
    assert "Kindle von vorhin" in texts(await heard(source_of(http, relay), mark_of(first)))


async def test_what_is_dated_back_by_a_year_is_heard_by_those_who_listen(http: Client, relay: RelayServer) -> None:
    async with asyncio.timeout(5):
        async for event in source_of(http, relay).hear(None, None):
            if isinstance(event, CaughtUp):
                relay.publish(note("Kindle von früher", at=NOW - 365 * 86_400))
            if isinstance(event, Post):
                break
    assert texts([event]) == ["Kindle von früher"]


async def test_a_relay_that_has_dropped_the_subscription_without_a_word_is_looked_at_again(
    http: Client, relay: RelayServer
) -> None:
    source = source_of(http, relay)
    source.look = 0.1
    async with asyncio.timeout(5):
        async for event in source.hear(None, None):
            if isinstance(event, CaughtUp):
                for subscriptions in relay._open.values():
                    subscriptions.clear()
                relay.publish(note("Kindle"))
            if isinstance(event, Post):
                break


async def test_what_is_over_is_not_told(http: Client, relay: RelayServer) -> None:
    relay.publish(
        note("Kindle 1", tags=[["expiration", str(NOW - 1)]]), note("Kindle 2", tags=[["expiration", str(NOW + 9_999)]])
    )
    assert texts(await heard(source_of(http, relay))) == ["Kindle 2"]


# Trouble


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("auth-required: members only", Refused),
        ("restricted: pay first", Refused),
        ("rate-limited: slow down", RateLimited),
        ("invalid: bad filter", BadAnswer),
        ("error: shutting down", Unreachable),
    ],
)
async def test_a_closed_subscription_says_why(
    http: Client, relay: RelayServer, said: str, error: type[PlatformError]
) -> None:
    relay.refuses = said
    with pytest.raises(error, match="closed the subscription"):
        await heard(source_of(http, relay))


async def test_a_relay_that_never_finishes_is_given_up(relay: RelayServer) -> None:
    relay.mute = True
    async with Client(patience=0.3) as http:
        with pytest.raises(Unreachable, match="does not finish"):
            await heard(source_of(http, relay))


async def test_forged_events_are_left_out_and_mentioned_once(http: Client, relay: RelayServer) -> None:
    relay.events += [note(f"Kindle {n}") | {"content": "Kindle, gefälscht"} for n in range(3)]
    events = await heard(source_of(http, relay))
    assert texts(events) == []
    assert [event.text for event in events if isinstance(event, Notice)] == [
        f"127.0.0.1:{relay.port} sent events that are not what their ids or signatures say"
    ]


@pytest.mark.parametrize("message", ["", "{}", "[]", "[7]", '["EVENT"]', '["EVENT","live0",{}]', "[" * 50_000, '"x"'])
async def test_odd_messages_end_nothing(http: Client, relay: RelayServer, message: str) -> None:
    async with asyncio.timeout(5):
        async for event in source_of(http, relay).hear(None, None):
            if isinstance(event, CaughtUp):
                relay.say(message)
                relay.say(["NOTICE", "slow\ndown"])
                relay.say(["CLOSED", "look1", "late"])
                relay.publish(note("Kindle"))
            if isinstance(event, Post):
                break


async def test_a_mention_gets_its_authors_name(http: Client, relay: RelayServer) -> None:
    for at, name in ((NOW, "Anna 📚"), (NOW - 9, "alt")):
        relay.publish(ANNA.signed(json.dumps({"name": "anna", "display_name": name}), kind=0, at=at))
    relay.publish(BERND.signed("no JSON", kind=0))
    relay.publish(note("Kindle 1"), note("Kindle 2", author=BERND))
    source = source_of(http, relay)
    posts = [event for event in await heard(source) if isinstance(event, Post)]
    assert {told.author_name for told in await source.complete(posts)} == {"Anna 📚", None}
    asked = len(relay.asked)
    await source.complete(posts)
    assert len(relay.asked) == asked
