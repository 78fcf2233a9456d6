"""The law of the store: what is repeated after a crash ends as if it had come once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from listen.mention import Mention
from listen.post import Deletion, Gap, Mark
from listen.store import Heard, Store, Unmatched, burying
from tests.store.invented import NOON, mention

AUTHORS = {"1": "x", "2": "x", "3": "y"}
TIMES = [None, NOON, NOON + timedelta(hours=1)]

ids = st.sampled_from(sorted(AUTHORS))
servers = st.sampled_from(["a.example", "b.example"])


@st.composite
def mentions(draw: st.DrawFn) -> Mention:
    id_, server = draw(ids), draw(servers)
    text = draw(st.sampled_from(["kaputt", "doch nicht"]))
    return mention(
        id=id_,
        author_id=AUTHORS[id_],
        instance=server,
        ref=f"{server}/{id_}",
        text=text,
        edited_at=draw(st.sampled_from(TIMES)),
        likes=draw(st.sampled_from([None, 1, 2])),
        author_name=draw(st.sampled_from([None, "Anna", "Anna K."])),
        topics=["kindle"]
        if text == "kaputt"
        else ["kindle", "reader"],  # the watchlist is pure: same text, same topics
    )


deletions = st.one_of(
    st.builds(lambda id_, lasting: Deletion(platform="bluesky", id=id_, lasting=lasting), ids, st.booleans()),
    st.builds(lambda server, id_: Deletion(platform="bluesky", instance=server, ref=f"{server}/{id_}"), servers, ids),
    st.builds(lambda author: Deletion(platform="bluesky", author_id=author), st.sampled_from(["x", "y"])),
)
events = st.one_of(
    mentions(),
    mentions(),
    mentions(),
    deletions,
    st.builds(lambda id_, edited_at: Unmatched("bluesky", id_, edited_at), ids, st.sampled_from(TIMES)),
    st.builds(lambda hours: Gap(NOON, NOON + timedelta(hours=hours), "page limit"), st.integers(1, 5)),
    st.just(Mark("")),
)


def names(deletion: Deletion, said: Mention) -> bool:
    post = said.post
    if deletion.id is not None:
        return deletion.id == post.id
    if deletion.ref is not None:
        return (deletion.instance, deletion.ref) == (post.instance, post.ref)
    return deletion.author_id == post.author_id


def possible(history: Sequence[Heard]) -> list[Heard]:
    """Without posts that were deleted before they were there: no network tells that, and no store could know it."""
    kept: list[Heard] = []
    with Store.open(":memory:") as store:
        deleted: list[Deletion] = []
        gone: set[str] = set()
        for event in history:
            if (
                isinstance(event, Mention)
                and event.post.id not in gone
                and any(names(known, event) for known in deleted)
            ):
                continue
            changes = store.apply("p", "s", [event], NOON)
            if isinstance(event, Deletion) and event.lasting:  # what may come back leaves no tombstone
                gone |= {change.mention.post.id for change in changes}
                deleted.append(event)
            kept.append(event)
    return [Mark(str(place)) if isinstance(event, Mark) else event for place, event in enumerate(kept)]


histories = st.lists(events, max_size=16).map(possible)


def state(store: Store) -> dict[str, object]:
    """Everything but the numbers and the order in which rows were made."""
    db = store._db
    found = db.execute("SELECT platform, id, number FROM mention").fetchall()
    return {
        "mentions": {id_: store.find(f"{platform}:{id_}") for platform, id_, _ in found},
        "rows": sorted(db.execute("SELECT platform, id, moment, flag, lang, urgency, status FROM mention").fetchall()),
        "topics": sorted(db.execute("SELECT id, name FROM topic JOIN mention USING (number)").fetchall()),
        "sightings": sorted(
            db.execute("SELECT id, instance, ref FROM sighting JOIN mention USING (number)").fetchall()
        ),
        "tombstones": sorted(id_ for id_ in AUTHORS if burying.is_known(db, "bluesky", id_)),
        "stretches": store.stretches(),
        "cursor": store.cursor("bluesky", "jetstream"),
    }


def listened(history: Sequence[Heard], crashes: Sequence[int], size: int) -> dict[str, object]:
    """Hear the history in batches from the last mark; after each of `crashes` batches begin again."""
    with Store.open(":memory:") as store:
        for batches in [*crashes, len(history) + 1]:
            start = int(store.cursor("bluesky", "jetstream") or 0)
            for batch in [history[at : at + size] for at in range(start, len(history), size)][:batches]:
                store.apply("bluesky", "jetstream", batch, NOON)
        return state(store)


def assert_the_same(repeated: dict[str, object], once: dict[str, object]) -> None:
    """A sighting may come back that went with an earlier version of its mention; it only helps to find deletions."""
    sightings = [set(state.pop("sightings")) for state in (repeated, once)]  # type: ignore[call-overload]
    assert repeated == once
    assert sightings[0] >= sightings[1]


@settings(max_examples=200, deadline=None)
@given(histories, st.lists(st.integers(0, 8), min_size=1, max_size=4), st.integers(1, 6))
def test_crashes_and_repeats_from_the_last_mark_end_as_if_all_had_come_once(
    history: list[Heard], crashes: list[int], size: int
) -> None:
    assert_the_same(listened(history, crashes, size), listened(history, [], len(history) + 1))


@settings(max_examples=100, deadline=None)
@given(histories)
def test_a_history_heard_twice_changes_nothing(history: list[Heard]) -> None:
    with Store.open(":memory:") as store:
        store.apply("bluesky", "jetstream", history, NOON)
        once = state(store)
        store.apply("bluesky", "jetstream", history, NOON)
        assert_the_same(state(store), once)


@settings(max_examples=100, deadline=None)
@given(histories)
def test_the_changes_told_add_up_to_what_is_stored(history: list[Heard]) -> None:
    with Store.open(":memory:") as store:
        shown: dict[str, Mention] = {}
        for change in store.apply("bluesky", "jetstream", history, NOON):
            assert (change.kind == "new") == (change.mention.id not in shown)
            shown[change.mention.id] = change.mention
            if change.kind == "withdrawn":
                del shown[change.mention.id]
        found = {id_: store.find(id_) for id_ in shown}
        assert len(found) == store.count()
        assert {id_: known and known.post.text for id_, known in found.items()} == {
            id_: known.post.text for id_, known in shown.items()
        }
