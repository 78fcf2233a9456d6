"""Somebody who posts, edits and deletes on a Jetstream."""

from __future__ import annotations

import asyncio
import random

from tests.opened import off
from tests.servers.jetstream import Jetstream

OFF = off("bluesky")


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
