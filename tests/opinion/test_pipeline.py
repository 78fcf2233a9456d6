"""The second opinion on the path of a post: live, from a recording, and when a post is heard again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from listen.engine import Engine
from listen.mention import Context, Verdict
from listen.pipeline import Pipeline
from listen.post import Edit, Event, Mark, Post
from listen.replay import replayed
from listen.store import Store
from listen.watchlist import Topic, Watchlist
from tests.opinion.making import Asking, verdict
from tests.servers.llm import LlmServer, error, says, view
from tests.servers.scripted import ScriptedServer
from tests.stations import Remembering, Scripted, cursor_of, post

PRAISE = says(view("praise", why=["Mein"]))
TOPICS = (Topic(name="kindle", query="kindle"), Topic(name="tolino", query="tolino", role="competitor"))


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened


def complaining(text: str, context: Context) -> Verdict:
    return verdict(sentiment=-0.1)


def pipeline(store: Store, asking: Asking) -> Pipeline:
    return Pipeline(Watchlist(TOPICS), complaining, store, Remembering(), opinion=asking.opinion)


def flags(path: Pipeline) -> list[tuple[str, str]]:
    assert isinstance(path.output, Remembering)
    return [(change.mention.post.id, change.mention.verdict.flag) for change in path.output.changes]


def stored(store: Store) -> list[str]:
    found = [store.find(f"test:{number}") for number in range(5)]
    return [mention.verdict.flag for mention in found if mention is not None]


async def test_what_is_stored_and_shown_has_heard_both(store: Store) -> None:
    llm = LlmServer(PRAISE)
    async with ScriptedServer(llm) as server, (asking := Asking(server.base)).opinion:
        path = pipeline(store, asking)
        events: list[Event] = [post(1), post(2, "not ours"), post(3, "Mein Tolino ist neu"), Mark("3")]
        await path.take("test", Scripted("a", lambda _: []), events)
    assert flags(path) == [("1", "praise"), ("3", "praise")]
    assert stored(store) == ["praise", "praise"]
    assert sorted(llm.posts) == ["Mein #Kindle", "Mein Tolino ist neu"]
    assert {json.loads(told["messages"][1]["content"])["role"] for told in llm.asked} == {"own", "competitor"}
    assert cursor_of(store, "a") == "3"


async def test_a_title_over_a_comment_is_not_sent_and_spans_fit_the_document(store: Store) -> None:
    llm = LlmServer(PRAISE)
    async with ScriptedServer(llm) as server, (asking := Asking(server.base)).opinion:
        path = pipeline(store, asking)
        said = post(1, "Mein Kindle auch", title="Comment on Mein Kindle by Ben", kind="comment")
        (change,) = await path.take("test", Scripted("a", lambda _: []), [said])
    assert llm.posts == ["Mein Kindle auch"]
    (reason,) = change.mention.verdict.reasons
    assert (reason.start, said.document[reason.start : reason.end]) == (len(said.heading), "Mein")


async def test_an_overlap_is_not_asked_about_again_and_an_edit_is(store: Store) -> None:
    llm = LlmServer(PRAISE)
    async with ScriptedServer(llm) as server, (asking := Asking(server.base)).opinion:
        path, source = pipeline(store, asking), Scripted("a", lambda _: [])
        llm.before = lambda _: error(500, "out of memory")
        await path.take("test", source, [post(1)])
        llm.before = lambda _: None
        await path.take("test", source, [post(1)])
        assert len(llm.asked) == 1
        await path.take("test", source, [Edit(post(1, "Mein #Kindle 2"))])
    assert llm.posts == ["Mein #Kindle", "Mein #Kindle 2"]
    assert flags(path) == [("1", "complaint"), ("1", "praise")]


async def test_stars_speak_for_themselves(store: Store) -> None:
    llm = LlmServer(PRAISE)
    async with ScriptedServer(llm) as server, (asking := Asking(server.base)).opinion:
        await pipeline(store, asking).take("test", Scripted("a", lambda _: []), [post(1, rating=1.0)])
    assert (llm.asked, stored(store)) == ([], ["complaint"])


async def test_a_server_that_never_answers_loses_no_mention_and_delays_an_end_by_nothing(store: Store) -> None:
    llm = LlmServer()
    llm.after = 60
    events: list[Event] = [*(post(number) for number in range(5)), Mark("5")]
    async with ScriptedServer(llm) as server, (asking := Asking(server.base)).opinion:
        path = pipeline(store, asking)
        engine = Engine({"test": [Scripted("a", lambda cursor: [] if cursor else events)]}, path)
        running = asyncio.create_task(engine.run())
        async with asyncio.timeout(10):
            await llm.was_asked.wait()
            engine.stop()
            await running
    assert stored(store) == ["complaint"] * 5
    assert len(flags(path)) == 5
    assert cursor_of(store, "a") == "5"


def test_a_recording_waits_for_every_answer(store: Store, tmp_path: Path) -> None:
    recording = tmp_path / "posts.jsonl"
    lines = [json.dumps({"id": f"test:{number}", "platform": "test", "text": f"Mein Kindle {number}"})
             for number in range(4)]  # fmt: skip
    recording.write_text("\n".join(lines), encoding="utf-8")
    llm = LlmServer(PRAISE)
    with asyncio.Runner() as runner:
        server = ScriptedServer(llm)
        runner.run(server.__aenter__())
        path = _beside(runner, server, recording, store)
        runner.run(server.__aexit__())
    assert [flag for _, flag in flags(path)] == ["praise"] * 4
    assert stored(store) == ["praise"] * 4


def _beside(runner: asyncio.Runner, server: ScriptedServer, recording: Path, store: Store) -> Pipeline:
    """The recording carried through in a thread, while the server answers in this one."""

    def carried() -> Pipeline:
        asking = Asking(server.base, timeout_seconds=5)
        with asking.opinion:
            path = pipeline(store, asking)
            assert list(replayed(str(recording), path)) == []
        return path

    async def waited() -> Pipeline:
        return await asyncio.to_thread(carried)

    return runner.run(waited())


def test_without_a_second_opinion_nothing_changes(store: Store) -> None:
    path = Pipeline(Watchlist(TOPICS), complaining, store, Remembering())
    said: Post = post(1)
    (mention,) = path.take_recorded("test", [said])
    path.hurry()
    assert mention.verdict == complaining(said.text, Context())
