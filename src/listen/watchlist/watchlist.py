"""The watchlist: the user's topics, compiled once, and the one matcher for all of them.

One pass of Aho and Corasick's automaton over the folded post finds the anchors of all topics; only a topic whose
anchor stands there is looked at closely. Pure: no clock, no net, no disk; safe to share between threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import msgspec
from msgspec.structs import replace

from listen.mention import Match, Role
from listen.post import Post
from listen.query.disguise import readings
from listen.query.fold import fold
from listen.query.naming import unnamed
from listen.query.parser import parse, parse_exclusion
from listen.query.tree import SPOOF, And, Query
from listen.source import Interest
from listen.watchlist.anchors import anchors
from listen.watchlist.authors import is_author
from listen.watchlist.automaton import Automaton
from listen.watchlist.matcher import holds, spans
from listen.watchlist.rawtext import RawTexts
from listen.watchlist.sight import Sight


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """What the user listens for. `exclude` is a query as well, or several: a post that matches one is left out.

    `keep` is how long its mentions are kept, as the config writes it; None leaves that to the config's own `keep`.
    """

    name: str
    query: str
    role: Role = "own"
    exclude: str | tuple[str, ...] | None = None
    exclude_authors: tuple[str, ...] = ()
    ignore_reposts: bool = False
    ignore_replies: bool = False
    keep: str | None = None


class Watchlist:
    """Decides which topics a post mentions, and which words said so. Raises QueryError for a wrong query.

    `own_accounts` are the user's: who names one of them speaks to the user.
    """

    def __init__(self, topics: Sequence[Topic], own_accounts: Sequence[str] = ()) -> None:
        self.own_accounts = tuple(own_accounts)
        self.topics: tuple[Topic, ...] = tuple(topics)
        self._queries = tuple(parse(topic.query) for topic in self.topics)
        self._exclusions = _exclusions(self.topics)
        self._unmasks = any(isinstance(query.root, And) and SPOOF in query.root.parts for query in self._queries)
        self._automaton = Automaton(anchors(query.root) for query in self._queries)
        self._raw_texts = RawTexts(self._automaton)

    def matches(self, post: Post) -> tuple[Match, ...]:
        """The topics that the post mentions, in the order of the watchlist; spans are offsets into its `document`."""
        document = post.document
        folded = fold(document)
        near = self._topics_in_disguise(document) if self._unmasks else self._automaton.topics(folded)
        if not near:
            return ()
        sight = Sight(post, document, folded)
        found = (self._match(number, sight) for number in near)
        return tuple(match for match in found if match is not None)

    @cached_property
    def unnamed(self) -> Watchlist:
        """The same without what is said of authors: it matches every post that may match once its author is known."""
        return Watchlist([_unnamed(topic, query) for topic, query in zip(self.topics, self._queries, strict=True)])

    def may_match(self, raw: str) -> bool:
        """Whether a post in this raw JSON may match: True for every post that does, and for few others."""
        return self._raw_texts.may_match(raw) or (self._unmasks and self._raw_texts.may_match_in_disguise(raw))

    def interest(self) -> Interest:
        """The queries, each once, for networks to be asked, and the test for what they send."""
        return Interest(queries=tuple(dict.fromkeys(self._queries)), may_match=self.may_match)

    def _topics_in_disguise(self, document: str) -> list[int]:
        return sorted({number for reading in readings(document) for number in self._automaton.topics(reading)})

    def _match(self, number: int, sight: Sight) -> Match | None:
        topic = self.topics[number]
        if _is_ignored(topic, sight.post):
            return None
        places = spans(self._queries[number].root, sight)
        if places is None:
            return None
        if any(holds(exclusion.root, sight) for exclusion in self._exclusions.get(number, ())):
            return None
        return Match(topic.name, tuple(sight.written(place) for place in places), topic.role)


def _unnamed(topic: Topic, query: Query) -> Topic:
    wanted = (topic.exclude,) if isinstance(topic.exclude, str) else topic.exclude or ()
    kept = tuple(exclusion for exclusion in wanted if exclusion and "author:" not in exclusion.casefold())
    return replace(topic, query=str(Query(unnamed(query.root))), exclude=kept, exclude_authors=())


def _exclusions(topics: Sequence[Topic]) -> dict[int, tuple[Query, ...]]:
    read = lru_cache(parse_exclusion)  # The config's own `exclude` stands in every topic.
    exclusions = {}
    for number, topic in enumerate(topics):
        wanted = (topic.exclude,) if isinstance(topic.exclude, str) else topic.exclude or ()
        if any(wanted):
            exclusions[number] = tuple(read(query) for query in wanted if query)
    return exclusions


def _is_ignored(topic: Topic, post: Post) -> bool:
    return (
        (topic.ignore_reposts and post.kind == "repost")
        or (topic.ignore_replies and post.kind == "reply")
        or any(is_author(post, name) for name in topic.exclude_authors)
    )
