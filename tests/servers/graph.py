"""A Graph API of our own: tokens, cursors, usage headers, errors by code, hashtags of a week, searches of the approved.

As Meta's pages describe it; a next address holds the token, and the cursors stand on the last page, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from listen.when import claimed
from tests.servers.scripted import Reply, Request

TOKEN = "EAAB-hush-hush-token"
ACCOUNT = "17841400000000001"
_EDGE = re.compile(r"/v[\d.]+/([\w/]+)")


def written(at: datetime) -> str:
    """As Meta writes times."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def refusal(code: int, message: str = "no", status: int = 400, sub: int | None = None, **headers: str) -> Reply:
    """An error as the API shapes it."""
    told: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    body = json.dumps({"error": told | ({"error_subcode": sub} if sub else {})}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body=body, headers={"Content-Type": "application/json", **named})


class GraphServer:
    """Objects at edges, as `PAGE/feed`; newest first, unless an object has no date.

    `bears` is how many objects it can put together at once. `usage` is what the headers tell, in per cent. `broken`
    answers an edge with an error instead. `holes` are numbers of pages that come empty, as filtered ones do.
    `moment` is the time there.
    """

    moment = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __init__(self) -> None:
        self.edges: dict[str, list[dict[str, Any]]] = {}
        self.broken: dict[str, Reply] = {}
        self.bears = 100
        self.usage: dict[str, int] = {"call_count": 1, "total_time": 1, "total_cputime": 1}
        self.holes: set[int] = set()
        self.hashtags: dict[str, str] = {}
        self.searched: dict[str, datetime] = {}
        self.refused: list[str] = []
        self.approved = True
        self.searches: list[str] = []
        self._shown: dict[str, int] = {}

    def put(self, edge: str, identity: str, at: datetime, **told: Any) -> None:
        """Something new at an edge."""
        dated = {"created_time": written(at), "timestamp": written(at)}
        self.edges.setdefault(edge, []).append({"id": identity, **dated, **told})

    def reply(self, request: Request) -> Reply:
        found = _EDGE.fullmatch(request.path)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal(190, "Error validating access token", 401, 463)
        if found is None:
            return refusal(2500, "Unknown path components", 400)
        if found[1] in self.broken:
            return self.broken[found[1]]
        if int(request.query.get("limit", "25")) > self.bears:
            return refusal(1, "Please reduce the amount of data you're asking for, then retry your request", 500)
        return self._answered(found[1], request)

    def _answered(self, edge: str, request: Request) -> Reply:
        asked = request.query
        if edge == "me":
            return self._ok({"id": "3141", "username": "leseshop"})
        if edge == "ig_hashtag_search":
            return self._hashtag(asked["q"])
        if edge == f"{ACCOUNT}/recently_searched_hashtags":
            names = [tag for tag, at in self.searched.items() if self.moment - at < timedelta(days=7)]
            return self._ok({"data": [{"id": self.hashtags[tag], "name": tag} for tag in names]})
        if edge.endswith("/recent_media"):
            return self._recent(edge, request)
        if edge == "keyword_search":
            return self._search(request)
        return self._page(self._sorted(self.edges.get(edge, [])), request)

    def _hashtag(self, tag: str) -> Reply:
        if tag not in self.hashtags:
            return refusal(24, "The requested resource does not exist", 400, 2_207_024)
        return self._counted(tag) or self._ok({"data": [{"id": self.hashtags[tag]}]})

    def _counted(self, tag: str) -> Reply | None:
        """One of 30 in 7 days, or refused; the same again is free and does not begin its week anew."""
        week = {name for name, at in self.searched.items() if self.moment - at < timedelta(days=7)}
        if tag not in week and len(week) >= 30:
            self.refused.append(tag)
            said = "(#18) The maximum number of hashtags that can be queried within the time period has been reached"
            return refusal(18, said, 400, 2_207_034)
        if tag not in week:
            self.searched[tag] = self.moment
        return None

    def _recent(self, edge: str, request: Request) -> Reply:
        """The last day, 50 a page at most, no author; the cursor is the same on each page, and works."""
        tag = next(tag for tag, number in self.hashtags.items() if edge.startswith(number))
        if refused := self._counted(tag):
            return refused
        shown = [
            {name: value for name, value in thing.items() if name != "username"}
            for thing in self._sorted(self.edges.get(edge, []))
            if self.moment - (claimed(thing["timestamp"]) or self.moment) < timedelta(hours=24)
        ]
        begin = self._shown.get(edge, 0) if "after" in request.query else 0
        end = begin + min(int(request.query.get("limit", "25")), 50)
        self._shown[edge] = end
        paging: dict[str, Any] = {"cursors": {"after": "same"}}
        if end < len(shown):
            paging["next"] = self._next(request, after="same")
        return self._ok({"data": shown[begin:end], "paging": paging})

    def _search(self, request: Request) -> Reply:
        wanted, mode = request.query["q"].lower(), request.query.get("search_mode", "KEYWORD")
        self.searches.append(wanted)
        since = int(request.query.get("since", "0"))
        found = [
            thing
            for thing in self._sorted(self.edges.get("keyword_search", []))
            if (self.approved or thing["username"] == "leseshop")
            and (claimed(thing["timestamp"]) or self.moment).timestamp() >= since
            and (
                str(thing.get("topic_tag", "")).lower() == wanted
                if mode == "TAG"
                else wanted in re.findall(r"\w+", thing["text"].lower())
            )
        ]
        return self._page(found, request)

    def _sorted(self, things: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        newest_first = list(things)[::-1]  # as they came; sorting keeps that within a second
        return sorted(newest_first, key=lambda thing: str(thing["created_time"]), reverse=True)

    def _page(self, things: list[dict[str, Any]], request: Request) -> Reply:
        """A cursor is the id of the last object shown, so that what comes on top moves nothing."""
        ids = [thing["id"] for thing in things]
        after = request.query.get("after")
        begin = ids.index(after) + 1 if after in ids else 0
        limit = int(request.query.get("limit", "25"))
        number = begin // max(limit, 1)
        shown = [] if number in self.holes else things[begin : begin + limit]
        told: dict[str, Any] = {"data": [self._with_comments(thing) for thing in shown]}
        if things[begin : begin + limit]:
            last = things[begin : begin + limit][-1]["id"]
            told["paging"] = {"cursors": {"before": ids[begin], "after": last}}
            if begin + limit < len(things):
                told["paging"]["next"] = self._next(request, after=last)
        return self._ok(told)

    def _with_comments(self, thing: dict[str, Any]) -> dict[str, Any]:
        comments = self._sorted(self.edges.get(f"{thing['id']}/comments", []))
        if not comments:
            return thing
        newest = {"data": [{"id": comments[0]["id"]}], "summary": {"total_count": len(comments)}}
        return {**thing, "comments": newest, "comments_count": len(comments)}

    def _next(self, request: Request, **more: str) -> str:
        told = {**request.query, "access_token": TOKEN, **more}
        return f"https://graph.facebook.com{request.path}?{urlencode(told)}"

    def _ok(self, told: object) -> Reply:
        headers = {"Content-Type": "application/json", "X-App-Usage": json.dumps(self.usage)}
        return Reply(body=json.dumps(told).encode(), headers=headers)
