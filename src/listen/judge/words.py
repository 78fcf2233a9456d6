"""A text as the judge reads it: folded words with their places, sentences, questions, names and links.

Folding makes one key of many spellings: lower case, `ä` = `ae`, `ß` = `ss`, no apostrophes, so that tables and
texts meet. Places stay those of the text as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

LIMIT = 20_000  # characters that are read; what comes after them does not change a verdict

_TOKEN = re.compile(
    r"""
    (?P<skip> https?://\S+ | www\.\S+ | <[a-z/!][^<>]{0,300}> | &\#?\w{1,8}; )
  | (?P<face> [:;=]['´]?-?[()\[\]DPp/|*]+(?!\w) | <3+ | \^\^ | [\u2600-\u27bf\U0001f300-\U0001faff] )
  | (?P<word> [@\#]?[^\W_](?: [\w\u0300-\u036f] | ['’´`](?=\w) )* )
  | (?P<stop> [.!?…\n。！？]+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A combining diaeresis becomes the `e` of `ae`, so that decomposed letters fold like composed ones.
_FOLDS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "\u0308": "e", "’": "", "'": "", "´": "", "`": ""})
STRETCH = re.compile(r"([^\W\d])\1{2,}")
_SUPPORT = re.compile(r"support|help|care|service|hilf|_cs$|^ask|kunden|fragen|cares$", re.IGNORECASE)
_NUMBERS = """zwei drei vier fuenf sechs sieben acht neun zehn zwoelf mehreren mehrere paar etlichen einigen
    two three four five six seven eight nine ten several couple few"""
_NUMBER = frozenset(_NUMBERS.split())


@dataclass(slots=True)
class Words:
    """The folded `keys`, and for each its `starts`, `ends` and `sentence`; all four of the same length."""

    text: str
    keys: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)  # sentences that end with a question mark
    names: int = 0  # @names
    support: bool = False  # a name like @FirmSupport is addressed
    links: int = 0
    exclaims: int = 0
    capitals: int = 0  # words of four letters or more, all capitals

    def __len__(self) -> int:
        return len(self.keys)


def read(text: str) -> Words:
    """The words among the first `LIMIT` characters."""
    found, sentence = Words(text), 0
    for token in _TOKEN.finditer(text[:LIMIT]):
        kind, raw = token.lastgroup, token.group()
        if kind == "stop":
            if "?" in raw or "？" in raw:
                found.asked.add(sentence)
            found.exclaims += raw.count("!")
            sentence += 1
        elif kind == "skip":
            found.links += raw[0] in "hHwW"
        else:
            _keep(found, raw, token.start(), sentence)
    return found


def _keep(found: Words, raw: str, start: int, sentence: int) -> None:
    if raw[0] == "@":
        found.names += 1
        found.support = found.support or _SUPPORT.search(raw) is not None
    elif len(raw) > 3 and raw.isupper():
        found.capitals += 1
    found.keys.append(fold(raw))
    found.starts.append(start)
    found.ends.append(start + len(raw))
    found.sentence.append(sentence)


@lru_cache(maxsize=50_000)
def fold(raw: str) -> str:
    """The key of a word: `Kündigung` is `kuendigung`, `won't` is `wont`; the sign of `@name` and `#tag` stays."""
    lowered = raw.lower()
    return lowered.replace("'", "").replace("`", "") if lowered.isascii() else lowered.translate(_FOLDS)


def spellings(key: str) -> tuple[str, ...]:
    """What a key may stand for in a table: itself, without stretched letters, without `#`, `<n>` for a number."""
    if key[0] == "#":
        return (key, *spellings(key[1:])) if len(key) > 1 else (key,)
    if key[0] == "@":
        return ("<@>",)
    if key[0].isdigit() or key in _NUMBER:
        return (key, "<n>")
    if STRETCH.search(key):  # `sooo` is `so`, `kaputttt` is `kaputt`
        return key, STRETCH.sub(r"\1", key), STRETCH.sub(r"\1\1", key)
    return (key,)
