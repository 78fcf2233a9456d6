"""The path of a post, station by station, without a network."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from listen.errors import RateLimited
from listen.judge import judge
from listen.mention import Change, Mention
from listen.pipeline import Pipeline, context_of
from listen.post import Edit, Event, Mark, Post, Wish
from listen.respect import Respect, Wishes
from listen.selection import Selection
from listen.store import Store
from listen.watchlist import Topic, Watchlist
from tests.stations import NOON, Remembering, Scripted, cursor_of, post


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened


def pipeline(store: Store, *topics: Topic, selection: Selection | None = None) -> Pipeline:
    topics = topics or (Topic(name="kindle", query="#Kindle OR kindle"),)
    return Pipeline(Watchlist(topics), judge, store, Remembering(), selection)


def only(path: Pipeline, said: Post) -> Mention:
    (mention,) = path.take_recorded("test", [said])
    return mention


def test_reasons_and_matches_point_into_the_document(store: Store) -> None:
    said = post(1, "Der Akku ist nach zwei Wochen kaputt, Support antwortet nicht", title="Mein #Kindle")
    mention = only(pipeline(store), said)
    spans = (*mention.verdict.reasons, *(span for match in mention.matches for span in match.spans))
    assert mention.verdict.flag == "complaint"
    assert len(spans) >= 2
    assert all(said.document[span.start : span.end] == span.text for span in spans)


def test_the_title_over_a_comment_is_not_its_authors_complaint(store: Store) -> None:
    title = "Comment on Mein Kindle ist kaputt, Support antwortet nicht by Ben"
    kind = only(pipeline(store), post(1, "Meiner läuft super, ich liebe ihn", title=title, kind="comment"))
    assert kind.verdict.flag != "complaint"
    cross = only(pipeline(store), post(2, "Meiner ist auch kaputt, so eine Frechheit!", title=title, kind="comment"))
    assert cross.verdict.flag == "complaint"
    assert all(cross.post.document[span.start : span.end] == span.text for span in cross.verdict.reasons)


def test_a_post_about_us_and_a_competitor_is_judged_as_ours(store: Store) -> None:
    ours, theirs = Topic(name="kindle", query="kindle"), Topic(name="tolino", query="tolino", role="competitor")
    text = "Mein Kindle geht nicht mehr, der Tolino auch nicht, so ein Mist"
    both = only(pipeline(store, theirs, ours), post(1, text))
    assert set(both.topics) == {"kindle", "tolino"}
    assert both.verdict.flag == "complaint"


async def test_a_name_that_is_known_only_later_still_counts_for_the_query(store: Store) -> None:
    class Naming(Scripted):
        async def complete(self, posts):  # type: ignore[no-untyped-def]
            return [Post(platform="test", id=said.id, url=None, author="our_shop", text=said.text, posted_at=NOON)
                    for said in posts]  # fmt: skip

    path = pipeline(store, Topic(name="kindle", query="kindle", exclude_authors=("our_shop",)))
    source = Naming("a", lambda _: [])
    assert await path.take("test", source, [post(1), Mark("1")]) == []
    assert store.count() == 0
    assert cursor_of(store, "a") == "1"


async def test_the_order_of_post_and_edit_is_kept(store: Store) -> None:
    path = pipeline(store)
    events: list[Event] = [post(1), Edit(post(1, "Mein #Kindle 2")), Mark("1")]
    changes = await path.take("test", Scripted("a", lambda _: []), events)
    assert [(change.kind, change.mention.post.text) for change in changes] == [
        ("new", "Mein #Kindle"),
        ("edited", "Mein #Kindle 2"),
    ]


def test_what_is_not_selected_is_stored_but_not_shown(store: Store) -> None:
    path = pipeline(store, selection=Selection(only=("praise",)))
    mention = only(path, post(1, "Mein #Kindle ist kaputt"))
    path.show([Change("new", mention)])
    assert isinstance(path.output, Remembering)
    assert path.output.changes == []
    assert store.count() == 1


async def test_a_source_that_cannot_tell_names_is_spared_for_a_while(store: Store) -> None:
    class Nameless(Scripted):
        asked = 0

        async def complete(self, posts):  # type: ignore[no-untyped-def]
            self.asked += 1
            raise RateLimited("profiles.example is rate limited", wait=timedelta(hours=1))

    path, source = pipeline(store), Nameless("a", lambda _: [])
    for number in range(5):
        await path.take("test", source, [post(number)])
    assert source.asked == 1
    assert store.count() == 5


async def test_a_mention_that_another_process_stored_first_is_shown_here_too(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as one, Store.open(tmp_path / "a.db") as other:
        here, there = pipeline(one), pipeline(other)
        source = Scripted("a", lambda _: [])
        assert [len(await path.take("test", source, [post(1)])) for path in (there, here, here)] == [1, 0, 0]
        for path in (here, there):
            assert isinstance(path.output, Remembering)
            assert path.output.ids == ["1"]
        later = pipeline(one)
        await later.take("test", source, [post(1)])
        assert isinstance(later.output, Remembering)
        assert later.output.ids == []  # it was stored before this run began


@pytest.mark.parametrize(
    ("query", "heard"),
    [
        ("kindle author:anna.example", True),
        ("kindle author:ben.example", False),
        ("kindle NOT author:anna.example", False),
        ("kindle NOT author:ben.example", True),
        ("kindle (author:ben.example OR author:anna.example)", True),
        ("kindle NOT (author:anna.example OR tolino)", False),
        ("kindle (author:ben.example OR streikt)", True),
    ],
)
async def test_a_query_for_an_author_waits_until_the_name_is_known(store: Store, query: str, heard: bool) -> None:
    class Naming(Scripted):
        async def complete(self, posts):  # type: ignore[no-untyped-def]
            return [msgspec.structs.replace(said, author="anna.example") for said in posts]

    said = Post(platform="bluesky", id="1", url=None, author="did:plc:a", author_id="did:plc:a",
                text="Mein Kindle streikt", posted_at=NOON)  # fmt: skip
    await pipeline(store, Topic(name="x", query=query)).take("bluesky", Naming("jetstream", lambda _: []), [said])
    assert store.count() == heard


async def test_a_post_that_two_sources_hear_at_once_is_shown_once(tmp_path: Path) -> None:
    class Slow(Store):
        def apply(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            changes = super().apply(*args, **kwargs)
            time.sleep(0.02 if changes else 0)  # whoever stored it hears of that after the others
            return changes

    with Slow.open(tmp_path / "a.db") as store:
        path = pipeline(store)
        sources = [Scripted(name, lambda _: []) for name in ("a", "b", "c")]
        for number in range(5):
            await asyncio.gather(*(path.take("test", source, [post(number)]) for source in sources))
    assert isinstance(path.output, Remembering)
    assert path.output.ids == [str(number) for number in range(5)]


def test_a_recording_has_no_names_to_wait_for(store: Store) -> None:
    said = Post(
        platform="bluesky", id="1", url=None, author="did:plc:a", author_id="did:plc:a", text="kindle", posted_at=NOON
    )
    assert pipeline(store, Topic(name="x", query="kindle author:anna.example")).take_recorded("f", [said]) == []
    assert pipeline(store, Topic(name="x", query="kindle author:did:plc:a")).take_recorded("f", [said]) != []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@our_shop mein #Kindle ist kaputt", True),
        ("mein #Kindle ist kaputt, @Our_Shop@example.social!", True),
        ("danke @our_shop. #Kindle", True),
        ("mein #Kindle ist kaputt, our_shop", False),
        ("@our_shoppers mein #Kindle", False),
        ("mail an x@our_shop #Kindle", False),
    ],
)
def test_the_judge_learns_whether_a_post_names_our_account(text: str, told: bool) -> None:
    assert context_of(post(1, text), (), ["our_shop", "@other@example.social"]).to_us is told
    assert context_of(post(1, text), ()).to_us is False


def review(number: int, text: str, rating: float, **more: str) -> Post:
    return post(number, text, kind="review", rating=rating, **more)


@pytest.mark.parametrize(
    ("text", "rating", "flag"),
    [
        ("Habe ich im Mai gekauft.", 1, "complaint"),
        ("Bought it in May.", 2, "complaint"),
        ("Bought it in May.", 3, "none"),
        ("Bought it in May.", 5, "praise"),
        ("Absolutely love it, highly recommend, never had a problem.", 1, "praise"),
    ],
)
def test_a_review_of_an_app_is_a_mention_of_it_and_its_stars_count(
    store: Store, text: str, rating: float, flag: str
) -> None:
    mention = only(pipeline(store), review(1, text, rating, about="Kindle"))
    assert mention.verdict.flag == flag
    assert mention.matched == ("Kindle",)
    assert all(mention.post.document[span.start : span.end] == span.text for span in mention.verdict.reasons)


def test_the_name_of_what_a_review_is_about_is_not_judged(store: Store) -> None:
    unkind = only(
        pipeline(store), post(1, "Seen on a train.", kind="review", about="Broken Kindle: worst garbage ever")
    )
    assert unkind.verdict.flag == "none"
    assert not unkind.verdict.reasons


def test_a_review_without_a_name_counts_by_its_own_words(store: Store) -> None:
    path = pipeline(store)
    assert path.take_recorded("test", [review(1, "Crashes all the time", 1)]) == []
    assert only(path, review(2, "My kindle app crashes", 1)).matched == ("kindle",)


def test_a_title_is_looked_for_in_titles_not_in_what_it_is_about(store: Store) -> None:
    path = pipeline(store, Topic(name="kindle", query="title:kindle"))
    assert path.take_recorded("test", [review(1, "Crashes", 1, about="Kindle")]) == []
    assert only(path, review(2, "Crashes", 1, title="Kindle", about="Kindle")).matched == ("Kindle",)


class Completing(Scripted):
    """A source that learns an author's wish only when it is asked about matched posts, as Bluesky's does."""

    wishes: tuple[Wish, ...] = ()

    async def complete(self, posts: Sequence[Post]) -> Sequence[Post]:
        return [msgspec.structs.replace(post, wishes=self.wishes) for post in posts]


async def test_a_post_whose_author_does_not_want_to_be_found_is_counted_and_not_stored(store: Store) -> None:
    path, source = pipeline(store), Completing("a", lambda _: [])
    source.wishes = ("no-unauthenticated",)
    events: list[Event] = [post(1), post(2, "nobody wants this"), Mark("2")]
    assert await path.take("test", source, events) == []
    assert await path.take("test", source, events) == []
    assert (store.count(), store.withheld()) == (0, {("test", "no-unauthenticated"): 1})
    assert cursor_of(store, "a") == "2"
    assert isinstance(path.output, Remembering)
    assert path.output.changes == []


async def test_a_mention_goes_when_its_authors_wish_becomes_known(store: Store) -> None:
    path, source = pipeline(store), Completing("a", lambda _: [])
    await path.take("test", source, [post(1)])
    source.wishes = ("nobot",)
    (change,) = await path.take("test", source, [post(1)])
    assert (change.kind, store.count()) == ("withdrawn", 0)


@pytest.mark.parametrize(("policy", "stored"), [("respect", 1), ("strict", 0), ("ignore", 2)])
def test_the_config_decides_which_wishes_count(store: Store, policy: Wishes, stored: int) -> None:
    path = Pipeline(
        Watchlist((Topic(name="kindle", query="kindle"),)), judge, store, Remembering(), respect=Respect(policy)
    )
    path.take_recorded("f", [post(1, "kindle", wishes=("noindex",)), post(2, "kindle", wishes=("undiscoverable",))])
    assert store.count() == stored
