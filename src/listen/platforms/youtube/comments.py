"""Comments on the videos of a channel, with their answers; the newest threads first.

A thread stays where it is when it is answered: young threads are read again in each round, and those of a week
every six hours. Up to five answers come with a thread; more are asked for when their number has changed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from listen.errors import Refused
from listen.listing import Listing, Page, recalled
from listen.plain import wellformed
from listen.platforms.youtube.api import NAME, Api, Listed, is_video, read
from listen.post import Event, Notice, Post
from listen.when import claimed, now

_PAGE = 100  # the most that it gives at once
_YOUNG, _OLD = timedelta(hours=1), timedelta(days=7)
_LOOKS_BACK = timedelta(hours=6)
_NEVER = datetime.min.replace(tzinfo=UTC)
_MOST_THREADS = 5_000  # whose number of answers is remembered
_MOST_ANSWERS = 20  # pages of one thread


class Author(msgspec.Struct):
    value: str | None = None


class Words(msgspec.Struct, rename="camel"):
    """What a comment says; `text_original` is plain where it is given."""

    text_display: str = ""
    text_original: str | None = None
    author_display_name: str | None = None
    author_channel_url: str | None = None
    author_channel_id: Author | None = None
    video_id: str | None = None
    parent_id: str | None = None
    like_count: int | None = None
    published_at: str | None = None
    updated_at: str | None = None


class Comment(msgspec.Struct):
    id: str
    snippet: Words


class Head(msgspec.Struct, rename="camel"):
    top_level_comment: Comment
    video_id: str | None = None
    total_reply_count: int = 0


class Answers(msgspec.Struct, frozen=True):
    comments: Sequence[msgspec.Raw] = ()


class Thread(msgspec.Struct):
    id: str
    snippet: Head
    replies: Answers = Answers()


class Comments(Listing):
    """The comments of one channel."""

    order = "date"

    def __init__(self, api: Api, channel: str, about: str, every: timedelta) -> None:
        self.name = f"comments {channel}"
        self.api = api
        self.channel = channel
        self.about = about
        self.every = every
        self._answers: dict[str, int] = {}  # how many each thread had

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        before = recalled(cursor).heard_at
        self.overlap = _OLD if before is None or _period(before) != _period(now()) else _YOUNG
        try:
            async for event in super().hear(cursor, since):
                yield event
        except Refused as problem:
            if "commentsDisabled" not in str(problem):
                raise
            yield Notice(f"comments are switched off on YouTube's {self.channel}", deaf=True)

    async def page(self, place: str | None) -> Page:
        params = {
            "part": "snippet,replies", "allThreadsRelatedToChannelId": self.channel, "order": "time",
            "maxResults": str(_PAGE), "textFormat": "plainText", **({"pageToken": place} if place else {}),
        }  # fmt: skip
        listed = await self.api.listed("/commentThreads", params)
        threads = [one for raw in listed.items if (one := read(raw, Thread))]
        posts = [post for thread in threads for post in await self._posts(thread)]
        return Page(posts, listed.next_page_token if threads else None)

    async def _posts(self, thread: Thread) -> list[Post]:
        """The answers, the newest first, and then what they answer: its date is the thread's."""
        answers = [one for raw in thread.replies.comments if (one := read(raw, Comment))]
        total = thread.snippet.total_reply_count
        if total > len(answers) and self._answers.get(thread.id) != total:
            answers = await self._all_answers(thread.id) or answers
        if len(self._answers) > _MOST_THREADS:
            self._answers.clear()
        self._answers[thread.id] = total
        head = thread.snippet.top_level_comment
        video = head.snippet.video_id or thread.snippet.video_id
        told = [self._post(answer, video, thread.id) for answer in answers]
        told.sort(key=lambda post: post.posted_at or _NEVER, reverse=True)
        top = self._post(head, video, None)
        return [*told, msgspec.structs.replace(top, replies=max(0, total))]

    async def _all_answers(self, thread: str) -> list[Comment]:
        answers: list[Comment] = []
        turned: dict[str, str] = {}
        for _ in range(_MOST_ANSWERS):
            params = {"part": "snippet", "parentId": thread, "maxResults": str(_PAGE), "textFormat": "plainText"}
            listed: Listed = await self.api.listed("/comments", {**params, **turned})
            answers += [one for raw in listed.items if (one := read(raw, Comment))]
            if not listed.next_page_token or turned.get("pageToken") == listed.next_page_token:
                break
            turned = {"pageToken": listed.next_page_token}
        return answers

    def _post(self, comment: Comment, video: str | None, parent: str | None) -> Post:
        said = comment.snippet
        written, changed = claimed(said.published_at), claimed(said.updated_at)
        by = said.author_channel_url or ""
        place = f"watch?v={video}&lc={comment.id}" if is_video(video) else f"channel/{self.channel}"
        return Post(
            platform=NAME,
            id=comment.id,
            url=f"https://www.youtube.com/{place}",
            kind="comment" if parent is None else "reply",
            author=wellformed(said.author_display_name or "").lstrip("@") or None,
            author_id=said.author_channel_id.value if said.author_channel_id else None,
            author_url=by.replace("http://", "https://", 1) if by.startswith(("http://", "https://")) else None,
            text=wellformed(said.text_original or said.text_display),
            posted_at=written,
            edited_at=changed if changed != written else None,
            likes=said.like_count if said.like_count is not None and said.like_count >= 0 else None,
            parent=parent or (video if is_video(video) else None),
            about=self.about or None,
            instance=self.api.instance,
        )


def _period(moment: datetime) -> int:
    return int(moment.timestamp() // _LOOKS_BACK.total_seconds())
