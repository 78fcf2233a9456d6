"""Plain lines for pipes and logs: one mention, one line, its fields two blanks apart.

    2026-11-21 13:02  bluesky  complaint/high  @anna.example (120)  Kindle geht nicht mehr …  https://…

Time is local; the flag field is `FLAG/URGENCY` (`opportunity:buying/low`, `none/low`) and ends in `/edited` or
`/withdrawn` where that happened; what is unknown is `-`. No field holds two blanks in a row, so that
`awk -F '  +'`, `grep complaint/high` and `cut` work.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TextIO

from listen.mention import Change, Flag, Mention, Verdict
from listen.outputs.output import StreamOutput
from listen.outputs.safe import safe_line, safe_marked
from listen.outputs.stream import colourful, forgiving
from listen.outputs.words import address_of, author_of, day_and_clock, fate_of, flag_of
from listen.post import Post

TEXT_LIMIT = 2_000  # characters of one post
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_COLOURS: dict[Flag, str] = {
    "complaint": "\x1b[1;31m",
    "opportunity": "\x1b[1;36m",
    "praise": "\x1b[1;35m",
    "none": "",
}


class LinesOutput(StreamOutput):
    """Writes lines to a stream; `color` None means: if the stream is a terminal that wants it."""

    def __init__(self, stream: TextIO, *, color: bool | None = None) -> None:
        super().__init__(forgiving(stream))
        self.color = colourful(stream, color, os.environ)

    def show(self, change: Change) -> None:
        self.write((coloured_line(change) if self.color else line_of(change)) + "\n")


def line_of(change: Change) -> str:
    """The mention as one line without line break and escape sequences."""
    post = change.mention.post
    text, _ = _passage(post.document, ())
    return "  ".join((*_head(change), _who(post), text or "-", address_of(post) or "-"))


def coloured_line(change: Change) -> str:
    """The same line for a terminal: the flag in its colour, the words that matched bold, the rest calm."""
    post, verdict = change.mention.post, change.mention.verdict
    when, platform, flag = _head(change)
    text, spans = _passage(post.document, _matched(change.mention))
    colour = _COLOURS[verdict.flag]
    fields = (
        f"{_DIM}{when}{_PLAIN}",
        platform,
        f"{colour}{flag}{_PLAIN}" if colour else flag,
        _who(post),
        _emboldened(text, spans) or "-",
        f"{_DIM}{address_of(post) or '-'}{_PLAIN}",
    )
    return "  ".join(fields)


def _head(change: Change) -> tuple[str, str, str]:
    mention = change.mention
    flag = "/".join(filter(None, (_flag(mention.verdict), mention.verdict.urgency, fate_of(change))))
    return day_and_clock(mention), safe_line(mention.post.platform) or "-", flag


def _flag(verdict: Verdict) -> str:
    return flag_of(verdict).replace(": ", ":") or "none"


def _who(post: Post) -> str:
    return author_of(post) if post.followers is None else f"{author_of(post)} ({post.followers})"


def _matched(mention: Mention) -> list[tuple[int, int]]:
    return [(span.start, span.end) for match in mention.matches for span in match.spans]


def _passage(document: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    passage = document if len(document) <= TEXT_LIMIT else document[: TEXT_LIMIT - 1] + "…"
    text, marks = safe_marked(passage, spans)
    stripped = text.lstrip(" ")
    lost = len(text) - len(stripped)
    text = stripped.rstrip(" ")
    return text, [(max(0, start - lost), min(len(text), end - lost)) for start, end in marks]


def _emboldened(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, done = [], 0
    for start, end in sorted(spans):
        begin = max(start, done)
        if begin < end:
            parts += [text[done:begin], _BOLD, text[begin:end], _PLAIN]
            done = end
    return "".join((*parts, text[done:]))
