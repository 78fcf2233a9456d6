"""What an entry of a channel's feed is."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import msgspec

from listen.feed.entry import Entry, Shaping
from listen.http.wire import host_of
from listen.platforms.youtube.api import NAME
from listen.post import Post


def shaping(about: str, url: str) -> Shaping:
    def shaped(post: Post, entry: Entry) -> Post | None:
        """The video that an entry is; what has no id of a video is none."""
        video = (entry.id or "").removeprefix("yt:video:")
        if not re.fullmatch(r"[\w-]{6,20}", video):
            return None
        by = urlsplit(entry.author_url or "").path.removeprefix("/channel/")
        return msgspec.structs.replace(
            post,
            platform=NAME,
            id=video,
            kind="post",
            about=about or None,
            author_id=by if by.startswith("UC") else None,
            instance=host_of(url),
        )

    return shaped
