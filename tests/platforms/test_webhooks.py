"""What is pushed, as events: in the shapes of Meta's documentation, written by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listen.errors import Unreachable
from listen.graph.pushed import changes_in, event_of
from listen.http import Client
from listen.intake.spool import Line, Spool
from listen.post import Deletion, Edit, Event, Gap, Notice, Post
from listen.source import Source
from listen.when import CLOCK
from tests.platforms.meta import NOON, heard, sources, texts
from tests.servers.graph import ACCOUNT, refusal
from tests.servers.scripted import Reply, Request, ScriptedServer

PAGE = "100200300"
ANNA = {"id": "7", "name": "Anna"}


def pushed(object_: str, field: str, **value: Any) -> dict[str, Any]:
    changes = [{"field": field, "value": value}]
    return {"object": object_, "entry": [{"id": PAGE, "time": 1763800001, "changes": changes}]}


def of_threads(field: str, **value: Any) -> dict[str, Any]:
    return {
        "app_id": "1",
        "topic": "interaction",
        "target_id": "78",
        "time": 1,
        "values": {"value": value, "field": field},
    }


def only(push: dict[str, Any], about: str | None = "Kindle") -> object:
    (event,) = [event_of(change, about) for change in changes_in(push)]
    return event


def test_posts_comments_and_mentions_of_a_page_are_read() -> None:
    told = {"verb": "add", "created_time": 1763800000, "from": ANNA, "message": "Hilfe!"}
    post = only(pushed("page", "feed", item="status", post_id=f"{PAGE}_1", **told))
    assert isinstance(post, Post)
    assert (post.platform, post.id, post.author, post.about) == ("facebook", f"{PAGE}_1", "Anna", "Kindle")
    assert post.posted_at == datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)
    reply = only(pushed("page", "feed", item="comment", comment_id="1_3", post_id=f"{PAGE}_1", parent_id="1_2", **told))
    assert isinstance(reply, Post)
    assert (reply.kind, reply.id, reply.parent) == ("comment", "1_3", "1_2")
    mention = only(
        pushed("page", "mention", post_id="9_9", sender_id="8", sender_name="Ben", verb="add", message="@shop")
    )
    assert isinstance(mention, Post)
    assert (mention.id, mention.author, mention.kind) == ("9_9", "Ben", "post")


def test_edits_and_deletions_are_told_apart() -> None:
    told = {"item": "comment", "comment_id": "1_2", "post_id": "1_1", "from": ANNA, "message": "x"}
    assert isinstance(only(pushed("page", "feed", verb="edited", **told)), Edit)
    assert only(pushed("page", "feed", verb="remove", **told)) == Deletion(platform="facebook", id="1_2")
    assert only(pushed("page", "feed", verb="hide", **told)) is None
    assert only(of_threads("delete", id="5", deleted_at="2026-11-22T08:00:00+0000")) == Deletion(
        platform="threads", id="5"
    )


def test_recommendations_are_reviews() -> None:
    told = {
        "verb": "add",
        "open_graph_story_id": "9",
        "reviewer_id": "7",
        "reviewer_name": "Anna",
        "created_time": 1763800000,
    }
    review = only(pushed("page", "ratings", item="rating", recommendation_type="NEGATIVE", review_text="Nein", **told))
    assert isinstance(review, Post)
    assert (review.kind, review.rating, review.text, review.author) == ("review", 1.0, "Nein", "Anna")


@pytest.mark.parametrize(
    "push",
    [
        pushed("page", "feed", item="reaction", verb="add", post_id="1_1"),
        pushed("page", "feed", item="status", verb="add", post_id="1_1", published=0),
        pushed("page", "leadgen", form_id="1"),
        pushed("page", "feed", item="comment", verb="add"),
        {"object": "page", "entry": [{"id": PAGE, "changes": "none"}]},
        {"object": "page", "entry": {"id": PAGE}},
        {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": {}}]}]},
        {"values": {"value": [], "field": "replies"}},
    ],
    ids=range(8),
)
def test_what_is_no_post_is_none(push: dict[str, Any]) -> None:
    assert [event for change in changes_in(push) if (event := event_of(change, None))] == []


def test_a_reply_on_threads_is_a_reply() -> None:
    told = {"id": "89", "username": "anna", "text": "Reply", "media_type": "TEXT_POST", "replied_to": {"id": "56"},
            "permalink": "https://www.threads.net/@anna/post/Pp", "timestamp": "2026-11-22T10:33:16+0000"}  # fmt: skip
    post = only(of_threads("replies", **told))
    assert isinstance(post, Post)
    assert (post.platform, post.id, post.kind, post.parent, post.author) == ("threads", "89", "reply", "56", "anna")


def test_a_comment_on_instagram_has_the_time_of_its_push() -> None:
    post = only(
        pushed(
            "instagram",
            "comments",
            id="17",
            text="Wann?",
            **{"from": {"id": "1", "username": "anna"}},
            media={"id": "18"},
        )
    )
    assert isinstance(post, Post)
    assert (post.author, post.parent, post.about) == ("anna", "18", "Kindle")
    assert post.posted_at == datetime(2025, 11, 22, 8, 26, 41, tzinfo=UTC)


class TestHeard:
    """Through the spool."""

    def spooled(self, folder: Path, *pushes: dict[str, Any], at: datetime = NOON) -> None:
        token = CLOCK.set(lambda: at)
        try:
            spool = Spool(folder, timedelta(days=30))
            spool.begins()
            for push in pushes:
                spool.append(Line(at=at, body=msgspec.Raw(json.dumps(push).encode())))
        finally:
            CLOCK.reset(token)

    def source(self, folder: Path, base: str, http: Client, **more: Any) -> Source:
        told = {"folder": str(folder), "app_secrets": ["hush"], **more}
        return sources("webhooks", base, http, **told)["pushes"]

    async def test_mentions_on_instagram_are_fetched_by_their_number(self, tmp_path: Path, http: Client) -> None:
        def reply(request: Request) -> Reply:
            fields = request.query["fields"]
            if fields.startswith("mentioned_comment.comment_id(19){"):
                told = {
                    "id": "19",
                    "text": "@leseshop broken",
                    "username": "anna",
                    "timestamp": "2026-11-22T11:00:00+0000",
                }
                return Reply(body=json.dumps({"mentioned_comment": told, "id": ACCOUNT}).encode())
            assert fields.startswith("mentioned_media.media_id(18){")
            told = {"id": "18", "caption": "@leseshop hey", "username": "ben", "timestamp": "2026-11-22T11:00:00+0000"}
            return Reply(body=json.dumps({"mentioned_media": told, "id": ACCOUNT}).encode())

        first = pushed("instagram", "mentions", media_id="18", comment_id="19")
        second = pushed("instagram", "mentions", media_id="18")
        self.spooled(tmp_path, first, second)
        async with ScriptedServer(reply) as server:
            events, cursor = await heard(self.source(tmp_path, server.base, http))
            assert texts(events) == ["@leseshop broken", "@leseshop hey"]
            assert (await heard(self.source(tmp_path, server.base, http), cursor))[0] == []

    async def test_a_mention_that_cannot_be_fetched_now_is_fetched_later(self, tmp_path: Path, http: Client) -> None:
        state = {"reply": refusal(2, "later", 500)}
        self.spooled(tmp_path, {"text": "before", "id": "1"}, pushed("instagram", "mentions", media_id="18"))
        async with ScriptedServer(lambda _: state["reply"]) as server:
            source = self.source(tmp_path, server.base, http)
            with pytest.raises(Unreachable):
                await heard(source)
            told = {"id": "18", "caption": "hey", "timestamp": "2026-11-22T11:00:00+0000"}
            state["reply"] = Reply(body=json.dumps({"mentioned_media": told}).encode())
            events, _ = await heard(source)
        assert texts(events) == ["before", "hey"]

    async def test_without_a_token_mentions_are_not_dropped_in_silence(self, tmp_path: Path, http: Client) -> None:
        self.spooled(tmp_path, pushed("instagram", "mentions", media_id="18"))
        events, _ = await heard(self.source(tmp_path, "http://127.0.0.1:9", http, token=None))
        assert [event.text for event in events if isinstance(event, Notice)] == [
            "Instagram pushes only the numbers of mentions; token in [platforms.webhooks] reads them"
        ]

    async def test_a_server_that_does_not_run_is_deafness_and_then_a_gap(self, tmp_path: Path, http: Client) -> None:
        source = self.source(tmp_path, "http://127.0.0.1:9", http)
        with pytest.raises(Unreachable, match="run `listen serve-webhooks` beside this"):
            await heard(source)
        self.spooled(tmp_path, {"text": "one", "id": "1"})
        events, cursor = await heard(source, None)
        assert not _deaf(events)
        events, cursor = await heard(source, cursor, NOON + timedelta(hours=1))
        assert _deaf(events)
        self.spooled(tmp_path, at=NOON + timedelta(hours=2))
        events, _ = await heard(source, cursor, NOON + timedelta(hours=2))
        (gap,) = [event for event in events if isinstance(event, Gap)]
        assert (gap.since, gap.until) == (NOON, NOON + timedelta(hours=2))
        assert not _deaf(events)

    async def test_old_pushes_are_removed_and_that_is_told(self, tmp_path: Path, http: Client) -> None:
        self.spooled(tmp_path, {"text": "one", "id": "1"})
        source = self.source(tmp_path, "http://127.0.0.1:9", http)
        _, cursor = await heard(source)
        self.spooled(tmp_path, {"text": "two", "id": "2"}, at=NOON + timedelta(days=40))
        assert _days(tmp_path) == ["2027-01-01.jsonl"]
        events, _ = await heard(source, cursor, NOON + timedelta(days=40))
        assert texts(events) == ["two"]
        assert any(isinstance(event, Gap) and event.reason == "retention" for event in events)


def _deaf(events: list[Event]) -> bool:
    return any(isinstance(event, Notice) and event.deaf for event in events)


def _days(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.jsonl"))
