"""How each network's search decides, slow and simple, as its documentation says; read beside `dialects.py`.

A model takes a search as the network would receive it and says whether a post is found. It reads words, phrases,
hashtags and signs on its own; the code under test has no part in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

import msgspec

from listen.post import Post
from listen.query.shaping import Search

_TAG = re.compile(r"(?<![\w/])#(\w+)")
_TOKEN = re.compile(r'\(|\)|"[^"]*"|[^\s()"|]+|\|')


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """`words`: how its index has a word (whole, as a part, or by its beginning, unless it stands in quotes)."""

    words: Literal["whole", "parts", "begun", "none"] = "whole"
    folds: bool = False  # accents fall away, ä becomes a
    tags: bool = False  # #kindle is a hashtag of its own
    tags_in_words: bool = True  # and its name is a word of the text too
    names: bool = False
    fewest_letters: int = 1
    most_characters: int = 10_000
    most_words: int = 10_000
    most_signs: int = 10_000
    signs: frozenset[str] = frozenset({"AND"})

    def finds(self, search: Search, post: Post) -> bool:
        """Whether the search finds the post; AssertionError if the network would refuse it."""
        ((_, text),) = search.params
        assert 0 < len(text) <= self.most_characters
        tokens = _TOKEN.findall(text)
        signs = sum(token in {"OR", "|"} or token.startswith("-") for token in tokens)
        assert signs <= self.most_signs
        assert signs == 0 or self.signs & {"OR", "|"}
        assert "(" not in tokens or "(" in self.signs
        assert len(text.split()) <= self.most_words
        if not self.signs:
            assert len(tokens) == 1
        found, rest = self._either(tokens, post)
        assert rest == []
        return found

    def _either(self, tokens: list[str], post: Post) -> tuple[bool, list[str]]:
        found, rest = self._together(tokens, post)
        while rest and rest[0] in {"OR", "|"}:
            also, rest = self._together(rest[1:], post)
            found = found or also
        return found, rest

    def _together(self, tokens: list[str], post: Post) -> tuple[bool, list[str]]:
        found = True
        assert tokens
        while tokens and tokens[0] not in {"OR", "|", ")"}:
            if tokens[0] == "(":
                also, tokens = self._either(tokens[1:], post)
                assert tokens[0] == ")"
            else:
                last = not [token for token in tokens[1:] if token != ")"]
                also = self._term(tokens[0], post, last=last)
            found, tokens = found and also, tokens[1:]
        return found, tokens

    def _term(self, token: str, post: Post, *, last: bool) -> bool:
        if token[0] == "-":
            return not self._term(token[1:], post, last=last)
        name, colon, value = token.partition(":")
        if colon and token[0] != '"':
            return _field(name, value, post)
        if self.tags and token[0] == "#":
            return self.same(token[1:]) in map(self.same, tags_of(post))
        if self.names and token[0] == "@":
            return token[1:].lower() in [name.lower() for name in re.findall(r"(?<!\w)@(\w+)", text_of(post))]
        wanted = self.runs(token)
        assert sum(map(len, wanted)) >= self.fewest_letters
        if self.words == "parts":
            return wanted[0] in self.same(text_of(post))
        text = text_of(post) if self.tags_in_words or not self.tags else _TAG.sub(" ", text_of(post))
        seen = self.runs(text)
        if self.words == "begun" and last and token[0] != '"':
            return any(word.startswith(wanted[0]) for word in seen)
        return any(seen[at : at + len(wanted)] == wanted for at in range(len(seen)))

    def runs(self, text: str) -> list[str]:
        """The words: runs of letters and digits."""
        return re.findall(r"[^\W_]+", self.same(text))

    def same(self, text: str) -> str:
        """What is the same for the network."""
        lowered = unicodedata.normalize("NFC", text.lower())
        if not self.folds:
            return lowered
        bare = unicodedata.normalize("NFD", lowered.replace("ß", "ss"))
        return "".join(letter for letter in bare if not unicodedata.combining(letter))


class Tags(Network, frozen=True, kw_only=True):
    """A place that knows a post by its hashtags only."""

    together: bool = False  # any[], all[] and none[] beside the tag
    separator: str = ""

    def finds(self, search: Search, post: Post) -> bool:
        seen = {self.same(tag) for tag in tags_of(post)}
        (_, first), *others = search.params
        tags = first.split(self.separator) if self.separator else [first]
        if not self.together:
            assert not others
            return any(self.same(tag) in seen for tag in tags)
        named = {kind: [self.same(tag) for key, tag in others if key == kind] for kind in ("any[]", "all[]", "none[]")}
        assert len(others) == sum(map(len, named.values()))
        assert all(len(some) <= 4 for some in named.values())
        return (
            any(tag in seen for tag in (self.same(first), *named["any[]"]))
            and all(tag in seen for tag in named["all[]"])
            and not any(tag in seen for tag in named["none[]"])
        )


def text_of(post: Post) -> str:
    """What is written: title and text. Hashtags beside them are no text."""
    return f"{post.title or ''}\n{post.text}"


def tags_of(post: Post) -> Sequence[str]:
    """The hashtags, written in the text or beside it."""
    return (*_TAG.findall(text_of(post)), *post.hashtags)


def _field(name: str, value: str, post: Post) -> bool:
    match name:
        case "lang" | "language":
            return (post.lang or "").partition("-")[0] == value
        case "from" | "author":
            return (post.author or "").lower() == value
        case "is":
            return {"retweet": "repost"}.get(value, value) == post.kind
        case _:
            raise AssertionError(name)


_BOOLEAN = frozenset({"AND", "OR", "("})
X = Network(folds=True, tags=True, names=True, signs=_BOOLEAN, most_characters=512)
NETWORKS: dict[str, Network] = {
    "bluesky search": Network(tags=True, tags_in_words=True),
    "discourse search": Network(fewest_letters=3),
    "feeds news": Network(folds=True, signs=frozenset({"AND", "OR"}), most_words=32 + 11),  # 11 times OR
    "github": Network(signs=_BOOLEAN, most_signs=5, most_characters=256 - 70),
    "github discussions": Network(most_characters=256 - 70),
    "hackernews": Network(words="begun", folds=True),
    "instagram": Tags(),
    "json": Network(signs=frozenset()),
    "lemmy search": Network(words="parts", signs=frozenset()),
    "mastodon": Tags(folds=True, together=True),
    "mastodon search": Network(folds=True),
    "misskey": Tags(separator=" OR "),
    "misskey search": Network(signs=frozenset()),
    "nostr": Tags(separator=" OR "),
    "nostr search": Network(signs=frozenset()),
    "peertube search": Network(signs=frozenset()),
    "reddit": Network(signs=frozenset({"AND", "OR"}), most_characters=512),
    "stackexchange": Network(),
    "stackexchange tags": Tags(separator=";"),
    "threads": Network(tags=True, tags_in_words=False, signs=frozenset()),
    "tumblr": Tags(),
    "wordpress tags": Tags(),
    "wordpress": Network(words="parts", folds=True, most_words=9),
    "x": X,
    "x stream": msgspec.structs.replace(X, folds=False, most_characters=1_024),
    "youtube": Network(folds=True, signs=frozenset({"AND", "|"})),
}
