"""Frames of Jetstream and records of posts, as events: no connection, no clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.platforms.bluesky import events_of
from listen.platforms.bluesky.frames import moment, time_of
from listen.post import Deletion, Edit, Post
from listen.source import Interest
from tests.servers.frames import ANNA, POSTS, encoded

EVERYTHING = Interest(())
KINDLE = Interest((), lambda raw: "kindle" in raw.lower())
RECORDED = Path(__file__).parents[2] / "../shared/payloads/bluesky"
BERND = "did:plc:berndberndberndberndber2"
THEIRS = f"at://{BERND}/{POSTS}/3mbbb"


def _frame(record: Any, operation: str = "create", **more: Any) -> str:
    commit = {"rev": "3mrev", "operation": operation, "collection": POSTS, "rkey": "3maaa", "record": record}
    return encoded({"did": ANNA, "time_us": 1795262400000000, "kind": "commit", "commit": commit | more})


def _post(**record: Any) -> Post:
    event = events_of(_frame({"text": "Akku leer", **record}), EVERYTHING)
    assert isinstance(event, Post)
    return event


def _account(**body: Any) -> str:
    return encoded({"did": ANNA, "time_us": 1795262400000000, "kind": "account", "account": {"did": ANNA, **body}})


def test_a_post_has_its_at_uri_a_permalink_and_the_did_until_the_author_is_known() -> None:
    post = _post(createdAt="2026-11-21T12:00:00.123Z", langs=["de", "en"])
    assert post.id == f"at://{ANNA}/{POSTS}/3maaa"
    assert post.url == f"https://bsky.app/profile/{ANNA}/post/3maaa"
    assert (post.author, post.author_id, post.author_name) == (ANNA, ANNA, None)
    assert (post.text, post.kind, post.lang, post.parent) == ("Akku leer", "post", "de", None)


def test_hashtags_come_from_facets_and_from_the_field_that_does_not_show_in_the_text() -> None:
    facet = {"index": {"byteStart": 0, "byteEnd": 7}, "features": [{"$type": "x#tag", "tag": "Kindle"}]}
    assert _post(facets=[facet], tags=["kindle", "Ärger", "#Akku", " "]).hashtags == ("Kindle", "Ärger", "Akku")


def test_the_hashtag_and_link_of_a_facet_are_right_after_emoji_and_umlauts() -> None:
    text = "Für 🙈 #Bücher https://a.example/x"
    start = len("Für 🙈 ".encode())
    tag = {"index": {"byteStart": start, "byteEnd": start + 8}, "features": [{"tag": "Bücher"}]}
    link = {"index": {"byteStart": start + 9, "byteEnd": 999}, "features": [{"uri": "https://a.example/x?long=1"}]}
    post = _post(text=text, facets=[tag, link])
    assert (post.text, post.hashtags, post.links) == (text, ("Bücher",), ("https://a.example/x?long=1",))


@pytest.mark.parametrize("index", [{"byteStart": -5, "byteEnd": 10**18}, {"byteStart": 9, "byteEnd": 1}, {}, None])
def test_offsets_that_point_nowhere_do_no_harm(index: object) -> None:
    post = _post(facets=[{"index": index, "features": [{"tag": "Kindle"}]}])
    assert (post.text, post.hashtags) == ("Akku leer", ("Kindle",))


def test_a_reply_names_the_post_it_answers_and_a_quote_the_one_it_quotes() -> None:
    reference = {"uri": THEIRS, "cid": "bafy"}
    quote = {"$type": "app.bsky.embed.record", "record": reference}
    with_media = {"$type": "app.bsky.embed.recordWithMedia", "record": quote, "media": {"images": []}}
    reply = {"root": reference, "parent": reference}
    assert [(post.kind, post.parent) for post in (_post(reply=reply), _post(embed=quote), _post(embed=with_media))] == [
        ("reply", THEIRS),
        ("quote", THEIRS),
        ("quote", THEIRS),
    ]
    assert _post(reply=reply, embed=quote).kind == "reply"


def test_an_embedded_list_is_no_quote() -> None:
    assert _post(embed={"record": {"uri": f"at://{BERND}/app.bsky.graph.list/3l"}}).kind == "post"


@pytest.mark.parametrize(
    ("embed", "alt_texts", "links"),
    [
        ({"images": [{"alt": "rote Hülle"}, {"alt": ""}]}, ("rote Hülle",), ()),
        ({"items": [{"alt": "one"}, {"alt": "two"}]}, ("one", "two"), ()),
        ({"alt": "ein Video"}, ("ein Video",), ()),
        (
            {"external": {"uri": "https://a.example/", "title": "T", "description": "D"}},
            ("T", "D"),
            ("https://a.example/",),
        ),
        ({"external": {"uri": "javascript:alert(1)", "title": "T", "description": ""}}, ("T",), ()),
        ({"media": {"images": [{"alt": "P"}]}, "record": {"record": {"uri": THEIRS}}}, ("P",), ()),
        ({"$type": "app.bsky.embed.tomorrow", "what": [1]}, (), ()),
    ],
    ids=["images", "gallery", "video", "external", "not a web link", "record with media", "unknown"],
)
def test_words_and_links_of_embeds_are_heard(
    embed: dict[str, Any], alt_texts: tuple[str, ...], links: tuple[str, ...]
) -> None:
    post = _post(embed=embed)
    assert (post.alt_texts, post.links) == (alt_texts, links)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-21T12:00:00.123Z", datetime(2026, 11, 21, 12, 0, 0, 123_000, UTC)),
        ("2026-11-21T14:00:00.123456+02:00", datetime(2026, 11, 21, 12, 0, 0, 123_456, UTC)),
        ("2036-01-01T00:00:00Z", datetime(2036, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:00", None),
        ("yesterday", None),
        ("", None),
        (1795262400, None),
    ],
)
def test_the_date_is_what_the_author_claims_or_unknown(written: object, moment: datetime | None) -> None:
    assert _post(createdAt=written).posted_at == moment


@pytest.mark.parametrize(
    "broken",
    [{"facets": None}, {"facets": [{"features": "x"}]}, {"langs": "de"}, {"tags": [7]}, {"embed": []},
     {"reply": {"parent": "x"}}, {"createdAt": {}}],
    ids=str,
)  # fmt: skip
def test_one_broken_field_costs_that_field_and_not_the_post(broken: dict[str, Any]) -> None:
    post = _post(**{"tags": ["Kindle"], **broken})
    assert post.text == "Akku leer"
    assert post.hashtags == (() if "tags" in broken else ("Kindle",))


def test_a_post_without_words_is_still_a_post() -> None:
    event = events_of(_frame({"tags": ["Kindle"]}), EVERYTHING)
    assert isinstance(event, Post)
    assert (event.text, event.document) == ("", "\n#Kindle")


def test_nothing_reaches_the_store_that_it_cannot_hold() -> None:
    assert _post(text="a\0b", tags=["c\0d"]).document == "a\ufffdb\n#c\ufffdd"


def test_line_separators_stay_in_the_text() -> None:
    assert _post(text="LS\u2028PS\u2029NEL\u0085").text == "LS\u2028PS\u2029NEL\u0085"


def test_a_deletion_is_known_by_its_uri_alone() -> None:
    commit = {"rev": "3mrev", "operation": "delete", "collection": POSTS, "rkey": "3maaa"}
    frame = encoded({"did": ANNA, "time_us": 1795262400000000, "kind": "commit", "commit": commit})
    assert events_of(frame, Interest((), lambda _: False)) == Deletion(
        platform="bluesky", id=f"at://{ANNA}/{POSTS}/3maaa"
    )


def test_an_update_is_an_edit_of_the_same_post_at_the_servers_time() -> None:
    event = events_of(_frame({"text": "Kindle geht wieder"}, "update"), KINDLE)
    assert isinstance(event, Edit)
    assert (event.post.id, event.post.text) == (f"at://{ANNA}/{POSTS}/3maaa", "Kindle geht wieder")
    assert event.post.edited_at == datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("account", "withdrawn"),
    [
        ({"active": False, "status": "deleted"}, True),
        ({"active": False, "status": "takendown"}, True),
        ({"active": False, "status": "deactivated"}, False),
        ({"active": False, "status": "suspended"}, False),
        ({"active": False}, False),
        ({"active": True, "status": "deleted"}, False),
        ({"active": True}, False),
    ],
    ids=str,
)
def test_only_accounts_that_are_deleted_or_taken_down_take_their_posts_along(
    account: dict[str, Any], withdrawn: bool
) -> None:
    lasting = account.get("status") == "deleted"  # a takedown may be lifted
    expected = Deletion(platform="bluesky", author_id=ANNA, lasting=lasting) if withdrawn else None
    assert events_of(_account(**account), EVERYTHING) == expected


def test_a_post_without_a_wanted_word_is_dropped_and_one_with_it_in_the_alt_text_is_not() -> None:
    assert events_of(_frame({"text": "ein Buch"}), KINDLE) is None
    assert events_of(_frame({"text": "", "embed": {"alt": "mein Kindle"}}), KINDLE) is not None


def test_a_dropped_post_is_not_even_decoded() -> None:
    assert events_of('{"kind":"commit","commit":{"record":{ no json at all', Interest((), lambda _: False)) is None


def test_a_frame_with_spaces_between_its_parts_is_understood() -> None:
    spaced = json.dumps(json.loads(_frame({"text": "Kindle"})))
    assert isinstance(events_of(spaced, KINDLE), Post)
    assert time_of(spaced) == 1795262400000000


def test_a_field_inside_a_record_is_not_taken_for_the_servers_time() -> None:
    assert time_of(_frame({"text": "x", "time_us": 9999999999999999})) == 1795262400000000


@pytest.mark.parametrize("frame", ["", "{}", '{"time_us":12}', '{"time_us":"1795262400000000"}',
                                   '{"time_us":17952624000000001}'])  # fmt: skip
def test_a_time_that_is_none_is_none(frame: str) -> None:
    assert time_of(frame) is None


def test_a_moment_beyond_all_calendars_is_unknown() -> None:
    assert moment(10**30) is None
    assert moment(1795262400000001) == datetime(2026, 11, 21, 12, 0, 0, 1, UTC)


@pytest.mark.parametrize(
    "frame",
    [
        b"\xff\xfe{}",
        '{"kind":"commit"}',
        '{"did":"did:plc:x","kind":"commit","commit":null}',
        '{"did":"did:plc:x","kind":"commit","commit":{"record":{"text":"kindle"}}}',
        '{"did":"javascript:x","kind":"account","account":{"active":false,"status":"deleted"}}',
        '{"$type":"error","error":"ConsumerTooSlow","message":"consumer too slow"}',
        _frame({"text": "x"}, rkey="../../evil"),
        _frame({"text": "x"}, rkey=""),
        _frame({"text": "x"}, collection="app.bsky.feed.like"),
        _frame({"text": "x"}, "resurrect"),
        _frame("x"),
        _frame({"text": 7}, rev=7),
        "[" * 100_000,
        _frame({}).replace('"record":{}', '"record":' + '{"embed":' * 5_000 + "1" + "}" * 5_000),
    ],
)
def test_a_frame_that_means_nothing_to_us_is_skipped(frame: str | bytes) -> None:
    assert events_of(frame, EVERYTHING) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60) | JSON.map(json.dumps))
def test_no_frame_whatever_raises(frame: str | bytes) -> None:
    assert isinstance(events_of(frame, EVERYTHING), Post | Edit | Deletion | None)
    if isinstance(frame, str):
        time_of(frame)


RECORD = st.dictionaries(
    st.sampled_from(["text", "createdAt", "facets", "tags", "langs", "reply", "embed", "labels"]), JSON, max_size=8
)


@settings(max_examples=200, deadline=None)
@given(RECORD, st.sampled_from(["create", "update"]))
def test_any_record_of_a_sound_frame_is_a_post_that_can_be_stored(record: dict[str, Any], operation: str) -> None:
    event = events_of(_frame(record, operation), EVERYTHING)
    assert isinstance(event, Post | Edit)
    post = event.post if isinstance(event, Edit) else event
    post.document.encode()
    assert "\0" not in post.document
    if isinstance(record.get("text"), str):
        assert post.text == record["text"].replace("\0", "\ufffd")


def _recorded(name: str) -> list[str]:
    if not (RECORDED / name).is_file():
        pytest.skip(f"{name} is not here")
    return (RECORDED / name).read_text("utf-8").splitlines()


def test_recorded_frames_hold_one_post_among_likes_follows_and_accounts() -> None:
    frames = _recorded("jetstream_v1_recorded.jsonl")
    events = [event for event in (events_of(frame, EVERYTHING) for frame in frames) if event]
    assert [type(event) for event in events] == [Post]
    assert isinstance(events[0], Post)
    assert events[0].kind == "reply"
    assert all(time_of(frame) for frame in frames)


@pytest.mark.parametrize("name", ["jetstream_v1_derived.jsonl", "jetstream_v1_on_v2_server_derived.jsonl"])
def test_recorded_posts_are_read_in_full_on_old_and_new_servers(name: str) -> None:
    frames = _recorded(name)
    for frame in frames:
        said = json.loads(frame)
        commit = said.get("commit", {})
        event = events_of(frame, EVERYTHING)
        assert time_of(frame) == said["time_us"]
        if said["kind"] == "account":
            assert event == Deletion(platform="bluesky", author_id=said["did"])
        elif commit.get("operation") == "delete":
            assert event == Deletion(platform="bluesky", id=f"at://{said['did']}/{POSTS}/{commit['rkey']}")
        elif commit:
            post = event.post if isinstance(event, Edit) else event
            assert isinstance(post, Post)
            assert post.text == commit["record"]["text"]
            assert post.posted_at
        else:
            assert event is None


@pytest.mark.parametrize("name", ["jetstream_v2_derived.jsonl", "jetstream_v2_control_frames.jsonl"])
def test_frames_of_the_other_wire_are_skipped(name: str) -> None:
    assert [events_of(frame, EVERYTHING) for frame in _recorded(name)] == [None] * len(_recorded(name))


def test_half_an_emoji_costs_no_more_than_itself() -> None:
    record = '{"$type":"app.bsky.feed.post","text":"sur \\ud83d kindle \\udc00 \\ud83d\\ude21"}'
    commit = (
        f'{{"rev":"a","operation":"create","collection":"app.bsky.feed.post","rkey":"3k","record":{record},"cid":"c"}}'
    )
    frame = f'{{"did":"did:plc:a","time_us":1795000000000000,"kind":"commit","commit":{commit}}}'
    event = events_of(frame, Interest(queries=()))
    assert isinstance(event, Post)
    assert event.text == "sur \ufffd kindle \ufffd 😡"


@pytest.mark.parametrize(
    ("labels", "wishes"),
    [
        ({"values": [{"val": "porn"}, {"val": "!no-unauthenticated"}]}, ("no-unauthenticated",)),
        ({"values": [{"val": "graphic-media"}]}, ()),
        ({"values": [{}]}, ()),
        ({"values": "all"}, ()),
        (None, ()),
    ],
)
def test_a_post_may_say_itself_who_should_not_see_it(labels: object, wishes: tuple[str, ...]) -> None:
    assert _post(labels=labels).wishes == wishes
