"""Statuses become posts: of every software's shapes, of recorded answers, and of no shape at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.errors import BadAnswer
from listen.http import Client
from listen.platforms.mastodon.server import Server
from listen.platforms.mastodon.software import Instance, software_of, unnamed
from listen.platforms.mastodon.status import heard, moment, read
from listen.post import Edit, Post
from tests.servers.mastodon import status

ELEVEN = datetime(2026, 11, 21, 11, tzinfo=UTC)
RECORDED = Path(__file__).parents[2] / "../shared/payloads/mastodon"


def post_of(told: dict[str, Any] | str) -> Post | Edit | None:
    read_status = read(told if isinstance(told, str) else json.dumps(told))
    return heard(read_status, instance="host.example", domain="leseinsel.example") if read_status else None


def plain_post(id_: str = "1", text: str = "Mein #Kindle", **fields: Any) -> Post:
    post = post_of(status(id_, text, datetime(2026, 11, 21, 12, tzinfo=UTC), **fields))
    assert isinstance(post, Post)
    return post


def test_a_status_fills_all_that_a_post_can_hold() -> None:
    assert plain_post("5", media_attachments=[{"description": "Riss im Display"}, {"description": None}]) == Post(
        platform="mastodon",
        id="https://leseinsel.example/users/anna/statuses/5",
        ref="5",
        instance="host.example",
        url="https://leseinsel.example/@anna/5",
        author="anna@leseinsel.example",
        author_id="https://leseinsel.example/users/anna",
        author_url="https://leseinsel.example/@anna",
        author_name="Anna",
        followers=12,
        text="Mein #Kindle",
        lang="de",
        hashtags=("kindle",),
        alt_texts=("Riss im Display",),
        likes=3,
        reposts=2,
        replies=1,
        posted_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"in_reply_to_id": "9"}, {"kind": "reply", "parent": "9"}, id="a reply"),
        pytest.param({"quote": {"state": "accepted", "quoted_status": None}}, {"kind": "quote"}, id="a quote"),
        pytest.param({"quote": status("3")}, {"kind": "quote"}, id="a quote as Fedibird shapes it"),
        pytest.param({"spoiler_text": "Ärger"}, {"content_warning": "Ärger"}, id="a content warning"),
        pytest.param({"visibility": "unlisted"}, {"kind": "post"}, id="unlisted is public"),
        pytest.param({"language": None}, {"lang": None}, id="no language"),
        pytest.param({"url": None}, {"url": "https://leseinsel.example/users/anna/statuses/1"}, id="uri for url"),
        pytest.param({"url": "javascript:x", "uri": "tag:x"}, {"url": None, "id": "tag:x"}, id="no web address"),
        pytest.param({"account": {"acct": "ben@b.example"}}, {"author": "ben@b.example"}, id="from elsewhere"),
        pytest.param({"account": {"acct": "b", "followers_count": -1}}, {"followers": None}, id="a hidden count"),
        pytest.param({"replies_count": 2**70}, {"replies": None, "text": "Mein #Kindle"}, id="a count beyond belief"),
        pytest.param({"poll": {"options": [{"title": "Ja"}, {"title": "Nö"}]}}, {"alt_texts": ("Ja", "Nö")}, id="poll"),
        pytest.param({"created_at": "2026-11-21T12:00:00+01:00"}, {"posted_at": ELEVEN}, id="a time zone"),
        pytest.param({"created_at": "gestern"}, {"posted_at": None}, id="a date that is none"),
        pytest.param({"tags": "kindle", "poll": 7}, {"text": "Mein #Kindle"}, id="odd frills"),
    ],
)  # fmt: skip
def test_a_field_says_what_it_means(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    post = plain_post(**fields)
    assert {name: getattr(post, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param('<p>Mein <a href="https://a.example/tags/Kindle" class="mention hashtag" rel="tag">#<span>Kindle'
                     "</span></a> streikt</p>", "Mein #Kindle streikt", id="Mastodon's hashtag"),
        pytest.param('<p>Seht <a href="https://a.example/langer/weg/ziel"><span class="invisible">https://</span>'
                     '<span class="ellipsis">a.example/langer/weg</span><span class="invisible">/ziel</span></a></p>',
                     "Seht https://a.example/langer/weg/ziel", id="a shortened link"),
        pytest.param("<p>eins<br>zwei<br />drei</p><p>vier</p>", "eins\nzwei\ndrei\n\nvier", id="line breaks"),
        pytest.param("<p>Das &lt;b&gt; ist kein Tag</p>", "Das <b> ist kein Tag", id="escaped HTML"),
        pytest.param("<p>A &amp;amp; B</p>", "A &amp; B", id="an escaped entity stays escaped"),
        pytest.param("<p>👩‍🚀 fliegt</p>", "👩‍🚀 fliegt", id="joined emoji"),
    ],
)  # fmt: skip
def test_html_of_every_server_reads_as_it_was_written(content: str, text: str) -> None:
    assert plain_post(content=content).text == text


def test_a_boost_is_the_post_that_was_boosted() -> None:
    inner = status("1", "Endlich #Kindle", in_reply_to_id="0")
    assert post_of(status("2", "", content="", reblog=inner)) == post_of(inner)


@pytest.mark.parametrize("visibility", ["private", "direct", "list"])
def test_what_was_meant_for_somebody_is_nobodys_business(visibility: str) -> None:
    assert post_of(status("1", visibility=visibility)) is None
    assert post_of(status("2", reblog=status("1", visibility=visibility))) is None


def test_a_status_without_an_address_cannot_be_told_from_others_and_is_left_out() -> None:
    assert post_of(status("1", uri=None, url=None)) is None


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "", None, "2026-13-01", "\ud800"])
def test_dates_that_cannot_be_are_none(text: str | None) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("version", "source", "name"),
    [
        ("4.6.4", "https://github.com/mastodon/mastodon", "Mastodon 4.6.4"),
        ("0.19.1+git-1", "https://code.example/gotosocial", "GoToSocial 0.19.1+git-1"),
        ("2.7.2 (compatible; Pleroma 2.6.0)", None, "Pleroma 2.6.0"),
        ("takahe/0.11", None, "takahe/0.11"),
        ("", None, None),
    ],
)
def test_software_is_called_by_its_name(version: str, source: str | None, name: str | None) -> None:
    instance = Instance(version=version, source_url=source)
    assert (software_of(instance) or unnamed(instance)) == name


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(status("1"))), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(status("1"))), ANYTHING))
@settings(max_examples=200, deadline=None)
def test_odd_fields_never_raise_and_never_cost_more_than_themselves(fields: dict[str, Any]) -> None:
    event = post_of(json.dumps(status("1") | fields))
    post = event.post if isinstance(event, Edit) else event
    if post is not None:
        msgspec.json.encode(post)
        assert post.id
        assert post.posted_at is None or post.posted_at.utcoffset() is not None
    essential = {"id", "uri", "url", "content", "created_at", "edited_at", "spoiler_text", "visibility"}
    if not essential & set(fields) and not isinstance(fields.get("reblog"), dict):
        assert post is not None
        assert post.text == "Mein #Kindle"


@given(st.lists(ANYTHING, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_page_of_anything_is_read_or_a_bad_answer(page: list[Any]) -> None:
    pieces = msgspec.json.decode(json.dumps(page), type=list[msgspec.Raw])
    try:
        read_page = Server("http://host.example", Client()).page(pieces)
    except BadAnswer:
        return
    assert len(read_page.statuses) + read_page.unread == len(page)


def _recorded(folder: Path) -> list[str]:
    """Every recorded status, as JSON text."""
    told: list[Any] = []
    for name in ("tag_timeline_fosstodon_rstats", "tag_timeline_local_4_6", "public_timeline_fosstodon_p1",
                 "public_timeline_fosstodon_p2", "min_id_page"):  # fmt: skip
        told += json.loads((folder / f"{name}.json").read_text("utf-8"))
    told += [
        json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("status_with_quote", "status_edit_after")
    ]
    for name in ("stream_sse_user", "stream_sse_hashtag_derived"):
        lines = (folder / f"{name}.sse").read_text("utf-8").split("\n")
        told += [json.loads(line[6:]) for line in lines if line.startswith('data: {"id"') and '"content"' in line]
    return [json.dumps(one) for one in told if "content" in one]


def test_recorded_statuses_become_posts_without_html() -> None:
    if not RECORDED.is_dir():
        pytest.skip("the recorded answers are not here")
    statuses = _recorded(RECORDED)
    assert len(statuses) > 25
    for text in statuses:
        told, event = json.loads(text), post_of(text)
        if told["visibility"] not in ("public", "unlisted"):
            assert event is None
            continue
        assert event is not None
        post = event.post if isinstance(event, Edit) else event
        assert post.id == (told["reblog"] or told)["uri"]
        assert post.author
        assert "@" in post.author
        assert post.posted_at
        assert "</" not in post.text
        assert post.followers is not None
        assert isinstance(event, Edit) == bool((told["reblog"] or told)["edited_at"])


@pytest.mark.parametrize(
    ("account", "wishes"),
    [
        ({"noindex": True}, ("noindex",)),
        ({"note": "<p>Tee und Bücher. <a href='x'>#<span>nobot</span></a></p>"}, ("nobot",)),
        ({"note": "<p>#noindex</p>", "noindex": True}, ("noindex",)),
        ({"indexable": False, "discoverable": False, "noindex": False}, ("unindexable", "undiscoverable")),
        ({"indexable": None, "discoverable": None, "noindex": None, "note": None}, ()),
        ({"indexable": True, "discoverable": True, "note": "<p>kein bot</p>"}, ()),
    ],
)
def test_an_account_says_whether_it_wants_to_be_found(account: dict[str, Any], wishes: tuple[str, ...]) -> None:
    told = status("1", "Mein #Kindle", datetime(2026, 11, 21, 12, tzinfo=UTC))
    told["account"] |= account
    post = post_of(told)
    assert isinstance(post, Post)
    assert post.wishes == wishes
