"""Records of a real PDS, through our Jetstream: its accounts are polled, and what changed becomes commits.

For trying `listen` by hand: `python -m tests.servers.pds --port 6008` and `jetstream = "ws://127.0.0.1:6008"`.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from typing import Any

import httpx

from tests.servers.frames import POSTS
from tests.servers.jetstream import Jetstream

PDS = "http://127.0.0.1:2583"
HANDLES = ("anna.test", "bernd.test")


class Bridge:
    """Publishes what accounts of a PDS write; `handles` that do not exist yet are looked for again."""

    def __init__(self, server: Jetstream, http: httpx.AsyncClient, handles: Sequence[str] = HANDLES) -> None:
        self.server = server
        self.http = http
        self.handles = handles
        self._seen: dict[str, str] = {}  # the cid of each record by its at-URI

    async def look(self) -> None:
        """One round over all accounts."""
        for handle in self.handles:
            repo = await self._asked("describeRepo", repo=handle)
            if repo is not None:
                did = repo["did"]
                self.server.profiles.setdefault(did, {"handle": repo["handle"], "followersCount": 0})
                self._publish(did, await self._records(did))

    async def _records(self, did: str) -> dict[str, dict[str, Any]]:
        """All posts of an account by their at-URIs, oldest first."""
        records: dict[str, dict[str, Any]] = {}
        asked = {"repo": did, "collection": POSTS, "limit": "100", "reverse": "true"}
        while page := await self._asked("listRecords", **asked):
            records |= {record["uri"]: record for record in page["records"]}
            if "cursor" not in page:
                break
            asked["cursor"] = page["cursor"]
        return records

    def _publish(self, did: str, records: dict[str, dict[str, Any]]) -> None:
        for uri, record in records.items():
            if self._seen.get(uri) != record["cid"]:
                operation = "update" if uri in self._seen else "create"
                self.server.commit(did, uri.rsplit("/", 1)[-1], record["value"], operation=operation)
                self._seen[uri] = record["cid"]
        for uri in [uri for uri in self._seen if uri.startswith(f"at://{did}/") and uri not in records]:
            self.server.delete(uri)
            del self._seen[uri]

    async def _asked(self, method: str, **params: str) -> Any:
        answer = await self.http.get(f"/xrpc/com.atproto.repo.{method}", params=params)
        return answer.json() if answer.status_code == 200 else None


async def _run(port: int, pds: str) -> None:
    async with Jetstream(port=port) as server, httpx.AsyncClient(base_url=pds, trust_env=False) as http:
        bridge = Bridge(server, http)
        while True:
            await bridge.look()
            await asyncio.sleep(0.5)


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=6008)
    parser.add_argument("--pds", default=PDS)
    chosen = parser.parse_args()
    asyncio.run(_run(chosen.port, chosen.pds))


if __name__ == "__main__":
    main()
