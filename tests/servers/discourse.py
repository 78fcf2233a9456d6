"""A forum that runs on Discourse: `/posts.json` in its new and its old way, single posts, and a search.

New: the fifty posts below `before` (LatestPostsQuery, 2026). Old: those of the fifty ids up to `before`, so that holes
make pages short, or empty.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

from tests.servers.scripted import Reply, Request

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
JSON = {"Content-Type": "application/json; charset=utf-8"}


class DiscourseForum:
    """A script for `ScriptedServer`; ids rise by one, unless a post is given another."""

    def __init__(self, *, old: bool = False, closed_search: bool = False) -> None:
        self.old = old
        self.closed_search = closed_search
        self.posts: dict[int, dict[str, Any]] = {}

    def post(self, text: str, number: int | None = None, *, at: datetime | None = None, **more: Any) -> int:
        number = number or max(self.posts, default=0) + 1
        moment = f"{(at or START + timedelta(seconds=number)).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
        self.posts[number] = {
            "id": number, "name": "Anna B", "username": "anna", "created_at": moment, "updated_at": moment,
            "cooked": f"<p>{escape(text)}</p>", "raw": text, "post_number": 2, "post_type": 1, "reply_count": 0,
            "reads": 3, "reply_to_post_number": None, "topic_id": 7, "topic_slug": "readers", "topic_title": "Readers",
            "version": 1, "actions_summary": [], "hidden": False, "deleted_at": None, "user_deleted": False,
        } | more  # fmt: skip
        return number

    def edit(self, number: int, text: str) -> None:
        self.posts[number] |= {
            "cooked": f"<p>{escape(text)}</p>",
            "version": 2,
            "updated_at": "2026-11-22T11:00:00.000Z",
        }

    def __call__(self, request: Request) -> Reply:
        if request.path == "/posts.json":
            return _said({"latest_posts": self._latest(int(request.query.get("before", 0)))})
        if request.path == "/search.json":
            return self._search(request.query["q"], int(request.query["page"]))
        number = int(request.path.removeprefix("/posts/").removesuffix(".json"))
        return _said({name: told for name, told in self.posts[number].items() if name != "topic_title"})

    def _latest(self, before: int) -> list[dict[str, Any]]:
        newest_first = sorted(self.posts.values(), key=lambda post: post["id"], reverse=True)
        if self.old:
            before = before or max(self.posts, default=0)
            return [post for post in newest_first if before - 50 < post["id"] <= before]
        return [post for post in newest_first if not before or post["id"] < before][:50]

    def _search(self, words: str, page: int) -> Reply:
        if self.closed_search:
            told = {"errors": ["slow down"], "error_type": "rate_limit", "extras": {"wait_seconds": 9}}
            return Reply(status=429, body=json.dumps(told).encode(), headers=JSON)
        word, order, after = words.split()
        assert order == "order:latest"
        day = after.removeprefix("after:")
        found = [post for post in self.posts.values() if word in post["raw"].lower() and post["created_at"][:10] >= day]
        found.sort(key=lambda post: post["id"], reverse=True)
        shown = found[(page - 1) * 50 : page * 50]
        hits = [{key: post[key] for key in ("id", "username", "created_at", "topic_id")} for post in shown]
        result = {"term": words, "more_full_page_results": True if len(found) > page * 50 else None, "error": None}
        topics = [{"id": 7, "title": "Readers", "slug": "readers"}]
        return _said({"posts": hits, "topics": topics, "grouped_search_result": result})


def _said(told: object) -> Reply:
    return Reply(body=json.dumps(told).encode(), headers=JSON)
