"""A server that speaks as much of Mastodon's API as a listener hears, with the paging of the real one.

Pages come newest first; `min_id` gives the page right above an id, `since_id` the newest page above it; an empty
page has no `Link`; a hashtag that nobody used is an empty list, or 404 as GoToSocial has it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.scripted import Reply, Request

JSON = {"Content-Type": "application/json; charset=utf-8"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def snowflake(moment: datetime, sequence: int = 0) -> str:
    """The id that Mastodon gives a post of that time."""
    return str(((moment - _EPOCH) // timedelta(milliseconds=1) << 16) + sequence)


def status(id_: str, text: str = "Mein #Kindle", posted_at: datetime | None = None, **fields: Any) -> dict[str, Any]:
    """A public status with all that Mastodon 4.6 sends and a listener looks at."""
    posted_at = posted_at or datetime.now(UTC)
    return {
        "id": id_,
        "created_at": posted_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "edited_at": None,
        "in_reply_to_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "language": "de",
        "uri": f"https://leseinsel.example/users/anna/statuses/{id_}",
        "url": f"https://leseinsel.example/@anna/{id_}",
        "content": f"<p>{text}</p>",
        "reblog": None,
        "account": {
            "id": "7",
            "acct": "anna",
            "display_name": "Anna",
            "uri": "https://leseinsel.example/users/anna",
            "url": "https://leseinsel.example/@anna",
            "followers_count": 12,
        },
        "media_attachments": [],
        "tags": [{"name": "kindle", "url": "https://leseinsel.example/tags/kindle"}],
        "quote": None,
        "poll": None,
        "replies_count": 1,
        "reblogs_count": 2,
        "favourites_count": 3,
    } | fields


def instance(version: str = "4.6.4", local: str = "public", remote: str = "public", **fields: Any) -> dict[str, Any]:
    """The server's description of itself, version 2 of the interface."""
    access = {"hashtag_feeds": {"local": local, "remote": remote}}
    return {
        "domain": "leseinsel.example",
        "version": version,
        "source_url": "https://github.com/mastodon/mastodon",
        "configuration": {"urls": {}, "timelines_access": access},
    } | fields


def sse(*events: tuple[str, str]) -> bytes:
    """Events as Mastodon's streaming server writes them: raw U+2028 and U+0085 included."""
    return "".join(f"event: {kind}\ndata: {text}\n\n" for kind, text in events).encode()


def update(told: Mapping[str, Any], kind: str = "update") -> tuple[str, str]:
    """A status as an event."""
    return kind, json.dumps(told, ensure_ascii=False)


class MastodonServer:
    """The script of a `ScriptedServer`: what it holds can be changed between requests.

    `stream` is the reply to whoever opens the stream, None if there are no streams; with `streams` each gets what is
    published from then on, and a heartbeat, if they are `mute` that alone. `before` may answer anything in another way
    first. A server that `jumps` gives the newest page above `min_id`, and then ignores `max_id`, as Pixelfed does;
    `nodeinfo` is the name and version of its software.
    """

    def __init__(self, statuses: Iterable[Mapping[str, Any]] = (), **about: Any) -> None:
        self.statuses = list(statuses)
        self.about: Mapping[str, Any] | None = instance(**about)
        self.stream: Reply | None = None
        self.streams = False
        self.mute = False
        self.heartbeat = 15.0
        self._open: set[asyncio.Queue[bytes]] = set()
        self.unused_tags_are_404 = False
        self.jumps = False
        self.nodeinfo: tuple[str, str] | None = None
        self.before: Callable[[Request], Reply | None] = lambda _: None

    def __call__(self, request: Request) -> Reply:
        early = self.before(request)
        if early is not None:
            return early
        if request.path == "/api/v2/instance" and self.about is not None:
            return answer(self.about)
        if request.path.endswith("/nodeinfo") and self.nodeinfo is not None:
            rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
            return answer({"links": [{"rel": rel, "href": "https://elsewhere.example/api/nodeinfo/2.0.json"}]})
        if request.path == "/api/nodeinfo/2.0.json" and self.nodeinfo is not None:
            name, version = self.nodeinfo
            return answer({"version": "2.0", "software": {"name": name, "version": version}})
        if request.path == "/api/v1/streaming/health" and (self.streams or self.stream is not None):
            return Reply(body=b"OK", headers={"Content-Type": "text/plain"})
        if request.path == "/api/v1/streaming/hashtag" and self.streams:
            return Reply(headers={"Content-Type": "text/event-stream"}, flow=self._flow(), length=-1, ending="close")
        if request.path == "/api/v1/streaming/hashtag" and self.stream is not None:
            return self.stream
        if request.path.startswith("/api/v1/timelines/tag/"):
            return self._timeline(request)
        if request.path == "/api/v2/search":
            return self._search(request)
        return answer({"error": "Record not found"}, 404)

    def publish(self, told: dict[str, Any]) -> None:
        """A status that is new, or a later version of one: on the timeline, and to all who have a stream open."""
        known = [place for place, status in enumerate(self.statuses) if status["id"] == told["id"]]
        if known:
            self.statuses[known[0]] = told
        else:
            self.statuses.append(told)
        self.tell(update(told, "status.update" if known else "update"))

    def delete(self, id_: str) -> None:
        """Take a status away, and tell all who have a stream open."""
        self.statuses = [told for told in self.statuses if told["id"] != id_]
        self.tell(("delete", id_))

    def tell(self, event: tuple[str, str]) -> None:
        """Send any event to all who have a stream open."""
        for queue in self._open if not self.mute else ():
            queue.put_nowait(sse(event))

    def end_streams(self) -> None:
        """End all streams in good order, as a server does that throws clients out."""
        for queue in self._open:
            queue.put_nowait(b"")

    @property
    def listened(self) -> int:
        """How many streams are open."""
        return len(self._open)

    async def _flow(self) -> AsyncIterator[bytes]:
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._open.add(queue)
        try:
            yield b":)\n"
            while True:
                try:
                    async with asyncio.timeout(self.heartbeat):
                        told = await queue.get()
                except TimeoutError:
                    told = b":thump\n\n"
                if not told:
                    return
                yield told
        finally:
            self._open.discard(queue)

    def _timeline(self, request: Request) -> Reply:
        if not self.statuses and self.unused_tags_are_404:
            return answer({"error": "Not Found: tag was not found in db"}, 404)
        page = _jumped(self.statuses, request.query) if self.jumps else paged(self.statuses, request.query)
        if not page:
            return answer([])
        link = '<http://host.example/x?limit=40&{}={}>; rel="{}"'
        links = (link.format("max_id", page[-1]["id"], "next"), link.format("min_id", page[0]["id"], "prev"))
        return answer(page, Link=", ".join(links))

    def _search(self, request: Request) -> Reply:
        """Newest first, above `min_id` in whole seconds, `offset` counting from the newest."""
        query = request.query
        floor = (int(query["min_id"]) >> 16) // 1000 if "min_id" in query else 0
        found = [told for told in _newest_first(self.statuses) if (int(told["id"]) >> 16) // 1000 > floor]
        first = int(query.get("offset", "0"))
        return answer({"accounts": [], "hashtags": [], "statuses": found[first : first + int(query["limit"])]})


def paged(statuses: Iterable[Mapping[str, Any]], query: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The page of a timeline that the parameters ask for."""
    limit = min(int(query.get("limit", "20")), 40)
    floor, ceiling = query.get("min_id") or query.get("since_id"), query.get("max_id")
    page = [told for told in _newest_first(statuses) if floor is None or _order(told["id"]) > _order(floor)]
    page = [told for told in page if ceiling is None or _order(told["id"]) < _order(ceiling)]
    return page[-limit:] if "min_id" in query else page[:limit]


def _jumped(statuses: Iterable[Mapping[str, Any]], query: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """As Pixelfed's ApiV1Controller::timelineHashtag has it."""
    limit = min(int(query.get("limit", "20")), 40)
    if "min_id" in query:
        return [told for told in _newest_first(statuses) if _order(told["id"]) > _order(query["min_id"])][:limit]
    return paged(statuses, query)


def answer(body: object, code: int = 200, **headers: str) -> Reply:
    """JSON as Rails sends it."""
    return Reply(status=code, body=json.dumps(body, ensure_ascii=False).encode(), headers=JSON | headers)


def _newest_first(statuses: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(statuses, key=lambda told: _order(told["id"]), reverse=True)


def _order(id_: str) -> tuple[int, str]:
    return len(id_), id_
