"""Text from strangers, made harmless for a terminal.

What goes: escape sequences as a whole, control characters, marks that turn the direction of writing around,
invisible characters that hide or smuggle text, and towers of accents. What stays: every script, emoji with their
joiners and variation selectors, and line breaks as `\\n`.

Sources: ECMA-48 (sequences), UAX #9 (bidi controls), UTS #51 (emoji), Unicode TR #36 (security).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

LIMIT = 5_000  # characters of one text on a screen; what is longer is cut

# A string without its end (`ESC ] ...`) loses its introducer only, so that nobody can hide the rest of a post.
_SEQUENCES = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, screen
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])"  # OSC (titles, links, clipboard), DCS, SOS, PM, APC ...
    r"(?:[^\x07\x1b\x90\x98\x9c-\x9f]{0,4000}(?:\x07|\x1b\\|\x9c))?"  # ... with what they carry
    r"|\x1b[ -/]*[0-~]?"  # the short ones, RIS and character sets among them
)
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = "\u00ad\u034f\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_ACCENTS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_BREAKS = "\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]"
_HARM = re.compile(
    f"(?P<gone>{_SEQUENCES}|[{_BIDI}{_UNSEEN}]+|(?<=[{_ACCENTS}]{{3}})[{_ACCENTS}]+)"
    f"|(?P<break>{_BREAKS})|(?P<tab>\t)|(?P<bad>[\0\ud800-\udfff])|[\x01-\x1f\x7f-\x9f]+"
)
_BLANKS = re.compile(r"\s+")
_KEPT = {"break": "\n", "tab": " ", "bad": "\ufffd"}

Spans = Sequence[tuple[int, int]]


def safe(text: str) -> str:
    """The text as a terminal may show it: no `Cc` but `\\n`, no bidi controls, at most LIMIT characters."""
    return _cut(text if _harmless(text) else _HARM.sub(_instead, text[: LIMIT * 8]))


def safe_line(text: str) -> str:
    """As `safe`, on one line: every run of blanks and line breaks is one space, none at the ends."""
    return " ".join(safe(text).split())


def safe_marked(text: str, spans: Spans) -> tuple[str, list[tuple[int, int]]]:
    """As `safe_line`, with the same spans in the new text, one for one; a span that is gone is empty.

    Nothing is cut: the caller chooses the passage.
    """
    if not _harmless(text):
        text, spans = _rewritten(text, spans, _HARM, _instead)
    return _rewritten(text, spans, _BLANKS, lambda _: " ")


def _harmless(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _cut(text: str) -> str:
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"


def _instead(harm: re.Match[str]) -> str:
    return _KEPT.get(harm.lastgroup or "", "")


def _rewritten(
    text: str, spans: Spans, pattern: re.Pattern[str], instead: Callable[[re.Match[str]], str]
) -> tuple[str, list[tuple[int, int]]]:
    """What `pattern.sub` gives, and where the spans are then. An edge inside of a replacement moves to its end."""
    found = [(match.start(), match.end(), instead(match)) for match in pattern.finditer(text)]
    ends = [end for _, end, _ in found]
    shifts = [0, *accumulate(len(new) - (end - start) for start, end, new in found)]

    def moved(place: int) -> int:
        place = min(max(place, 0), len(text))
        passed = bisect_right(ends, place)
        if passed < len(found) and found[passed][0] < place:  # inside of what is replaced
            return found[passed][0] + shifts[passed] + len(found[passed][2])
        return place + shifts[passed]

    return pattern.sub(instead, text), [(moved(start), moved(max(start, end))) for start, end in spans]
