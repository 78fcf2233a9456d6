"""How a mention is put into words, the same on every line and screen. All results are safe for a terminal."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

from listen.mention import Change, Mention, Verdict
from listen.outputs.safe import safe_line
from listen.post import Post
from listen.selection import moment_of

_AUTHOR_LIMIT = 60  # characters; a handle with a long server name has about 50
_URL_LIMIT = 2_000  # what browsers take


def local(moment: datetime) -> datetime:
    """The moment on this machine's clock; years at the end of the calendar stay in UTC."""
    try:
        return moment.astimezone()
    except (OverflowError, ValueError, OSError):
        return moment


def clock(mention: Mention, now: datetime) -> str:
    """Local `13:02`, with its date before it if that is not today's."""
    posted, today = local(moment_of(mention)), local(now).date()
    return f"{posted:%H:%M}" if posted.date() == today else day_and_clock(mention)


def day_and_clock(mention: Mention) -> str:
    """Local `2026-11-21 13:02`; years below 1000 keep their four digits."""
    posted = local(moment_of(mention))
    return f"{posted.date().isoformat()} {posted:%H:%M}"


def flag_of(verdict: Verdict) -> str:
    """`complaint`, `opportunity: buying`, `praise`, or nothing at all for `none`."""
    if verdict.flag == "none":
        return ""
    kind = verdict.opportunity_kind if verdict.flag == "opportunity" else None
    return f"{verdict.flag}: {kind}" if kind else verdict.flag


def author_of(post: Post) -> str:
    """`@anna.example`; a name with blanks stands without the @, and nobody is `somebody`."""
    handle = safe_line(post.author or "").lstrip("@")
    name = handle or safe_line(post.author_name or "") or "somebody"
    name = name if len(name) <= _AUTHOR_LIMIT else name[: _AUTHOR_LIMIT - 1] + "…"
    return f"@{name}" if handle and " " not in name else name


def reach_of(followers: int) -> str:
    """`120`, `1.2k`, `34k`, `5.1M`."""
    for least, size, unit in ((999_500, 1_000_000, "M"), (1_000, 1_000, "k")):
        if followers >= least:
            value = followers / size
            return (f"{value:.1f}".removesuffix(".0") if value < 9.95 else f"{value:.0f}") + unit
    return str(followers)


def address_of(post: Post) -> str:
    """The post's URL without blanks, ready to be clicked or copied; empty if there is none."""
    if not post.url:
        return ""
    address = re.sub(r"\s", lambda blank: quote(blank[0]), safe_line(post.url))
    return address if len(address) <= _URL_LIMIT else address[: _URL_LIMIT - 1] + "…"


def fate_of(change: Change) -> str:
    """`edited` or `withdrawn`; empty for what is new."""
    return "" if change.kind == "new" else change.kind


def count(number: int, noun: str) -> str:
    """`1 mention`, `12 mentions`, `3,400 mentions`; nouns in `y` change it: `2 opportunities`."""
    many = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else many}"
