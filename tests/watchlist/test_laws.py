"""Laws of the query language and its matcher, on queries and texts made up by Hypothesis."""

from __future__ import annotations

import json
import re

import hypothesis.strategies as st
import msgspec
from hypothesis import given, settings

from listen.errors import QueryError
from listen.post import Post
from listen.query.tree import (
    And,
    At,
    Compound,
    Exact,
    Field,
    Near,
    Node,
    Or,
    Phrase,
    Prefix,
    Query,
    Tag,
    Term,
    Title,
    Word,
    all_of,
    anchored,
    any_of,
    none_of,
)
from listen.watchlist import Topic, Watchlist, parse
from tests.watchlist.making import post
from tests.watchlist.reference import matches as truly_matches
from tests.watchlist.reference import simple

BOUNDED = settings(max_examples=200, deadline=None)

NAMES = ("kindle", "fire", "Hülle", "amazon", "groß", "Café")
names = st.sampled_from(NAMES)
terms: st.SearchStrategy[Term] = st.one_of(
    names.map(Word),
    names.map(Phrase),
    st.tuples(names, names).map(lambda pair: Phrase(" ".join(pair))),
    st.tuples(names, names).map(lambda pair: Word("-".join(pair))),
    names.map(Exact),
    names.map(Prefix),
    names.map(Compound),
    st.builds(Tag, names, st.booleans()),
    names.map(At),
)
near_sides: st.SearchStrategy[Term | Or] = terms | st.lists(terms, min_size=2, max_size=3).map(
    lambda some: Or(tuple(some))
)
leaves: st.SearchStrategy[Node] = (
    terms
    | st.builds(Near, near_sides, near_sides, st.integers(0, 4))
    | terms.map(Title)
    | st.sampled_from([Field("lang", "de"), Field("platform", "bluesky")])
)
nodes: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(all_of),
        st.lists(inner, min_size=2, max_size=3).map(any_of),
        inner.map(none_of),
    ),
    max_leaves=8,
)

ATOMS = (
    *NAMES, "Kindle", "KINDLE", "huelle", "Hu\u0308lle", "GROSS", "cafe", "s", "und", "kin\u00addle", "fi\u200bre",
    "ﬁre", "#", "@", "-",
    "_", ".", ",", "'", "!", "😡", "❤️", " ", " ", " ", " ", "\n", " https://amazon.example/kindle ",
)  # fmt: skip
# The reference knows no e-mail addresses (`anna@kindle.example`); the table of rows does.
_EMAIL = re.compile(r"\w@[\w-]+\.[\w-]")
texts = st.lists(st.sampled_from(ATOMS), max_size=14).map("".join).filter(lambda text: not _EMAIL.search(simple(text)))
posts: st.SearchStrategy[Post] = st.builds(
    lambda text, title, lang, tags: post(text, title=title, lang=lang, hashtags=tags),
    texts,
    st.none() | texts,
    st.sampled_from([None, "de"]),
    st.lists(names, max_size=2).map(tuple),
)


@BOUNDED
@given(nodes)
def test_printing_and_reading_a_query_gives_it_back(node: Node) -> None:
    query = Query(node)
    if anchored(node):
        assert parse(str(query)) == query


@BOUNDED
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*"()\"'#@*~-:/&|! „“‚‘", "NOT ", "OR ", "NEAR/3 ", "a", "lang", "ß"])).map("".join)
)
def test_any_text_is_read_or_refused_with_a_column_inside(query: str) -> None:
    try:
        read = parse(query)
    except QueryError as problem:
        refused = problem
    else:
        assert parse(str(read)) == read
        return
    assert 1 <= refused.column <= len(query) + 1


@settings(max_examples=200, deadline=None)
@given(nodes, posts)
def test_the_matcher_agrees_with_the_reference(node: Node, seen: Post) -> None:
    if anchored(node):
        watchlist = Watchlist([Topic(name="topic", query=str(Query(node)))])
        assert bool(watchlist.matches(seen)) is truly_matches(node, seen)


@settings(max_examples=200, deadline=None)
@given(terms, posts)
def test_single_terms_agree_with_the_reference(term: Term, seen: Post) -> None:
    watchlist = Watchlist([Topic(name="topic", query=str(Query(term)))])
    assert bool(watchlist.matches(seen)) is truly_matches(term, seen)


@settings(max_examples=200, deadline=None)
@given(st.lists(nodes.filter(anchored), min_size=1, max_size=4), posts)
def test_many_topics_match_as_each_alone(some: list[Node], seen: Post) -> None:
    topics = [Topic(name=f"{number}", query=str(Query(node))) for number, node in enumerate(some)]
    together = Watchlist(topics).matches(seen)
    assert together == tuple(match for topic in topics for match in Watchlist([topic]).matches(seen))


WORDS = (*NAMES, "C++", "AT&T", "24/7", "3.5", "😡", "電子", "москва", "हिन्दी")
odd_texts = st.lists(
    st.sampled_from(
        [*WORDS, *ATOMS, "\\", "\\u00e4", '"', "<", ">", "&amp;", "\u3099", "\u0308", "МОСКВА", "Ｃ＋＋", "☃", "！"]
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=14,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(
    nodes.filter(anchored) | st.sampled_from(WORDS).map(Word), odd_texts | texts, st.lists(names, max_size=2).map(tuple)
)
def test_a_raw_frame_of_a_match_may_match(node: Node, text: str, tags: tuple[str, ...]) -> None:
    watchlist = Watchlist([Topic(name="topic", query=str(Query(node)))])
    seen = post(text, lang="de", hashtags=tags)
    frame = msgspec.to_builtins(seen)
    if watchlist.matches(seen):
        assert watchlist.may_match(json.dumps(frame))
        assert watchlist.may_match(json.dumps(frame, ensure_ascii=False))
        assert watchlist.may_match(msgspec.json.encode(seen).decode())


@BOUNDED
@given(nodes.filter(anchored), posts)
def test_spans_are_in_order_and_cut_out_of_the_document(node: Node, seen: Post) -> None:
    for match in Watchlist([Topic(name="topic", query=str(Query(node)))]).matches(seen):
        starts = [span.start for span in match.spans]
        assert starts == sorted(set(starts))
        assert all(seen.document[span.start : span.end] == span.text != "" for span in match.spans)


def test_and_and_or_are_flat() -> None:
    assert all_of([Word("a"), And((Word("b"), Word("c")))]) == And((Word("a"), Word("b"), Word("c")))
