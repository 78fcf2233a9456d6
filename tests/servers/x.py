"""X's API as its documents have it (2026-08): recent search, counts, rules, the filtered stream, and the bill.

Posts and authors are billed once a day (UTC). Whatever a careless client asks for is refused with 400, as X does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from listen.platforms.x.ids import id_at, time_of
from tests.servers.scripted import Reply, Request

POST, AUTHOR = 5_000, 10_000  # millionths of a dollar
WEEK = timedelta(days=7)
INDEXED = timedelta(seconds=30)

_SEARCH = {"query", "max_results", "since_id", "until_id", "start_time", "end_time", "next_token", "sort_order"}
_FIELDS = {"tweet": "tweet.fields", "post": "post.fields"}
_KNOWN = {"created_at", "lang", "public_metrics", "entities", "author_id"}


class XServer:
    """A script for `ScriptedServer`. `clock` is X's own time; `spelling` is "tweet" or "post"; `lines` go to streams.

    A search finds a post if one of its words, without signs, stands in the text.
    """

    def __init__(self, clock: datetime) -> None:
        self.clock = clock
        self.spelling = "tweet"
        self.token = "hush-hush"
        self.posts: dict[str, dict[str, Any]] = {}
        self.users = {"7": {"id": "7", "username": "anna", "name": "Anna", "public_metrics": {"followers_count": 120}}}
        self.bill: dict[tuple[object, str], int] = {}
        self.read: list[str] = []
        self.rules: list[dict[str, str]] = []
        self.lines: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.streams = 0
        self.older: dict[str, dict[str, Any]] = {}  # versions that searches do not show any more
        self.protected: set[str] = set()
        self.refuses: Reply | None = None  # the stream
        self.page_size = 100

    @property
    def spent(self) -> int:
        """What X would ask for, in millionths of a dollar."""
        return sum(self.bill.values())

    def post(self, text: str, at: datetime | None = None, number: int = 1, **more: Any) -> str:
        """A post of that moment; `number` tells those of one millisecond apart."""
        at = at or self.clock
        id_ = str(int(id_at(at)) + number)
        self.posts[id_] = {
            "id": id_, "text": text, "author_id": "7", "created_at": _written(at), "lang": "de",
            "edit_history_tweet_ids": [id_], **more,
        }  # fmt: skip
        return id_

    def edit(self, first: str, text: str, at: datetime) -> str:
        """A new version of a post, which the search shows instead."""
        post = self.posts.pop(first)
        id_ = self.post(text, at)
        self.posts[id_]["edit_history_tweet_ids"] = [*post["edit_history_tweet_ids"], id_]
        self.older[first] = {**post, "edit_history_tweet_ids": self.posts[id_]["edit_history_tweet_ids"]}
        return id_

    def line(self, id_: str) -> bytes:
        """The post as the stream brings it, which is paid for."""
        self._bill([id_])
        told = {"data": self._shown(id_), "includes": {"users": [self.users["7"]]}}
        return json.dumps({**told, "matching_rules": [{"id": "1", "tag": "listen:1"}]}).encode() + b"\r\n"

    def __call__(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return self._said({"title": "Unauthorized", "type": "about:blank", "status": 401}, 401)
        match request.path:
            case "/2/tweets/search/recent":
                return self._search(request.query)
            case "/2/tweets":
                return self._named(request.query)
            case "/2/tweets/counts/recent":
                return self._said({"data": [], "meta": {"total_tweet_count": len(self.posts)}})
            case "/2/tweets/search/stream/rules":
                return self._rules(request)
            case "/2/tweets/search/stream":
                return self._stream()
        return self._said({"title": "Not Found"}, 404)

    def _named(self, asked: dict[str, str]) -> Reply:
        ids = asked["ids"].split(",")
        if len(ids) > 100 or asked.keys() - {"ids", _FIELDS[self.spelling]}:
            return self._invalid("The query is not one of these")
        known = {**self.older, **self.posts}
        found = [id_ for id_ in ids if id_ in known and id_ not in self.protected]
        for id_ in found:
            self.bill[(self.clock.date(), id_)] = POST
        errors = [
            {"value": id_, "resource_id": id_, "resource_type": "tweet", "parameter": "ids",
             "title": "Authorization Error" if id_ in self.protected else "Not Found Error",
             "type": "https://api.x.com/2/problems/"
             + ("not-authorized-for-resource" if id_ in self.protected else "resource-not-found")}
            for id_ in ids if id_ not in found
        ]  # fmt: skip
        told: dict[str, Any] = {"data": [known[id_] for id_ in found]} if found else {}
        return self._said(told | ({"errors": errors} if errors else {}))

    def _search(self, asked: dict[str, str]) -> Reply:
        if refusal := self._refusal(asked):
            return self._invalid(refusal)
        end = min(self._moment(asked.get("end_time")) or self.clock - INDEXED, self.clock)
        begin = self._moment(asked.get("start_time")) or self.clock - WEEK
        low, high = int(asked.get("since_id", 0)), int(asked.get("until_id", 2**63))
        if "next_token" in asked:
            high = min(high, int(asked["next_token"].removeprefix("b26v89")))
        found = [
            id_ for id_ in sorted(self.posts, key=int, reverse=True)
            if low < int(id_) < high and begin <= time_of(id_) <= end and self._matches(asked["query"], id_)  # type: ignore[operator]
        ]  # fmt: skip
        size = min(int(asked["max_results"]), self.page_size)
        page, more = found[:size], len(found) > size
        self._bill(page, names="expansions" in asked)
        self.read += page
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0], "oldest_id": page[-1]}
        if more:
            meta["next_token" if self.spelling == "tweet" else "pagination_token"] = f"b26v89{page[-1]}"
        told: dict[str, Any] = {"meta": meta}
        if page:
            told["data"] = [self._shown(id_) for id_ in page]
        if page and "expansions" in asked:
            told["includes"] = {"users": [self.users["7"]]}
        return self._said(told)

    def _refusal(self, asked: dict[str, str]) -> str | None:
        fields = _FIELDS[self.spelling]
        for name in asked.keys() - _SEARCH - {fields, "user.fields", "expansions"}:
            return f"The query parameter [{name}] is not one of [{','.join(sorted(_SEARCH))},{fields}]"
        if not 10 <= int(asked["max_results"]) <= 100:
            return "The `max_results` query parameter value is not between 10 and 100"
        if len(asked["query"]) > 512:
            return "The query is too long"
        since = time_of(asked["since_id"]) if "since_id" in asked else self._moment(asked.get("start_time"))
        if since is not None and since < self.clock - WEEK:
            return "'since_id' must be a tweet id created after the last 7 days"
        end = self._moment(asked.get("end_time"))
        if end is not None and end > self.clock - timedelta(seconds=10):
            return "'end_time' must be a minimum of 10 seconds prior to the request time"
        return None

    def _rules(self, request: Request) -> Reply:
        if request.method == "GET":
            return self._said({"data": self.rules, "meta": {"result_count": len(self.rules)}})
        change, problems = json.loads(request.body), []
        if "delete" in change:
            gone = set(change["delete"]["ids"])
            self.rules = [rule for rule in self.rules if rule["id"] not in gone]
        for rule in change.get("add", ()):
            if any(known["value"] == rule["value"] for known in self.rules):
                problems.append({"title": "DuplicateRule", "value": rule["value"], "type": "duplicate-rules"})
            elif len(rule["value"]) > 1_024:
                problems.append({"title": "Invalid Rule", "detail": "Rule length must not exceed 1024 characters"})
            else:
                self.rules.append({"id": str(100 + len(self.rules)), **rule})
        return self._said({"meta": {"summary": {}}, **({"errors": problems} if problems else {})}, 201)

    def _stream(self) -> Reply:
        if self.refuses is not None:
            return self.refuses
        if self.streams:
            told = {"title": "ConnectionException", "connection_issue": "TooManyConnections",
                    "detail": "This stream is currently at the maximum allowed connection limit.",
                    "type": "https://api.x.com/2/problems/streaming-connection"}  # fmt: skip
            return self._said(told, 429)
        self.streams += 1
        return Reply(headers={"Content-Type": "application/json"}, length=-1, flow=self._flow(), ending="close")

    async def _flow(self) -> AsyncIterator[bytes]:
        try:
            while (line := await self.lines.get()) is not None:
                yield line
        finally:
            self.streams -= 1

    def _shown(self, id_: str) -> dict[str, Any]:
        post = dict(self.posts[id_])
        if self.spelling == "post":
            return {key.replace("tweet", "post"): value for key, value in post.items()}
        return post

    def _bill(self, ids: list[str], *, names: bool = True) -> None:
        today = self.clock.date()
        for id_ in ids:
            self.bill[(today, id_)] = POST
            if names:
                self.bill[(today, f"by {self.posts[id_]['author_id']}")] = AUTHOR

    def _matches(self, query: str, id_: str) -> bool:
        return any(word in self.posts[id_]["text"].lower() for word in _words(query))

    def _said(self, told: object, status: int = 200) -> Reply:
        headers = {"Content-Type": "application/json; charset=utf-8", "Date": format_datetime(self.clock, usegmt=True)}
        return Reply(status=status, body=json.dumps(told).encode(), headers=headers)

    def _invalid(self, message: str) -> Reply:
        told = {"errors": [{"parameters": {}, "message": message}], "title": "Invalid Request",
                "detail": "One or more parameters to your request was invalid.",
                "type": "https://api.x.com/2/problems/invalid-request"}  # fmt: skip
        return self._said(told, 400)

    def _moment(self, text: str | None) -> datetime | None:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) if text else None


def _words(query: str) -> Iterator[str]:
    for word in query.lower().split():
        if not word.startswith("-") and (plain := word.strip('()"#')) and plain != "or":
            yield plain


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1_000:03}Z"
