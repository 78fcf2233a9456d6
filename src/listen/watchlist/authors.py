"""Whether a post is by somebody, however the handle is written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from listen.post import Post

_HANDLE = re.compile(r"(?<![\w@.])@[\w.-]+(?:@[\w.-]+)?")


def is_author(post: Post, name: str) -> bool:
    """`anna`, `@anna` and `@anna@example.social` all name the author `anna@example.social`; so does an author id.

    A name with a server names only the author there; on Bluesky the server is all after the first full stop.
    """
    wanted = _bare(name)
    if not wanted:
        return False
    if post.author_id is not None and wanted == post.author_id.casefold():
        return True
    if post.author is None:
        return False
    author = _bare(post.author)
    return wanted in (author, _local(author, post)) or (post.instance is not None and _at_home(author, post) == wanted)


def names_one(post: Post, names: Iterable[str]) -> bool:
    """Whether the text names one of these accounts: `@our_shop`, with or without its server."""
    wanted = {each for name in names for each in (_bare(name), _bare(name).partition("@")[0]) if each}
    if not wanted or "@" not in post.text:
        return False
    handles = (_bare(handle).rstrip(".-") for handle in _HANDLE.findall(post.text))
    return any(handle in wanted or handle.partition("@")[0] in wanted for handle in handles)


def _bare(handle: str) -> str:
    return handle.strip().removeprefix("@").casefold()


def _local(author: str, post: Post) -> str:
    if "@" in author:
        return author.partition("@")[0]
    return author.partition(".")[0] if post.platform == "bluesky" else author


def _at_home(author: str, post: Post) -> str:
    """A handle without a server belongs to the server that showed it."""
    return author if "@" in author else f"{author}@{(post.instance or '').casefold()}"
