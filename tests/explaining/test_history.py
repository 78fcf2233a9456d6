"""What a store that holds marked mentions tells about a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from listen.explaining.history import History, history_of, narrowed
from listen.mention import Care, Match, Mention, Span, Status, Verdict
from listen.post import Post
from listen.query import parse
from listen.selection import Selection
from listen.store import Store

START = datetime(2026, 11, 10, 12, tzinfo=UTC)
UNJUDGED = Verdict(lang="de", flag="none", complaint=0, opportunity=0, praise=0, opportunity_kind=None, sentiment=0,
                   urgency="low")  # fmt: skip


def mention(number: int, text: str, status: Status = "open") -> Mention:
    posted_at = START + timedelta(days=number % 3)
    post = Post(platform="x", id=f"{number}", url=None, author="anna", text=text, posted_at=posted_at)
    match = Match("topic", (Span(0, 1, text[:1]),))
    return Mention(
        post=post, matches=(match,), verdict=UNJUDGED, seen_at=START + timedelta(days=9), care=Care(status=status)
    )


def looked_up(query: str, stored: Iterable[Mention]) -> History:
    kept = list(stored)
    return history_of(parse(query), lambda: iter(kept))


WRONG = [mention(n, f"Fire aus Holz im Kamin, Nummer {n}", "not-relevant") for n in range(41)]
RIGHT = [mention(100 + n, "Mein Fire geht im Kamin nicht", "answered") for n in range(6)]


def test_hits_are_counted_by_day_and_others_are_not() -> None:
    history = looked_up("fire", [*RIGHT, mention(200, "Kindle")])
    assert history.days == {date(2026, 11, 10): 2, date(2026, 11, 11): 2, date(2026, 11, 12): 2}
    assert (history.hits, history.wrong, history.exclusions) == (6, 0, ())


def test_an_exclusion_is_proposed_with_its_measured_effect() -> None:
    history = looked_up("fire", WRONG + RIGHT)
    assert history.wrong == 41
    assert str(history.exclusions[0]) == "NOT holz would have removed 41 wrong and 0 right mentions"
    kept = looked_up(str(narrowed(parse("fire"), history.exclusions[0])), WRONG + RIGHT)
    assert (kept.hits, kept.wrong) == (6, 0)


def test_a_word_that_would_remove_right_mentions_is_not_proposed() -> None:
    words = [exclusion.word for exclusion in looked_up("fire", WRONG + RIGHT).exclusions]
    assert "kamin" not in words
    assert "fire" not in words


def test_one_wrong_mention_is_no_reason_for_an_exclusion() -> None:
    assert looked_up("fire", [WRONG[0], *RIGHT]).exclusions == ()


def test_common_words_are_not_proposed() -> None:
    wrong = [mention(n, "Fire ist nicht für uns", "not-relevant") for n in range(9)]
    assert looked_up("fire", wrong).exclusions == ()


def test_the_store_itself_can_be_asked(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        store.apply("x", "s", WRONG + RIGHT, START)

        def mentions() -> Iterator[Mention]:
            return (kept for _, kept in store.mentions(Selection(since=START + timedelta(days=1))))

        history = history_of(parse("fire"), mentions)
    assert set(history.days) == {date(2026, 11, 11), date(2026, 11, 12)}
    assert history.exclusions[0].right == 0
    assert history.exclusions[0].wrong == history.wrong > 0
