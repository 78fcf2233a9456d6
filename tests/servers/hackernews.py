"""A small Hacker News: the Firebase endpoints, and Algolia's search with its cap of 1000 hits.

Faithful in what matters to a listener: `maxitem` names ids that still answer `null`, the index of the search
lags, texts are HTML with hex entities, and beyond the cap there are no hits but a `message`.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from tests.servers.scripted import Reply, Request, ScriptedServer

JSON = {"Content-Type": "application/json; charset=utf-8"}
CAP = 1_000


class HackerNewsServer:
    """Items by id. `hidden` ids are null for now, `unindexed` ones cannot be searched yet, `moved` answers 307."""

    def __init__(self, start: int = 1_795_000_000, first: int = 1) -> None:
        self.items: dict[int, dict[str, Any]] = {}
        self.hidden: set[int] = set()
        self.unindexed: set[int] = set()
        self.changed: list[int] = []
        self.moved = False
        self.search_down = False
        self.clock = start
        self.first = first

    def serving(self) -> ScriptedServer:
        return ScriptedServer(self.answer)

    @property
    def newest(self) -> int:
        return max(self.items, default=self.first - 1)

    def post(self, text: str, *, after: int = 1, **more: Any) -> int:
        """A comment, `after` seconds later than the one before; its id."""
        self.clock += after
        number = self.newest + 1
        said = html.escape(text).replace("'", "&#x27;").replace("/", "&#x2F;")
        self.items[number] = {
            "by": "reader", "id": number, "parent": 1, "text": said, "time": self.clock, "type": "comment", **more,
        }  # fmt: skip
        return number

    def edit(self, number: int, **fields: Any) -> None:
        self.items[number] |= fields
        self.changed.insert(0, number)

    def delete(self, number: int) -> None:
        kept = {key: self.items[number][key] for key in ("id", "parent", "time", "type")}
        self.items[number] = {"deleted": True, **kept}
        self.changed.insert(0, number)

    def answer(self, request: Request) -> Reply:
        path = request.path
        if self.moved and path.startswith("/v0/"):
            return Reply(status=307, headers={"Location": "/elsewhere" + path})
        path = path.removeprefix("/elsewhere")
        if path == "/v0/maxitem.json":
            return _json(self.newest)
        if path == "/v0/updates.json":
            return _json({"items": self.changed, "profiles": ["reader"]})
        if found := re.fullmatch(r"/v0/item/(\d+)\.json", path):
            number = int(found[1])
            return _json(None if number in self.hidden else self.items.get(number))
        if path == "/api/v1/search_by_date":
            return Reply(status=503, headers=JSON) if self.search_down else self._search(request.query)
        return Reply(status=401, body=b'{"error": "Permission denied"}', headers=JSON)

    def _search(self, query: dict[str, str]) -> Reply:
        filters = re.fullmatch(r"created_at_i>=(\d+),created_at_i<(\d+)", query.get("numericFilters", ""))
        if not filters:
            return Reply(status=400, body=b'{"message": "invalid numeric filter", "status": 400}', headers=JSON)
        phrase, begin, end = query["query"].strip('"').lower(), int(filters[1]), int(filters[2])
        hits = [item for item in reversed(self.items.values()) if self._is_hit(item, phrase, begin, end)]
        size, page = int(query.get("hitsPerPage", "20")), int(query.get("page", "0"))
        if page * size >= CAP:
            return _json({"hits": [], "nbHits": 0, "page": page, "message": f"you can only fetch the {CAP} hits"})
        shown = hits[page * size : min((page + 1) * size, CAP)]
        return _json({"hits": list(map(_hit, shown)), "nbHits": len(hits), "page": page, "hitsPerPage": size})

    def _is_hit(self, item: dict[str, Any], phrase: str, begin: int, end: int) -> bool:
        seen = not (item.get("deleted") or item.get("dead") or item["id"] in self.hidden | self.unindexed)
        words = f"{item.get('title', '')} {item.get('text', '')}".lower()
        return seen and begin <= item["time"] < end and phrase in html.unescape(words)


def _hit(item: dict[str, Any]) -> dict[str, Any]:
    story = item["type"] != "comment"
    return {
        "objectID": str(item["id"]), "author": item["by"], "created_at_i": item["time"], "title": item.get("title"),
        "url": item.get("url"), "story_text" if story else "comment_text": item.get("text"),
        "parent_id": item.get("parent"), "points": item.get("score"), "num_comments": item.get("descendants"),
        "_tags": [item["type"], f"author_{item['by']}"],
    }  # fmt: skip


def _json(value: Any) -> Reply:
    return Reply(body=json.dumps(value).encode(), headers=JSON)
