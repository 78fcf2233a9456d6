"""A site of Stack Exchange, as https://api.stackexchange.com/docs has it: always gzip, pages by number, a quota."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from html import escape
from typing import Any

from tests.servers.scripted import Reply, Request

SITE = "https://ebooks.example"


class StackExchangeSite:
    """A script for `ScriptedServer`. Every request costs one of `quota`; each answer asks for the `backoff`, if any."""

    def __init__(self, quota: int = 10_000) -> None:
        self.quota = quota
        self.backoff: int | None = None
        self.posts: dict[int, dict[str, Any]] = {}
        self.comments: list[dict[str, Any]] = []

    def question(self, title: str, text: str, at: datetime, *tags: str) -> int:
        return self._post("question", text, at, title=escape(title), tags=list(tags), answer_count=0, view_count=3)

    def answer(self, question: int, text: str, at: datetime) -> int:
        return self._post("answer", text, at, question_id=question)

    def comment(self, post: int, text: str, at: datetime) -> None:
        number = len(self.comments) + 1
        self.comments.append({
            "comment_id": number, "post_id": post, "creation_date": int(at.timestamp()), "body": escape(text),
            "owner": _owner("Tolle"), "link": f"{SITE}/q/{post}#comment{number}_{post}", "score": 0,
            "content_license": "CC BY-SA 4.0",
        })  # fmt: skip

    def edit(self, number: int, text: str, at: datetime) -> None:
        moment = int(at.timestamp())
        self.posts[number] |= {"body": f"<p>{escape(text)}</p>", "last_edit_date": moment, "last_activity_date": moment}

    def _post(self, kind: str, text: str, at: datetime, **more: Any) -> int:
        number, moment = 100 + len(self.posts), int(at.timestamp())
        self.posts[number] = {
            "post_id": number, "post_type": kind, "creation_date": moment, "last_activity_date": moment, "score": 1,
            "body": f"<p>{escape(text)}</p>\n", "owner": _owner("René K."), "link": f"{SITE}/q/{number}",
            "content_license": "CC BY-SA 4.0", **more,
        }  # fmt: skip
        return number

    def __call__(self, request: Request) -> Reply:
        asked = request.query
        assert asked["site"] == "ebooks"
        assert (asked["sort"], asked["order"]) == ("creation", "desc")
        if self.quota == 0:
            said = "too many requests from this IP, more requests available in 71821 seconds"
            return _said({"error_id": 502, "error_message": said, "error_name": "throttle_violation"}, 400)
        self.quota -= 1
        found = self._found(request.path, asked)
        found.sort(key=lambda item: int(item["creation_date"]), reverse=True)
        number, size = int(asked["page"]), int(asked["pagesize"])
        told: dict[str, Any] = {
            "items": found[(number - 1) * size : number * size], "has_more": len(found) > number * size,
            "quota_max": 10_000, "quota_remaining": self.quota,
        }  # fmt: skip
        return _said(told | ({"backoff": self.backoff} if self.backoff else {}))

    def _found(self, path: str, asked: dict[str, str]) -> list[dict[str, Any]]:
        if path == "/comments":
            return [one for one in self.comments if one["creation_date"] >= int(asked.get("fromdate", 0))]
        if path.startswith("/posts/"):
            wanted = {int(number) for number in path.removeprefix("/posts/").replace("%3B", ";").split(";")}
            assert len(wanted) <= 100
            return [post for number, post in self.posts.items() if number in wanted]
        if path == "/search/advanced":
            tags = set(asked["tagged"].split(";"))
            return [_question(post) for post in self.posts.values() if tags & set(post.get("tags", ()))]
        assert path == "/search/excerpts"
        word = asked["q"].lower()
        return [
            self._excerpt(post) for post in self.posts.values() if word in f"{post.get('title')} {post['body']}".lower()
        ]

    def _excerpt(self, post: dict[str, Any]) -> dict[str, Any]:
        question = self.posts[post.get("question_id", post["post_id"])]
        answer = {"answer_id": post["post_id"]} if post["post_type"] == "answer" else {}
        kept = {name: post[name] for name in ("creation_date", "last_activity_date", "score")}
        cut = {"item_type": post["post_type"], "excerpt": post["body"][:20], "body": post["body"][:40]}
        named = {"question_id": question["post_id"], "title": question["title"], "tags": question["tags"]}
        return {**kept, **cut, **named, **answer}


def _question(post: dict[str, Any]) -> dict[str, Any]:
    """A question in a list of questions."""
    named = {name: told for name, told in post.items() if name not in ("post_id", "post_type")}
    return {**named, "question_id": post["post_id"]}


def _owner(name: str) -> dict[str, Any]:
    return {"user_id": 42, "user_type": "registered", "display_name": escape(name).replace("é", "&#233;"),
            "link": f"{SITE}/users/42/rene-k"}  # fmt: skip


def _said(told: object, status: int = 200) -> Reply:
    headers = {"Content-Type": "application/json; charset=utf-8", "Content-Encoding": "gzip"}
    return Reply(status=status, body=gzip.compress(json.dumps(told).encode()), headers=headers)
