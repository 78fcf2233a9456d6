"""A Mastodon stream read: bytes of server-sent events to events of ours, with the watchlist's test before parsing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import httpx_sse

from benchmarks.invented import texts
from benchmarks.measure import rate, row
from listen.http import Client
from listen.platforms.mastodon.rounds import Round
from listen.platforms.mastodon.server import Server
from listen.platforms.mastodon.stream import live
from listen.post import Post
from listen.watchlist import Topic, Watchlist

STATUSES = 5_000


def main() -> None:
    wire = b"".join(_event(number, text) for number, text in enumerate(texts(STATUSES)))
    may_match = Watchlist([Topic(name="kindle", query="kindle OR #kindle")]).interest().may_match

    async def read() -> int:
        source = httpx_sse.EventSource(_response(wire))
        round_ = Round(Server("http://social.example", Client()), "social.example", None)
        posts = 0
        async for event in live(source.aiter_sse(), round_, may_match):
            posts += isinstance(event, Post)
            if round_.highest == str(110_000_000_000_000_000 + STATUSES - 1):
                break
        assert posts >= STATUSES / 200
        return STATUSES

    ours = rate(lambda: asyncio.run(read()))
    row("statuses of a Mastodon stream parsed", f"{ours:,.0f}/s", "≥ 20,000/s", ours >= 20_000)


def _response(wire: bytes) -> httpx.Response:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(wire), 16_384):
            yield wire[start : start + 16_384]

    return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=chunks())


def _event(number: int, text: str) -> bytes:
    id_ = str(110_000_000_000_000_000 + number)
    account = {"id": "1", "acct": "anna", "url": "https://social.example/@anna", "display_name": "Anna",
               "followers_count": 12, "note": "<p>" + "x" * 200 + "</p>", "fields": []}  # fmt: skip
    status = {
        "id": id_, "uri": f"https://social.example/users/anna/statuses/{id_}", "created_at": "2026-11-21T12:00:00.000Z",
        "url": f"https://social.example/@anna/{id_}", "visibility": "public", "language": "de", "spoiler_text": "",
        "content": f"<p>{text}</p>", "account": account, "tags": [], "media_attachments": [], "mentions": [],
        "replies_count": 0, "reblogs_count": 0, "favourites_count": 0, "emojis": [], "card": None, "poll": None,
    }  # fmt: skip
    return f"event: update\ndata: {json.dumps(status, ensure_ascii=False)}\n\n".encode()
