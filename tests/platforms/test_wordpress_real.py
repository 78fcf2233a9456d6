"""The API of a real WordPress on this machine: what is written there is heard; skipped where none is up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from listen.http import Client
from listen.platforms.wordpress.site import Site
from listen.platforms.wordpress.source import Scope, SiteSource
from listen.post import Deletion, Edit, Event, Mark, Post
from listen.query import parse
from listen.source import Interest
from listen.when import CLOCK
from tests.platforms.test_feeds_wordpress import BASE, Blog, _is_up

pytestmark = pytest.mark.skipif(not _is_up(), reason=f"no WordPress at {BASE}")

HOUR = timedelta(hours=1)


class Owner(Blog):
    """Moderates, too."""

    async def writes_for(self, day: datetime, text: str) -> str:
        words = {"post_title": "Dated", "post_content": f"<p>{text} {self.word}</p>", "post_status": "publish"}
        return str(await self._calls("wp.newPost", {**words, "post_date_gmt": day.replace(tzinfo=None)}))

    async def holds(self, comment: str) -> None:
        await self._calls("wp.editComment", comment, {"status": "hold"})

    async def approves(self, comment: str) -> None:
        await self._calls("wp.editComment", comment, {"status": "approve"})

    async def deletes(self, post: str) -> None:
        await self._calls("wp.deletePost", post)


class Reader:
    """Hears only what holds the owner's word; `later` moves its clock."""

    def __init__(self, owner: Owner, http: Client, root: str = BASE, *, search: bool = False) -> None:
        site = Site(root, http, "http://127.0.0.1:9")
        interest = Interest((parse(owner.word),), lambda text: owner.word in text)
        sought = owner.word if search else None
        scopes = [Scope(kind, sought, timedelta(days=7)) for kind in ("posts", "comments")]
        self.sources = [SiteSource(site, scope, interest, HOUR) for scope in scopes]
        self.owner = owner
        self.marks: dict[str, str] = {}
        self.later = timedelta(0)

    async def hears(self) -> list[Event]:
        events, since = list[Event](), datetime.now(UTC) - timedelta(minutes=2)
        token = CLOCK.set(lambda: datetime.now(UTC) + self.later)
        try:
            for source in self.sources:
                async for event in source.hear(self.marks.get(source.name), since):
                    if isinstance(event, Mark):
                        self.marks[source.name] = event.cursor
                    else:
                        events.append(event)
        finally:
            CLOCK.reset(token)
        return events

    async def posts(self) -> list[Post]:
        """Of the owner, each once, as it was told last."""
        own = self.owner.own([*await self.hears()])
        return list({post.id: post for post in own}.values())


@pytest.fixture
def owner() -> Owner:
    return Owner()


async def test_posts_comments_edits_and_deletions_are_heard(owner: Owner, http: Client) -> None:
    reader = Reader(owner, http)
    await reader.hears()
    number = await owner.publishes("Kobo & Tolino im Vergleich 😡", "Überhaupt kein <b>Support</b> &amp; Ärger 😢")
    comment = await owner.comments(number, "Meiner auch 😢👍 <b>leider</b> &")
    post, said = await reader.posts()
    assert (post.id, post.title) == (f"{BASE}/?p={number}", "Kobo & Tolino im Vergleich 😡")
    assert (post.text, post.author) == (f"Überhaupt kein Support & Ärger 😢 {owner.word}", "admin")
    assert (post.kind, post.hashtags) == ("article", ("Kindle",))
    assert abs((post.posted_at or datetime.min.replace(tzinfo=UTC)) - datetime.now(UTC)) < timedelta(minutes=1)
    assert (said.id, said.kind) == (f"127.0.0.1:8082#comment-{comment}", "comment")
    assert said.title == post.title
    assert said.text.startswith("Meiner auch 😢👍 leider &")
    assert await reader.posts() == []
    await owner.edits(number, "Gar nichts ist gut.")
    events = await reader.hears()
    assert {event.post.text for event in events if isinstance(event, Edit)} == {f"Gar nichts ist gut. {owner.word}"}
    await owner.deletes(number)
    reader.later = HOUR
    gone = [event.id for event in await reader.hears() if isinstance(event, Deletion)]
    assert gone == [post.id, said.id]


async def test_a_comment_that_is_let_through_late_is_heard_within_the_hour(owner: Owner, http: Client) -> None:
    number = await owner.publishes("Mein Kindle", "Er streikt.")
    comment = await owner.comments(number, "Liegt in der Moderation")
    await owner.holds(comment)
    reader = Reader(owner, http)
    assert [post.kind for post in await reader.posts()] == ["article"]
    await owner.approves(comment)
    reader.later = timedelta(days=3)
    assert [post.text for post in await reader.posts()] == [f"Liegt in der Moderation {owner.word}"]


async def test_a_post_with_an_old_date_is_heard(owner: Owner, http: Client) -> None:
    reader = Reader(owner, http)
    await reader.hears()
    await owner.writes_for(datetime.now(UTC) - timedelta(days=300), "Nachgetragen")
    await owner.writes_for(datetime.now(UTC) + timedelta(hours=1), "Noch nicht zu sehen")
    assert [post.text for post in await reader.posts()] == [f"Nachgetragen {owner.word}"]


async def test_a_burst_of_120_comments_is_paged_through(owner: Owner, http: Client) -> None:
    reader = Reader(owner, http)
    number = await owner.publishes("Kindle", "Viele antworten.")
    await reader.hears()
    for count in range(120):
        await owner.comments(number, f"Kommentar {count}")
    heard = {post.text for post in await reader.posts()}
    assert heard == {f"Kommentar {count} {owner.word}" for count in range(120)}


async def test_the_api_is_found_behind_a_page_and_the_search_finds(owner: Owner, http: Client) -> None:
    number = await owner.publishes("Mein Kindle", "Er streikt.")
    await owner.comments(number, "Meiner auch")
    reader = Reader(owner, http, search=True)
    assert [post.kind for post in await reader.posts()] == ["article", "comment"]
    assert await reader.sources[0].check() == "1 posts"
    below = Site(f"{BASE}/sample-page", http, "http://127.0.0.1:9")
    await below.asks("posts", {"per_page": 1})
    assert below.root == f"{BASE}/wp-json/wp/v2/"
