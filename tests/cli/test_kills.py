"""Killed at any moment, a watch loses nothing, doubles nothing, and keeps edits and deletions in order."""

from __future__ import annotations

import asyncio
import json
import random

from tests.cli.program import Program
from tests.servers.jetstream import Jetstream

KILLS = 6
OFF = "".join(f"[platforms.{name}]\nenabled = false\n" for name in ("mastodon", "hackernews"))


class Poster:
    """Posts, edits and deletes on a Jetstream until it is stopped; `texts` is what stands at the end."""

    def __init__(self, server: Jetstream, chance: random.Random) -> None:
        self.server = server
        self.chance = chance
        self.texts: dict[str, str] = {}

    async def post(self) -> None:
        number = 0
        while True:
            number += 1
            self.server.post(f"nichts {number}")
            self.texts[self.server.post(f"Mein Kindle {number}")] = f"Mein Kindle {number}"
            if number % 7 == 0:
                uri = self.chance.choice(list(self.texts))
                self.texts[uri] = f"Kindle geändert {number}"
                self.server.edit(uri, self.texts[uri])
            if number % 11 == 0:
                uri = self.chance.choice(list(self.texts))
                del self.texts[uri]
                self.server.delete(uri)
            await asyncio.sleep(0.005)


async def test_kills_at_any_moment_lose_nothing_and_double_nothing(listen: Program) -> None:
    chance = random.Random(5)
    async with Jetstream() as server:
        config = f'[platforms.bluesky]\njetstream = "{server.ws}"\napi = "{server.base}"\nreplay_minutes = 60\n{OFF}'
        (listen.home / "c.toml").write_text(config, encoding="utf-8")
        watching = ("watch", "kindle", "-c", "c.toml", "--format", "jsonl")
        poster = Poster(server, chance)
        posting = asyncio.create_task(poster.post())
        for kill in range(KILLS):
            with listen.start(*watching) as running:
                await asyncio.sleep(chance.uniform(0.3, 1.5))
                if kill % 3 == 2:
                    await server.hang_up()
                running.kill()
                await asyncio.to_thread(running.communicate)
        posting.cancel()
        await asyncio.gather(posting, return_exceptions=True)
        assert len(poster.texts) > 100
        done = await asyncio.to_thread(listen.run, *watching, "--once")
        assert done.returncode == 0, done.stderr
    exported = await asyncio.to_thread(listen.run, "export", "--format", "jsonl")
    mentions = [json.loads(line) for line in exported.stdout.splitlines()]
    assert len(mentions) == len({mention["id"] for mention in mentions})
    assert {mention["id"].removeprefix("bluesky:"): mention["text"] for mention in mentions} == poster.texts
