"""A WordPress of our own: posts and comments in memory, answered as the REST API of WordPress 6.1 answers.

As there: pages past the end and more than 100 on one are 400; a post that was written ahead keeps the day it was
written as its day of change; a comment that is let through late keeps its date; what was deleted is just not there.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import msgspec

from tests.servers.scripted import Reply, Request

_JSON = {"Content-Type": "application/json; charset=UTF-8"}


class Written(msgspec.Struct, kw_only=True):
    """A post (`post` is None) or a comment on one; shown from `shown` on, until it is gone."""

    number: int
    text: str
    date: datetime
    changed: datetime
    shown: datetime
    post: int | None = None
    tags: tuple[str, ...] = ()


class WordPress:
    """Write with `posts` and `comments`; `now` is its clock. `closed` is the status that its API answers, if any."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.written: list[Written] = []
        self.closed: int | None = None
        self.pretty = True
        self.api = "/wp-json"

    def writes(self, text: str, *, at: datetime | None = None, changed: datetime | None = None,
               shown: datetime | None = None, on: int | None = None, tags: tuple[str, ...] = ()) -> int:  # fmt: skip
        """A post, or a comment `on` one, as of now unless told otherwise; its number."""
        number = sum((one.post is None) == (on is None) for one in self.written) + 1
        self.written.append(
            Written(number=number, text=text, date=at or self.now, changed=changed or self.now,
                    shown=shown or self.now, post=on, tags=tags)
        )  # fmt: skip
        return number

    def edits(self, number: int, text: str) -> None:
        one = next(one for one in self.written if one.post is None and one.number == number)
        one.text, one.changed = text, self.now

    def deletes(self, text: str) -> None:
        self.written = [one for one in self.written if one.text != text]

    def reply(self, request: Request) -> Reply:
        route = request.query.get("rest_route") or request.path.removeprefix(self.api)
        if "rest_route" not in request.query and not (self.pretty and request.path.startswith(self.api)):
            return self._site(request)
        if self.closed:
            body = {"code": "rest_not_logged_in", "message": "You are not currently logged in."}
            return Reply(status=self.closed, body=json.dumps(body).encode(), headers=_JSON)
        kind = route.removeprefix("/wp/v2/")
        if kind not in ("posts", "comments"):
            return Reply(status=404, body=b'{"code": "rest_no_route"}', headers=_JSON)
        return self._listed(kind, request.query)

    def _listed(self, kind: str, query: dict[str, str]) -> Reply:
        found = [one for one in self._shown(kind) if _fits(one, query)]
        changed = query.get("orderby") == "modified"
        found.sort(key=lambda one: (one.changed if changed else one.date, one.number), reverse=True)
        size, page = int(query.get("per_page", 10)), int(query.get("page", 1))
        pages = -(-len(found) // size) if size <= 100 else 0
        if page > max(pages, 1) or not 1 <= size <= 100:
            return Reply(status=400, body=b'{"code": "rest_post_invalid_page_number"}', headers=_JSON)
        told = [self._told(one, query) for one in found[(page - 1) * size : page * size]]
        counts = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
        return Reply(body=json.dumps(told).encode(), headers={**_JSON, **counts})

    def _shown(self, kind: str) -> list[Written]:
        return [one for one in self.written if (one.post is None) == (kind == "posts") and one.shown <= self.now]

    def _told(self, one: Written, query: dict[str, str]) -> dict[str, Any]:
        content = {"rendered": f"<p>{escape(one.text)}</p>\n"}
        told: dict[str, Any] = {"id": one.number, "date_gmt": _gmt(one.date), "content": content}
        if query.get("_fields") == "id":
            return {"id": one.number}
        if one.post is not None:
            link = f"https://blog.example/p{one.post}/#comment-{one.number}"
            return {**told, "post": one.post, "parent": 0, "author_name": "Ben", "author_url": "", "link": link}
        terms = [[], [{"name": tag, "taxonomy": "post_tag"} for tag in one.tags]]
        return {
            **told,
            "guid": {"rendered": f"https://blog.example/?p={one.number}"},
            "link": f"https://blog.example/p{one.number}/",
            "modified_gmt": _gmt(one.changed),
            "title": {"rendered": f"Post {one.number}"},
            "_embedded": {"author": [{"name": "Anna", "link": "https://blog.example/author/anna/"}], "wp:term": terms},
        }

    def _site(self, request: Request) -> Reply:
        link = {"Link": f'<{self.api}/>; rel="https://api.w.org/"'} if self.pretty else {}
        if request.path == "/" and not request.query:
            return Reply(body=b"<!doctype html><title>Blog</title>", headers={"Content-Type": "text/html", **link})
        feeds = {"/feed/": "posts", "/comments/feed/": "comments", "rss2": "posts", "comments-rss2": "comments"}
        kind = feeds.get(
            request.query.get("feed", "") or request.path if self.pretty else request.query.get("feed", "")
        )
        if kind is None:
            return Reply(status=404, body=b"<!doctype html>nothing here", headers={"Content-Type": "text/html"})
        found = [one for one in self._shown(kind) if _fits(one, {"search": request.query.get("s", "")})]
        return Reply(body=_feed(kind, found).encode(), headers={"Content-Type": "application/rss+xml; charset=UTF-8"})


def _fits(one: Written, query: dict[str, str]) -> bool:
    include = query.get("include")
    return (
        all(word in one.text.lower() for word in query.get("search", "").lower().split())
        and (include is None or str(one.number) in include.split(","))
        and ("after" not in query or one.date > datetime.fromisoformat(query["after"]))
        and ("modified_after" not in query or one.changed > datetime.fromisoformat(query["modified_after"]))
    )


def _gmt(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def _feed(kind: str, found: list[Written]) -> str:
    items = []
    for one in sorted(found, key=lambda one: one.date, reverse=True)[:10]:
        guid = f"https://blog.example/?p={one.post or one.number}" + (f"#comment-{one.number}" if one.post else "")
        title = f"Comment on Post {one.post} by Ben" if one.post else f"Post {one.number}"
        zone = one.date + timedelta(0)
        items.append(
            f"<item><title>{title}</title><guid isPermaLink='false'>{guid}</guid>"
            f"<pubDate>{zone:%a, %d %b %Y %H:%M:%S} +0000</pubDate><description>{escape(one.text)}</description></item>"
        )
    title = "Comments for Blog" if kind == "comments" else "Blog"
    head = f"<title>{title}</title><generator>https://wordpress.org/?v=6.8</generator>"
    return f"<?xml version='1.0'?><rss version='2.0'><channel>{head}{''.join(items)}</channel></rss>"
