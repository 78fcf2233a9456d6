"""Forums that the user names by their addresses. What all software of forums has in common."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec

from listen.source import Options, PerMinute


class ForumOptions(Options, frozen=True, kw_only=True):
    """`forums` are addresses, with the folder if the forum lies in one."""

    forums: tuple[str, ...] = ()
    poll_seconds: Annotated[float, msgspec.Meta(ge=60)] = 120
    requests_per_minute: PerMinute | None = 60

    def __post_init__(self) -> None:
        for forum in self.forums:
            if not re.match(r"https?://[^\s/]+", forum):
                raise ValueError(f"{forum!r} is not an address of the web; write https://forum.example.com")
