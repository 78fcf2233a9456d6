"""Servers that speak Mastodon's API with manners of their own: which software it is, and what follows from that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listen.errors import Refused
from listen.http import Client
from listen.platforms.mastodon import Mastodon, MastodonOptions
from listen.platforms.mastodon.software import Index, Instance, Link, Software, climbs, software_of, unnamed
from listen.post import Event, Gap, Mark, Post
from listen.query import parse
from listen.source import Interest, Source
from tests.servers.mastodon import MastodonServer, answer, instance, snowflake, status
from tests.servers.scripted import ScriptedServer

NOW = datetime.now(UTC)


def source_of(http: Client, server: ScriptedServer, **options: Any) -> Source:
    chosen = MastodonOptions(servers=(server.base,), **options)
    return Mastodon(chosen, Interest((parse("#kindle"),)), http).sources()[0]


async def round_of(source: Source, cursor: str | None = None) -> list[Event]:
    return [event async for event in source.hear(cursor, None)]


def at(moment: datetime) -> dict[str, Any]:
    return status(snowflake(moment), posted_at=moment)


def described(version: str, source: str | None = None) -> str | None:
    told = Instance(version=version, source_url=source)
    return software_of(told) or unnamed(told)


@pytest.mark.parametrize(
    ("version", "source", "name", "climbing"),
    [
        ("4.6.4", "https://github.com/mastodon/mastodon", "Mastodon 4.6.4", True),
        ("4.6.4", None, "Mastodon 4.6.4", True),
        ("2.7.2 (compatible; Pleroma 2.6.0)", None, "Pleroma 2.6.0", True),
        ("2.7.2 (compatible; Akkoma 3.13.2-0-gabc)", None, "Akkoma 3.13.2-0-gabc", True),
        ("3.5.3 (compatible; Pixelfed 0.12.4)", None, "Pixelfed 0.12.4", False),
        ("4.1.0 (compatible; Iceshrimp.NET/2024.1)", None, "Iceshrimp.NET/2024.1", False),
        ("0.19.1 git-abc", "https://github.com/superseriousbusiness/gotosocial", "GoToSocial 0.19.1 git-abc", True),
        ("takahe/0.11.0", None, "takahe/0.11.0", True),
    ],
)
def test_software_is_known_by_what_it_says(version: str, source: str | None, name: str, climbing: bool) -> None:
    assert described(version, source) == name
    assert climbs(name) is climbing


@pytest.mark.parametrize(
    ("name", "version", "shown", "climbing"),
    [
        ("friendica", "2024.12-1567", "Friendica 2024.12-1567", True),
        ("pixelfed", "0.12.4", "Pixelfed 0.12.4", False),
        ("takahe", "0.11.0", "Takahē 0.11.0", True),
        ("gotosocial", "0.19.1", "GoToSocial 0.19.1", True),
        ("akkoma", "", "Akkoma", True),
    ],
)
async def test_a_bare_version_is_explained_by_nodeinfo(
    http: Client, name: str, version: str, shown: str, *, climbing: bool
) -> None:
    pretending = MastodonServer(version="2024.12", source_url=None)
    pretending.nodeinfo = name, version
    async with ScriptedServer(pretending) as server:
        assert (await source_of(http, server).check()).startswith(f"{shown}, ")
    assert climbs(shown) is climbing


async def test_a_mastodon_that_names_itself_is_not_asked_for_its_nodeinfo(http: Client) -> None:
    async with ScriptedServer(MastodonServer()) as server:
        await source_of(http, server).check()
        assert not [target for target in server.asked() if "nodeinfo" in target]


def test_a_description_elsewhere_is_asked_for_on_the_server_itself() -> None:
    rel = "http://nodeinfo.diaspora.software/ns/schema/"
    links = [
        Link(rel + "2.0", "https://evil.example/2.0"),
        Link(rel + "2.1", "https://evil.example/a/2.1"),
        Link("x", "/x"),
    ]
    assert Index(links).path == "/a/2.1"
    assert Index([]).path is None
    assert Index([Link(rel, "//x")]).path is None


def test_a_name_is_one_short_line() -> None:
    assert Software("evil\n\x1b[31m" + "x" * 99, "1\n2").named == "Evil \x1b[31m" + "x" * 40 + " 1 2"


async def test_a_burst_on_a_server_that_gives_the_newest_page_above_an_id_is_found_whole(http: Client) -> None:
    """Pixelfed: with `min_id` alone, all but the newest forty would be lost."""
    start = at(NOW - timedelta(minutes=30))
    burst = [at(NOW - timedelta(minutes=20) + timedelta(milliseconds=500 * n)) for n in range(300)]
    server_of_pictures = MastodonServer([start, *burst], version="3.5.3 (compatible; Pixelfed 0.12.4)")
    server_of_pictures.jumps = True
    async with ScriptedServer(server_of_pictures) as server:
        events = await round_of(source_of(http, server, overlap_minutes=0), start["id"])
        assert {event.ref for event in events if isinstance(event, Post)} >= {told["id"] for told in burst}
        assert [event.cursor for event in events if isinstance(event, Mark)][-1] == burst[-1]["id"]
        again = await round_of(source_of(http, server, overlap_minutes=0), burst[-1]["id"])
        assert not [event for event in again if isinstance(event, Gap)]


async def test_more_pages_than_are_read_down_are_a_gap(http: Client) -> None:
    start = at(NOW - timedelta(minutes=30))
    burst = [at(NOW - timedelta(minutes=20) + timedelta(milliseconds=100 * n)) for n in range(2_100)]
    crowded = MastodonServer([start, *burst], version="3.5.3 (compatible; Pixelfed 0.12.4)")
    async with ScriptedServer(crowded) as server:
        events = await round_of(source_of(http, server, overlap_minutes=0), start["id"])
    (missed,) = (event for event in events if isinstance(event, Gap))
    assert missed.since < missed.until


@pytest.mark.parametrize("status_", [401, 403])
async def test_pixelfed_and_friendica_want_a_token_and_say_so(http: Client, status_: int) -> None:
    closed = MastodonServer(version="3.5.3 (compatible; Pixelfed 0.12.4)")
    closed.before = lambda request: answer({"error": "no"}, status_) if "/timelines/" in request.path else None
    async with ScriptedServer(closed) as server:
        with pytest.raises(Refused, match="put an access token"):
            await source_of(http, server).check()


async def test_a_server_with_the_first_version_of_the_interface_alone_is_understood(http: Client) -> None:
    old = MastodonServer()
    told = instance(version="2.7.2 (compatible; Pleroma 2.6.0)", uri="https://leseinsel.example")
    old.before = lambda request: (
        answer({}, 404) if "v2/instance" in request.path else answer(told) if "v1/instance" in request.path else None
    )
    async with ScriptedServer(old) as server:
        assert (await source_of(http, server).check()).startswith("Pleroma 2.6.0, ")
