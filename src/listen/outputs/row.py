"""A mention as a block for people: who, where and how grave on top, then the words, then where to answer.

    ▌13:02  bluesky     complaint ▲ high  @anna.example 1.2k followers
    ▌       Mein Kindle geht nicht mehr an, und der Support antwortet nicht.
    ▌       why: geht nicht mehr · Support antwortet nicht
    ▌       https://social.example/@anna/1

The flag is a word and a colour, never a colour alone. Only the terminal's own 16 colours are used and no
backgrounds, so that light and dark themes both work; red, cyan and magenta stay apart for colour-blind readers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text

from listen.mention import Change, Flag, Mention
from listen.outputs.safe import safe_line, safe_marked
from listen.outputs.words import address_of, author_of, clock, fate_of, flag_of, reach_of
from listen.post import Post

COLOURS: dict[Flag, str] = {"complaint": "red", "opportunity": "cyan", "praise": "magenta", "none": "default"}
LINES = 4  # of a post's words
MEASURE = 100  # cells; longer lines are hard to read, however wide the window is
_PASSAGE = 1_600  # characters that are looked at for those lines
_PLATFORM = 10  # cells; the longest name of ours is `hackernews`
_REST_OF_EMOJI = re.compile("(?:[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|\u200d.)+")
_NARROW = 60  # cells; below, the words are indented by 2 instead of 7


def block(change: Change, now: datetime, width: int, console: Console, *, links: bool = False) -> Text:
    """The mention in lines of at most `width` cells; only an address may be longer, so that it stays whole.

    `console` is needed for wrapping alone. `links` adds OSC 8 links where colours are on.
    """
    mention = change.mention
    if change.kind == "withdrawn":
        return _withdrawn(mention, now, width)
    flag = mention.verdict.flag
    bar = Text.assemble((" ", "") if flag == "none" else ("▌", COLOURS[flag]))
    indent = 2 if width < _NARROW else 7
    room = width - 1 - indent
    lines = [*_words(mention, min(room, MEASURE), console), *_why(mention, min(room, MEASURE))]
    drawn = [bar + line for line in _head(change, now, width - 1, indent)]
    drawn += [bar + Text(" " * indent) + line for line in lines]
    drawn += _address(mention.post, bar + Text(" " * indent), width, links=links)
    return Text("\n").join(drawn)


def _head(change: Change, now: datetime, room: int, indent: int) -> list[Text]:
    """When, where, the flag and who, each kept together; what does not fit goes to a line of its own."""
    mention = change.mention
    platform = safe_line(mention.post.platform)
    first = Text.assemble((clock(mention, now), "dim"), "  ", platform.ljust(_PLATFORM))
    pieces = [piece for piece in (_flag(mention), Text(fate_of(change), "italic"), *_who(mention.post)) if piece]
    lines = [first]
    for piece in pieces:
        if lines[-1].cell_len + 2 + piece.cell_len <= room:
            lines[-1] = lines[-1] + Text("  ") + piece
        else:
            lines.append(Text(" " * indent) + piece)
    for line in lines:
        line.truncate(room, overflow="ellipsis")
    return lines


def _flag(mention: Mention) -> Text:
    colour = COLOURS[mention.verdict.flag]
    label = flag_of(mention.verdict)
    urgent = "▲ high" if mention.verdict.urgency == "high" else ""
    return Text(" ".join(filter(None, (label, urgent))), f"bold {colour}")


def _who(post: Post) -> list[Text]:
    who = Text(author_of(post))
    if post.followers is not None:
        who.append(f" {reach_of(post.followers)} followers", "dim")
    stars = [] if post.rating is None else [Text(f"★ {post.rating:g}/5")]
    return [who, *stars]


def _words(mention: Mention, room: int, console: Console) -> list[Text]:
    """At most LINES lines of the post: those where most of the marked words stand."""
    text, heading, before, after = _marked(mention)
    parts = text.divide([heading]) if 0 < heading < len(text) else [text]
    wide = max(room - 2, 4)  # the dots at a cut need two cells
    lines = [line for part in parts for line in _stripped(part).wrap(console, wide) if line.plain.strip()]
    start = _best_start(lines)
    chosen = lines[start : start + LINES]
    if chosen and (before or start):
        chosen[0] = Text.assemble(("… ", "dim"), chosen[0])
    if chosen and (after or start + LINES < len(lines)):
        chosen[-1].rstrip()
        chosen[-1].truncate(room - 2)
        chosen[-1].append(" …", "dim")
    return chosen


def _marked(mention: Mention) -> tuple[Text, int, bool, bool]:
    """A passage of the post with its marked words, where its heading ends, and whether it was cut at each end."""
    post = mention.post
    document = post.document
    matched = [(span.start, span.end) for match in mention.matches for span in match.spans]
    reasons = [(reason.start, reason.end) for reason in mention.verdict.reasons]
    start, end = _passage(len(document), [*reasons, *matched])
    heading = (0, len(post.heading) if start == 0 else 0)
    spans = [(left - start, right - start) for left, right in (*matched, *reasons, heading)]
    plain, moved = safe_marked(document[start:end], spans)
    moved = [(left, _whole(plain, right)) for left, right in moved]
    text = Text(plain)
    text.stylize("bold", *moved[-1])
    for place in moved[: len(matched)]:
        text.stylize("bold underline", *place)
    for place in moved[len(matched) : -1]:
        text.stylize(COLOURS[mention.verdict.flag], *place)
    return text, moved[-1][1], start > 0, end < len(document)


def _passage(length: int, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where to look in a long text: its beginning, or if nothing is marked there, around the first mark."""
    first = min((start for start, _ in spans), default=0)
    start = 0 if first < _PASSAGE // 2 else min(first - 200, length)
    return start, min(start + _PASSAGE, length)


def _whole(text: str, end: int) -> int:
    """The end of a mark, moved behind the rest of an emoji: a colour change within one would tear it apart."""
    rest = _REST_OF_EMOJI.match(text, end)
    return rest.end() if rest and end else end


def _best_start(lines: Sequence[Text]) -> int:
    """Where most of the marked words are seen; among equals the beginning, then where they stand in the middle."""

    def worth(start: int) -> tuple[int, bool, int]:
        seen = [len(line.spans) for line in lines[start : start + LINES]]
        return sum(seen), start == 0, sum(seen[1:3])

    return max(range(max(len(lines) - LINES, 0) + 1), key=worth)


def _stripped(text: Text) -> Text:
    lead = len(text.plain) - len(text.plain.lstrip(" "))
    text.rstrip()
    return text[lead:] if lead and text.plain else text


def _why(mention: Mention, room: int) -> list[Text]:
    reasons = " · ".join(filter(None, (safe_line(reason.text) for reason in mention.verdict.reasons)))
    if mention.verdict.flag == "none" or not reasons:
        return []
    line = Text(f"why: {reasons}", "dim")
    line.truncate(room, overflow="ellipsis")
    return [line]


def _address(post: Post, lead: Text, width: int, *, links: bool) -> list[Text]:
    """The address on one line. One that would not fit begins at the left edge and is left to the terminal
    to wrap, because an address with line breaks can be neither clicked nor copied.
    """
    address = address_of(post)
    if not address:
        return []
    link = address if links and urlsplit(address).scheme in {"http", "https"} else None
    line = Text(address, Style(dim=True, link=link))
    return [lead + line if cell_len(lead.plain) + line.cell_len <= width else line]


def _withdrawn(mention: Mention, now: datetime, width: int) -> Text:
    """One dim line: the author took it back, so little of it is shown."""
    platform = safe_line(mention.post.platform).ljust(_PLATFORM)
    start, _ = safe_marked(mention.post.document[:_PASSAGE], ())
    line = Text(f" {clock(mention, now)}  {platform}  withdrawn: {author_of(mention.post)} “{start.strip()}”", "dim")
    line.truncate(width, overflow="ellipsis")
    return line
