"""What has become of stored posts: looked up by their ids, each paid for as a post that is read.

API     https://docs.x.com/x-api/posts/get-posts-by-ids
Limits  100 at a time; what is not there any more costs nothing
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from listen.platforms.x.api import Api
from listen.platforms.x.ids import is_id
from listen.platforms.x.status import NAME, Status, heard
from listen.post import Deletion, Edit, Post


async def looked_up(api: Api, posts: Sequence[Post]) -> list[Deletion | Edit]:
    """Which of these are gone, and which have a newer version. Raises PlatformError, OutOfQuota for want of money."""
    stored = {_version(post): post for post in posts}
    seen = await api.named(list(stored))
    gone = [
        Deletion(platform=NAME, id=stored[id_].id, lasting=lasting)
        for id_, lasting in seen.missing.items()
        if id_ in stored
    ]
    newer = {
        status.last: stored[status.id] for status in seen.posts if status.id in stored and status.last != status.id
    }
    if not newer:
        return [*gone]
    versions = (await api.named(list(newer))).posts
    return [*gone, *(_edit(status, newer[status.id]) for status in versions if status.id in newer)]


def _version(post: Post) -> str:
    """The id of the version that was heard, which its address ends with."""
    last = (post.url or "").rpartition("/")[2]
    return last if is_id(last) else post.id


def _edit(status: Status, before: Post) -> Edit:
    """The newer version. Names are not bought again: they are those of before."""
    told = heard(status, {})
    post = told.post if isinstance(told, Edit) else told
    return Edit(
        msgspec.structs.replace(
            post,
            id=before.id,
            url=f"https://x.com/{before.author or 'i/web'}/status/{status.id}",
            author=before.author,
            author_name=before.author_name,
            author_url=before.author_url,
            followers=before.followers,
        )
    )
