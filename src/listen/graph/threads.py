"""What objects of Threads say, as posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from listen.feed.entry import web_address
from listen.mapping.shape import Fields, Shape
from listen.plain import wellformed
from listen.post import Kind, Post

THREAD = (
    "id,text,media_type,permalink,timestamp,username,is_quote_post,is_reply,root_post,replied_to,topic_tag,"
    "link_attachment_url,alt_text"
)

_THREAD = Shape(
    fields=Fields(
        id="id", text="text", url="permalink", author="username", posted_at="timestamp",
        parent="replied_to.id|root_post.id",
    )
)  # fmt: skip


def thread(thing: Mapping[str, Any]) -> Sequence[Post]:
    """A post; its topic, of which it has one at most, is its hashtag, blanks included."""
    post = _THREAD.post(thing, "threads")
    if post is None:
        return ()
    topic, link, alt = thing.get("topic_tag"), thing.get("link_attachment_url"), thing.get("alt_text")
    address = web_address(link) if isinstance(link, str) else None
    told = msgspec.structs.replace(
        post,
        kind=_kind(thing, post),
        author_url=f"https://www.threads.com/@{post.author}" if post.author else None,
        hashtags=(" ".join(wellformed(topic).split()).lstrip("#"),) if isinstance(topic, str) and topic else (),
        links=(address,) if address else (),
        alt_texts=(wellformed(alt).strip(),) if isinstance(alt, str) and alt.strip() else (),
    )
    return (told,)


def _kind(thing: Mapping[str, Any], post: Post) -> Kind:
    if thing.get("media_type") == "REPOST_FACADE":
        return "repost"
    if thing.get("is_quote_post") is True:
        return "quote"
    return "reply" if thing.get("is_reply") is True or post.parent else "post"
