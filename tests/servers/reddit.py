"""A Reddit of our own: application-only tokens that run out, listings by `after` that end at 1,000, `/api/info`.

As on Reddit a listing goes on after a name only while that name is listed, and shows nothing once it is gone
(recorded for `before`); what is deleted stays behind by its name.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

from tests.servers.scripted import Reply, Request, ScriptedServer

SHOWN = 1_000
ID, SECRET, USER = "an-id", "hush-secret", "lampe"
JSON = {"Content-Type": "application/json; charset=UTF-8"}


class RedditServer(ScriptedServer):
    """`things` are t3 and t1 by name, in any order; `lives` is how many requests a token is good for."""

    def __init__(self, lives: int = 10_000) -> None:
        super().__init__(self._reply)
        self.things: dict[str, dict[str, Any]] = {}
        self.lives = lives
        self.expires_in = 86_400
        self.granted = 0
        self._left = 0
        self.hidden: set[str] = set()  # held back by moderators

    def post(self, name: str, text: str, at: datetime, **more: Any) -> None:
        """A post (t3_...) or a comment (t1_...) of r/kindle."""
        words = {"body": text} if name.startswith("t1_") else {"title": text, "selftext": "", "is_self": True}
        self.things[name] = {
            "name": name, "author": "anna", "subreddit": "kindle", "created_utc": at.timestamp(), "edited": False,
            "permalink": f"/r/kindle/comments/{name}/", "score": 1, **words, **more,
        }  # fmt: skip

    def delete(self, name: str) -> None:
        self.things[name] |= {"author": "[deleted]", "body": "[deleted]", "selftext": "[deleted]"}

    def _reply(self, request: Request) -> Reply:
        assert request.headers["user-agent"].endswith(f"(by /u/{USER})")
        if request.path == "/api/v1/access_token":
            return self._granted(request)
        if request.headers.get("authorization") != f"bearer token-{self.granted}" or self._left == 0:
            return Reply(status=401, body=b'{"message": "Unauthorized", "error": 401}', headers=JSON)
        self._left -= 1
        assert "before" not in request.query
        assert request.query["raw_json"] == "1"
        if request.path == "/api/info":
            names = request.query["id"].split(",")
            assert len(names) <= 100
            return self._listed([self.things[name] for name in names if name in self.things], None)
        return self._page(request)

    def _granted(self, request: Request) -> Reply:
        basic = base64.b64encode(f"{ID}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return Reply(status=401, body=b'{"message": "Unauthorized", "error": 401}', headers=JSON)
        assert request.method == "POST"
        assert request.body == b"grant_type=client_credentials"
        self.granted += 1
        self._left = self.lives
        told = {"access_token": f"token-{self.granted}", "token_type": "bearer", "expires_in": self.expires_in}
        return Reply(body=json.dumps(told).encode(), headers=JSON)

    def _page(self, request: Request) -> Reply:
        kind = "t1_" if request.path.endswith("/comments") else "t3_"
        mine = [thing for name, thing in self.things.items() if name.startswith(kind) and name not in self.hidden]
        if request.path == "/search":
            words = request.query["q"].lower().split(" or ")
            mine = [thing for thing in mine if any(word in thing["title"].lower() for word in words)]
        mine = [thing for thing in mine if thing["author"] != "[deleted]" or kind == "t1_"]
        mine = sorted(mine, key=lambda thing: thing["created_utc"], reverse=True)[:SHOWN]
        after = request.query.get("after")
        names = [thing["name"] for thing in mine]
        start = 0 if after is None else names.index(after) + 1 if after in names else len(mine)
        page = mine[start : start + int(request.query["limit"])]
        more = start + len(page) < len(mine)
        return self._listed(page, page[-1]["name"] if page and more else None)

    def _listed(self, things: list[dict[str, Any]], after: str | None) -> Reply:
        children = [{"kind": thing["name"][:2], "data": thing} for thing in things]
        body = {"kind": "Listing", "data": {"children": children, "after": after, "before": None}}
        left = {"x-ratelimit-remaining": "599.0", "x-ratelimit-used": "1", "x-ratelimit-reset": "525"}
        return Reply(body=json.dumps(body).encode(), headers=JSON | left)
