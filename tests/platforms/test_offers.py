"""What each network recognises as a place of its own when somebody says `listen add ADDRESS`."""

from __future__ import annotations

import json

import pytest

from listen.http import Answer, Client
from listen.platforms import known
from listen.visit import Visit
from tests.servers.scripted import Reply, Request, ScriptedServer

CHANNEL = "UC" + "a" * 22


@pytest.mark.parametrize(
    ("address", "platform", "option", "value"),
    [
        ("https://t.me/kindle_news", "telegram", "channels", "kindle_news"),
        ("https://t.me/s/kindle_news/17", "telegram", "channels", "kindle_news"),
        ("https://github.com/koreader/koreader/issues?q=1", "github", "repos", "koreader/koreader"),
        ("https://github.com/koreader/koreader.git", "github", "repos", "koreader/koreader"),
        ("https://old.reddit.com/r/kindle/new/", "reddit", "subreddits", "kindle"),
        ("https://www.reddit.com/r/kindle", "reddit", "subreddits", "kindle"),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", "youtube", "channels", CHANNEL),
        ("https://staff.tumblr.com/", "tumblr", "blogs", "staff"),
    ],
)
async def test_a_network_knows_its_places_by_their_address(
    address: str, platform: str, option: str, value: str, http: Client
) -> None:
    visit = Visit(address, http, None)
    [offer] = await known()[platform].offers(visit)
    assert (offer.platform, offer.option, offer.value) == (platform, option, value)
    assert "://" not in value or value.startswith("https://")


@pytest.mark.parametrize("platform", ["telegram", "github", "reddit", "youtube", "tumblr"])
@pytest.mark.parametrize(
    "address",
    ["https://example.com/r/kindle", "https://notreddit.com/r/kindle", "https://github.com/koreader", "https://t.me/",
     "https://youtube.com/@kindle", "https://t.me/joinchat/AAAA"],
)  # fmt: skip
async def test_other_addresses_are_none_of_theirs(platform: str, address: str, http: Client) -> None:
    assert list(await known()[platform].offers(Visit(address, http, None))) == []


@pytest.mark.parametrize(
    ("software", "platform"),
    [("lemmy", "lemmy"), ("PieFed", "lemmy"), ("sharkey", "misskey"), ("misskey", "misskey"), ("peertube", "peertube"),
     ("nodebb", "nodebb"), ("mastodon", "mastodon"), ("pleroma", "mastodon")],
)  # fmt: skip
async def test_a_server_is_known_by_the_software_that_it_names(software: str, platform: str, http: Client) -> None:
    def script(request: Request) -> Reply:
        if request.path == "/.well-known/nodeinfo":
            link = {"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": "/nodeinfo/2.0"}
            return Reply(body=json.dumps({"links": [link]}).encode())
        if request.path == "/nodeinfo/2.0":
            return Reply(body=json.dumps({"software": {"name": software, "version": "1"}}).encode())
        return Reply(body=b"<html></html>", headers={"Content-Type": "text/html"})

    async with ScriptedServer(script) as server:
        visit = Visit(f"{server.base}/", http, await http.get(f"{server.base}/"))
        offered = {name: list(await platform.offers(visit)) for name, platform in known().items() if name != "feeds"}
    assert [name for name, offers in offered.items() if offers] == [platform]
    assert offered[platform][0].value.removeprefix("http://") == server.base.removeprefix("http://")


async def test_discourse_is_known_by_what_its_pages_say(http: Client) -> None:
    page = b'<html><head><meta name="generator" content="Discourse 3.5.0 - https://example.com"></head></html>'
    visit = Visit("https://forum.example/", http, Answer(200, "https://forum.example/", {}, page))
    [offer] = await known()["discourse"].offers(visit)
    assert (offer.option, offer.value) == ("forums", "https://forum.example")
