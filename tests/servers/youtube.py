"""YouTube's Data API as its documents have it (2026): late searches, lists, threads of comments, the day's quota."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.servers.scripted import Reply, Request

CHANNEL = "UCbbbbbbbbbbbbbbbbbbbbbb"


class YouTubeServer:
    """A script for `ScriptedServer`. `clock` is its time; a video is found `late` after it was published."""

    def __init__(self, clock: datetime) -> None:
        self.clock = clock
        self.videos: dict[str, tuple[datetime, datetime, dict[str, Any]]] = {}
        self.threads: list[dict[str, Any]] = []
        self.searches: dict[object, int] = {}
        self.units: dict[object, int] = {}
        self.disabled = False
        self.limit = 100

    def video(self, text: str, *, late: timedelta = timedelta(0)) -> str:
        id_ = f"video{len(self.videos):06}"
        snippet = {"publishedAt": _written(self.clock), "channelId": "UCc", "channelTitle": "L", "title": text,
                   "description": f"{text} und mehr"}  # fmt: skip
        self.videos[id_] = (self.clock, self.clock + late, snippet)
        return id_

    def comment(self, text: str) -> dict[str, Any]:
        """A new thread."""
        id_ = f"Ug{len(self.threads):06}"
        thread = {"id": id_, "snippet": {"videoId": "video000001", "totalReplyCount": 0,
                                         "topLevelComment": self._said(id_, text)}, "answers": []}  # fmt: skip
        self.threads.append(thread)
        return thread

    def answer(self, thread: dict[str, Any], text: str) -> None:
        thread["answers"].append(self._said(f"{thread['id']}.{len(thread['answers'])}", text, parentId=thread["id"]))
        thread["snippet"]["totalReplyCount"] += 1

    def __call__(self, request: Request) -> Reply:
        assert request.headers["x-goog-api-key"] == "hush-hush"
        assert "key" not in request.query
        today = self.clock.astimezone(ZoneInfo("America/Los_Angeles")).date()
        asked, counts = request.query, self.searches if request.path == "/search" else self.units
        counts[today] = counts.get(today, 0) + 1
        if self.searches.get(today, 0) > self.limit:
            return _refused(403, "quotaExceeded", 'You have exceeded your <a href="/q">quota</a>.')
        match request.path:
            case "/search":
                return self._search(asked)
            case "/videos":
                ids = asked.get("id", "").split(",")
                return _page([{"id": id_, "snippet": self.videos[id_][2]} for id_ in ids if id_ in self.videos])
            case "/commentThreads":
                if self.disabled:
                    return _refused(403, "commentsDisabled", "The video has disabled comments.")
                shown = [{**one, "replies": {"comments": one["answers"][-5:]}} for one in reversed(self.threads)]
                return _paged(shown, asked)
            case "/comments":
                (thread,) = [one for one in self.threads if one["id"] == asked["parentId"]]
                return _paged(thread["answers"], asked)
        return _refused(404, "notFound", "no")

    def _search(self, asked: dict[str, str]) -> Reply:
        after = datetime.fromisoformat(asked["publishedAfter"])
        found = [(at, id_, snippet) for id_, (at, shown, snippet) in self.videos.items()
                 if at >= after and shown <= self.clock]  # fmt: skip
        found.sort(key=lambda one: one[0], reverse=True)
        return _paged(
            [{"id": {"kind": "youtube#video", "videoId": id_}, "snippet": snippet} for _, id_, snippet in found], asked
        )

    def _said(self, id_: str, text: str, **more: str) -> dict[str, Any]:
        at = _written(self.clock)
        return {"id": id_, "snippet": {"textDisplay": text, "authorDisplayName": "@anna", "videoId": "video000001",
                                       "publishedAt": at, "updatedAt": at, "likeCount": 0, **more}}  # fmt: skip


def _paged(items: list[dict[str, Any]], asked: dict[str, str]) -> Reply:
    begin, size = int(asked.get("pageToken", "0")), int(asked["maxResults"])
    more = {"nextPageToken": str(begin + size)} if len(items) > begin + size else {}
    return _page(items[begin : begin + size], **more)


def _page(items: list[dict[str, Any]], **more: str) -> Reply:
    return Reply(body=json.dumps({"items": items, **more}).encode(), headers={"Content-Type": "application/json"})


def _refused(status: int, reason: str, message: str) -> Reply:
    told = {"error": {"code": status, "message": message, "errors": [{"message": message, "reason": reason}]}}
    return Reply(status=status, body=json.dumps(told).encode())


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
