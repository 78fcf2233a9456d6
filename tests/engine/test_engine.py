"""Sources are kept listening, whatever happens to them or beside them."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from listen.engine import Engine
from listen.engine.announcer import SETTLE
from listen.errors import Gone, OutputError, RateLimited, Refused, StoreError, Unreachable
from listen.pipeline import Pipeline
from listen.post import CaughtUp, Deletion, Edit, Event, Mark, Notice
from listen.selection import Selection
from listen.store import Store
from listen.watchlist import Topic, Watchlist
from listen.when import now
from tests.stations import Remembering, Scripted, calm, cursor_of, post
from tests.store.invented import mention


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened


class Hurry:
    """Waits a hundredth of what is to be waited, which it remembers in seconds."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def __call__(self, wait: timedelta) -> float:
        self.waits.append(wait.total_seconds())
        return wait.total_seconds() / 100


def engine(
    store: Store, *sources: Scripted, output: Remembering | None = None, limit: int | None = None,
    rests: Callable[[timedelta], float] = timedelta.total_seconds, settle: float = SETTLE,
) -> Engine:  # fmt: skip
    watchlist = Watchlist([Topic(name="kindle", query="#Kindle")])
    pipeline = Pipeline(watchlist, calm, store, output or Remembering(), Selection(limit=limit))
    return Engine({"test": sources}, pipeline, chance=lambda: 0.0, rests=rests, settle=settle)


def stored(store: Store) -> list[str]:
    return [mention.post.id for _, mention in store.mentions(Selection())]


async def test_one_round_stores_what_matches_and_remembers_where_it_was(store: Store) -> None:
    source = Scripted("a", lambda _: [post(1), post(2, "ohne"), post(3), Mark("3")])
    outcome = await engine(store, source).run(once=True)
    assert outcome.exit_code == 0
    assert stored(store) == ["1", "3"]
    assert cursor_of(store, "a") == "3"


async def test_a_mark_is_stored_after_everything_before_it_or_with_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Some 600 posts are several transactions; whenever another process looks, the mark covers what is there."""
    seen: list[tuple[int, int]] = []

    class Looking(Store):
        def apply(self, *told, **more):  # type: ignore[no-untyped-def]
            changes = super().apply(*told, **more)
            with Store.open(tmp_path / "listen.db") as other:
                marked = [int(standing.cursor) for standing in other.sources() if standing.cursor]
                seen.append((max(marked, default=0), other.count()))
            return changes

    rounds = [[post(n) for n in range(start, start + 300)] + [Mark(str(start + 300))] for start in (0, 300)]
    with Looking.open(tmp_path / "listen.db") as store:
        await engine(store, Scripted("a", lambda _: [*rounds[0], *rounds[1]])).run(once=True)
    assert seen[-1] == (600, 600)
    assert len(seen) > 2
    assert all(cursor <= count for cursor, count in seen)


async def test_the_next_round_begins_at_the_mark_and_repeats_are_not_shown_again(store: Store) -> None:
    output = Remembering()
    source = Scripted("a", lambda cursor: [post(1), post(2), Mark("2")])
    await engine(store, source, output=output).run(lasting=timedelta(milliseconds=200))
    assert source.cursors[:2] == [None, "2"]
    assert len(source.cursors) > 2
    assert output.ids == ["1", "2"]


async def test_what_was_heard_before_a_failure_is_stored(store: Store) -> None:
    source = Scripted("a", lambda _: [post(1), Mark("1"), post(2), Unreachable("cut")])
    outcome = await engine(store, source).run(once=True)
    assert stored(store) == ["1", "2"]
    assert cursor_of(store, "a") == "1"
    assert outcome.exit_code == 1


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        ([None, None], 0),
        ([Unreachable("x"), None], 5),
        ([Refused("x"), None], 5),
        ([Refused("x"), Refused("y")], 4),
        ([Refused("x"), Unreachable("y")], 1),
        ([Gone("x"), RateLimited("y")], 1),
    ],
    ids=str,
)
async def test_the_exit_code_tells_how_many_sources_were_heard(
    store: Store, problems: list[Exception | None], expected: int
) -> None:
    def script(problem: Exception | None) -> list[Event | Exception]:
        return [problem] if problem else [Mark("1")]

    sources = [Scripted(str(number), lambda _, p=problem: script(p)) for number, problem in enumerate(problems)]  # type: ignore[misc]
    assert (await engine(store, *sources).run(once=True)).exit_code == expected


async def test_a_broken_source_does_not_hold_up_the_others(store: Store) -> None:
    output = Remembering()
    broken = Scripted("broken", lambda _: [Unreachable("a.example cannot be reached")])
    well = Scripted("well", lambda _: [post(1), Mark("1")])
    await engine(store, broken, well, output=output).run(lasting=timedelta(milliseconds=300))
    assert output.ids == ["1"]
    assert len(well.cursors) > 5
    assert len(broken.cursors) < 3
    assert output.said == ["test: a.example cannot be reached; next try in 1 s"]


async def test_a_source_that_comes_back_goes_on_from_its_mark(store: Store) -> None:
    output = Remembering()
    rounds: Iterator[list[Event | Exception]] = iter(
        [[post(1), Mark("1"), Unreachable("cut", wait=timedelta(0))], [post(2), Mark("2")]]
    )
    source = Scripted("a", lambda _: next(rounds, [Mark("2")]))
    running = engine(store, source, output=output, rests=Hurry())
    await running.run(lasting=timedelta(milliseconds=200))
    assert source.cursors[:2] == [None, "1"]
    assert output.ids == ["1", "2"]


async def test_once_around_ends_a_stream_when_it_has_caught_up(store: Store) -> None:
    class Endless(Scripted):
        async def hear(self, cursor, since):  # type: ignore[no-untyped-def]
            for event in (post(1), Mark("1"), CaughtUp()):
                yield event
            await asyncio.Event().wait()

    async with asyncio.timeout(5):
        outcome = await engine(store, Endless("a", lambda _: [])).run(once=True)
    assert outcome.exit_code == 0
    assert stored(store) == ["1"]


async def test_stopping_stores_what_is_on_its_way(store: Store) -> None:
    class Stopping(Scripted):
        async def hear(self, cursor, since):  # type: ignore[no-untyped-def]
            for number in range(500):
                yield post(number)
            running.stop()
            await asyncio.Event().wait()

    running = engine(store, Stopping("a", lambda _: []))
    async with asyncio.timeout(5):
        await running.run()
    assert len(stored(store)) == 500


async def test_a_stream_that_never_pauses_can_be_stopped(store: Store) -> None:
    class Flood(Scripted):
        async def hear(self, cursor, since):  # type: ignore[no-untyped-def]
            number = 0
            while True:
                number += 1
                yield post(number, "nichts")

    async with asyncio.timeout(5):
        await engine(store, Flood("a", lambda _: [])).run(lasting=timedelta(milliseconds=100))


async def test_an_edit_is_judged_again_and_a_deletion_withdraws(store: Store) -> None:
    output = Remembering()
    events: list[Event | Exception] = [
        post(1),
        post(2),
        Edit(post(1, "Mein #Kindle, ganz kaputt")),
        Edit(post(2, "nichts mehr")),
        Mark("1"),
    ]
    await engine(store, Scripted("a", lambda _: events), output=output).run(once=True)
    assert [(change.kind, change.mention.post.id) for change in output.changes] == [
        ("new", "1"),
        ("new", "2"),
        ("edited", "1"),
        ("withdrawn", "2"),
    ]
    assert output.changes[2].mention.verdict.sentiment > output.changes[0].mention.verdict.sentiment
    gone = Scripted("b", lambda _: [Deletion(platform="test", id="1"), Mark("1")])
    await engine(store, gone, output=output).run(once=True)
    assert stored(store) == []


async def test_enough_mentions_end_the_run(store: Store) -> None:
    output = Remembering()
    source = Scripted("a", lambda cursor: [post(int(cursor or 0) + 1), Mark(str(int(cursor or 0) + 1))])
    async with asyncio.timeout(10):
        await engine(store, source, output=output, limit=3).run()
    assert output.ids == ["1", "2", "3"]


async def test_a_notice_is_passed_on(store: Store) -> None:
    output = Remembering()
    source = Scripted("a", lambda _: [Notice("a.example is closed to guests"), Mark("1")])
    await engine(store, source, output=output).run(once=True)
    assert output.said == ["test: a.example is closed to guests"]


async def test_an_output_that_cannot_write_ends_the_run_after_storing(store: Store) -> None:
    class Full(Remembering):
        def show(self, change: object) -> None:
            raise OutputError("mentions.csv: no space left")

    async with asyncio.timeout(5):
        with pytest.raises(OutputError):
            await engine(store, Scripted("a", lambda _: [post(1), Mark("1")]), output=Full()).run()
    assert stored(store) == ["1"]


async def test_a_store_that_cannot_be_written_loses_nothing(tmp_path, store: Store) -> None:  # type: ignore[no-untyped-def]
    class Refusing(Store):
        tries = 0

        def apply(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            self.tries += 1
            if self.tries < 3:
                raise StoreError("listen.db: no space left on device; make room, listen tries again")
            return super().apply(*args, **kwargs)

    output = Remembering()
    with Refusing.open(tmp_path / "listen.db") as refusing:
        source = Scripted("a", lambda cursor: [post(1), Mark("1")])
        running = engine(refusing, source, output=output, rests=Hurry(), settle=0.0)
        await running.run(lasting=timedelta(milliseconds=300))
        assert stored(refusing) == ["1"]
    assert source.cursors[:2] == [None, "1"]  # what was heard is kept, and not asked for again
    assert "no space left" in output.said[0]


async def test_names_that_cannot_be_completed_in_time_do_not_hold_a_mention_up(store: Store) -> None:
    class Nameless(Scripted):
        async def complete(self, posts):  # type: ignore[no-untyped-def]
            raise Unreachable("profiles.example went silent")

    await engine(store, Nameless("a", lambda _: [post(1), Mark("1")])).run(once=True)
    assert stored(store) == ["1"]


async def test_a_bug_in_a_source_is_not_swallowed(store: Store) -> None:
    async with asyncio.timeout(5):
        with pytest.raises(ZeroDivisionError):
            await engine(store, Scripted("a", lambda _: [post(1), ZeroDivisionError("bug")])).run()
    assert stored(store) == ["1"]


async def test_texts_that_utf8_cannot_hold_are_stored_with_their_length(store: Store) -> None:
    odd = post(1, "\ud800 #Kindle \0", author_name="a\udfff")
    await engine(store, Scripted("a", lambda _: [odd, Mark("1")])).run(once=True)
    ((_, mention),) = store.mentions(Selection())
    assert mention.post.text == "\ufffd #Kindle \ufffd"
    (span,) = mention.matches[0].spans
    assert mention.post.document[span.start : span.end] == span.text == "#Kindle"


async def test_a_source_that_fails_after_each_mark_is_not_asked_ever_faster(store: Store) -> None:
    output, hurry = Remembering(), Hurry()
    source = Scripted("a", lambda _: [Mark("1"), Unreachable("stream.example has an error of its own (502)")])
    await engine(store, source, output=output, rests=hurry).run(lasting=timedelta(milliseconds=300))
    assert hurry.waits[:4] == [0.5, 1, 2, 4]
    assert len(output.said) == 1


async def test_being_stopped_in_a_retry_is_no_success(store: Store) -> None:
    rounds: Iterator[list[Event | Exception]] = iter([[Unreachable("x")]])

    class Hanging(Scripted):
        async def hear(self, cursor, since):  # type: ignore[no-untyped-def]
            for event in next(rounds, []):
                if isinstance(event, Exception):
                    raise event
            await asyncio.Event().wait()
            yield Mark("never")

    output = Remembering()
    running = engine(store, Hanging("a", lambda _: []), output=output, rests=Hurry())
    outcome = await running.run(lasting=timedelta(milliseconds=200))
    assert outcome.failed == 1
    assert not any("answers again" in line for line in output.said)


async def test_a_source_that_cancels_itself_is_tried_again(store: Store) -> None:
    rounds: Iterator[list[Event | BaseException]] = iter([[asyncio.CancelledError()], [post(1), Mark("1")]])

    class Broken(Scripted):
        async def hear(self, cursor, since):  # type: ignore[no-untyped-def]
            for event in next(rounds, []):
                if isinstance(event, BaseException):
                    raise event
                yield event

    await engine(store, Broken("a", lambda _: []), rests=Hurry()).run(lasting=timedelta(milliseconds=200))
    assert stored(store) == ["1"]


async def test_a_reader_that_has_left_ends_the_run_at_the_next_look(store: Store) -> None:
    class Left(Remembering):
        def health(self, sources: object) -> None:
            raise BrokenPipeError

    async with asyncio.timeout(5):
        with pytest.raises(BrokenPipeError):
            await engine(store, Scripted("a", lambda _: [Mark("1")]), output=Left()).run()


async def test_an_ad_hoc_watch_leaves_the_place_of_another_alone(store: Store) -> None:
    def hearing(query: str) -> tuple[Engine, Scripted]:
        source = Scripted("a", lambda cursor: [post(7, f"{query} hier"), Mark("7")])
        pipeline = Pipeline(Watchlist([Topic(name=query, query=query)]), calm, store, Remembering())
        return Engine({"test": [source]}, pipeline, chance=lambda: 0.0), source

    begun = []
    for query in ("kindle", "tolino", "kindle"):
        running, source = hearing(query)
        await running.run(once=True)
        begun += source.cursors
    assert begun == [None, None, "7"]


async def test_a_stream_that_breaks_right_after_going_live_is_asked_ever_more_slowly(store: Store) -> None:
    source = Scripted("a", lambda _: [Mark("1"), CaughtUp(), Unreachable("closed the stream (1011)")])
    hurry = Hurry()
    await engine(store, source, rests=hurry).run(lasting=timedelta(milliseconds=300))
    assert hurry.waits[:4] == [0.5, 1, 2, 4]


async def test_a_full_disk_behind_a_flood_does_not_keep_the_run_from_ending(store: Store) -> None:
    class Refusing(Store):
        def apply(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            raise StoreError("listen.db: no space left on device; make room, listen tries again")

    class Flood(Scripted):
        async def hear(self, cursor, since):  # type: ignore[no-untyped-def]
            for number in range(1_000_000):
                yield post(number)

    with Refusing.open(":memory:") as refusing:
        async with asyncio.timeout(10):
            outcome = await engine(refusing, Flood("a", lambda _: [])).run(lasting=timedelta(seconds=1))
    assert outcome.failed == 1


async def test_one_round_promises_no_other_try(store: Store) -> None:
    output = Remembering()
    await engine(store, Scripted("a", lambda _: [Unreachable("a.example went silent")]), output=output).run(once=True)
    assert output.said == ["test: a.example went silent"]


async def test_a_watch_lets_go_of_what_was_kept_long_enough(store: Store) -> None:
    old = [mention(id=str(n), seen_at=now() - timedelta(days=800)) for n in range(1_200)]
    store.apply("bluesky", "jetstream", [*old, mention(id="young", seen_at=now())], now())

    def script(_: str | None) -> list[Event]:
        if store.count() == 2:
            running.stop()
        return [post(1), Mark("1")]

    running = engine(store, Scripted("a", script))
    async with asyncio.timeout(30):
        await running.run()
    assert stored(store) == ["young", "1"]
    assert [(line.reason, line.mentions) for line in store.audit() if line.mentions] == [("retention", 1_200)]
