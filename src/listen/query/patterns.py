"""Regular expressions in queries: RE2's, which take linear time whatever the pattern and the text.

They look at a post as it is written, links included. Case does not matter unless the pattern says `(?-i)`.
What RE2 can read stands in https://github.com/google/re2/wiki/Syntax: no look-around, no back-references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from listen.plain import wellformed
from listen.query.fold import fold

LONGEST = 1_000  # characters of a pattern
LARGEST = 5_000  # steps of its program; `.{500}` has 4,004
_MEMORY = 1 << 20  # bytes that RE2 may take for one pattern; when they are used up it gets slower, not wrong
_MOST_PLACES = 100  # looked at in one post; each may cost a walk to the end of the text

_SAID = {
    "missing )": "this '(' is never closed",
    "unexpected )": "this ')' closes nothing",
    "missing ]": "this '[' is never closed",
    "invalid perl operator": "look-around is not supported, as it can take forever",
    "invalid escape sequence": "there is no such escape; back-references are not supported",
    "no argument for repetition operator": "there is nothing to repeat before it",
    "bad repetition operator": "repeated twice; use parentheses",
    "invalid repetition size": "repeated too often; 1,000 times in all are the most",
    "invalid character class range": "there is no such range of characters",
    "invalid character class": "there is no such class of characters",
}


def problem_of(pattern: str) -> tuple[int, str] | None:
    """Why the pattern cannot be used, and at which of its characters (from 0); None if it can."""
    import re2

    if len(pattern) > LONGEST:
        return 0, f"a regular expression has at most {LONGEST:,} characters, this one has {len(pattern):,}"
    if re.search(r"(?<!\\)(?:\\\\)*\\C", pattern):
        return pattern.index("\\C"), "'\\C' would cut characters into bytes; use '.'"
    try:
        made = _compiled(pattern)
    except re2.error as problem:
        return _located(pattern, problem)
    except UnicodeEncodeError as problem:
        return problem.start, "there is half a character here"
    if made.programsize > LARGEST:
        return 0, f"this regular expression is too large: {made.programsize:,} steps, {LARGEST:,} are the most"
    if made.search("") is not None:
        return 0, "this regular expression matches a text without any letter, so it would match every post"
    return None


def found(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a usable pattern stands in the text, in order; empty places do not count."""
    places = (match.span() for match in islice(_compiled(pattern).finditer(wellformed(text)), _MOST_PLACES))
    return (place for place in places if place[0] < place[1])


def literals(pattern: str) -> tuple[str, ...]:
    """Letters, folded, of which one run stands in every folded text that a usable pattern matches; may be empty."""
    if "\\Q" in pattern:
        return ()
    return _Reader(pattern).whole()


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    options.max_mem = _MEMORY
    return re2.compile(pattern, options)


def _located(pattern: str, problem: Exception) -> tuple[int, str]:
    """RE2 says `b'missing ): (a'`: what is wrong, and the part of the pattern that is."""
    (said,) = problem.args
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    what, _, part = text.partition(": ")
    at = _unclosed(pattern) if what == "missing )" else pattern.rfind(part) if part else -1
    told = _SAID.get(what, f"{what}, in this regular expression")
    return max(at, 0), told + (f": {part}" if part and part != pattern else "")


_TOKEN = re.compile(
    r"""
    (?P<class>  \[\^?\]? (?: \[:\^?\w+:\] | \\. | [^\]\\] )* \] )
  | (?P<escape> \\ (?: [pPx]\{[^}]*\} | [pP]. | x[0-9A-Fa-f]{2} | [0-7]{1,3} | [^\W_] ) )
  | \\ (?P<quoted> . )
  | (?P<repeat> (?: [*+?] | \{\d+(?:,\d*)?\} ) \?? )
  | (?P<open>   \( (?: \? (?: P?<\w+> | [a-zA-Z-]*: ) )? (?!\?) )
  | (?P<flags>  \(\?[a-zA-Z-]+\) )
  | (?P<close>  \) )
  | (?P<or>     \| )
  | (?P<other>  . )
    """,
    re.VERBOSE | re.DOTALL,
)
# Folding turns these into the same letters wherever they stand, and whatever mark follows.
_STEADY = frozenset("abcdefghijklmnopqrstuvwxyz0123456789äöüß")
_SHORTEST = 2  # letters of a run that is worth looking for


def _unclosed(pattern: str) -> int:
    """Where the last group begins that is never closed."""
    begun: list[int] = []
    for token in _TOKEN.finditer(pattern):
        if token.lastgroup == "open":
            begun.append(token.start())
        elif token.lastgroup == "close" and begun:
            begun.pop()
    return begun[-1] if begun else 0


class _Reader:
    """Walks over a pattern once. A run ends where anything but a letter may or must come."""

    def __init__(self, pattern: str) -> None:
        self._tokens = [(str(token.lastgroup), token[0]) for token in _TOKEN.finditer(pattern)]
        self._at = 0

    def whole(self) -> tuple[str, ...]:
        return self._alternatives()

    def _alternatives(self) -> tuple[str, ...]:
        sides = [self._sequence()]
        while self._kind == "or":
            self._at += 1
            sides.append(self._sequence())
        return tuple(dict.fromkeys(run for side in sides for run in side)) if all(sides) else ()

    def _sequence(self) -> tuple[str, ...]:
        runs: list[tuple[str, ...]] = []
        run = ""
        while self._kind not in {"or", "close", ""}:
            kind, text = self._tokens[self._at]
            self._at += 1
            if kind == "open":
                inside = self._alternatives()
                self._at += 1
                letter = ""
            else:
                inside, letter = (), text.lower() if kind == "other" and text.lower() in _STEADY else ""
            needed, once = self._repeated()
            run += letter if needed else ""
            if not (letter and once):
                runs += [_worth(run), inside if needed else ()]
                run = ""
        return max([*runs, _worth(run)], key=_narrowness)

    def _repeated(self) -> tuple[bool, bool]:
        """Whether what was just read has to stand there, and whether exactly once."""
        if self._kind != "repeat":
            return True, True
        text = self._tokens[self._at][1]
        self._at += 1
        return text[0] == "+" or (text[0] == "{" and int(re.split(r"[,}]", text[1:])[0]) > 0), False

    @property
    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""


def _worth(run: str) -> tuple[str, ...]:
    """Without umlauts at its end: a mark that follows them may change how they fold."""
    folded = fold(run.rstrip("äöü"))
    return (folded,) if len(folded) >= _SHORTEST else ()


def _narrowness(runs: Sequence[str]) -> tuple[int, int]:
    return min((len(run) for run in runs), default=0), -len(runs)
