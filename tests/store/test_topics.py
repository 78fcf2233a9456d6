"""The laws of listening for different topics in turn: nothing is missed, and the end is as if all had been heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from listen.mention import Match, Mention
from listen.post import Mark
from listen.store import Heard, Store, Unmatched, Watch
from tests.store.invented import NOON, mention

MINUTE = timedelta(minutes=1)
TOPICS = ("kindle", "kobo", "tolino")

watches = st.sets(st.sampled_from(TOPICS), min_size=1).map(lambda names: Watch(tuple((name, "x") for name in names)))
runs = st.tuples(watches, st.integers(0, 6), st.integers(1, 3), st.integers(0, 9))


@settings(max_examples=200, deadline=None)
@given(st.lists(runs, max_size=8))
def test_no_topic_misses_anything_between_its_first_and_its_last_run(
    history: list[tuple[Watch, int, int, int]],
) -> None:
    """A stream grows by some posts before each run; a run hears some batches of some size, and is killed."""
    heard: dict[str, set[int]] = {name: set() for name in TOPICS}
    newest, minute = 0, 0
    with Store.open(":memory:") as store:
        for watch, batches, size, more in history:
            newest += more
            place = int(store.cursor("bluesky", "jetstream", watch) or newest)
            for first in range(place, newest, size)[:batches]:
                posts = range(first, min(first + size, newest))
                minute += 1
                store.apply("bluesky", "jetstream", [Mark(str(posts[-1] + 1))], NOON + minute * MINUTE, watch)
                for name in watch.names:
                    heard[name].update(posts)
    for name, numbers in heard.items():
        assert sorted(numbers) == list(range(min(numbers, default=0), max(numbers, default=-1) + 1)), name


WANTED = {"beide": ("kindle", "tolino"), "Kindle": ("kindle",), "Tolino": ("tolino",), "nichts davon": ()}


def told(texts: Sequence[str], watch: Watch) -> list[Heard]:
    """What a run with this watch tells the store about a post and its edits."""
    events: list[Heard] = []
    for version, text in enumerate(texts):
        edited_at = NOON + version * MINUTE if version else None
        if topics := [topic for topic in WANTED[text] if topic in watch.names]:
            events.append(mention(text=text, topics=topics, edited_at=edited_at))
        elif version:
            events.append(Unmatched("bluesky", "1", edited_at))
    return events


def outcome(batches: Sequence[tuple[Heard, Watch]]) -> tuple[str, set[Match]] | None:
    with Store.open(":memory:") as store:
        for event, watch in batches:
            store.apply("bluesky", "jetstream", [event], NOON, watch)
        found: Mention | None = store.find("bluesky:1")
        return None if found is None else (found.post.text, set(found.matches))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(sorted(WANTED)), min_size=1, max_size=5), st.data())
def test_topics_heard_in_turn_end_as_if_they_had_been_heard_together(texts: list[str], drawn: st.DataObject) -> None:
    kindle, tolino = Watch((("kindle", "x"),)), Watch((("tolino", "x"),))
    both = Watch(kindle.topics + tolino.topics)
    turns = {kindle: told(texts, kindle), tolino: told(texts, tolino)}
    order = drawn.draw(st.permutations([watch for watch, events in turns.items() for _ in events]))
    in_turn = [(turns[watch].pop(0), watch) for watch in order]
    assert outcome(in_turn) == outcome([(event, both) for event in told(texts, both)])
