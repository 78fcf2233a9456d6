"""Secrets never land in the store: they are planted wherever one comes by, and the files are searched."""

from __future__ import annotations

from pathlib import Path

from tests.cli.program import Program
from tests.cli.test_networks import ran
from tests.servers.feedsite import FeedSite
from tests.servers.scripted import Reply, Request, ScriptedServer

TOKEN, WORD, FEED, KEY, OTHER = (f"HUSH{name}12345678" for name in ("TOKEN", "WORD", "FEED", "KEY", "OTHER"))
ENTRIES = """<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title><link>/</link>
<item><title>Mein Kindle ist kaputt</title><link>/beitrag</link><guid isPermaLink="false">1</guid>
<description>&lt;a href="bild?x=1"&gt;Bild&lt;/a&gt; Kindle</description></item></channel></rss>"""


def chatty(request: Request) -> Reply:
    """A server that repeats whatever secret it was told, in words, addresses and headers."""
    told = request.headers.get("authorization", "")
    body = f'{{"error": "{told} is no token; see http://x.example/?token={OTHER}"}}'.encode()
    limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": told, "X-Told": told}
    return Reply(status=401, body=body, headers={"Content-Type": "application/json", **limits})


def found_in(home: Path) -> dict[str, list[str]]:
    """The secrets by the file in which they stand."""
    files = [file for file in (home / "data").rglob("*") if file.is_file()]
    assert any(file.name == "listen.db" for file in files)
    secrets = (TOKEN, WORD, FEED, KEY, OTHER)
    return {file.name: held for file in files if (held := [s for s in secrets if s.encode() in file.read_bytes()])}


def config(listen: Program, feed: str, mastodon: str, llm: str) -> None:
    (listen.home / "listen.toml").write_text(
        f"""judge = "llm"
[[topic]]
name = "kindle"
query = "kindle"
[platforms.bluesky]
enabled = false
[platforms.hackernews]
enabled = false
[platforms.mastodon]
servers = ["{mastodon}"]
token = "env:M_TOKEN"
[platforms.feeds]
urls = ["{feed}"]
[llm]
url = "{llm}"
model = "m"
key = "env:L_KEY"
ask = "all"
""",
        encoding="utf-8",
    )


async def test_planted_secrets_are_in_no_file_of_the_store(listen: Program) -> None:
    listen.environment |= {"M_TOKEN": TOKEN, "L_KEY": KEY}
    async with FeedSite() as site, ScriptedServer(chatty) as server:
        site.moves(f"/feed?token={FEED}", f"/new?token={FEED}")
        site.serves(f"/new?token={FEED}", ENTRIES)
        address = site.base.replace("://", f"://anna:{WORD}@")
        config(listen, f"{address}/feed?token={FEED}", server.base, f"{server.base}/v1")
        first = await ran(listen, "watch", "--once", "--format", "jsonl")
        again = await ran(listen, "watch", "--once", "--format", "jsonl")
        del site.places[f"/new?token={FEED}"]
        await ran(listen, "watch", "--once")
    assert "Mein Kindle ist kaputt" in first.stdout, first.stderr
    assert again.stdout == "", "what the feed had is known"
    assert found_in(listen.home) == {}
    said = first.stdout + first.stderr + again.stderr
    assert not [secret for secret in (TOKEN, WORD, FEED, KEY) if secret in said]
