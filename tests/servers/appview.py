"""Bluesky's search at a PDS of our own: sessions whose tokens end, pages by cursor, and its quirks if told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from tests.servers.frames import ANNA
from tests.servers.scripted import Reply, Request, ScriptedServer

HANDLE, PASSWORD = "anna.test", "hush-password"
XRPC = "/xrpc/"


class AppView(ScriptedServer):
    """`posts` are what a search finds. `lives` is how many requests an access token is good for; `cap` how many
    results one search shows; `holes` pages are empty but for their cursor; `over` is how a used-up token is said."""

    def __init__(self, *, lives: int = 10_000, cap: int = 10_000, holes: int = 0) -> None:
        super().__init__(self._reply)
        self.posts: list[dict[str, Any]] = []
        self.lives = lives
        self.cap = cap
        self.holes = holes
        self.over = (400, "ExpiredToken")
        self.logins = self.renewals = 0
        self.refreshable = True
        self.trouble: list[Reply] = []
        self._serial = 0
        self._left = 0

    def post(self, text: str, at: datetime, *, did: str = ANNA, labels: tuple[str, ...] = (), **more: Any) -> str:
        rkey = f"3l{len(self.posts):08}"
        moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        author = {"did": did, "handle": "anna.test", "displayName": "Anna", "labels": [{"val": one} for one in labels]}
        view = {
            "uri": f"at://{did}/app.bsky.feed.post/{rkey}", "cid": "bafy", "indexedAt": moment,
            "author": author, "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": moment},
            "likeCount": 3, "repostCount": 1, "replyCount": 0, **more,
        }  # fmt: skip
        self.posts.append(view)
        return str(view["uri"])

    def _reply(self, request: Request) -> Reply:
        told = request.headers.get("authorization", "")
        match request.path.removeprefix(XRPC):
            case "com.atproto.server.createSession":
                asked = json.loads(request.body)
                if asked != {"identifier": HANDLE, "password": PASSWORD}:
                    return _error(401, "AuthenticationRequired", "Invalid identifier or password")
                self.logins += 1
                return self._tokens()
            case "com.atproto.server.refreshSession":
                assert request.body == b""  # a server that expects none refuses any
                if not self.refreshable or told != f"Bearer hush-refresh-{self._serial}":
                    return _error(400, "ExpiredToken", "Token has been revoked")
                self.renewals += 1
                return self._tokens()
            case "app.bsky.feed.searchPosts":
                if told != f"Bearer hush-access-{self._serial}" or self._left == 0:
                    return _error(*self.over, "Token has expired")
                self._left -= 1
                return self.trouble.pop(0) if self.trouble else self._found(request.query)
        return Reply(status=404)

    def _tokens(self) -> Reply:
        self._serial += 1
        self._left = self.lives
        tokens = {"accessJwt": f"hush-access-{self._serial}", "refreshJwt": f"hush-refresh-{self._serial}", "did": ANNA}
        return Reply(body=json.dumps({**tokens, "handle": HANDLE, "active": True}).encode())

    def _found(self, asked: dict[str, str]) -> Reply:
        limit, start = int(asked["limit"]), int(asked.get("cursor", "0").partition(".")[0])
        assert limit <= 100
        words = asked["q"].lower().strip('"').lstrip("#")
        mine = [
            post
            for post in self.posts
            if words in post["record"]["text"].lower()
            and asked.get("since", "") <= post["indexedAt"] < asked.get("until", "9")
        ]
        mine = sorted(mine, key=lambda post: post["indexedAt"], reverse=True)[: self.cap]
        page, after = mine[start : start + limit], start + limit
        if start and self.holes > 0:
            self.holes -= 1
            another = f"{start}.{self.holes}"  # cursor for the same place
            return Reply(body=json.dumps({"posts": [], "cursor": another}).encode())
        following = str(after) if after < len(mine) else ""
        answer = {"posts": page, **({"cursor": following} if following else {})}
        return Reply(body=json.dumps(answer).encode())


def _error(status: int, code: str, message: str) -> Reply:
    return Reply(status=status, body=json.dumps({"error": code, "message": message}).encode())
