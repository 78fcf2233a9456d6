"""Queries and posts made up by Hypothesis, and which of them a network can see at all."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis.strategies import SearchStrategy

from listen.post import Post
from listen.query.dialects import DIALECTS
from listen.query.fold import fold
from listen.query.letters import pieces
from listen.query.tree import (
    And,
    At,
    Compound,
    Exact,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Regex,
    Tag,
    Term,
    Title,
    Word,
    all_of,
    any_of,
    none_of,
)
from listen.watchlist.matcher import holds
from listen.watchlist.sight import Sight
from tests.query.networks import tags_of
from tests.watchlist.making import post

NAMES = ("kindle", "fire", "Hülle", "amazon", "groß", "Café", "schon", "or", "Mueller")
names = st.sampled_from(NAMES)
terms: SearchStrategy[Term] = st.one_of(
    names.map(Word),
    names.map(Word),
    st.tuples(names, names).map(lambda pair: Phrase(" ".join(pair))),
    st.tuples(names, names).map(lambda pair: Word("-".join(pair))),
    names.map(Exact),
    names.map(Prefix),
    names.map(Compound),
    st.builds(Tag, names, st.booleans()),
    st.sampled_from(["kindle", "fire"]).map(At),
    st.just(Regex("kind.e")),
)
fields = st.sampled_from(
    [
        Field("lang", "de"), Field("platform", "x"), Field("author", "anna"), Field("author", "anna.bsky.social"),
        Field("kind", "repost"), Field("kind", "reply"), Field("has", "link"),
    ]
)  # fmt: skip
leaves: SearchStrategy[Node] = terms | st.builds(Near, terms, terms, st.integers(0, 4)) | terms.map(Title) | fields
nodes: SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(all_of),
        st.lists(inner, min_size=2, max_size=6).map(any_of),
        inner.map(none_of),
    ),
    max_leaves=14,
)

_ENDINGS = ("", "s", "es", "n", "en", "ns", "e", "er", "ern")
_AFTER_E = ("", "s", "n", "ns")
ATOMS = (
    *NAMES, "Kindle", "KINDLE", "huelle", "GROSS", "gross", "cafe", "Müller", "Schön", "kindles", "s", "und",
    "kindlehülle", "#Kindle", "#kindle", "#kindlefire", "#Hülle", "#huelle", "#schön", "#Schon",
    "@kindle", "@fire", "#fire", "#groß",
    "-", ".", ",", "'", "!", " ", " ", " ", " ", " ", " ", "\n", " https://amazon.example/kindle ",
)  # fmt: skip
texts = st.lists(st.sampled_from(ATOMS), max_size=14).map("".join)


def posts_of(key: str, node: Node) -> SearchStrategy[Post]:
    """Posts as the network has them; many hold words of the query."""
    dialect = DIALECTS[key]
    written = st.lists(st.sampled_from([*ATOMS, *_words_of(node), " "]), max_size=12).map(" ".join) | texts
    tagged = dialect.finds == "tags" or dialect.tags_apart
    tags = st.lists(names | st.sampled_from(_tags_of(node) or ["x"]), max_size=3 if dialect.finds == "tags" else 1)
    if dialect.tags_apart:  # where a phrase is one word, as everybody writes them there
        tags = tags.filter(lambda some: not set("- ") & set("".join(some)))
    return st.builds(
        lambda text, title, lang, kind, author, some: post(
            _seen(text, key, ended=tagged), title=title and _seen(title, key, ended=False), lang=lang, kind=kind,
            author=author, platform=dialect.platform, hashtags=tuple(_seen(tag, key, ended=False) for tag in some),
        ),
        written,
        st.none() | texts,
        st.sampled_from([None, "de", "en"]),
        st.sampled_from(["post", "repost", "reply"]),
        st.sampled_from(["anna", "anna.bsky.social", "bert"]),
        tags if tagged else st.just([]),
    )  # fmt: skip


def _seen(text: str, key: str, *, ended: bool) -> str:
    """A network that tells accents apart sees only those that stand in the query; none of these does.

    Hashtags beside a text begin a sentence of their own, so that no phrase runs into them.
    """
    shown = text if DIALECTS[key].folds_accents else text.replace("é", "e")
    return f"{shown} ☃" if ended else shown


def _words_of(node: Node) -> list[str]:
    match node:
        case And(parts) | Or(parts):
            return [word for part in parts for word in _words_of(part)]
        case Not(part) | Title(part):
            return _words_of(part)
        case Near(left, right, _):
            return _words_of(left) + _words_of(right)
        case Tag(name):
            return [f"#{name}"]
        case At(name):
            return [f"@{name}"]
        case Field() | Regex():
            return []
        case _:
            return [node.text, node.text.upper()]


def _tags_of(node: Node) -> list[str]:
    """The words of the query as hashtags: in one word, and as Tumblr and Stack Exchange have them."""
    found = [word.lstrip("#@").replace("-", " ") for word in _words_of(node)]
    return [join.join(word.split()) for word in found for join in ("", "-", " ")]


def findable(node: Node, seen: Post, key: str) -> bool:
    """Whether a post that matches does so by words that the network can see as we do."""
    if not _holds(node, seen):
        return False
    match node:
        case Or(parts):
            return any(findable(part, seen, key) for part in parts)
        case And(parts):
            return _all_findable(parts, seen, key)
        case Near(left, right, _):
            return _all_findable((left, right), seen, key)
        case Title(term):
            return findable(term, seen, key)
        case Not() | Field():
            return True
        case _:
            return _is_certain(node, key) or _is_seen(node, seen, key)


def _all_findable(parts: tuple[Node, ...], seen: Post, key: str) -> bool:
    """With one side that the network finds for sure, the others need not be found there."""
    return any(_is_certain(part, key) for part in parts) or all(findable(part, seen, key) for part in parts)


def _is_certain(node: Node, key: str) -> bool:
    """Whether the network finds all that the node matches."""
    dialect = DIALECTS[key]
    match node:
        case And(parts):
            return any(_is_certain(part, key) for part in parts)
        case Or(parts):
            return all(_is_certain(part, key) for part in parts)
        case Near(left, right, _):
            return _is_certain(left, key) or _is_certain(right, key)
        case Title(term):
            return _is_certain(term, key)
        case Not() | Field() | Regex():
            return False
        case Tag(_, prefix):
            return not prefix or dialect.finds == "parts" or (dialect.prefixes and dialect.finds == "words")
        case Prefix() | Compound():
            return dialect.finds == "parts" or dialect.prefixes
        case _:
            short = dialect.fewest_letters > 1 and any(len(piece) < 3 for piece in pieces(fold(_text(node))))
            return dialect.finds != "tags" and not short


def _is_seen(term: Term, seen: Post, key: str) -> bool:
    dialect = DIALECTS[key]
    if isinstance(term, Regex):
        return False
    if dialect.finds == "tags":
        wanted = {join.join(pieces(fold(_text(term)))) for join in dialect.tag_joins}
        return not isinstance(term, At) and any(fold(tag) in wanted for tag in tags_of(seen))
    if len(_text(term)) < dialect.fewest_letters:
        return False
    match term:
        case Tag(name, True):
            return _holds(Tag(name), seen)
        case Compound(text):
            after = _AFTER_E if fold(text).endswith("e") else _ENDINGS
            endings = after if "OR" in dialect.joins else ("",)
            return any(_holds(Word(text + ending), seen) for ending in endings)
        case Prefix(text):
            return _holds(Word(text), seen)
        case _:
            return True


def _text(term: Node) -> str:
    return term.name if isinstance(term, Tag | At) else getattr(term, "text", "")


def _holds(node: Node, seen: Post) -> bool:
    return holds(node, Sight(seen, seen.document, fold(seen.document)))
