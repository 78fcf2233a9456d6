"""The feeds of a real WordPress on this machine, end to end; skipped where none is up."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
import xmlrpc.client
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from listen.http import Client
from listen.post import Edit, Notice, Post
from tests.servers.feedsite import Listener

BASE = "http://127.0.0.1:8082"
LOGIN = (1, "admin", "pw-admin")


def _is_up() -> bool:
    try:
        with urllib.request.urlopen(f"{BASE}/feed/", timeout=5) as answer:
            return b"wordpress.org" in answer.read(3_000)
    except (urllib.error.URLError, OSError):
        return False


pytestmark = pytest.mark.skipif(not _is_up(), reason=f"no WordPress at {BASE}")


class Blog:
    """Writes to WordPress as its administrator does; `word` stands in all of it and nowhere else."""

    def __init__(self) -> None:
        self.word = "w" + uuid4().hex[:12]
        self.wordpress = xmlrpc.client.ServerProxy(f"{BASE}/xmlrpc.php", allow_none=True)

    async def publishes(self, title: str, text: str) -> str:
        words = {"post_title": title, "post_content": f"<p>{text} {self.word}</p>"}
        tags = {"terms_names": {"post_tag": ["Kindle", "E-Book Reader"]}}
        return str(await self._calls("wp.newPost", {"post_status": "publish", "comment_status": "open"} | words | tags))

    async def edits(self, post: str, text: str) -> None:
        await _next_second()
        await self._calls("wp.editPost", post, {"post_content": f"<p>{text} {self.word}</p>"})

    async def comments(self, post: str, text: str) -> str:
        return str(await self._calls("wp.newComment", post, {"content": f"{text} {self.word}"}))

    async def _calls(self, method: str, *told: object) -> object:
        return await asyncio.to_thread(lambda: getattr(self.wordpress, method)(*LOGIN, *told))

    def own(self, events: list[object]) -> list[Post]:
        posts = [event.post if isinstance(event, Edit) else event for event in events]
        return [post for post in posts if isinstance(post, Post) and self.word in post.text]


async def _next_second() -> None:
    """WordPress makes its ETag of the second of the last change; a change in the same second is not told."""
    await asyncio.sleep(1.1)


@pytest.fixture
def blog() -> Blog:
    return Blog()


@pytest.fixture
async def patient() -> AsyncIterator[Client]:
    async with Client(patience=20) as client:
        yield client


def _listener(path: str, http: Client, *, comments: bool = False) -> Listener:
    listener = Listener(BASE + path, http, comments=comments)
    listener.now = datetime.now(UTC)
    return listener


@pytest.mark.parametrize("path", ["/feed/", "/?feed=atom", "/tag/kindle/feed/"])
async def test_a_post_is_heard_as_written(blog: Blog, patient: Client, path: str) -> None:
    number = await blog.publishes("Kobo & Tolino im Vergleich 😡", "Überhaupt kein <b>Support</b> &amp; Ärger 😢")
    (post,) = blog.own([*await _listener(path, patient).hears()])
    assert post.id == f"{BASE}/?p={number}"
    assert post.title == "Kobo & Tolino im Vergleich 😡"
    assert post.text == f"Überhaupt kein Support & Ärger 😢 {blog.word}"
    assert (post.kind, post.author, post.hashtags) == ("article", "admin", ("Kindle",))
    assert post.posted_at is not None
    assert abs((post.posted_at - datetime.now(UTC)).total_seconds()) < 60


async def test_comments_come_with_the_blog_and_keep_their_emoji(blog: Blog, patient: Client) -> None:
    number = await blog.publishes("Mein Kindle", "Er streikt.")
    comment = await blog.comments(number, "Meiner auch 😢👍 <b>leider</b> &")
    for path in ("/feed/", "/comments/feed/", "/"):
        heard = blog.own([*await _listener(path, patient, comments=True).hears()])
        post = next(post for post in heard if post.kind == "comment")
        assert post.id == f"{BASE}/?p={number}#comment-{comment}"
        assert post.parent == f"{BASE}/?p={number}"
        assert post.text.startswith("Meiner auch 😢👍 leider &")


async def test_the_search_feed_finds_what_is_asked_for_page_after_page(blog: Blog, patient: Client) -> None:
    listener = _listener(f"/?s={blog.word}&feed=rss2", patient)
    assert await listener.hears() == []
    await _next_second()
    await blog.publishes("Post 0", "Kindle")
    assert await listener.titles() == ["Post 0"]
    await _next_second()
    for number in range(1, 13):
        await blog.publishes(f"Post {number}", "Kindle")
    assert sorted(map(str, await listener.titles())) == sorted(f"Post {number}" for number in range(1, 13))


async def test_only_the_exact_etag_gives_304(blog: Blog, patient: Client) -> None:
    listener = _listener("/feed/", patient)
    await listener.hears()
    assert await listener.hears() == []
    etag = (await patient.get(f"{BASE}/feed/")).headers["etag"]
    statuses = [
        (await patient.get(f"{BASE}/feed/", headers={"If-None-Match": sent})).status for sent in (etag, f"W/{etag}")
    ]
    assert statuses == [304, 200]


@pytest.mark.parametrize("path", ["/feed/", "/?feed=atom"])
async def test_an_edit_is_found_by_its_words(blog: Blog, patient: Client, path: str) -> None:
    number = await blog.publishes("Wird geändert", "Alles gut.")
    listener = _listener(path, patient)
    await listener.hears()
    await blog.edits(number, "Gar nichts ist gut.")
    (edit,) = [event for event in await listener.hears() if isinstance(event, Edit)]
    assert edit.post.id == f"{BASE}/?p={number}"
    assert edit.post.text == f"Gar nichts ist gut. {blog.word}"


async def test_the_front_page_leads_to_the_feed(patient: Client) -> None:
    listener = _listener("/", patient)
    notice = (await listener.hears())[0]
    assert notice == Notice(f"127.0.0.1:8082 is a page; following its feed {BASE}/feed/")
    assert "RSS 2.0" in await listener.source.check()
