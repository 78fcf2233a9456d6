"""Terms as a network takes them: its spelling, its hashtags, and what it misses of a term.

Where a network finds only a part of what a term means, the wish says so, and is not `sure`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from listen.query.dialect import Dialect
from listen.query.fold import fold
from listen.query.letters import TAG_LETTER, pieces
from listen.query.spelling import is_spaced, spellings, words
from listen.query.tree import At, Compound, Exact, Node, Phrase, Prefix, Regex, Tag, Term, Word, canonical
from listen.query.wishes import Atom, Wish, all_of, any_of

Words = Word | Phrase | Exact | Prefix | Compound | Tag | At
# A wish; or all posts may match ("all"), none can ("none"), or the network cannot be asked for it ("unasked").
Outcome = Wish | Literal["all", "none", "unasked"]

_KEYWORDS = frozenset({"and", "or", "not", "near"})


class Wording:
    """Writes terms in one dialect; `decided` collects what is left to the watchlist."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._within = dialect.finds == "parts"
        self.decided: dict[str, None] = {}
        self.widened = False  # by words within words, in a way that is said once for all

    def leave(self, node: Node) -> None:
        """To the watchlist."""
        self.decided[canonical(node)] = None

    def of(self, term: Term) -> Outcome:
        if isinstance(term, Regex):  # No network has an engine for them that is known to find what ours does.
            return "unasked"
        if self._dialect.finds == "tags":
            return self._tagged(term)
        if not is_spaced(_text(term)):
            return self._split(term)
        match term:
            case Word(text) | Phrase(text):
                return self._text(text, joined=True)
            case Exact(text):
                self.leave(term)
                return self._text(text, joined=False)
            case Prefix(text) | Compound(text):
                return self._begun(term, text)
            case Tag(name, prefix):
                return self._tag(term, name) if not prefix else self._begun(term, name)
            case At(name):
                return self._at(term, name)

    def _text(self, text: str, *, joined: bool) -> Outcome:
        """The words of a text; those of a phrase also as one hashtag, which is a word where there are none."""
        dialect, wishes = self._dialect, list[Wish]()
        for way in spellings(text, folds_accents=dialect.folds_accents):
            parts = pieces(way)
            wish = self._words(parts)
            if wish is None:
                return "unasked"
            wishes.append(wish)
            name = "".join(words(way))
            one_word = len(parts) == 1 and dialect.tags_apart
            if "".join(parts) == name and (one_word or (joined and len(parts) > 1)):
                wishes.append(self._hashtag(name))
        if len(words(text)) > 1 and not dialect.phrases:
            self.decided[f'"{text}"'] = None
        self.widened |= self._within
        return any_of(wishes, within_words=self._within)

    def _hashtag(self, name: str) -> Wish:
        """A hashtag as the network has them; where a word finds it too, it needs that word."""
        dialect = self._dialect
        if dialect.tag is None:
            return self._words((name,)) or _word(name)
        text = dialect.tag.format(name)
        needs = {text} if dialect.tags_apart or len(words(name)) != 1 else {text, name}
        return Atom(text, frozenset(needs), weight=len(text))

    def _words(self, parts: tuple[str, ...]) -> Wish | None:
        """The pieces of a term, one after the other if the network can; None if it has none that it knows."""
        dialect = self._dialect
        runs = [run for part in parts for run in words(part)]
        if not runs:
            symbols = " ".join(parts)
            return Atom(symbols, frozenset({symbols}), weight=len(symbols)) if dialect.emoji else None
        if dialect.finds == "words" and dialect.phrases:
            return self._phrase(parts, runs)
        asked = [run for run in runs if self._is_askable(run)]
        if not asked:
            return None
        if "AND" not in dialect.joins or len(asked) > dialect.most_words:
            asked = [max(asked, key=len)]
        return all_of([_word(run) for run in asked], within_words=self._within)

    def _phrase(self, parts: tuple[str, ...], runs: list[str]) -> Wish | None:
        """The longest part of the phrase that fits into a search."""
        dialect = self._dialect
        if len(parts) == 1 and len(runs) == 1 and parts[0] == runs[0]:
            return self._single(runs[0])
        while len(parts) > 1 and (len(" ".join(parts)) + 2 > dialect.room or len(parts) > dialect.most_words):
            self.decided[f'"{" ".join(parts)}"'] = None
            parts = parts[:-1]
        text = " ".join(parts).replace('"', " ")
        runs = [run for part in parts for run in words(part)]
        if len(text) + 2 > dialect.room or sum(map(len, runs)) < dialect.fewest_letters:
            return None
        needs = frozenset({*runs, f'"{" ".join(runs)}"'}) if len(runs) > 1 else frozenset(runs)
        return Atom(f'"{text}"', needs, weight=max(map(len, runs)))

    def _single(self, run: str) -> Wish | None:
        if not self._is_askable(run):
            return None
        return _word(run, quoted=self._dialect.quotes_all or run in _KEYWORDS)

    def _is_askable(self, run: str) -> bool:
        return self._dialect.fewest_letters <= len(run) <= self._dialect.room - 2

    def _begun(self, term: Term, text: str) -> Outcome:
        """Words that begin so: as far as the network knows such a thing, else the word itself and its endings."""
        dialect = self._dialect
        self.leave(term)
        ways = spellings(text, folds_accents=dialect.folds_accents)
        if self._within:
            return self._text(text, joined=False)
        if dialect.prefixes:
            begun = [words(way)[-1] for way in ways if len(words(way)[-1]) > 1]
            if not begun:
                return "unasked"
            return any_of(Atom(run, frozenset({f"{run}*"}), prefix=True, weight=len(run)) for run in begun)
        endings = _endings(text) if isinstance(term, Compound) and "OR" in dialect.joins else ("",)
        outcomes = [self._text(text + ending, joined=isinstance(term, Tag)) for ending in endings]
        wishes = [outcome for outcome in outcomes if not isinstance(outcome, str)]
        also = " and its endings" if len(endings) > 1 else ""
        missed = f"finds whole words only: of {canonical(term)} the word itself{also}"
        return any_of(wishes, missed=[missed]) if wishes else "unasked"

    def _tag(self, term: Tag, name: str) -> Outcome:
        dialect = self._dialect
        if dialect.tag is None:
            self.leave(term)
            return self._text(name, joined=True)
        names = (_cut(way, dialect) for way in spellings(name, folds_accents=dialect.folds_accents))
        return any_of(self._hashtag(name) for name in names if name) if words(name) else "unasked"

    def _at(self, term: At, name: str) -> Outcome:
        if self._dialect.name and re.fullmatch(r"[A-Za-z0-9_]{1,15}", name):
            text = self._dialect.name.format(name.lower())
            return Atom(text, frozenset({text}), weight=len(text))
        self.leave(term)
        return self._text(name.partition("@")[0], joined=False)

    def _split(self, term: Words) -> Outcome:
        """Scripts without spaces: the network finds in them what it takes for words."""
        outcome = self._text(_text(term), joined=False)
        if self._within or isinstance(outcome, str):
            return outcome
        return any_of([outcome], missed=[f"finds {canonical(term)} only where it reads the same words"])

    def _tagged(self, term: Words) -> Outcome:
        """The hashtags that a term may stand in; only `#tag` itself is surely one."""
        dialect = self._dialect
        if isinstance(term, At):
            return "unasked"
        names: dict[str, None] = {}
        for way in spellings(_text(term), folds_accents=dialect.folds_accents):
            if isinstance(term, Tag):
                names[_cut(way, dialect)] = None
            elif isinstance(term, Exact) and " " in term.text.strip() and "" not in dialect.tag_joins:
                continue
            else:
                names |= dict.fromkeys(join.join(_kept(pieces(way), dialect)) for join in dialect.tag_joins)
        sure = isinstance(term, Tag) and not term.prefix
        if isinstance(term, Exact):
            self.leave(term)
        misses = "" if sure else dialect.limits[0].partition(";")[0]
        if isinstance(term, Prefix | Compound) or (isinstance(term, Tag) and term.prefix):
            misses = f"finds whole hashtags only: of {canonical(term)} the tag itself"
        asked = [name for name in names if name and (dialect.digits_tag or not name.isdecimal())]
        return any_of(_tag_atom(name, dialect, misses) for name in asked) if asked else "unasked"


def _endings(stem: str) -> Sequence[str]:
    """The endings of `kindle~`, as the watchlist has them; after an e without another one."""
    return ("", "s", "n", "ns") if fold(stem).endswith("e") else ("", "s", "es", "n", "en", "ns", "e", "er", "ern")


def _text(term: Words) -> str:
    return term.name if isinstance(term, Tag | At) else term.text


def _word(run: str, *, quoted: bool = False) -> Atom:
    return Atom(f'"{run}"' if quoted else run, frozenset({run}), weight=len(run))


def _tag_atom(name: str, dialect: Dialect, misses: str) -> Atom:
    text = (dialect.tag or "{}").format(name)
    return Atom(text, frozenset({text}), misses, tag=name, weight=len(text))


def _cut(name: str, dialect: Dialect) -> str:
    """The tag as far as the network reads it: `#kindle-fire` is mostly `#kindle`."""
    sign = f"[{re.escape(dialect.tag_signs)}]" if dialect.tag_signs else "(?!)"
    found = re.match(f"(?:{TAG_LETTER}|{sign})+", name)
    return found[0] if found else ""


def _kept(parts: tuple[str, ...], dialect: Dialect) -> list[str]:
    """The pieces with the signs that tags may hold."""
    kept = ("".join(sign for sign in part if sign in dialect.tag_signs or words(sign)) for part in parts)
    return [part for part in kept if part]
