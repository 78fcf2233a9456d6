"""What the store knows of a query: hits per day, and words that would keep out what was marked not relevant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

import msgspec

from listen.explaining.common import SHARES
from listen.mention import Mention
from listen.query import Query
from listen.query.fold import fold
from listen.query.letters import WORDS
from listen.query.tree import Word, all_of, none_of
from listen.selection import moment_of
from listen.watchlist import Topic, Watchlist

Mentions = Callable[[], Iterable[Mention]]  # reads the store from its beginning, each time it is called

_TRIED = 200  # words measured, the most frequent first
_FEWEST = 2  # wrong mentions that an exclusion has to remove
_COMMON = frozenset(word for table in SHARES.values() for word in table)


class Exclusion(msgspec.Struct, frozen=True):
    """A word, and how many mentions `NOT word` would have removed: marked not relevant, and all others."""

    word: str
    wrong: int
    right: int

    def __str__(self) -> str:
        return f"NOT {self.word} would have removed {self.wrong} wrong and {self.right} right mentions"


class History(msgspec.Struct, frozen=True):
    """Hits by day (UTC), oldest first, days without any left out; how many were marked not relevant."""

    days: dict[date, int]
    wrong: int
    exclusions: tuple[Exclusion, ...]

    @property
    def hits(self) -> int:
        return sum(self.days.values())


def history_of(query: Query, mentions: Mentions) -> History:
    """Walks over the mentions once, and once more if there is something to exclude."""
    days: Counter[date] = Counter()
    words: Counter[str] = Counter()
    wrong = 0
    for mention in _hits(query, mentions):
        days[moment_of(mention).date()] += 1
        if _is_wrong(mention):
            wrong += 1
            words.update(_words(mention))
    tried = [word for word, count in words.most_common(_TRIED) if count >= _FEWEST and _can_exclude(query, word)]
    exclusions = _measured(query, tried, mentions) if tried else ()
    return History(dict(sorted(days.items())), wrong, exclusions)


def _hits(query: Query, mentions: Mentions) -> Iterator[Mention]:
    watchlist = Watchlist([Topic(name="", query=str(query))])
    return (mention for mention in mentions() if watchlist.matches(mention.post))


def _is_wrong(mention: Mention) -> bool:
    return mention.care.status == "not-relevant"


def _words(mention: Mention) -> set[str]:
    found = {word[0] for word in WORDS.finditer(fold(mention.post.document))}
    return {word for word in found if len(word) > 2 and not word.isdigit() and word not in _COMMON}


def _can_exclude(query: Query, word: str) -> bool:
    """Whether the word is none of the query's own, which would exclude everything."""
    return word not in {own[0] for own in WORDS.finditer(fold(str(query)))}


def _measured(query: Query, words: Sequence[str], mentions: Mentions) -> tuple[Exclusion, ...]:
    """The best three: words that remove many wrong mentions, and at most one right one for ten of them.

    Measured with the matcher that would use them, not by the counts that suggested them.
    """
    watchlist = Watchlist([Topic(name=word, query=str(Query(Word(word)))) for word in words])
    wrong: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for mention in _hits(query, mentions):
        (wrong if _is_wrong(mention) else right).update(match.topic for match in watchlist.matches(mention.post))
    worth = [word for word in words if wrong[word] >= _FEWEST and wrong[word] >= 10 * right[word]]
    worth.sort(key=lambda word: (right[word] * 10 - wrong[word], word))
    return tuple(Exclusion(word, wrong[word], right[word]) for word in worth[:3])


def narrowed(query: Query, exclusion: Exclusion) -> Query:
    """The query with the exclusion in it."""
    return Query(all_of([query.root, none_of(Word(exclusion.word))]))
