"""Tumblr's `/v2/tagged` of our own: 20 posts before a second, newest first; unsorted and full of holes if told."""

from __future__ import annotations

import json
from typing import Any

from tests.servers.scripted import Reply, Request, ScriptedServer

PAGE = 20


class TumblrServer(ScriptedServer):
    """`posts` are (second, number) of one tag. `jumps` puts the oldest post of all on each page's end; pages that
    begin within `holes` (from, to) are empty."""

    def __init__(self, *, jumps: bool = False) -> None:
        super().__init__(self._reply)
        self.posts: list[tuple[int, int]] = []
        self.texts: dict[int, str] = {}
        self.jumps = jumps
        self.holes: list[tuple[int, int]] = []
        self.left = 1_000

    def _reply(self, request: Request) -> Reply:
        assert request.path == "/v2/tagged"
        asked = request.query
        if asked.get("api_key") != "hush-key":
            body = {
                "meta": {"status": 401, "msg": "Unauthorized"},
                "response": [],
                "errors": [{"title": "Unauthorized"}],
            }
            return Reply(status=401, body=json.dumps(body).encode())
        assert int(asked["limit"]) <= PAGE
        self.left -= 1
        before = int(asked.get("before", 2**40))
        found = sorted((post for post in self.posts if post[0] < before), reverse=True)
        page = found[:PAGE]
        if any(low < before <= high for low, high in self.holes):
            page = []
        elif self.jumps and len(found) > PAGE:
            page = [*page[: PAGE - 1], found[-1]]
        body = {"meta": {"status": 200, "msg": "OK"}, "response": [self._post(*post) for post in page]}
        left = {"X-Ratelimit-Perhour-Limit": "1000", "X-Ratelimit-Perhour-Remaining": str(self.left)}
        return Reply(body=json.dumps(body).encode(), headers=left | {"X-Ratelimit-Perhour-Reset": "2944"})

    def _post(self, second: int, number: int) -> dict[str, Any]:
        text = self.texts.get(number, "hello")
        return {
            "id": number, "id_string": str(number), "blog_name": "anna", "timestamp": second, "tags": ["kindle"],
            "post_url": f"https://anna.tumblr.com/post/{number}", "content": [{"type": "text", "text": text}],
        }  # fmt: skip
