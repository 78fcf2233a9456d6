"""`listen add`: the config afterwards, what is said, and the exit code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.cli.program import Program
from tests.servers.feedsite import FeedSite, item, rss

CONFIG = '# mine\n[[topic]]\nname = "k"\nquery = "kindle"\n\n[platforms.feeds]\n# news = false\nurls = []   # which\n'
PAGE = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{name}.xml">' for name in ("news", "tips"))


@pytest.fixture
async def site() -> AsyncIterator[FeedSite]:
    async with FeedSite() as running:
        running.serves("/", f"<!doctype html><html><head>{PAGE}</head></html>", type="text/html")
        running.serves("/news.xml", rss(item(1), title="News\x1b[31m"))
        running.serves("/tips.xml", rss(item(2), title="Tips"))
        yield running


@pytest.fixture
def config(listen: Program) -> Program:
    (listen.home / "c.toml").write_text(CONFIG, encoding="utf-8")
    return listen


def _text(listen: Program) -> str:
    return (listen.home / "c.toml").read_text(encoding="utf-8")


async def test_a_feed_is_added_once_and_all_else_stays(config: Program, site: FeedSite) -> None:
    url = f"{site.base}/news.xml"
    first = await asyncio.to_thread(config.run, "-c", "c.toml", "add", url)
    assert (first.returncode, first.stderr) == (0, "")
    assert _text(config) == CONFIG.replace("urls = []", f'urls = ["{url}"]')
    assert f"added to [platforms.feeds] urls: {url}" in first.stdout
    assert "\x1b" not in first.stdout
    again = await asyncio.to_thread(config.run, "-c", "c.toml", "add", url)
    assert again.returncode == 0
    assert "nothing to change in c.toml" in again.stdout
    check = await asyncio.to_thread(config.run, "-c", "c.toml", "add", "--dry-run", f"{site.base}/tips.xml")
    assert "would add to [platforms.feeds] urls" in check.stdout
    assert _text(config) == CONFIG.replace("urls = []", f'urls = ["{url}"]')


async def test_of_several_the_first_is_taken_without_a_terminal(config: Program, site: FeedSite) -> None:
    done = await asyncio.to_thread(config.run, "-c", "c.toml", "add", site.base)
    assert done.returncode == 0
    assert f'urls = ["{site.base}/news.xml"]' in _text(config)
    assert "2. feeds: " in done.stdout


async def test_on_a_terminal_it_asks_which(config: Program, site: FeedSite) -> None:
    code, drawn = await asyncio.to_thread(lambda: config.on_terminal("-c", "c.toml", "add", site.base, typed=["2, 1"]))
    assert code == 0
    assert f'urls = ["{site.base}/tips.xml", "{site.base}/news.xml"]' in _text(config)
    code, drawn = await asyncio.to_thread(lambda: config.on_terminal("-c", "c.toml", "add", site.base, typed=["7"]))
    assert code == 2
    assert "'7' is none of 1 to 2" in drawn


async def test_a_network_that_is_off_is_told(config: Program, site: FeedSite) -> None:
    (config.home / "c.toml").write_text("[platforms.feeds]\nenabled = false\ncomments = false\n", encoding="utf-8")
    done = await asyncio.to_thread(config.run, "-c", "c.toml", "add", f"{site.base}/news.xml")
    assert done.returncode == 0
    assert "says 'enabled = false'; take that out to hear it" in done.stderr
    assert "says 'comments = false'" in done.stderr


def test_without_a_config_it_says_how_to_get_one(listen: Program) -> None:
    done = listen.run("add", "http://127.0.0.1:9")
    assert done.returncode == 3
    assert "there is no config yet; 'listen init' writes one" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("url", "code"), [("ftp://x.example", 2), ("http://127.0.0.1:1", 5)], ids=["no address", "nobody there"]
)
def test_what_cannot_be_added_is_one_line(config: Program, url: str, code: int) -> None:
    done = config.run("-c", "c.toml", "add", url)
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == 1
    assert _text(config) == CONFIG
